//! Effects: intended, sending, settled, decided.

use std::time::Duration;

use super::super::{
    Work,
    failure::Trouble,
    lane::{Lane, lost},
    transaction::Open,
    writes::Then,
};
use crate::{
    Decision, Done, EffectId, EffectState, EffectTicket, End, Error, ErrorKind, Later, NewEffect,
    Repeat, Timestamp,
    effect::machine::{self, Due, Turn},
    engine::{
        codec,
        decide::{AfterFailure, after_failure, given_up, look_after_loss},
    },
};

/// The columns of an effect that decide about its next state.
struct Stored {
    id: i64,
    lane: i64,
    queue: i64,
    state: EffectState,
    repeat: Repeat,
    later: Later,
    wait: Duration,
    has_content: bool,
    sent_at: Option<i64>,
    send_by: Option<i64>,
    repeat_of: Option<i64>,
}

async fn stored(open: &Open, id: i64) -> Result<Stored, Trouble> {
    let row = open
        .link()
        .first(
            "select lane, queue, state, repeat, later, wait, content, sent_at, send_by, repeat_of
             from durable_effect where id = $1",
            &[&id],
        )
        .await?
        .ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("effect {id}: there is no such effect"),
            )
        })?;
    Ok(Stored {
        id,
        lane: row.try_get(0)?,
        queue: row.try_get(1)?,
        state: EffectState::from_number(row.try_get::<_, i16>(2)?.into())
            .ok_or_else(|| codec::damaged("state of an effect"))?,
        repeat: codec::repeat(row.try_get::<_, i16>(3)?.into())?,
        later: codec::later(row.try_get::<_, i16>(4)?.into())?,
        wait: Duration::from_millis(u64::try_from(row.try_get::<_, i64>(5)?).unwrap_or(0)),
        has_content: row.try_get::<_, i16>(6)? == 0,
        sent_at: row.try_get(7)?,
        send_by: row.try_get(8)?,
        repeat_of: row.try_get(9)?,
    })
}

/// Records an effect at the end of its key.
pub(super) async fn intend(open: &mut Open, effect: &NewEffect) -> Result<EffectId, Trouble> {
    let queue = open.shared.known_queue(Work::Effect, &effect.account)?;
    let key = effect.key.as_ref().map(|key| open.digest(key));
    let lane = open.open_lane(queue, key.as_ref())?;
    let row = open
        .link()
        .first(
            "insert into durable_effect
                 (lane, queue, intended_at, changed_at, operation, repeat, later, wait, natural_key)
             values ($1, $2, $3, $3, $4, $5, $6, $7, $8)
             returning id",
            &[
                &lane,
                &queue,
                &open.now.0,
                &effect.operation,
                &codec::repeat_number(effect.repeat),
                &codec::later_number(effect.later),
                &i64::try_from(effect.wait.as_millis()).unwrap_or(i64::MAX),
                &effect.natural_key,
            ],
        )
        .await?;
    let id: i64 = row.ok_or(Trouble::Again)?.try_get(0)?;
    open.link()
        .run(
            "insert into durable_params (effect, params) values ($1, $2)",
            &[&id, &&*effect.params],
        )
        .await?;
    super::subject_rows(open, Work::Effect, id, &effect.erasure_keys);
    Ok(EffectId(id))
}

/// Records that the first byte is about to be sent.
pub(super) async fn send(
    open: &mut Open,
    ticket: &EffectTicket,
    within: Duration,
    note: &[u8],
) -> Result<Done, Trouble> {
    let id = ticket.effect().0;
    open.leased(id, ticket.lease(), "effect")?;
    let stored = stored(open, id).await?;
    if stored.state != EffectState::Ready {
        return Err(Trouble::Refused(Error::new(
            ErrorKind::WrongState,
            format!(
                "effect {id}: it is {} and cannot be sent",
                stored.state.name()
            ),
        )));
    }
    open.link()
        .run(
            "update durable_effect set
                 state = 1, attempts = attempts + 1, sent_at = $2, send_by = $3, note = $4, changed_at = $2
             where id = $1",
            &[&id, &open.now.0, &open.now.after(within), &note],
        )
        .await?;
    Ok(Done::Applied)
}

/// Ends an attempt or a look.
pub(super) async fn settle(
    open: &mut Open,
    ticket: &EffectTicket,
    end: &End,
) -> Result<EffectState, Trouble> {
    let id = ticket.effect().0;
    open.leased(id, ticket.lease(), "effect")?;
    let stored = stored(open, id).await?;
    let turn = machine::settle(stored.state, stored.repeat, stored.wait, end)?;
    turned(open, &stored, turn, Some(ticket.lease().most_claims)).await
}

/// Writes the next state of the first open effect of a lane, which is locked.
async fn turned(
    open: &mut Open,
    stored: &Stored,
    turn: Turn,
    most_claims: Option<u32>,
) -> Result<EffectState, Trouble> {
    let claims = lane_of(open, stored)?.claims;
    if let Some(reason) = &turn.failure {
        open.record_failure(Work::Effect, stored.id, claims, reason);
    }
    let pause = match turn.due {
        Due::Never => None,
        Due::Now => Some(Duration::ZERO),
        Due::After(pause) => Some(pause),
        Due::Retry(retry) => {
            let is_over = most_claims
                .is_some_and(|most| after_failure(claims, most) == AfterFailure::GivenUp);
            if is_over {
                give_up(open, stored, claims).await?;
                return Ok(EffectState::Parked);
            }
            Some(retry.pause(claims, open.wall(), Open::chance()))
        }
    };
    write(open, stored.id, turn.state, turn.object.as_deref()).await?;
    if turn.unsettles {
        let until = open.now.after(stored.wait);
        let lane = lane_of(open, stored)?;
        lane.unsettled_at = Some(lane.unsettled_at.map_or(until, |other| other.max(until)));
    } else {
        ended_edit(open, stored, turn.state).await?;
    }
    let now = open.now;
    let lane = lane_of(open, stored)?;
    match pause {
        Some(pause) => lane.postpone(now.after(pause)),
        None => lane.end_head(stored.id, waits(turn.state, stored.later), now.0),
    }
    Ok(turn.state)
}

fn lane_of<'o>(open: &'o mut Open, stored: &Stored) -> Result<&'o mut Lane, Trouble> {
    let lane = open.lanes.edit(stored.lane);
    lane.ok_or_else(|| Trouble::Refused(lost(stored.id, "effect")))
}

/// Whether later effects of the key wait for a person.
fn waits(state: EffectState, later: Later) -> Option<Later> {
    matches!(state, EffectState::Parked | EffectState::Doubled).then_some(later)
}

async fn write(
    open: &Open,
    id: i64,
    state: EffectState,
    object: Option<&str>,
) -> Result<(), Trouble> {
    open.link()
        .run(
            "update durable_effect set state = $2, object = coalesce($3, object), changed_at = $4
             where id = $1",
            &[&id, &state.number(), &object, &open.now.0],
        )
        .await?;
    Ok(())
}

/// An edit that was sent after the wait settles its key.
async fn ended_edit(open: &mut Open, stored: &Stored, state: EffectState) -> Result<(), Trouble> {
    let lane = lane_of(open, stored)?;
    let Some(unsettled_at) = lane.unsettled_at else {
        return Ok(());
    };
    let is_late = stored.repeat_of.is_some() || stored.sent_at.is_some_and(|at| at >= unsettled_at);
    if state.is_open() || stored.repeat != Repeat::Edit || !is_late {
        return Ok(());
    }
    lane.unsettled_at = None;
    if state == EffectState::Landed {
        open.link()
            .run(
                "update durable_effect set state = 3, changed_at = $3
                 where lane = $1 and id < $2 and state = 2 and repeat = 1",
                &[&stored.lane, &stored.id, &open.now.0],
            )
            .await?;
    }
    Ok(())
}

/// A claim found an effect that is sending, and no worker holds it any more. Its lane is locked.
pub(in super::super) async fn lost_while_sending(open: &mut Open, id: i64) -> Result<(), Trouble> {
    let stored = stored(open, id).await?;
    let now = open.now.0;
    let send_by = Timestamp::from_millis(stored.send_by.unwrap_or(now));
    let may_begin = send_by.since(Timestamp::from_millis(now));
    let wait = look_after_loss(may_begin, stored.wait);
    let turn = machine::ambiguous(stored.repeat, wait);
    turned(open, &Stored { wait, ..stored }, turn, None).await?;
    Ok(())
}

/// Parks the first open effect of a locked lane, because it was claimed too often.
pub(in super::super) async fn park(open: &mut Open, id: i64, claims: u32) -> Result<(), Trouble> {
    let stored = stored(open, id).await?;
    give_up(open, &stored, claims).await
}

async fn give_up(open: &mut Open, stored: &Stored, claims: u32) -> Result<(), Trouble> {
    open.record_failure(Work::Effect, stored.id, claims, &given_up(claims));
    write(open, stored.id, EffectState::Parked, None).await?;
    ended_edit(open, stored, EffectState::Parked).await?;
    let now = open.now.0;
    lane_of(open, stored)?.end_head(stored.id, Some(stored.later), now);
    Ok(())
}

/// Opens the newest edit of a locked lane once more, because an earlier one may have landed after it.
pub(in super::super) async fn repeat_newest_edit(
    open: &mut Open,
    lane: i64,
) -> Result<(), Trouble> {
    let newest = open
        .link()
        .first(
            "select id from durable_effect
             where lane = $1 and repeat = 1 and state in (2, 3) and content = 0
             order by id desc limit 1",
            &[&lane],
        )
        .await?;
    let now = open.now.0;
    if let Some(row) = newest {
        copied(open, row.try_get(0)?, lane).await?;
        open.lanes.edit(lane).ok_or(Trouble::Again)?.open_one(now);
    } else {
        let lane = open.lanes.edit(lane).ok_or(Trouble::Again)?;
        lane.unsettled_at = None;
        lane.sleep();
    }
    Ok(())
}

async fn copied(open: &Open, id: i64, lane: i64) -> Result<i64, Trouble> {
    let row = open
        .link()
        .first(
            "insert into durable_effect
                 (lane, queue, intended_at, changed_at, operation, repeat, later, wait, natural_key, repeat_of)
             select $2, queue, $3, $3, operation, repeat, later, wait, natural_key, id
             from durable_effect where id = $1
             returning id",
            &[&id, &lane, &open.now.0],
        )
        .await?;
    let copy: i64 = row.ok_or(Trouble::Again)?.try_get(0)?;
    open.link()
        .run(
            "insert into durable_params (effect, params)
             select $2, params from durable_params where effect = $1",
            &[&id, &copy],
        )
        .await?;
    open.link()
        .run(
            "insert into durable_subject (key_hash, kind, work)
             select key_hash, kind, $2 from durable_subject where kind = 1 and work = $1",
            &[&id, &copy],
        )
        .await?;
    Ok(copy)
}

/// A person decides. Returns the effect that counts from now on, and its state.
pub(super) async fn decide(
    open: &mut Open,
    id: i64,
    decision: &Decision,
) -> Result<(EffectId, EffectState), Trouble> {
    open.flush(Then::GoOn).await?;
    let place = stored(open, id).await?.lane;
    let lane = open.lane(place).await?.map(|lane| lane.clone());
    // Read again while the lane is locked: a worker may have ended it before.
    let stored = stored(open, id).await?;
    let turn = machine::decide(stored.state, decision).map_err(|error| {
        Error::new(
            error.kind(),
            format!("effect {id}: it is {}", stored.state.name()),
        )
    })?;
    let is_held = lane.as_ref().is_some_and(|lane| lane.held == Some(id));
    let is_queued = lane
        .as_ref()
        .is_some_and(|lane| stored.state.is_open() && lane.passed < id);
    if turn.state == EffectState::Ready && !is_held && !is_queued {
        return again(open, &stored, lane.is_some()).await;
    }
    write(open, id, turn.state, turn.object.as_deref()).await?;
    let now = open.now.0;
    if lane.is_some() {
        let lane = lane_of(open, &stored)?;
        match turn.state {
            EffectState::Ready if is_held => lane.revive(now),
            EffectState::Ready if lane.head == Some(id) => lane.postpone(now),
            EffectState::Ready => {}
            _ if is_held => lane.release(id, now),
            _ if is_queued => lane.end_any(id, now),
            _ => {}
        }
    }
    Ok((EffectId(id), turn.state))
}

/// Later effects of the key went on, so the effect goes to the end of its key.
async fn again(
    open: &mut Open,
    stored: &Stored,
    has_lane: bool,
) -> Result<(EffectId, EffectState), Trouble> {
    if !stored.has_content {
        return Err(Trouble::Refused(Error::new(
            ErrorKind::NotFound,
            format!("effect {}: its parameters were purged or erased", stored.id),
        )));
    }
    let now = open.now.0;
    let lane = match has_lane {
        true => {
            lane_of(open, stored)?.open_one(now);
            stored.lane
        }
        false => {
            open.more_lanes(1).await?;
            open.open_lane(stored.queue, None)?
        }
    };
    let copy = copied(open, stored.id, lane).await?;
    write(open, stored.id, EffectState::Buried, None).await?;
    Ok((EffectId(copy), EffectState::Ready))
}
