//! Reports to a limiter about requests that wait within a transport.

use std::{
    future::pending,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::time::sleep;

use super::*;

/// A limiter that grants numbered permits and records reports.
#[derive(Debug, Default, Clone)]
struct Ear(Arc<Heard>);

#[derive(Debug, Default)]
struct Heard {
    permits: Mutex<u64>,
    events: Mutex<Vec<String>>,
}

impl Heard {
    fn note(&self, event: String) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
    }
}

impl Feedback for Heard {
    fn held(&self, number: u64) {
        self.note(format!("{number} held"));
    }

    fn sent(&self, number: u64) {
        self.note(format!("{number} sent"));
    }

    fn end(&self, number: u64, outcome: PermitOutcome) {
        self.note(format!("{number} {outcome:?}"));
    }
}

impl Limiter for Ear {
    fn acquire(&self, _: Key<'_>, _: Option<Instant>) -> Acquire {
        let mut permits = self.0.permits.lock().unwrap();
        *permits += 1;
        Acquire::ready(Ok(Permit::new(self.0.clone(), *permits)))
    }
}

impl Ear {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.events.lock().unwrap())
    }
}

/// The behaviour of a transport.
#[derive(Debug, Clone, Copy)]
enum Does {
    /// Does not report.
    Answer,
    HoldAndAnswer,
    HoldAndFail,
    HoldSendAndFail,
    HoldForEver,
    HoldSendAndHang,
    /// A layer inside the limiter repeats the request.
    SendTwice,
}

async fn transport(does: Does, request: Request<()>) -> Result<Response<()>, Error> {
    let context = Context::of(&request).unwrap();
    if !matches!(does, Does::Answer) {
        context.mark_unsent();
        // The holder may also report so.
        context.mark_unsent();
    }
    match does {
        Does::HoldAndFail => return Err(Error::from_foreign("no connection")),
        Does::HoldForEver => pending().await,
        Does::Answer => {}
        _ => context.mark_sent(),
    }
    match does {
        Does::HoldSendAndFail => Err(Error::from_foreign("broken off")),
        Does::HoldSendAndHang => pending().await,
        Does::SendTwice => {
            context.mark_unsent();
            context.mark_sent();
            Ok(Response::new(()))
        }
        _ => Ok(Response::new(())),
    }
}

#[tokio::test(start_paused = true)]
async fn h5_a_limiter_hears_when_a_request_is_held_and_when_it_leaves() {
    for (does, heard) in [
        (Does::Answer, &["1 Answered"][..]),
        (Does::HoldAndAnswer, &["1 held", "1 sent", "1 Answered"]),
        (Does::HoldAndFail, &["1 held", "1 Unsent"]),
        (Does::HoldSendAndFail, &["1 held", "1 sent", "1 Lost"]),
        (Does::HoldForEver, &["1 held", "1 Unsent"]),
        (Does::HoldSendAndHang, &["1 held", "1 sent", "1 Lost"]),
        (
            Does::SendTwice,
            &["1 held", "1 sent", "1 held", "1 sent", "1 Answered"],
        ),
    ] {
        let ear = Ear::default();
        let limited =
            LimitLayer::new(ear.clone()).layer(service_fn(move |request| transport(does, request)));
        let service = DeadlineLayer::new(Duration::from_secs(5)).layer(limited);
        let request = Request::get("https://demo.example/").body(()).unwrap();
        let _ = service.oneshot(request).await;
        assert_eq!(ear.take(), heard, "{does:?}");
    }
}

/// A permit that is not counted.
#[derive(Debug)]
struct Uncounted;

impl Limiter for Uncounted {
    fn acquire(&self, _: Key<'_>, _: Option<Instant>) -> Acquire {
        Acquire::ready(Ok(Permit::unlimited()))
    }
}

// H5
#[tokio::test(start_paused = true)]
async fn h5_of_two_limiters_the_inner_one_that_counts_hears_departures() {
    let all = ["1 held", "1 sent", "1 Answered"];
    let end = ["1 Answered"];
    for (outer, inner, outer_hears, inner_hears) in [
        (true, true, &end[..], &all[..]),
        (true, false, &all[..], &[][..]),
        (false, true, &[][..], &all[..]),
    ] {
        let (outer_ear, inner_ear) = (Ear::default(), Ear::default());
        let layer = |counts, ear: &Ear| match counts {
            true => LimitLayer::new(ear.clone()),
            false => LimitLayer::new(Uncounted),
        };
        let service = service_fn(|request| transport(Does::HoldAndAnswer, request));
        let limited = layer(inner, &inner_ear).layer(service);
        let limited = layer(outer, &outer_ear).layer(limited);
        let service = DeadlineLayer::new(Duration::from_secs(5)).layer(limited);
        let request = Request::get("https://demo.example/").body(()).unwrap();
        service.oneshot(request).await.unwrap();
        assert_eq!(outer_ear.take(), outer_hears);
        assert_eq!(inner_ear.take(), inner_hears);
    }
}

/// Each attempt of a call reports under its own permit, and leftovers of an earlier attempt do not report for it.
#[tokio::test(start_paused = true)]
async fn h5_marks_are_told_of_the_attempt_that_runs() {
    let ear = Ear::default();
    let context = Context::new(None, Instant::now(), None);
    for number in 1..=2 {
        let key = Key::new("demo.example", RateClass::DEFAULT);
        let reporter = ear
            .acquire(key, None)
            .await
            .unwrap()
            .into_reporter()
            .unwrap();
        context.let_through(Some(&reporter));
        context.mark_unsent();
        context.mark_sent();
        reporter.end(context.end_permit(&reporter));
        context.end_attempt(true);
        // Between attempts.
        context.mark_unsent();
        context.mark_sent();
        let heard = ["held", "sent", "Lost"].map(|event| format!("{number} {event}"));
        assert_eq!(ear.take(), heard);
    }
}

#[tokio::test(start_paused = true)]
async fn h5_the_head_of_the_queue_is_woken_when_a_held_request_leaves_or_ends() {
    for leaves in [true, false] {
        let limits = limits(1);
        let first = limits.acquire(KEY, None).await.unwrap().hold();
        let mut second = Box::pin(limits.acquire(KEY, None));
        assert!(poll_once(&mut second).await.is_pending());
        sleep(Duration::from_secs(60)).await;
        assert!(poll_once(&mut second).await.is_pending(), "it is held");
        let begin = Instant::now();
        if leaves {
            first.sent().end(PermitOutcome::Answered);
        } else {
            drop(first);
        }
        let waited = timeout(Duration::from_secs(9), second).await;
        drop(waited.expect("it is woken").unwrap());
        let seconds = if leaves { 1 } else { 0 };
        assert_eq!(begin.elapsed(), Duration::from_secs(seconds));
    }
}

#[tokio::test(start_paused = true)]
async fn h5_a_call_that_waits_for_held_ones_ends_at_its_deadline_and_not_before() {
    let limits = limits(1);
    let begin = Instant::now();
    let deadline = Some(begin + Duration::from_secs(5));
    let first = limits.acquire(KEY, None).await.unwrap().hold();
    let error = limits.acquire(KEY, deadline).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_retryable(), "{error}");
    assert_eq!(begin.elapsed().as_secs(), 5);
    assert!(error.to_string().contains("not been sent yet"), "{error}");
    assert!(limits.acquire(KEY, deadline).await.is_err(), "it is past");
    // The wait is known now, and would be too long.
    let _first = first.sent();
    let soon = Some(Instant::now() + Duration::from_millis(500));
    let error = limits.acquire(KEY, soon).await.unwrap_err();
    assert!(error.to_string().contains("1.1 s"), "{error}");
    assert_eq!(limits.waiting("demo.example", RateClass::DEFAULT), 0);
}

// F23
#[test]
fn f23_limits_outlive_the_clock_of_a_runtime() {
    let limits = limits(1);
    for _ in 0..3 {
        // Each runtime begins at the time of the machine, and runs ahead of it.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let begin = Instant::now();
            for _ in 0..100 {
                let permit = limits.acquire(KEY, None).await.unwrap();
                permit.end(PermitOutcome::Answered);
            }
            assert_eq!(begin.elapsed().as_secs(), 99);
        });
    }
}
