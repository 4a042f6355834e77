//! The first open effect of a lane.

use super::{
    super::session::{Session, Work},
    claims_of, due_lane, lease, sleep,
};
use crate::{
    Claim, Claimed, EffectDelivery, EffectId, EffectState, EffectTicket, Error, Task, Timestamp,
    engine::{
        codec,
        decide::{Found, LAPSED, OnClaim, on_claim},
        sqlite::{apply, read},
    },
};

/// Claims it. An effect that a lost worker was sending becomes unknown on the way; one that was claimed too often is
/// parked.
pub(super) fn first(
    session: &mut Session,
    lane: i64,
    account: &str,
    claim: &Claim,
) -> Result<Option<Claimed>, Error> {
    while let Some(lane) = due_lane(session, lane)? {
        let head: Option<(i64, i64)> = session.first(
            "select id, state from durable_effect
             where lane = ?1 and id > ?2 and state in (0, 1, 2) order by id limit 1",
            (lane.id, lane.passed),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let Some((head, state)) = head else {
            if lane.unsettled_at.is_some_and(|at| at <= session.now.store) {
                apply::repeat_newest_edit(session, &lane)?;
                continue;
            }
            sleep(session, &lane)?;
            return Ok(None);
        };
        let claims = claims_of(&lane, head);
        if lane.has_token {
            session.record_failure(Work::Effect, head, claims, LAPSED)?;
        }
        if state == i64::from(EffectState::Sending.number()) {
            apply::lost_while_sending(session, lane, head)?;
            continue;
        }
        let found = Found {
            has_lapsed: lane.has_token,
            claims,
        };
        if on_claim(found, claim.most_claims) == OnClaim::GiveUp {
            apply::park(session, lane, head, claims)?;
            continue;
        }
        let lease = lease(session, &lane, head, claim)?;
        return delivery(
            session,
            head,
            account,
            EffectTicket::new(EffectId(head), lease),
        )
        .map(Some);
    }
    Ok(None)
}

fn delivery(
    session: &Session,
    id: i64,
    account: &str,
    ticket: EffectTicket,
) -> Result<Claimed, Error> {
    let found = session.first(
        "select state, coalesce(note, x''), send_by from durable_effect where id = ?1",
        [id],
        |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, Option<i64>>(2)?,
            ))
        },
    )?;
    let (state, note, send_by) = found.ok_or_else(|| codec::damaged("effect"))?;
    let task = match EffectState::from_number(state) {
        Some(EffectState::Ready) => Task::Send,
        Some(EffectState::Unknown) => Task::Look,
        _ => return Err(codec::damaged("state of an effect")),
    };
    let to_wall = session.now.wall - session.now.store;
    Ok(Claimed::Effect(EffectDelivery {
        ticket,
        effect: read::effect(&session.connection, id, account)?
            .ok_or_else(|| codec::damaged("parameters of an effect"))?,
        task,
        note: note.into(),
        send_by: send_by.map(|at| Timestamp::from_millis(at.saturating_add(to_wall))),
        failures: read::failures(&session.connection, Work::Effect, id)?,
    }))
}
