//! Effects: on disk before the first byte, and never sent again in doubt.

use std::time::Duration;

use super::{
    Factory,
    subject::{ACCOUNT, Bench, LEASE},
};
use crate::{
    Commit, Decision, Done, EffectId, EffectState, End, ErrorKind, NewEffect, Repeat, Retry, Task,
};

const WITHIN: Duration = Duration::from_secs(30);
pub(super) const WAIT: Duration = Duration::from_secs(300);

fn effect(key: &str, repeat: Repeat) -> NewEffect {
    NewEffect::new(ACCOUNT, "create", format!("params of {key}"), repeat)
        .key(key)
        .natural_key("n")
        .wait(WAIT)
}

pub(super) async fn intended(bench: &Bench, key: &str, repeat: Repeat) -> EffectId {
    bench
        .outbox
        .intend(effect(key, repeat))
        .await
        .expect("it is intended")
}

async fn state(bench: &Bench, id: EffectId) -> EffectState {
    let details = bench
        .outbox
        .effect(id)
        .await
        .expect("a look")
        .expect("it is there");
    details.summary.state
}

fn ambiguous() -> End {
    End::Ambiguous {
        reason: "the connection was reset".into(),
    }
}

pub(super) async fn d8_intent_commits_with_its_event(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    bench.append("k", "1").await;
    let delivery = bench.claim_one().await;
    let commit = |ticket| {
        Commit::new()
            .intend(effect("k", Repeat::Never))
            .finish(ticket)
    };
    bench.advance(LEASE);
    let newer = bench.claim_one().await;
    let error = bench
        .store()
        .commit(commit(delivery.ticket))
        .await
        .expect_err("it was overtaken");
    assert!(error.is_lease_lost());
    assert!(
        bench.claim_effects(1).await.is_empty(),
        "the intent went without its event"
    );
    let done = bench
        .store()
        .commit(commit(newer.ticket))
        .await
        .expect("both happen");
    let Done::Intended(id) = done[0] else {
        panic!("{done:?}")
    };
    let claimed = bench.claim_effect().await;
    assert_eq!((claimed.ticket.effect(), claimed.task), (id, Task::Send));
    assert_eq!(claimed.effect.params, "params of k");
    assert_eq!(claimed.effect.natural_key.as_deref(), Some("n"));
}

pub(super) async fn d8_sending_is_on_disk_before_send(factory: &dyn Factory) {
    let mut bench = Bench::new(factory).await;
    let id = intended(&bench, "k", Repeat::Never).await;
    let claimed = bench.claim_effect().await;
    let early = bench
        .outbox
        .settle(claimed.ticket.clone(), ambiguous())
        .await;
    assert_eq!(
        early.expect_err("it is not sending").kind(),
        ErrorKind::WrongState
    );
    bench
        .outbox
        .send(claimed.ticket.clone(), WITHIN, "floor 17")
        .await
        .expect("it is recorded");
    let twice = bench
        .outbox
        .send(claimed.ticket, WITHIN, "")
        .await
        .expect_err("it is sending");
    assert_eq!(twice.kind(), ErrorKind::WrongState);
    bench.reopen().await;
    assert_eq!(state(&bench, id).await, EffectState::Sending);
}

pub(super) async fn d8_sending_after_restart_is_unknown(factory: &dyn Factory) {
    let mut bench = Bench::new(factory).await;
    let id = intended(&bench, "k", Repeat::UniqueKey).await;
    let claimed = bench.claim_effect().await;
    bench
        .outbox
        .send(claimed.ticket.clone(), WITHIN, "floor 17")
        .await
        .expect("it is recorded");
    bench.reopen().await;
    bench.advance(LEASE);
    assert!(
        bench.claim_effects(1).await.is_empty(),
        "the attempt can still land"
    );
    assert_eq!(state(&bench, id).await, EffectState::Unknown);
    bench.advance(WITHIN + WAIT);
    let look = bench.claim_effect().await;
    assert_eq!((look.ticket.effect(), look.task), (id, Task::Look));
    assert_eq!(look.note, "floor 17");
    let late = bench
        .outbox
        .settle(claimed.ticket, End::Landed { object: None })
        .await;
    assert!(late.expect_err("it was overtaken").is_lease_lost());
    let end = End::Landed {
        object: Some("9".into()),
    };
    assert_eq!(
        bench
            .outbox
            .settle(look.ticket, end)
            .await
            .expect("settled"),
        EffectState::Landed
    );
    let details = bench
        .outbox
        .effect(id)
        .await
        .expect("a look")
        .expect("it is there");
    assert_eq!(details.summary.object.as_deref(), Some("9"));
}

pub(super) async fn d8_unknown_is_never_ready_without_a_look(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    for repeat in [Repeat::UniqueKey, Repeat::AfterLook, Repeat::Never] {
        let key = format!("{repeat:?}");
        let id = intended(&bench, &key, repeat).await;
        let claimed = bench.claim_effect().await;
        bench
            .outbox
            .send(claimed.ticket.clone(), WITHIN, "")
            .await
            .expect("it is recorded");
        let after = bench
            .outbox
            .settle(claimed.ticket, ambiguous())
            .await
            .expect("settled");
        assert_eq!(after, EffectState::Unknown);
        bench.advance(WAIT);
        let look = bench.claim_effect().await;
        assert_eq!(look.task, Task::Look);
        let send = bench.outbox.send(look.ticket.clone(), WITHIN, "").await;
        assert_eq!(
            send.expect_err("it is unknown").kind(),
            ErrorKind::WrongState
        );
        let reason = "timeout".to_owned();
        let not_seen = End::NotSeen {
            reason,
            retry: Retry::After(Duration::ZERO),
        };
        let after = bench
            .outbox
            .settle(look.ticket, not_seen)
            .await
            .expect("settled");
        assert_eq!(after, EffectState::Unknown);
        let look = bench.claim_effect().await;
        assert_eq!(look.task, Task::Look, "a look that failed leads nowhere");
        let after = bench
            .outbox
            .settle(look.ticket, End::Absent)
            .await
            .expect("settled");
        if repeat == Repeat::Never {
            assert_eq!(after, EffectState::Parked);
            assert!(bench.claim_effects(1).await.is_empty());
            let (same, after) = bench
                .outbox
                .decide(id, Decision::Again)
                .await
                .expect("a person decides");
            assert_eq!((same, after), (id, EffectState::Ready));
        } else {
            assert_eq!(after, EffectState::Ready);
        }
        let again = bench.claim_effect().await;
        assert_eq!((again.ticket.effect(), again.task), (id, Task::Send));
        let refused = End::Refused {
            reason: "no".into(),
        };
        bench
            .outbox
            .settle(again.ticket, refused)
            .await
            .expect("settled");
    }
    edits_are_sent_once_more(&bench).await;
}

/// An edit needs no look: the newest one of its key is sent once more after the wait.
async fn edits_are_sent_once_more(bench: &Bench) {
    let first = intended(bench, "stock", Repeat::Edit).await;
    let second = bench
        .outbox
        .intend(effect("stock", Repeat::Edit))
        .await
        .expect("it is intended");
    let claimed = bench.claim_effect().await;
    bench
        .outbox
        .send(claimed.ticket.clone(), WITHIN, "")
        .await
        .expect("it is recorded");
    bench
        .outbox
        .settle(claimed.ticket, ambiguous())
        .await
        .expect("settled");
    let newer = bench.claim_effect().await;
    assert_eq!((newer.ticket.effect(), newer.task), (second, Task::Send));
    bench
        .outbox
        .send(newer.ticket.clone(), WITHIN, "")
        .await
        .expect("it is recorded");
    bench
        .outbox
        .settle(newer.ticket, End::Landed { object: None })
        .await
        .expect("settled");
    assert!(
        bench.claim_effects(1).await.is_empty(),
        "the older edit can still land"
    );
    assert_eq!(state(bench, first).await, EffectState::Unknown);
    bench.advance(WAIT);
    let once_more = bench.claim_effect().await;
    assert_eq!(
        (once_more.effect.repeat_of, once_more.task),
        (Some(second), Task::Send)
    );
    bench
        .outbox
        .send(once_more.ticket.clone(), WITHIN, "")
        .await
        .expect("it is recorded");
    bench
        .outbox
        .settle(once_more.ticket, End::Landed { object: None })
        .await
        .expect("settled");
    assert_eq!(state(bench, first).await, EffectState::Landed);
    bench.advance(WAIT * 2);
    assert!(
        bench.claim_effects(1).await.is_empty(),
        "the key is settled"
    );
}

pub(super) async fn d8_look_not_before_its_time(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    intended(&bench, "k", Repeat::AfterLook).await;
    let claimed = bench.claim_effect().await;
    bench
        .outbox
        .send(claimed.ticket.clone(), WITHIN, "")
        .await
        .expect("it is recorded");
    bench
        .outbox
        .settle(claimed.ticket, ambiguous())
        .await
        .expect("settled");
    bench.advance(WAIT - Duration::from_millis(1));
    assert!(bench.claim_effects(1).await.is_empty());
    bench.advance(Duration::from_millis(1));
    assert_eq!(bench.claim_effect().await.task, Task::Look);

    // A worker that is lost just after it recorded the attempt may still begin to send for a while.
    intended(&bench, "lost", Repeat::AfterLook).await;
    let lost = bench.claim_effect().await;
    bench
        .outbox
        .send(lost.ticket, LEASE * 2, "")
        .await
        .expect("it is recorded");
    bench.advance(LEASE + Duration::from_secs(1));
    let due: Vec<_> = bench.claim_effects(10).await;
    assert!(
        due.iter().all(|one| one.effect.params != "params of lost"),
        "{due:?}"
    );
    bench.advance(LEASE + WAIT - Duration::from_secs(2));
    let due: Vec<_> = bench.claim_effects(10).await;
    assert!(
        due.iter().all(|one| one.effect.params != "params of lost"),
        "{due:?}"
    );
    bench.advance(Duration::from_secs(1));
    let due: Vec<_> = bench.claim_effects(10).await;
    assert!(
        due.iter().any(|one| one.effect.params == "params of lost"),
        "{due:?}"
    );
}

pub(super) async fn d8_two_lookers_one_decides(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let id = intended(&bench, "k", Repeat::AfterLook).await;
    let claimed = bench.claim_effect().await;
    bench
        .outbox
        .send(claimed.ticket.clone(), WITHIN, "")
        .await
        .expect("it is recorded");
    bench
        .outbox
        .settle(claimed.ticket, ambiguous())
        .await
        .expect("settled");
    bench.advance(WAIT);
    let slow = bench.claim_effect().await;
    bench.advance(LEASE);
    let quick = bench.claim_effect().await;
    assert_eq!((slow.task, quick.task), (Task::Look, Task::Look));
    bench
        .outbox
        .settle(quick.ticket, End::Landed { object: None })
        .await
        .expect("settled");
    let error = bench
        .outbox
        .settle(slow.ticket, End::Absent)
        .await
        .expect_err("it was overtaken");
    assert!(error.is_lease_lost());
    assert_eq!(state(&bench, id).await, EffectState::Landed);
}

pub(super) async fn d8_effect_key_one_at_a_time(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let first = intended(&bench, "k", Repeat::Never).await;
    let second = intended(&bench, "k", Repeat::Never).await;
    intended(&bench, "other", Repeat::Never).await;
    let claimed = bench.claim_effects(10).await;
    assert_eq!(claimed.len(), 2, "one of each key");
    let ticket = claimed
        .into_iter()
        .find(|one| one.ticket.effect() == first)
        .expect("the first")
        .ticket;
    bench
        .outbox
        .send(ticket.clone(), WITHIN, "")
        .await
        .expect("it is recorded");
    bench
        .outbox
        .settle(ticket, ambiguous())
        .await
        .expect("settled");
    assert!(
        bench.claim_effects(10).await.is_empty(),
        "the key waits for the look"
    );
    bench.advance(WAIT);
    let look = bench.claim_effects(10).await;
    let look = look
        .into_iter()
        .find(|one| one.ticket.effect() == first)
        .expect("the look");
    let unclear = End::Unclear {
        reason: "a stranger's".into(),
    };
    let after = bench
        .outbox
        .settle(look.ticket, unclear)
        .await
        .expect("settled");
    assert_eq!(after, EffectState::Parked);
    assert!(
        bench.claim_effects(10).await.is_empty(),
        "the key waits for a person"
    );
    let landed = Decision::Landed {
        object: Some("9".into()),
    };
    assert_eq!(
        bench.outbox.decide(first, landed).await.expect("decided"),
        (first, EffectState::Landed)
    );
    assert_eq!(bench.claim_effect().await.ticket.effect(), second);
}

pub(super) async fn d11_restored_epoch_makes_all_unknown(factory: &dyn Factory) {
    let mut bench = Bench::new(factory).await;
    let ready = intended(&bench, "ready", Repeat::UniqueKey).await;
    bench.append("k", "before").await;
    bench.reopen().await;
    assert_eq!(
        state(&bench, ready).await,
        EffectState::Ready,
        "a plain start is no restore"
    );
    let claimed = bench.claim_effect().await;
    bench
        .outbox
        .send(claimed.ticket.clone(), WITHIN, "")
        .await
        .expect("it is recorded");
    bench
        .outbox
        .settle(claimed.ticket, End::Landed { object: None })
        .await
        .expect("settled");
    bench.append("k", "forgotten").await;
    bench.restore().await;
    assert_eq!(state(&bench, ready).await, EffectState::Unknown);
    assert!(
        bench
            .inbox
            .totals()
            .await
            .expect("totals")
            .restored_at
            .is_some()
    );
    let look = bench.claim_effect().await;
    assert_eq!((look.ticket.effect(), look.task), (ready, Task::Look));
    bench
        .outbox
        .settle(look.ticket, End::Landed { object: None })
        .await
        .expect("settled");
    assert_eq!(bench.work_off().await, ["before"]);
    // What no epoch notices, a person can tell.
    let id = intended(&bench, "told", Repeat::Never).await;
    assert_eq!(bench.outbox.restored().await.expect("it is told"), 1);
    assert_eq!(state(&bench, id).await, EffectState::Unknown);
}
