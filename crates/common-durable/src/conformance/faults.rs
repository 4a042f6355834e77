//! Faults from outside: a lost answer, a full disk, an open reader, a clock that steps.

use std::time::Duration;

use super::{
    Factory,
    subject::{Bench, event},
};
use crate::{Appended, Commit, ErrorKind, NewEvent, Retry};

pub(super) async fn d11_commit_with_lost_answer_resolved(factory: &dyn Factory) {
    for point in ["steps_done", "committed"] {
        let mut bench = Bench::new(factory).await;
        bench.append("k", "before").await;
        let one = event("k", "in doubt");
        bench.subject.lose_answer(point);
        let outcome = bench
            .store()
            .commit(Commit::new().append(one.clone()))
            .await;
        // It was either resolved, or its fate is said to be unknown. It is never a plain failure of a commit that is
        // stored.
        if let Err(error) = &outcome {
            assert!(error.may_be_stored(), "{error}");
        }
        bench.reopen().await;
        let again = bench
            .inbox
            .append(one)
            .await
            .expect("the same value can be tried again");
        if outcome.is_ok() || point == "committed" {
            assert!(
                matches!(again, Appended::Known { .. }),
                "{point}: {again:?}"
            );
        }
        assert_eq!(bench.work_off().await, ["before", "in doubt"]);
    }
}

pub(super) async fn d2_store_full_acknowledges_nothing_unstored(factory: &dyn Factory) {
    let mut bench = Bench::new(factory).await;
    let large = |number: usize, bytes: usize| {
        let mut body = format!("{number} ").into_bytes();
        body.resize(bytes, b'x');
        NewEvent::new(super::subject::SOURCE, body).key(format!("key {number}"))
    };
    bench
        .inbox
        .append(large(0, 10))
        .await
        .expect("there is room");
    bench
        .subject
        .fill_disk(true)
        .await
        .expect("the disk is full");
    let store = bench.store();
    bench.subject.hold(true);
    // Small commits share a transaction with large ones.
    let commits: Vec<_> = (1..30)
        .map(|number| {
            let bytes = if number % 3 == 0 { 500_000 } else { 10 };
            store.commit(Commit::new().append(large(number, bytes)))
        })
        .collect();
    bench.subject.hold(false);
    let mut acknowledged = vec![0];
    for (number, commit) in (1..).zip(commits) {
        match commit.await {
            Ok(_) => acknowledged.push(number),
            Err(error) => {
                let kinds = [ErrorKind::Unavailable, ErrorKind::Unknown];
                assert!(kinds.contains(&error.kind()), "{error}");
            }
        }
    }
    assert!(acknowledged.len() < 30, "the disk was not full");
    drop(store);
    bench
        .subject
        .fill_disk(false)
        .await
        .expect("there is room again");
    bench.reopen().await;
    let stored = bench.work_off().await;
    let stored: Vec<usize> = stored
        .iter()
        .map(|body| {
            body.split(' ')
                .next()
                .and_then(|number| number.parse().ok())
                .expect("a number")
        })
        .collect();
    for number in acknowledged {
        assert!(
            stored.contains(&number),
            "{number} was acknowledged and is not stored"
        );
    }
    bench.append("k", "the store goes on").await;
}

pub(super) async fn d20_reader_with_open_snapshot_harms_nobody(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    bench.append("k", "before").await;
    let snapshot = bench.subject.snapshot();
    for number in 0..200 {
        bench.append(&format!("key {}", number % 5), "x").await;
    }
    assert_eq!(bench.work_off().await.len(), 201);
    let totals = bench.inbox.totals().await.expect("totals");
    assert_eq!(totals.sources[0].pending, 0);
    drop(snapshot);
    bench.append("k", "after").await;
    assert_eq!(bench.work_off().await, ["after"]);
}

pub(super) async fn d4_clock_forward_and_back(factory: &dyn Factory) {
    const HOUR: i64 = 3_600_000;
    let bench = Bench::new(factory).await;
    let clock = bench.subject.clock();
    bench.append("held", "held").await;
    bench.append("late", "late").await;
    let mut claimed = bench.claim(2).await;
    let late = claimed.pop().expect("two are due");
    let held = claimed.pop().expect("two are due");
    bench
        .inbox
        .retry(late.ticket, Retry::After(Duration::from_secs(30)), "later")
        .await
        .expect("given back");
    // A step forward ends no lease and no pause.
    clock.step_wall(HOUR);
    assert!(
        bench.claim(10).await.is_empty(),
        "a step of the wall clock ended a lease"
    );
    // A step back freezes no pause.
    clock.step_wall(-2 * HOUR);
    bench.advance(Duration::from_secs(30));
    let late = bench.claim_one().await;
    bench
        .inbox
        .finish(late.ticket)
        .await
        .expect("it is finished");
    bench
        .inbox
        .finish(held.ticket)
        .await
        .expect("its lease holds");
    // A retry at a wall time is as far away as the wall clock says.
    bench.append("k", "at").await;
    let at = clock.wall().after(Duration::from_secs(10));
    let ticket = bench.claim_one().await.ticket;
    bench
        .inbox
        .retry(ticket, Retry::At(at), "later")
        .await
        .expect("given back");
    bench.advance(Duration::from_secs(9));
    assert!(bench.claim(1).await.is_empty());
    bench.advance(Duration::from_secs(2));
    assert_eq!(bench.work_off().await, ["at"]);
}
