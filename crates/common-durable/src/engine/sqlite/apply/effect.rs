//! Effects: intended, sending, settled, decided.

use std::time::Duration;

use super::{
    super::session::{Session, Work},
    append::subjects,
    lane::{self, Lane},
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
    state: EffectState,
    repeat: Repeat,
    later: Later,
    wait: Duration,
    has_content: bool,
    sent_at: Option<i64>,
    send_by: Option<i64>,
    repeat_of: Option<i64>,
}

fn stored(session: &Session, id: i64) -> Result<Stored, Error> {
    type Row = (
        i64,
        i64,
        i64,
        i64,
        i64,
        i64,
        Option<i64>,
        Option<i64>,
        Option<i64>,
    );
    let found: Option<Row> = session.first(
        "select lane, state, repeat, later, wait, content, sent_at, send_by, repeat_of
         from durable_effect where id = ?1",
        [id],
        |row| row.try_into(),
    )?;
    let Some((lane, state, repeat, later, wait, content, sent_at, send_by, repeat_of)) = found
    else {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("effect {id}: there is no such effect"),
        ));
    };
    Ok(Stored {
        id,
        lane,
        state: EffectState::from_number(state)
            .ok_or_else(|| codec::damaged("state of an effect"))?,
        repeat: codec::repeat(repeat)?,
        later: codec::later(later)?,
        wait: Duration::from_millis(u64::try_from(wait).unwrap_or(0)),
        has_content: content == 0,
        sent_at,
        send_by,
        repeat_of,
    })
}

/// Records an effect at the end of its key.
pub(super) fn intend(session: &mut Session, effect: &NewEffect) -> Result<EffectId, Error> {
    let queue = session.queue(Work::Effect, &effect.account)?;
    let key = effect.key.as_ref().map(|key| session.digest(key));
    let lane = lane::open(session, queue, key.as_ref())?;
    session.run(
        "insert into durable_effect
             (lane, queue, intended_at, changed_at, operation, repeat, later, wait, natural_key)
         values (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            lane,
            queue,
            session.now.wall,
            &effect.operation,
            codec::repeat_number(effect.repeat),
            codec::later_number(effect.later),
            i64::try_from(effect.wait.as_millis()).unwrap_or(i64::MAX),
            &effect.natural_key,
        ),
    )?;
    let id = session.connection.last_insert_rowid();
    session.run(
        "insert into durable_params (effect, params) values (?1, ?2)",
        (id, &*effect.params),
    )?;
    subjects(session, Work::Effect, id, &effect.erasure_keys)?;
    Ok(EffectId(id))
}

/// Records that the first byte is about to be sent.
pub(super) fn send(
    session: &Session,
    ticket: &EffectTicket,
    within: Duration,
    note: &[u8],
) -> Result<Done, Error> {
    let id = ticket.effect().0;
    lane::leased(session, id, ticket.lease(), "effect")?;
    let stored = stored(session, id)?;
    if stored.state != EffectState::Ready {
        return Err(Error::new(
            ErrorKind::WrongState,
            format!(
                "effect {id}: it is {} and cannot be sent",
                stored.state.name()
            ),
        ));
    }
    session.run(
        "update durable_effect set
             state = 1, attempts = attempts + 1, sent_at = ?2, send_by = ?3, note = ?4, changed_at = ?5
         where id = ?1",
        (id, session.now.store, session.now.after(within), note, session.now.wall),
    )?;
    session.count_send()?;
    Ok(Done::Applied)
}

/// Ends an attempt or a look.
pub(super) fn settle(
    session: &Session,
    ticket: &EffectTicket,
    end: &End,
) -> Result<EffectState, Error> {
    let id = ticket.effect().0;
    let lane = lane::leased(session, id, ticket.lease(), "effect")?;
    let stored = stored(session, id)?;
    let turn = machine::settle(stored.state, stored.repeat, stored.wait, end)?;
    turned(
        session,
        lane,
        &stored,
        turn,
        Some(ticket.lease().most_claims),
    )
}

/// Writes the next state of the first open effect of a lane.
fn turned(
    session: &Session,
    mut lane: Lane,
    stored: &Stored,
    turn: Turn,
    most_claims: Option<u32>,
) -> Result<EffectState, Error> {
    if let Some(reason) = &turn.failure {
        session.record_failure(Work::Effect, stored.id, lane.claims, reason)?;
    }
    let pause = match turn.due {
        Due::Never => None,
        Due::Now => Some(Duration::ZERO),
        Due::After(pause) => Some(pause),
        Due::Retry(retry) => {
            let is_over = most_claims
                .is_some_and(|most| after_failure(lane.claims, most) == AfterFailure::GivenUp);
            if is_over {
                park(session, lane, stored.id, lane.claims)?;
                return Ok(EffectState::Parked);
            }
            Some(retry.pause(lane.claims, session.now.wall(), Session::chance()))
        }
    };
    write(session, stored.id, turn.state, turn.object.as_deref())?;
    if turn.unsettles {
        unsettle(session, &mut lane, session.now.after(stored.wait))?;
    } else {
        ended_edit(session, &mut lane, stored, turn.state)?;
    }
    match pause {
        Some(pause) => lane::postpone(session, &lane, session.now.after(pause))?,
        None => lane::end_head(session, &lane, stored.id, waits(turn.state, stored.later))?,
    }
    Ok(turn.state)
}

/// Whether later effects of the key wait for a person.
fn waits(state: EffectState, later: Later) -> Option<Later> {
    matches!(state, EffectState::Parked | EffectState::Doubled).then_some(later)
}

fn write(
    session: &Session,
    id: i64,
    state: EffectState,
    object: Option<&str>,
) -> Result<(), Error> {
    session.run(
        "update durable_effect set state = ?2, object = coalesce(?3, object), changed_at = ?4
         where id = ?1",
        (id, state.number(), object, session.now.wall),
    )?;
    Ok(())
}

/// The key got an edit that may land until `until`.
fn unsettle(session: &Session, lane: &mut Lane, until: i64) -> Result<(), Error> {
    lane.unsettled_at = Some(lane.unsettled_at.map_or(until, |other| other.max(until)));
    session.run(
        "update durable_lane set unsettled_at = ?2 where id = ?1",
        (lane.id, lane.unsettled_at),
    )?;
    Ok(())
}

/// An edit that was sent after the wait settles its key.
fn ended_edit(
    session: &Session,
    lane: &mut Lane,
    stored: &Stored,
    state: EffectState,
) -> Result<(), Error> {
    let Some(unsettled_at) = lane.unsettled_at else {
        return Ok(());
    };
    let is_late = stored.repeat_of.is_some() || stored.sent_at.is_some_and(|at| at >= unsettled_at);
    if state.is_open() || stored.repeat != Repeat::Edit || !is_late {
        return Ok(());
    }
    lane.unsettled_at = None;
    session.run(
        "update durable_lane set unsettled_at = null where id = ?1",
        [lane.id],
    )?;
    if state == EffectState::Landed {
        session.run(
            "update durable_effect set state = 3, changed_at = ?3
             where lane = ?1 and id < ?2 and state = 2 and repeat = 1",
            (lane.id, stored.id, session.now.wall),
        )?;
    }
    Ok(())
}

/// A claim found an effect that is sending, and no worker holds it any more.
pub(in super::super) fn lost_while_sending(
    session: &Session,
    lane: Lane,
    id: i64,
) -> Result<(), Error> {
    let stored = stored(session, id)?;
    let send_by = Timestamp::from_millis(stored.send_by.unwrap_or(session.now.store));
    let may_begin = send_by.since(Timestamp::from_millis(session.now.store));
    let wait = look_after_loss(may_begin, stored.wait);
    let turn = machine::ambiguous(stored.repeat, wait);
    turned(session, lane, &Stored { wait, ..stored }, turn, None)?;
    Ok(())
}

/// Parks the first open effect of a lane, because it was claimed too often.
pub(in super::super) fn park(
    session: &Session,
    mut lane: Lane,
    id: i64,
    claims: u32,
) -> Result<(), Error> {
    let stored = stored(session, id)?;
    session.record_failure(Work::Effect, id, claims, &given_up(claims))?;
    write(session, id, EffectState::Parked, None)?;
    ended_edit(session, &mut lane, &stored, EffectState::Parked)?;
    lane::end_head(session, &lane, id, Some(stored.later))
}

/// Opens the newest edit of a lane once more, because an earlier one may have landed after it.
pub(in super::super) fn repeat_newest_edit(session: &Session, lane: &Lane) -> Result<(), Error> {
    let newest: Option<i64> = session.first(
        "select id from durable_effect
         where lane = ?1 and repeat = 1 and state in (2, 3) and content = 0
         order by id desc limit 1",
        [lane.id],
        |row| row.get(0),
    )?;
    match newest {
        Some(newest) => {
            copied(session, newest, lane.id)?;
            lane::reopen(session, lane.id)
        }
        None => {
            session.run(
                "update durable_lane set unsettled_at = null, next_at = null where id = ?1",
                [lane.id],
            )?;
            Ok(())
        }
    }
}

fn copied(session: &Session, id: i64, lane: i64) -> Result<i64, Error> {
    session.run(
        "insert into durable_effect
             (lane, queue, intended_at, changed_at, operation, repeat, later, wait, natural_key, repeat_of)
         select ?2, queue, ?3, ?3, operation, repeat, later, wait, natural_key, id
         from durable_effect where id = ?1",
        (id, lane, session.now.wall),
    )?;
    let copy = session.connection.last_insert_rowid();
    session.run(
        "insert into durable_params (effect, params)
         select ?2, params from durable_params where effect = ?1",
        (id, copy),
    )?;
    session.run(
        "insert into durable_subject (key_hash, kind, work)
         select key_hash, kind, ?2 from durable_subject where kind = 1 and work = ?1",
        (id, copy),
    )?;
    Ok(copy)
}

/// A person decides. Returns the effect that counts from now on, and its state.
pub(super) fn decide(
    session: &Session,
    id: i64,
    decision: &Decision,
) -> Result<(EffectId, EffectState), Error> {
    let stored = stored(session, id)?;
    let turn = machine::decide(stored.state, decision).map_err(|error| {
        Error::new(
            error.kind(),
            format!("effect {id}: it is {}", stored.state.name()),
        )
    })?;
    let lane = lane::find(session, stored.lane)?;
    let is_held = lane.is_some_and(|lane| lane.held == Some(id));
    let is_queued = lane.is_some_and(|lane| stored.state.is_open() && lane.passed < id);
    if turn.state == EffectState::Ready && !is_held && !is_queued {
        return again(session, &stored, lane);
    }
    write(session, id, turn.state, turn.object.as_deref())?;
    if let Some(lane) = lane {
        let is_ready = turn.state == EffectState::Ready;
        if is_held && is_ready {
            lane::revive(session, &lane)?;
        } else if is_held {
            lane::release(session, &lane, id)?;
        } else if is_queued && !is_ready {
            lane::end_any(session, &lane, id)?;
        } else if is_queued && lane.head == Some(id) {
            lane::postpone(session, &lane, session.now.store)?;
        }
    }
    Ok((EffectId(id), turn.state))
}

/// Later effects of the key went on, so the effect goes to the end of its key.
fn again(
    session: &Session,
    stored: &Stored,
    lane: Option<Lane>,
) -> Result<(EffectId, EffectState), Error> {
    if !stored.has_content {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("effect {}: its parameters were purged or erased", stored.id),
        ));
    }
    let lane = match lane {
        Some(lane) => {
            lane::reopen(session, lane.id)?;
            lane.id
        }
        None => {
            let queue: Option<i64> = session.first(
                "select queue from durable_effect where id = ?1",
                [stored.id],
                |row| row.get(0),
            )?;
            lane::open(
                session,
                queue.ok_or_else(|| codec::damaged("effect"))?,
                None,
            )?
        }
    };
    let copy = copied(session, stored.id, lane)?;
    write(session, stored.id, EffectState::Buried, None)?;
    Ok((EffectId(copy), EffectState::Ready))
}

/// The store is a restored backup: what was sent since is not known.
pub(in super::super) fn restored(session: &Session) -> Result<u64, Error> {
    session.run(
        "update durable_lane set token = null, next_at = ?1
         where open > 0 and held is null and queue in (select id from durable_queue where kind = 1)",
        [session.now.store],
    )?;
    let unknown = session.run(
        "update durable_effect set state = 2, changed_at = ?1 where state in (0, 1)",
        [session.now.wall],
    )?;
    session.run(
        "insert into durable_meta (name, value) values ('restored_at', ?1)
         on conflict (name) do update set value = excluded.value",
        [session.now.wall],
    )?;
    Ok(unknown as u64)
}
