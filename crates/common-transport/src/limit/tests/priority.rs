//! Two priorities in one queue under paused time.

use std::sync::Arc;

use super::*;
use crate::Priority::{self, High, Low};

const fn key(priority: Priority) -> Key<'static> {
    KEY.with_priority(priority)
}

/// Lets callers of these priorities wait, in this order, and returns the order of their starts with the milliseconds.
async fn starts(limits: &RateLimits, callers: &[Priority]) -> Vec<(Priority, u128)> {
    let begin = Instant::now();
    let started = Arc::new(Mutex::new(Vec::new()));
    let mut calls = JoinSet::new();
    for priority in callers.iter().copied() {
        let acquire = limits.acquire(key(priority), None);
        let started = started.clone();
        calls.spawn(async move {
            let permit = acquire.await.unwrap();
            let after = begin.elapsed().as_millis();
            started.lock().unwrap().push((priority, after));
            permit.end(PermitOutcome::Answered);
        });
    }
    calls.join_all().await;
    let started = started.lock().unwrap();
    started.clone()
}

#[tokio::test(start_paused = true)]
async fn c8_both_priorities_count_under_one_cap() {
    let limits = limits(10);
    let callers: Vec<_> = [[Low; 40], [High; 40]].concat();
    let begin = Instant::now();
    let started = starts(&limits, &callers).await;
    let times = started.iter().map(|(_, after)| {
        let after = u64::try_from(*after).unwrap();
        begin + Duration::from_millis(after)
    });
    assert_eq!(most_in_a_second(&times.collect::<Vec<_>>()), 10);
    assert_eq!(started.last().unwrap().1, 7_900, "the cap is used in full");
    // The first call found nobody before it. From then on every fourth is of low priority.
    let low = |(priority, _): &&(Priority, u128)| *priority == Low;
    for four in started[1..=52].chunks(4) {
        assert_eq!(four.iter().filter(low).count(), 1, "{four:?}");
    }
    assert!(started[54..].iter().all(|start| low(&start)));
}

#[tokio::test(start_paused = true)]
async fn c8_a_priority_used_alone_changes_nothing() {
    let [high, low] = [High, Low].map(|priority| async move {
        let started = starts(&limits(10), &[priority; 30]).await;
        started
            .into_iter()
            .map(|(_, after)| after)
            .collect::<Vec<_>>()
    });
    let (high, low) = (high.await, low.await);
    assert_eq!(high, low);
    assert_eq!(high, (0..30).map(|index| index * 100).collect::<Vec<_>>());
}

/// The head of the queue has a timer. A call that comes before it takes the start, or gives it back.
#[tokio::test(start_paused = true)]
async fn c8_a_call_before_the_head_takes_its_start_or_gives_it_back() {
    #[derive(Debug)]
    enum Does {
        Start,
        GiveUp,
        GiveUpUnpolled,
    }
    for (does, low_starts) in [
        (Does::Start, 200),
        (Does::GiveUp, 100),
        (Does::GiveUpUnpolled, 100),
    ] {
        let limits = limits(10);
        let begin = Instant::now();
        limits
            .acquire(KEY, None)
            .await
            .unwrap()
            .end(PermitOutcome::Answered);
        let low = tokio::spawn(limits.acquire(key(Low), None));
        advance(Duration::from_millis(50)).await;
        let mut high = Box::pin(limits.acquire(key(High), None));
        match does {
            Does::Start => {
                high.await.unwrap().end(PermitOutcome::Answered);
                assert_eq!(begin.elapsed().as_millis(), 100);
            }
            Does::GiveUp => {
                assert!(poll_once(&mut high).await.is_pending());
                drop(high);
            }
            Does::GiveUpUnpolled => drop(high),
        }
        drop(low.await.unwrap().unwrap());
        assert_eq!(begin.elapsed().as_millis(), low_starts, "{does:?}");
        assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn c8_both_priorities_are_counted_as_waiting_and_as_ahead() {
    let limits = limits(10);
    let begin = Instant::now();
    let callers = [[Low; 8], [High; 8]].concat();
    let waiting: Vec<_> = callers
        .iter()
        .map(|priority| limits.acquire(key(*priority), None))
        .collect();
    // The first one has started.
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 15);
    let soon = Some(begin + Duration::from_millis(1_050));
    for (priority, refused) in [
        (High, Some("10 calls ahead")),
        (Low, Some("15 calls ahead")),
    ] {
        let error = limits.acquire(key(priority), soon).await.err();
        let error = error.map(|error| error.to_string());
        let told = error.as_deref().zip(refused);
        assert!(
            told.is_some_and(|(error, ahead)| error.contains(ahead)),
            "{error:?}"
        );
    }
    drop(waiting);
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 0);
}

/// It waited behind the others, and learns at its turn that it has no time left.
#[tokio::test(start_paused = true)]
async fn c8_a_call_that_others_pass_ends_when_no_start_is_left_for_it() {
    let limits = limits(10);
    let stack = |priority| {
        let limited = LimitLayer::new(limits.clone()).priority(priority);
        let nothing = service_fn(async |_: Request<()>| Ok::<_, Error>(Response::new(())));
        DeadlineLayer::new(Duration::from_millis(350)).layer(limited.layer(nothing))
    };
    let request = || Request::get("https://demo.example/").body(()).unwrap();
    let begin = Instant::now();
    stack(Low).oneshot(request()).await.unwrap();
    // Two wait, and would start after 100 and 200 ms.
    let low = [stack(Low).oneshot(request()), stack(Low).oneshot(request())].map(tokio::spawn);
    tokio::task::yield_now().await;
    let high = [0; 3].map(|_| tokio::spawn(stack(High).oneshot(request())));
    for call in high {
        call.await.unwrap().unwrap();
    }
    assert_eq!(begin.elapsed().as_millis(), 300);
    for call in low {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_timeout() && !error.may_have_landed(), "{error:?}");
    }
    assert_eq!(begin.elapsed().as_millis(), 300, "the next start is at 400");
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 0);
}
