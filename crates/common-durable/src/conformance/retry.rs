//! Retries, dead letters and what operators do about them.

use std::time::Duration;

use super::{
    Factory,
    subject::{Bench, SOURCE, body, event},
};
use crate::{Claim, ErrorKind, EventId, EventState, Later, Retry};

pub(super) async fn d5_retry_at_holds_the_key(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    bench.append("k", "1").await;
    bench.append("k", "2").await;
    bench.append("other", "3").await;
    let first = bench.claim_one().await;
    assert_eq!(body(&first), "1");
    let at = bench.subject.clock().wall().after(Duration::from_secs(600));
    bench
        .inbox
        .retry(first.ticket, Retry::At(at), "later")
        .await
        .expect("it is given back");
    assert_eq!(bench.work_off().await, ["3"]);
    bench.advance(Duration::from_secs(599));
    assert!(bench.claim(10).await.is_empty());
    bench.advance(Duration::from_secs(2));
    let again = bench.claim_one().await;
    assert_eq!(
        (body(&again).as_str(), again.failures[0].reason.as_str()),
        ("1", "later")
    );
    bench
        .inbox
        .finish(again.ticket)
        .await
        .expect("it is finished");
    assert_eq!(bench.work_off().await, ["2"]);
}

pub(super) async fn d4_many_future_retries_do_not_slow_claims(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    for number in 0..300 {
        bench.append(&number.to_string(), "later").await;
    }
    let claim = Claim::events(SOURCE).at_most(300);
    for delivery in bench.inbox.claim(claim).await.expect("a claim") {
        let retry = Retry::After(Duration::from_secs(3_600));
        bench
            .inbox
            .retry(delivery.ticket, retry, "later")
            .await
            .expect("it is given back");
    }
    // They are not even looked at: none is claimed, and what is due is claimed past all of them.
    assert!(bench.claim(10).await.is_empty());
    bench.append("new", "now").await;
    assert_eq!(bench.work_off().await, ["now"]);
    bench.advance(Duration::from_secs(3_600));
    assert_eq!(bench.work_off().await.len(), 300);
}

/// A store with events 1, 2, 3 of one key, of which the first is dead. Returns its number.
async fn dead(factory: &dyn Factory, later: Later) -> (Bench, EventId) {
    let bench = Bench::new(factory).await;
    for number in ["1", "2", "3"] {
        bench.append("k", number).await;
    }
    let first = bench.claim_one().await;
    let id = first.event.id;
    bench
        .inbox
        .dead(first.ticket, "cannot be read", later)
        .await
        .expect("it is dead");
    let details = bench
        .inbox
        .event(id)
        .await
        .expect("a look")
        .expect("it is there");
    assert_eq!(details.summary.state, EventState::Dead);
    assert_eq!(
        details.summary.last_failure.as_deref(),
        Some("cannot be read")
    );
    (bench, id)
}

pub(super) async fn d5_dead_lets_key_pass(factory: &dyn Factory) {
    let (bench, _) = dead(factory, Later::Pass).await;
    assert_eq!(bench.work_off().await, ["2", "3"]);
    let totals = bench.inbox.totals().await.expect("totals");
    assert_eq!((totals.sources[0].pending, totals.sources[0].dead), (0, 1));
}

pub(super) async fn d5_dead_holds_key_by_option(factory: &dyn Factory) {
    let (bench, id) = dead(factory, Later::Wait).await;
    bench.append("k", "4").await;
    bench.append("other", "5").await;
    bench.advance(Duration::from_secs(86_400));
    assert_eq!(bench.work_off().await, ["5"]);
    // The event that its key waits for is delivered again in its own place.
    assert_eq!(bench.inbox.replay(id).await.expect("it is replayed"), id);
    assert_eq!(bench.work_off().await, ["1", "2", "3", "4"]);
}

pub(super) async fn d6_bury_frees_held_key(factory: &dyn Factory) {
    let (bench, id) = dead(factory, Later::Wait).await;
    assert!(bench.work_off().await.is_empty());
    bench
        .inbox
        .bury(id, "not wanted")
        .await
        .expect("it is buried");
    assert_eq!(bench.work_off().await, ["2", "3"]);
    let error = bench
        .inbox
        .bury(id, "again")
        .await
        .expect_err("it is buried already");
    assert_eq!(error.kind(), ErrorKind::WrongState);
    let error = bench
        .inbox
        .bury(EventId(i64::MAX), "none")
        .await
        .expect_err("there is none");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    // A pending event can be buried too, even while a worker holds it.
    let held = EventId(bench.append("k", "6").await);
    let waits = EventId(bench.append("k", "7").await);
    bench.append("k", "8").await;
    let ticket = bench.claim_one().await.ticket;
    bench
        .inbox
        .bury(waits, "not wanted")
        .await
        .expect("it is buried");
    bench
        .inbox
        .bury(held, "not wanted")
        .await
        .expect("it is buried");
    assert!(
        bench
            .inbox
            .finish(ticket)
            .await
            .expect_err("it is gone")
            .is_lease_lost()
    );
    assert_eq!(bench.work_off().await, ["8"]);
}

pub(super) async fn d5_replay_one_comes_last_in_its_key(factory: &dyn Factory) {
    let (bench, id) = dead(factory, Later::Pass).await;
    let copy = bench.inbox.replay(id).await.expect("it is replayed");
    assert!(copy > id);
    let claimed = bench.claim_one().await;
    assert_eq!(body(&claimed), "2");
    bench
        .inbox
        .finish(claimed.ticket)
        .await
        .expect("it is finished");
    assert_eq!(body(&bench.claim_one().await), "3");
    bench.advance(Duration::from_secs(60));
    let third = bench.claim_one().await;
    bench
        .inbox
        .finish(third.ticket)
        .await
        .expect("it is finished");
    let replayed = bench.claim_one().await;
    assert_eq!(
        (body(&replayed).as_str(), replayed.event.replay_of),
        ("1", Some(id))
    );
    // It is not dead any more, so a second replay of all dead events does not double it.
    let details = bench
        .inbox
        .event(id)
        .await
        .expect("a look")
        .expect("it is there");
    assert_eq!(details.summary.state, EventState::Buried);
    let error = bench.inbox.replay(copy).await.expect_err("it is pending");
    assert_eq!(error.kind(), ErrorKind::WrongState);
}

pub(super) async fn d6_replay_since_time(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let mut since = None;
    for number in 0..6 {
        if number == 2 {
            since = Some(bench.subject.clock().wall());
        }
        bench
            .inbox
            .append(event("k", &number.to_string()))
            .await
            .expect("stored");
        let delivery = bench.claim_one().await;
        if number == 4 {
            bench
                .inbox
                .finish(delivery.ticket)
                .await
                .expect("it is finished");
        } else {
            bench
                .inbox
                .dead(delivery.ticket, "why", Later::Pass)
                .await
                .expect("it is dead");
        }
        bench.advance(Duration::from_secs(10));
    }
    let since = since.expect("it was set");
    let first = bench
        .inbox
        .replay_since(SOURCE, since, 2)
        .await
        .expect("two");
    let second = bench
        .inbox
        .replay_since(SOURCE, since, 2)
        .await
        .expect("the rest");
    let third = bench
        .inbox
        .replay_since(SOURCE, since, 2)
        .await
        .expect("no more");
    assert_eq!((first.len(), second.len(), third.len()), (2, 1, 0));
    assert_eq!(bench.work_off().await, ["2", "3", "5"]);
    let unknown = bench
        .inbox
        .replay_since("other", since, 2)
        .await
        .expect("no source");
    assert!(unknown.is_empty());
}
