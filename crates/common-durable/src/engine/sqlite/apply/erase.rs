//! Erasure: everything of a key is removed, wherever it is stored.

use super::{
    super::session::{Session, Work},
    lane,
};
use crate::{Erased, Error, Key};

/// Erases by a key of order and of erasure.
pub(super) fn key(session: &Session, key: &Key) -> Result<Erased, Error> {
    let digest = &session.digest(key);
    let mut erased = Erased::default();
    for (id, lane, state) in found(session, Work::Event, digest)? {
        erase_event(session, id, lane, state)?;
        erased.events += 1;
    }
    for (id, lane, state) in found(session, Work::Effect, digest)? {
        erase_effect(session, id, lane, state)?;
        erased.effects += 1;
    }
    session.run("delete from durable_subject where key_hash = ?1", [digest])?;
    // Lanes keep their order, but not their key. One that is needed no more goes.
    session.run(
        "delete from durable_lane
         where open = 0 and held is null and unsettled_at is null and id in (
             select id from durable_lane where key_hash = ?1
                 and queue in (select id from durable_queue))",
        [digest],
    )?;
    session.run(
        "update durable_lane set key_hash = null where key_hash = ?1
             and queue in (select id from durable_queue)",
        [digest],
    )?;
    // Copies of the pages still stand in the log.
    session.log_is_stale.set(true);
    Ok(erased)
}

/// Returns the work of a key that has not been erased: its id, lane and state.
fn found(session: &Session, work: Work, digest: &[u8; 16]) -> Result<Vec<(i64, i64, i64)>, Error> {
    let sql = match work {
        Work::Event => {
            "select id, lane, state from durable_event
             where id in (
                 select e.id from durable_queue q
                     join durable_lane l on l.queue = q.id and l.key_hash = ?1
                     join durable_event e on e.lane = l.id
                     where q.kind = 0
                 union select work from durable_subject where key_hash = ?1 and kind = 0)"
        }
        Work::Effect => {
            "select id, lane, state from durable_effect
             where id in (
                 select e.id from durable_queue q
                     join durable_lane l on l.queue = q.id and l.key_hash = ?1
                     join durable_effect e on e.lane = l.id
                     where q.kind = 1
                 union select work from durable_subject where key_hash = ?1 and kind = 1)"
        }
    };
    session.all(sql, [digest], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })
}

fn erase_event(session: &Session, id: i64, lane: i64, state: i64) -> Result<(), Error> {
    close(session, id, lane, state == 0)?;
    session.run("delete from durable_body where event = ?1", [id])?;
    session.run(
        "update durable_event set
             content = 1, content_hash = null,
             state = case when state in (0, 2) then 3 else state end,
             ended_at = coalesce(ended_at, ?2)
         where id = ?1",
        (id, session.now.wall),
    )?;
    forget_reasons(session, Work::Event, id)
}

fn erase_effect(session: &Session, id: i64, lane: i64, state: i64) -> Result<(), Error> {
    close(session, id, lane, (0..=2).contains(&state))?;
    session.run("delete from durable_params where effect = ?1", [id])?;
    session.run(
        "update durable_effect set
             content = 1, natural_key = null, note = null, object = null,
             state = case when state in (3, 4) then state else 7 end, changed_at = ?2
         where id = ?1",
        (id, session.now.wall),
    )?;
    // The newest edit is gone, so nothing can be settled.
    session.run(
        "update durable_lane set unsettled_at = null,
             next_at = case when open = 0 then null else next_at end
         where id = ?1",
        [lane],
    )?;
    forget_reasons(session, Work::Effect, id)
}

/// Takes work out of its lane.
fn close(session: &Session, id: i64, lane: i64, is_open: bool) -> Result<(), Error> {
    let Some(lane) = lane::find(session, lane)? else {
        return Ok(());
    };
    if lane.held == Some(id) {
        lane::release(session, &lane, id)
    } else if is_open && lane.passed < id {
        lane::end_any(session, &lane, id)
    } else {
        Ok(())
    }
}

fn forget_reasons(session: &Session, work: Work, id: i64) -> Result<(), Error> {
    session.run(
        "delete from durable_failure where kind = ?1 and work = ?2",
        (work as i64, id),
    )?;
    Ok(())
}
