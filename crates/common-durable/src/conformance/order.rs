//! Order: one delivery of a key at a time, in the order of commits, keys in parallel.

use std::collections::BTreeSet;

use super::{
    Factory,
    subject::{Bench, body, event},
};
use crate::Commit;

pub(super) async fn d5_claim_one_per_key(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    bench.append("k", "1").await;
    bench.append("k", "2").await;
    let first = bench.claim_one().await;
    assert_eq!(body(&first), "1");
    assert!(bench.claim(10).await.is_empty(), "the key is held");
    bench
        .inbox
        .finish(first.ticket)
        .await
        .expect("it is finished");
    assert_eq!(body(&bench.claim_one().await), "2");
}

pub(super) async fn d5_claim_keys_in_parallel(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    for key in ["a", "b", "c"] {
        bench.append(key, key).await;
    }
    // Events without a key do not wait for each other.
    for _ in 0..2 {
        bench
            .inbox
            .append(crate::NewEvent::new(super::subject::SOURCE, "none"))
            .await
            .expect("stored");
    }
    let held = bench.claim_one().await;
    let others: Vec<_> = bench.claim(10).await.iter().map(body).collect();
    assert_eq!(others.len(), 4, "{others:?} beside {}", body(&held));
}

pub(super) async fn d5_claim_batch_never_two_of_a_key(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    for number in 0..20 {
        bench
            .append(&format!("key {}", number % 4), &number.to_string())
            .await;
    }
    let mut done: Vec<Vec<i64>> = vec![Vec::new(); 4];
    loop {
        let claimed = bench.claim(10).await;
        if claimed.is_empty() {
            break;
        }
        let numbers: Vec<i64> = claimed
            .iter()
            .map(|one| body(one).parse().expect("a number"))
            .collect();
        let keys: BTreeSet<_> = numbers.iter().map(|number| number % 4).collect();
        assert_eq!(keys.len(), numbers.len(), "two of a key in {numbers:?}");
        for (delivery, number) in claimed.into_iter().zip(numbers) {
            done[usize::try_from(number % 4).expect("small")].push(number);
            bench
                .inbox
                .finish(delivery.ticket)
                .await
                .expect("it is finished");
        }
    }
    for (key, numbers) in (0..).zip(done) {
        assert_eq!(numbers, [key, key + 4, key + 8, key + 12, key + 16]);
    }
}

pub(super) async fn d5_order_follows_commit_when_ids_commit_late(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    // Two appends to one key come at the same moment, and a worker claims as soon as one of them is stored.
    for round in 0..20 {
        let key = format!("key {round}");
        let one = bench.inbox.append(event(&key, "1"));
        let other = bench.inbox.append(event(&key, "2"));
        let claimed = async {
            let mut held = Vec::new();
            while held.is_empty() {
                held.extend(bench.claim(10).await);
                tokio::task::yield_now().await;
            }
            held
        };
        let (one, other, mut held) = tokio::join!(one, other, claimed);
        let (one, other) = (one.expect("stored").event(), other.expect("stored").event());
        held.extend(bench.claim(10).await);
        assert_eq!(held.len(), 1, "two deliveries of one key at once");
        let first = held.remove(0);
        assert_eq!(
            first.event.id,
            one.min(other),
            "the lower id was not delivered first"
        );
        bench
            .inbox
            .finish(first.ticket)
            .await
            .expect("it is finished");
        let second = bench.claim_one().await;
        assert_eq!(second.event.id, one.max(other));
        bench
            .inbox
            .finish(second.ticket)
            .await
            .expect("it is finished");
    }
}

pub(super) async fn d5_claim_beside_finish_never_delivers_finished(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let mut finished = BTreeSet::new();
    bench.append("k", "0").await;
    for round in 1..=50 {
        let delivery = bench.claim_one().await;
        assert!(
            finished.insert(delivery.event.id),
            "event {} was delivered again",
            delivery.event.id
        );
        bench.append("k", &round.to_string()).await;
        // The claim and the finish are under way together.
        bench.subject.hold(true);
        let claim = bench.claim(1);
        let finish = bench.inbox.finish(delivery.ticket);
        let release = async { bench.subject.hold(false) };
        let (claimed, finish, ()) = tokio::join!(claim, finish, release);
        finish.expect("it is finished");
        for delivery in claimed {
            assert!(
                finished.insert(delivery.event.id),
                "event {} was delivered again",
                delivery.event.id
            );
            bench
                .inbox
                .finish(delivery.ticket)
                .await
                .expect("it is finished");
            bench.append("k", "more").await;
        }
    }
}

pub(super) async fn d5_append_during_finish_is_not_stranded(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    for round in 0..20 {
        let key = format!("key {round}");
        bench.append(&key, "first").await;
        let delivery = bench.claim_one().await;
        bench.subject.hold(true);
        let finish = bench.store().commit(Commit::new().finish(delivery.ticket));
        let append = bench
            .store()
            .commit(Commit::new().append(event(&key, "second")));
        bench.subject.hold(false);
        finish.await.expect("it is finished");
        append.await.expect("it is stored");
        assert_eq!(bench.work_off().await, ["second"]);
    }
}
