//! The first open effect of a lane.

use super::{
    super::{Work, apply, failure::Trouble, read, transaction::Open, writes::Then},
    edit, lease,
};
use crate::{
    Claim, Claimed, EffectDelivery, EffectId, EffectState, EffectTicket, Task, Timestamp,
    engine::{
        codec,
        decide::{Found, LAPSED, OnClaim, on_claim},
    },
};

/// Claims it, in a locked lane. An effect that a lost worker was sending becomes unknown on the way; one that was
/// claimed too often is parked.
pub(super) async fn first(
    open: &mut Open,
    lane: i64,
    account: &str,
    claim: &Claim,
) -> Result<Option<Claimed>, Trouble> {
    let now = open.now.0;
    // The time was read before the lanes were, so a lane can be due a moment later.
    let mut is_first = true;
    while let Some(found) = open.lanes.get(lane).cloned() {
        if !is_first && found.next_at.is_none_or(|at| at > now) {
            return Ok(None);
        }
        is_first = false;
        let head = open
            .link()
            .first(
                "select id, state from durable_effect
                 where lane = $1 and id > $2 and state in (0, 1, 2) order by id limit 1",
                &[&lane, &found.passed],
            )
            .await?;
        let Some(row) = head else {
            if found
                .unsettled_at
                .is_some_and(|at| found.next_at.is_some_and(|due| due >= at))
            {
                apply::repeat_newest_edit(open, lane).await?;
                continue;
            }
            edit(open, lane)?.sleep();
            return Ok(None);
        };
        let (head, state): (i64, i16) = (row.try_get(0)?, row.try_get(1)?);
        let claims = found.claims_of(head);
        let has_lapsed = found.token.is_some();
        if has_lapsed {
            open.record_failure(Work::Effect, head, claims, LAPSED);
        }
        if state == EffectState::Sending.number() {
            apply::lost_while_sending(open, head).await?;
            continue;
        }
        if on_claim(Found { has_lapsed, claims }, claim.most_claims) == OnClaim::GiveUp {
            apply::park(open, head, claims).await?;
            continue;
        }
        let lease = lease(open, lane, head, claim)?;
        let ticket = EffectTicket::new(EffectId(head), lease);
        return delivery(open, head, account, ticket).await.map(Some);
    }
    Ok(None)
}

async fn delivery(
    open: &mut Open,
    id: i64,
    account: &str,
    ticket: EffectTicket,
) -> Result<Claimed, Trouble> {
    // Failures of this claim are written before they are read back.
    open.flush(Then::GoOn).await?;
    let row = open
        .link()
        .first(
            "select state, note, send_by from durable_effect where id = $1",
            &[&id],
        )
        .await?
        .ok_or_else(|| codec::damaged("effect"))?;
    let task = match EffectState::from_number(row.try_get::<_, i16>(0)?.into()) {
        Some(EffectState::Ready) => Task::Send,
        Some(EffectState::Unknown) => Task::Look,
        _ => return Err(codec::damaged("state of an effect").into()),
    };
    let failures = read::failures(open.link(), Work::Effect, &[id])
        .await?
        .remove(&id);
    Ok(Claimed::Effect(EffectDelivery {
        ticket,
        effect: read::effect(open.link(), id, account)
            .await?
            .ok_or_else(|| codec::damaged("parameters of an effect"))?,
        task,
        note: row
            .try_get::<_, Option<Vec<u8>>>(1)?
            .unwrap_or_default()
            .into(),
        send_by: row
            .try_get::<_, Option<i64>>(2)?
            .map(Timestamp::from_millis),
        failures: failures.unwrap_or_default(),
    }))
}
