//! An operator's steps: replay and bury.

use super::{
    super::session::{Session, Work},
    end::set_state,
    lane,
};
use crate::{Done, Error, ErrorKind, EventId, EventState, Timestamp, engine::codec};

struct Stored {
    lane: i64,
    queue: i64,
    state: EventState,
    has_content: bool,
}

fn stored(session: &Session, event: i64) -> Result<Stored, Error> {
    let found = session.first(
        "select lane, queue, state, content from durable_event where id = ?1",
        [event],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, i64>(3)?)),
    )?;
    let Some((lane, queue, state, content)) = found else {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("event {event}: there is no such event"),
        ));
    };
    Ok(Stored {
        lane,
        queue,
        state: EventState::from_number(state).ok_or_else(|| codec::damaged("state of an event"))?,
        has_content: content == 0,
    })
}

/// Delivers an event again: at the end of its key, or in its own place if its key waits for it.
pub(super) fn replay(session: &Session, event: i64) -> Result<EventId, Error> {
    let stored = stored(session, event)?;
    if stored.state == EventState::Pending {
        return Err(Error::new(
            ErrorKind::WrongState,
            format!("event {event}: it is pending and will be delivered anyway"),
        ));
    }
    if !stored.has_content {
        return Err(Error::new(
            ErrorKind::NotFound,
            format!("event {event}: its body was purged or erased"),
        ));
    }
    let lane = lane::find(session, stored.lane)?;
    if let Some(lane) = lane.filter(|lane| lane.held == Some(event)) {
        lane::revive(session, &lane)?;
        session.run(
            "update durable_event set state = 0, ended_at = null where id = ?1",
            [event],
        )?;
        return Ok(EventId(event));
    }
    let lane = match lane {
        Some(lane) => {
            lane::reopen(session, lane.id)?;
            lane.id
        }
        None => lane::open(session, stored.queue, None)?,
    };
    let copy = copied(session, event, lane)?;
    if stored.state == EventState::Dead {
        set_state(session, event, EventState::Buried)?;
    }
    Ok(EventId(copy))
}

fn copied(session: &Session, event: i64, lane: i64) -> Result<i64, Error> {
    session.run(
        "insert into durable_event (lane, queue, received_at, event_id, content_hash, replay_of, body_bytes)
         select ?2, queue, ?3, event_id, content_hash, id, body_bytes from durable_event where id = ?1",
        (event, lane, session.now.wall),
    )?;
    let copy = session.connection.last_insert_rowid();
    session.run(
        "insert into durable_body (event, headers, body)
         select ?2, headers, body from durable_body where event = ?1",
        (event, copy),
    )?;
    session.run(
        "insert into durable_subject (key_hash, kind, work)
         select key_hash, kind, ?2 from durable_subject where kind = 0 and work = ?1",
        (event, copy),
    )?;
    Ok(copy)
}

/// Delivers the dead events of a source again that were received since a time.
pub(super) fn replay_since(
    session: &mut Session,
    source: &str,
    since: Timestamp,
    at_most: u32,
) -> Result<Vec<EventId>, Error> {
    let Some(queue) = session.find_queue(Work::Event, source)? else {
        return Ok(Vec::new());
    };
    let dead: Vec<i64> = session.all(
        "select id from durable_event
         where queue = ?1 and state = 2 and received_at >= ?2 and content = 0
         order by id limit ?3",
        (queue, since.as_millis(), at_most),
        |row| row.get(0),
    )?;
    dead.into_iter()
        .map(|event| replay(session, event))
        .collect()
}

/// Ends an event that is pending or dead.
pub(super) fn bury(session: &Session, event: i64, reason: &str) -> Result<Done, Error> {
    let stored = stored(session, event)?;
    let lane = lane::find(session, stored.lane)?;
    match stored.state {
        EventState::Pending => {
            let lane = lane.ok_or_else(|| codec::damaged("lane of an event"))?;
            lane::end_any(session, &lane, event)?;
        }
        EventState::Dead => {
            if let Some(lane) = lane.filter(|lane| lane.held == Some(event)) {
                lane::release(session, &lane, event)?;
            }
        }
        EventState::Finished | EventState::Buried => {
            return Err(Error::new(
                ErrorKind::WrongState,
                format!("event {event}: it is {} already", stored.state.name()),
            ));
        }
    }
    session.record_failure(Work::Event, event, 0, reason)?;
    set_state(session, event, EventState::Buried)?;
    Ok(Done::Applied)
}
