//! Decisions of a person about effects.

use super::{
    Factory,
    effect::{WAIT, intended},
    subject::Bench,
};
use crate::{Decision, EffectState, End, Repeat, Retry, Task};

/// A person decides about an effect that waits behind the head of its key, and about the head itself.
pub(super) async fn d8_a_decision_takes_no_lease_but_its_own(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let head = intended(&bench, "k", Repeat::Never).await;
    let queued = intended(&bench, "k", Repeat::Never).await;
    assert_eq!(bench.outbox.restored().await.expect("it is told"), 2);
    let look = bench.claim_effect().await;
    assert_eq!((look.ticket.effect(), look.task), (head, Task::Look));
    let decided = bench.outbox.decide(queued, Decision::Again).await;
    assert_eq!(decided.expect("decided"), (queued, EffectState::Ready));
    assert!(
        bench.claim_effects(10).await.is_empty(),
        "a second worker got the head, which is leased"
    );
    let not_seen = |pause| End::NotSeen {
        reason: "timeout".into(),
        retry: Retry::After(pause),
    };
    let settled = bench.outbox.settle(look.ticket, not_seen(WAIT)).await;
    assert_eq!(settled.expect("its lease holds"), EffectState::Unknown);
    // The pause of the head is not shortened either.
    let buried = bench.outbox.decide(queued, Decision::Bury).await;
    assert_eq!(buried.expect("decided"), (queued, EffectState::Buried));
    assert!(bench.claim_effects(10).await.is_empty(), "the head waits");
    bench.advance(WAIT);
    let look = bench.claim_effect().await;
    assert_eq!((look.ticket.effect(), look.task), (head, Task::Look));
    // The head itself is due at once, and its worker is overtaken.
    let decided = bench.outbox.decide(head, Decision::Again).await;
    assert_eq!(decided.expect("decided"), (head, EffectState::Ready));
    let late = bench.outbox.settle(look.ticket, not_seen(WAIT)).await;
    assert!(late.expect_err("it was overtaken").is_lease_lost());
    let claimed = bench.claim_effect().await;
    assert_eq!((claimed.ticket.effect(), claimed.task), (head, Task::Send));
}
