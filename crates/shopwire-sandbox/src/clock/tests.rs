use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::{Clock, later, rfc3339};

const SECOND: Duration = Duration::from_secs(1);

fn start() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().expect("a time")
}

fn frozen() -> Clock {
    Clock::starting_at(start(), true)
}

#[tokio::test(start_paused = true)]
async fn s3_a_frozen_clock_moves_by_advances_alone() {
    let clock = frozen();
    tokio::time::advance(SECOND).await;
    assert_eq!(clock.timestamp(), start());
    clock.advance(SECOND * 90).await;
    assert_eq!(clock.rfc3339(), "2026-01-01T00:01:30.000Z");
    assert_eq!(clock.civil(), "2026-01-01 00:01:30");
    clock.run();
    tokio::time::advance(SECOND).await;
    assert_eq!(rfc3339(clock.timestamp()), "2026-01-01T00:01:31.000Z");
    clock.freeze();
    tokio::time::advance(SECOND).await;
    assert_eq!(clock.rfc3339(), "2026-01-01T00:01:31.000Z");
}

#[tokio::test(start_paused = true)]
async fn s3_a_sleep_ends_with_the_time_or_with_an_advance() {
    let clock = Clock::starting_at(start(), false);
    let began = tokio::time::Instant::now();
    clock.sleep(SECOND * 5).await;
    assert_eq!(began.elapsed(), SECOND * 5);

    let waits = clock.sleep(SECOND * 3600);
    let ((), ()) = tokio::join!(waits, clock.advance(SECOND * 3600));
    assert_eq!(began.elapsed(), SECOND * 5, "nobody has waited for real");

    // A clock that is frozen in the middle of a wait keeps who waits.
    let other = clock.clone();
    let waits = tokio::spawn(async move { other.sleep(SECOND * 10).await });
    tokio::task::yield_now().await;
    clock.freeze();
    tokio::time::advance(SECOND * 60).await;
    assert!(!waits.is_finished());
    clock.run();
    waits.await.expect("slept");
    assert_eq!(began.elapsed(), SECOND * 75);
}

#[tokio::test(start_paused = true)]
async fn s3_the_clock_never_goes_back() {
    let clock = frozen();
    let before = clock.now() - SECOND;
    let refused = clock.advance_to(before).await.expect_err("in the past");
    assert_eq!(refused.field(), "to");
    assert!(refused.problem().contains("before the clock's time"));
    clock.advance_to(clock.now() + SECOND).await.expect("later");
    clock.advance(Duration::MAX).await;
    assert_eq!(clock.timestamp(), Timestamp::MAX, "the end of all times");
}

/// Chains of three steps; each step notes its name and its time.
#[tokio::test(start_paused = true)]
async fn s3_an_advance_moves_chains_in_the_order_of_their_times() {
    let clock = frozen();
    let seen = Arc::new(Mutex::new(Vec::new()));
    for (name, pace) in [("a", 4), ("b", 3), ("c", 4)] {
        let (clock, seen) = (clock.clone(), seen.clone());
        let mut timer = clock.timer(later(clock.timestamp(), SECOND * pace));
        tokio::spawn(async move {
            for step in 1..=3 {
                let turn = timer.await;
                // Work that takes real time: the clock waits for it.
                tokio::time::sleep(SECOND * 7).await;
                let at = clock.timestamp().duration_since(start()).as_secs();
                seen.lock()
                    .expect("seen")
                    .push(format!("{name}{step}@{at}"));
                timer = clock.timer(later(clock.timestamp(), SECOND * pace));
                drop(turn);
            }
        });
    }
    clock.advance(SECOND * 10).await;
    let all = seen.lock().expect("seen").join(" ");
    assert_eq!(all, "b1@3 a1@4 c1@4 b2@6 a2@8 c2@8 b3@9");
    clock.advance(SECOND * 2).await;
    let all = seen.lock().expect("seen").len();
    assert_eq!(all, 9);
}

#[tokio::test(start_paused = true)]
async fn s3_an_advance_does_not_wait_for_who_went_away() {
    let clock = frozen();
    let dropped = clock.timer(later(start(), SECOND));
    drop(dropped);
    let aborted = clock.timer(later(start(), SECOND));
    let task = tokio::spawn(async move {
        let _turn = aborted.await;
        std::future::pending::<()>().await;
    });
    let other = clock.clone();
    let advance = tokio::spawn(async move { other.advance(SECOND * 2).await });
    tokio::task::yield_now().await;
    task.abort();
    advance.await.expect("advanced");
    assert_eq!(clock.timestamp(), later(start(), SECOND * 2));
}
