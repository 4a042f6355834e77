//! Time is paused.

use std::cell::RefCell;

use super::*;

type Answer = Result<Option<u8>, Error>;

/// Looks that answer by the time since the beginning, and the times at which they were made.
async fn looking(
    policy: LookPolicy,
    answer: impl Fn(Duration) -> Answer,
) -> (Result<Looked<u8>, Error>, Vec<u64>) {
    let start = Instant::now();
    let times = RefCell::new(Vec::new());
    let look = || {
        let since = start.elapsed();
        times
            .borrow_mut()
            .push(u64::try_from(since.as_millis()).unwrap());
        let answer = answer(since);
        async move { answer }
    };
    let outcome = look_until(policy, look).await;
    (outcome, times.into_inner())
}

fn broken(kind: ErrorKind) -> Answer {
    Err(Error::new(kind, "it broke"))
}

// F19
#[tokio::test(start_paused = true)]
async fn f19_it_waits_longer_each_time_and_says_how_long_it_looked() {
    let (outcome, times) = looking(LookPolicy::new(), |_| Ok(None)).await;
    assert_eq!(
        times,
        [500, 1500, 3500, 7500, 15_500, 30_500, 45_500, 60_000]
    );
    let Looked::NotSeen(not_seen) = outcome.unwrap() else {
        panic!("it is not there")
    };
    assert_eq!(
        (not_seen.looks, not_seen.to_string().as_str()),
        (8, "not seen in 60 s")
    );
    let after = std::time::Duration::from_nanos(3_004_228_687);
    assert_eq!(
        super::NotSeen { after, looks: 2 }.to_string(),
        "not seen in 3.004 s"
    );
}

// F19
#[tokio::test(start_paused = true)]
async fn f19_an_effect_that_lands_late_is_found_whenever_it_lands() {
    for lands in (0..60_000).step_by(777).map(Duration::from_millis) {
        let (outcome, times) =
            looking(LookPolicy::new(), |since| Ok((since >= lands).then_some(7))).await;
        assert_eq!(outcome.unwrap(), Looked::Found(7));
        assert!(
            times
                .iter()
                .filter(|at| u128::from(**at) >= lands.as_millis())
                .count()
                == 1
        );
    }
}

// F19
#[tokio::test(start_paused = true)]
async fn f19_a_look_that_fails_for_the_moment_is_no_absence() {
    let passing = [
        ErrorKind::Connect,
        ErrorKind::Transport,
        ErrorKind::Timeout,
        ErrorKind::Throttled,
        ErrorKind::Decode,
    ];
    for kind in passing {
        // It fails beyond the time at which an absence would be believed.
        let failing = |since: Duration| match since.as_secs() < 70 {
            true => broken(kind),
            false => Ok(Some(1)),
        };
        assert_eq!(
            looking(LookPolicy::new(), failing).await.0.unwrap(),
            Looked::Found(1),
            "{kind:?}"
        );
        let (outcome, times) = looking(LookPolicy::new(), |_| broken(kind)).await;
        assert_eq!(outcome.unwrap_err().kind(), kind);
        assert_eq!(times.last(), Some(&120_000), "the patience is used up");
    }
}

// F19
#[tokio::test(start_paused = true)]
async fn f19_an_error_that_stays_ends_the_looking_at_once() {
    for kind in [
        ErrorKind::Auth,
        ErrorKind::AccessDenied,
        ErrorKind::InvalidInput,
        ErrorKind::Validation,
    ] {
        let (outcome, times) = looking(LookPolicy::new(), |_| broken(kind)).await;
        assert_eq!((outcome.unwrap_err().kind(), times.len()), (kind, 1));
    }
    assert_eq!(
        found::<u8>(Err(Error::new(ErrorKind::NotFound, "no"))).unwrap(),
        None
    );
    assert!(found::<u8>(Err(Error::new(ErrorKind::AccessDenied, "no"))).is_err());
}

// F19
#[tokio::test(start_paused = true)]
async fn f19_a_look_that_hangs_ends_as_unknown() {
    let start = Instant::now();
    let outcome = look_until(LookPolicy::new(), std::future::pending::<Answer>).await;
    assert!(outcome.unwrap_err().is_timeout());
    assert_eq!(start.elapsed(), Duration::from_secs(120));
}

// F19
#[tokio::test(start_paused = true)]
async fn f19_without_time_one_look_is_made() {
    let policy = LookPolicy::new().within(Duration::ZERO);
    let (outcome, times) = looking(policy, |_| Ok(None)).await;
    assert!(outcome.unwrap().found().is_none());
    assert_eq!(times, [0]);
}

/// A time longer than any realistic wait.
const AGES: Duration = Duration::from_secs(29 * 365 * 24 * 3600);

// H14
#[tokio::test(start_paused = true)]
async fn h14_looking_ends_in_a_bounded_number_of_looks_whatever_is_set() {
    let nanos = Duration::from_nanos;
    let extremes = [
        Duration::ZERO,
        nanos(1),
        Duration::from_millis(1),
        Duration::from_secs(2),
        Duration::from_secs(u64::MAX),
        Duration::MAX,
    ];
    let each = || extremes.into_iter();
    for within in each() {
        for (first, longest) in each().flat_map(|a| each().map(move |b| (a, b))) {
            for patience in [Duration::ZERO, nanos(1), Duration::MAX] {
                let policy = LookPolicy::new()
                    .within(within)
                    .first_wait(first)
                    .longest_wait(longest)
                    .patience(patience);
                let count = std::cell::Cell::new(0_u32);
                // Long looking ends with what is found.
                let answer = |_| {
                    count.set(count.get() + 1);
                    Ok((count.get() == 300).then_some(1))
                };
                let (outcome, times) = looking_after(policy, answer).await;
                let case = format!("{policy:?}: {times:?}");
                let most = within.as_millis() / 10 + 2;
                assert!(times.len() as u128 <= most.min(300), "{case}");
                match outcome.unwrap() {
                    Looked::Found(_) => assert_eq!(times.len(), 300, "{case}"),
                    Looked::NotSeen(not_seen) => {
                        assert!(not_seen.after >= within.min(AGES), "{case}");
                    }
                }
            }
        }
    }
}

/// The same for looks that may be ages apart.
async fn looking_after(
    policy: LookPolicy,
    answer: impl Fn(Duration) -> Answer,
) -> (Result<Looked<u8>, Error>, Vec<Duration>) {
    let start = Instant::now();
    let times = RefCell::new(Vec::new());
    let outcome = look_until(policy, || {
        times.borrow_mut().push(start.elapsed());
        let answer = answer(start.elapsed());
        async move { answer }
    })
    .await;
    (outcome, times.into_inner())
}
