//! Leases: a worker that was overtaken can end nothing.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Factory,
    subject::{Bench, LEASE, SOURCE, event},
};
use crate::{Claim, Commit, ErrorKind, EventState, Later, Retry, Statement, Ticket};

pub(super) async fn d4_lease_runs_out_is_claimed_again(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    bench.append("k", "x").await;
    let first = bench.claim_one().await;
    bench.advance(LEASE - Duration::from_millis(1));
    assert!(bench.claim(1).await.is_empty(), "the lease still holds");
    bench.advance(Duration::from_millis(1));
    let second = bench.claim_one().await;
    assert_eq!(second.event.id, first.event.id);
    assert_ne!(second.ticket.lease().token, first.ticket.lease().token);
    assert_eq!(second.ticket.lease().claims, 2);
    assert_eq!(second.failures.len(), 1, "the lost lease is a failure");
}

/// A store with a ticket that another worker has overtaken, and the newer ticket.
async fn overtaken(factory: &dyn Factory) -> (Bench, Ticket, Ticket) {
    let bench = Bench::new(factory).await;
    bench.append("k", "x").await;
    let old = bench.claim_one().await.ticket;
    bench.advance(LEASE);
    let new = bench.claim_one().await.ticket;
    (bench, old, new)
}

pub(super) async fn d4_old_token_cannot_finish_retry_bury_renew(factory: &dyn Factory) {
    let (bench, old, new) = overtaken(factory).await;
    for commit in [
        Commit::new().finish(old.clone()),
        Commit::new().retry(old.clone(), Retry::default(), "why"),
        Commit::new().dead(old.clone(), "why", Later::Pass),
        Commit::new().renew(old.clone(), LEASE),
    ] {
        let shown = format!("{commit:?}");
        let error = bench.store().commit(commit).await.expect_err(&shown);
        assert_eq!(error.kind(), ErrorKind::LeaseLost, "{shown}");
    }
    bench
        .inbox
        .finish(new)
        .await
        .expect("the newer lease holds");
    let error = bench
        .inbox
        .finish(old)
        .await
        .expect_err("it is finished already");
    assert_eq!(error.kind(), ErrorKind::LeaseLost);
}

pub(super) async fn d4_old_token_rolls_back_own_statement(factory: &dyn Factory) {
    let (bench, old, new) = overtaken(factory).await;
    let create = "create table effects (id bigint primary key)";
    bench
        .subject
        .run_sql(create, create)
        .await
        .expect("a table");
    let insert = || {
        Statement::new(
            "insert into effects values ($1)",
            "insert into effects values ($1)",
        )
    };
    for (place, commit) in [
        Commit::new().own(insert().arg(1)).finish(old.clone()),
        Commit::new().finish(old).own(insert().arg(2)),
    ]
    .into_iter()
    .enumerate()
    {
        let error = bench
            .store()
            .commit(commit)
            .await
            .expect_err("it is refused");
        assert_eq!(error.kind(), ErrorKind::LeaseLost);
        assert_eq!(error.step(), Some(1 - place));
    }
    let rows = "select count(*) from effects";
    assert_eq!(bench.subject.number(rows).await.expect("a number"), 0);
    let commit = Commit::new().finish(new).own(insert().arg(3));
    bench
        .store()
        .commit(commit)
        .await
        .expect("the newer lease holds");
    assert_eq!(bench.subject.number(rows).await.expect("a number"), 1);
}

pub(super) async fn d4_renewal_keeps_the_lease(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    bench.append("k", "x").await;
    let ticket = bench.claim_one().await.ticket;
    for _ in 0..5 {
        bench.advance(LEASE / 2);
        bench
            .inbox
            .renew(ticket.clone(), LEASE)
            .await
            .expect("it is renewed");
        assert!(bench.claim(1).await.is_empty());
    }
    bench.advance(LEASE);
    assert_eq!(bench.claim(1).await.len(), 1);
}

pub(super) async fn d4_renewal_of_lost_lease_says_so(factory: &dyn Factory) {
    let (bench, old, _new) = overtaken(factory).await;
    let error = bench
        .inbox
        .renew(old.clone(), LEASE)
        .await
        .expect_err("it is lost");
    assert!(error.is_lease_lost());
    assert!(
        error
            .to_string()
            .contains(&format!("event {}", old.event())),
        "{error}"
    );
}

pub(super) async fn d4_expired_but_unclaimed_lease_may_finish(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    bench.append("k", "x").await;
    let delivery = bench.claim_one().await;
    bench.advance(LEASE * 10);
    // To refuse would only repeat what the worker did outside of the store.
    bench
        .inbox
        .finish(delivery.ticket)
        .await
        .expect("it is finished");
    assert!(bench.claim(1).await.is_empty());
}

pub(super) async fn d4_tokens_never_repeat_after_crash(factory: &dyn Factory) {
    let mut bench = Bench::new(factory).await;
    bench.append("k", "x").await;
    let mut seen = BTreeSet::new();
    let mut old: Vec<Ticket> = Vec::new();
    for _ in 0..6 {
        let ticket = bench.claim_one().await.ticket;
        assert!(
            seen.insert(*ticket.lease().token.as_bytes()),
            "a token came twice"
        );
        for old in &old {
            let error = bench
                .inbox
                .finish(old.clone())
                .await
                .expect_err("it was overtaken");
            assert!(error.is_lease_lost());
        }
        old.push(ticket);
        bench.reopen().await;
        bench.advance(LEASE);
    }
}

pub(super) async fn d4_claims_capped_then_dead_with_every_reason(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let claim = || Claim::events(SOURCE).lease(LEASE).most_claims(3);
    let take = async || bench.inbox.claim(claim()).await.expect("a claim").pop();
    for last_is_said in [true, false] {
        let id = bench
            .inbox
            .append(event("k", "x"))
            .await
            .expect("stored")
            .event();
        for number in 1..=3 {
            let delivery = take().await.expect("it is due");
            assert_eq!(
                (delivery.event.id, delivery.ticket.lease().claims),
                (id, number)
            );
            assert_eq!(delivery.failures.len() as u32, number - 1);
            if number == 2 || (number == 3 && !last_is_said) {
                bench.advance(LEASE);
            } else {
                let pause = Retry::After(Duration::ZERO);
                let reason = format!("reason {number}");
                bench
                    .inbox
                    .retry(delivery.ticket, pause, reason)
                    .await
                    .expect("it is given back");
            }
        }
        assert!(take().await.is_none(), "no fourth claim");
        let details = bench
            .inbox
            .event(id)
            .await
            .expect("a look")
            .expect("it is there");
        assert_eq!(details.summary.state, EventState::Dead);
        let reasons: Vec<_> = details
            .failures
            .iter()
            .map(|one| one.reason.as_str())
            .collect();
        assert_eq!(reasons[0], "reason 1");
        assert_eq!(
            reasons.len(),
            4,
            "every claim has a reason, and the end has one: {reasons:?}"
        );
        assert!(reasons[3].contains('3'), "{reasons:?}");
    }
}
