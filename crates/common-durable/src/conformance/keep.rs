//! Purge and erasure.

use std::time::Duration;

use super::{
    Factory,
    subject::{ACCOUNT, Bench, SOURCE, event},
};
use crate::{
    Appended, End, ErrorKind, EventId, EventState, Later, NewEffect, NewEvent, Purged, Repeat,
    Retry,
};

const DAY: Duration = Duration::from_secs(86_400);

/// Purges bodies and ids of these ages, in portions, and returns the sums.
async fn purge(bench: &Bench, bodies: Duration, ids: Duration) -> Purged {
    let now = bench.subject.clock().wall();
    let mut sum = Purged::default();
    loop {
        let one = bench
            .inbox
            .purge(now.before(bodies), now.before(ids), 3)
            .await
            .expect("a purge");
        assert!(one.bodies + one.ids <= 3, "{one:?}");
        sum.bodies += one.bodies;
        sum.ids += one.ids;
        if !one.has_more {
            return sum;
        }
    }
}

async fn state(bench: &Bench, id: EventId) -> Option<(EventState, bool)> {
    let details = bench.inbox.event(id).await.expect("a look")?;
    Some((details.summary.state, details.event.is_some()))
}

pub(super) async fn d6_purge_finished_only_by_age(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let dead = EventId(bench.append("dead", "x").await);
    let ticket = bench.claim_one().await.ticket;
    bench
        .inbox
        .dead(ticket, "why", Later::Pass)
        .await
        .expect("it is dead");
    let mut old = Vec::new();
    for number in 0..7 {
        old.push(EventId(
            bench.append(&format!("key {}", number % 2), "x").await,
        ));
    }
    bench.work_off().await;
    bench.advance(DAY * 2);
    let young = EventId(bench.append("key 0", "x").await);
    bench.work_off().await;
    let pending = EventId(bench.append("key 1", "x").await);
    let purged = purge(&bench, DAY, DAY * 30).await;
    assert_eq!((purged.bodies, purged.ids), (7, 0));
    for id in &old {
        assert_eq!(
            state(&bench, *id).await,
            Some((EventState::Finished, false))
        );
        let error = bench.inbox.replay(*id).await.expect_err("its body is gone");
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
    assert_eq!(state(&bench, dead).await, Some((EventState::Dead, true)));
    assert_eq!(
        state(&bench, young).await,
        Some((EventState::Finished, true))
    );
    assert_eq!(
        state(&bench, pending).await,
        Some((EventState::Pending, true))
    );
    assert_eq!(bench.work_off().await, ["x"]);
}

pub(super) async fn d6_purge_keeps_event_ids_for_their_time(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let with_id = || NewEvent::new(SOURCE, "x").event_id("17").key("k");
    let first = bench.inbox.append(with_id()).await.expect("stored").event();
    bench.work_off().await;
    bench.advance(DAY * 2);
    purge(&bench, DAY, DAY * 7).await;
    let repeat = bench.inbox.append(with_id()).await.expect("known");
    assert_eq!(repeat, Appended::Known { event: first });
    bench.advance(DAY * 7);
    let purged = purge(&bench, DAY, DAY * 7).await;
    assert_eq!((purged.bodies, purged.ids), (0, 1));
    assert_eq!(state(&bench, first).await, None);
    let anew = bench.inbox.append(with_id()).await.expect("stored");
    assert!(
        matches!(anew, Appended::Stored { event, .. } if event > first),
        "{anew:?}"
    );
}

pub(super) async fn d6_purge_beside_append_loses_no_lane(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    for round in 0..20 {
        let key = format!("key {}", round % 3);
        bench.append(&key, "old").await;
        bench.work_off().await;
        bench.advance(DAY);
        // The purge removes the lane's last event while a new one comes.
        let now = bench.subject.clock().wall();
        bench.subject.hold(true);
        let purge = bench.inbox.purge(now, now, 100);
        let append = bench.inbox.append(event(&key, "new"));
        let release = async { bench.subject.hold(false) };
        let (purged, appended, ()) = if round % 2 == 0 {
            tokio::join!(purge, append, release)
        } else {
            let (appended, purged, ()) = tokio::join!(append, purge, release);
            (purged, appended, ())
        };
        purged.expect("a purge");
        appended.expect("stored");
        assert_eq!(bench.work_off().await, ["new"]);
    }
}

pub(super) async fn d6_erase_by_key_everywhere(factory: &dyn Factory) {
    const PHONE: &str = "+380501112233";
    let bench = Bench::new(factory).await;
    let keyed = |body: &str| {
        NewEvent::new(SOURCE, body.to_owned())
            .key("order")
            .erase_by(PHONE)
    };
    let finished = bench
        .inbox
        .append(keyed("1").header("x-phone", PHONE))
        .await
        .expect("stored")
        .event();
    bench.work_off().await;
    let failed = bench
        .inbox
        .append(keyed("2"))
        .await
        .expect("stored")
        .event();
    let ticket = bench.claim_one().await.ticket;
    bench
        .inbox
        .retry(ticket, Retry::After(DAY), format!("no such {PHONE}"))
        .await
        .expect("given back");
    let by_order_key = EventId(bench.append(PHONE, "3").await);
    let other = EventId(bench.append("order", "4").await);
    let effect = NewEffect::new(ACCOUNT, "create", PHONE, Repeat::Never)
        .natural_key(PHONE)
        .key(PHONE);
    let effect = bench.outbox.intend(effect).await.expect("intended");
    let landed = NewEffect::new(ACCOUNT, "create", PHONE, Repeat::Never).erase_by(PHONE);
    let landed = bench.outbox.intend(landed).await.expect("intended");
    for delivery in bench.claim_effects(10).await {
        if delivery.ticket.effect() == landed {
            let object = Some(format!("customer {PHONE}"));
            bench
                .outbox
                .settle(delivery.ticket, End::Landed { object })
                .await
                .expect("settled");
        }
    }

    let erased = bench.inbox.erase(PHONE).await.expect("erased");
    assert_eq!((erased.events, erased.effects), (3, 2));
    for id in [finished, failed, by_order_key] {
        let details = bench
            .inbox
            .event(id)
            .await
            .expect("a look")
            .expect("its row stays");
        assert_eq!(details.event, None);
        assert!(details.failures.is_empty() && details.summary.last_failure.is_none());
    }
    for id in [effect, landed] {
        let details = bench
            .outbox
            .effect(id)
            .await
            .expect("a look")
            .expect("its row stays");
        assert_eq!(details.effect, None);
        assert_eq!(details.summary.object, None);
        assert!(!details.summary.state.is_open());
    }
    assert_eq!(
        state(&bench, other).await,
        Some((EventState::Pending, true))
    );
    assert_eq!(bench.work_off().await, ["4"]);
    bench.advance(Duration::from_secs(120));
    assert!(bench.claim_effects(10).await.is_empty());
    // The key works anew.
    bench.append(PHONE, "5").await;
    assert_eq!(bench.work_off().await, ["5"]);
    let again = bench.inbox.erase(PHONE).await.expect("erased");
    assert_eq!((again.events, again.effects), (1, 0));
}
