//! Append: an event is stored once, at the end of its key.

use bytes::Bytes;

use super::{
    super::session::{Session, Work},
    lane,
};
use crate::{Appended, Error, EventId, Key, NewEvent, engine::codec};

/// Appends an event, unless its id is known.
pub(super) fn event(session: &mut Session, event: &NewEvent) -> Result<Appended, Error> {
    let queue = session.queue(Work::Event, &event.source)?;
    let key = event.key.as_ref().map(|key| session.digest(key));
    let content = codec::content_digest(key.as_ref(), &event.body);
    if let Some(known) = known(session, queue, event, &content)? {
        return Ok(known);
    }
    let repeat_of = match event.event_id {
        Some(_) => None,
        None => equal(session, queue, &content)?,
    };
    let lane = lane::open(session, queue, key.as_ref())?;
    let id = insert(session, queue, lane, event, &content, repeat_of)?;
    insert_body(session, id, &event.headers, &event.body)?;
    subjects(session, Work::Event, id, &event.erasure_keys)?;
    Ok(Appended::Stored {
        event: EventId(id),
        repeat_of: repeat_of.map(EventId),
    })
}

/// Returns the event that was stored with the same id.
fn known(
    session: &Session,
    queue: i64,
    event: &NewEvent,
    content: &[u8; 16],
) -> Result<Option<Appended>, Error> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Option<Vec<u8>>>(1)?));
    let found: Option<(i64, _)> = match &event.event_id {
        Some(id) => session.first(
            "select id, content_hash from durable_event
             where queue = ?1 and event_id = ?2 and replay_of is null",
            (queue, id),
            read,
        )?,
        None => session.first(
            "select id, content_hash from durable_event where receipt = ?1",
            [event.receipt.as_bytes()],
            read,
        )?,
    };
    Ok(found.map(|(id, stored)| {
        let event = EventId(id);
        // An erased event has no hash to compare.
        match stored {
            Some(stored) if stored != content => Appended::Differs { event },
            _ => Appended::Known { event },
        }
    }))
}

/// Returns the last event of the same source and key with an equal body.
fn equal(session: &Session, queue: i64, content: &[u8; 16]) -> Result<Option<i64>, Error> {
    let since = session.now.wall().before(session.repeat_window);
    session.first(
        "select id from (
             select id, received_at from durable_event
             where queue = ?1 and content_hash = ?2 and receipt is not null
             order by id desc limit 1)
         where received_at >= ?3",
        (queue, content, since.as_millis()),
        |row| row.get(0),
    )
}

fn insert(
    session: &Session,
    queue: i64,
    lane: i64,
    event: &NewEvent,
    content: &[u8; 16],
    repeat_of: Option<i64>,
) -> Result<i64, Error> {
    let receipt = match event.event_id {
        Some(_) => None,
        None => Some(event.receipt.as_bytes()),
    };
    session.run(
        "insert into durable_event
             (lane, queue, received_at, event_id, receipt, content_hash, repeat_of, body_bytes)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            lane,
            queue,
            session.now.wall,
            &event.event_id,
            receipt,
            content,
            repeat_of,
            event.body.len() as i64,
        ),
    )?;
    Ok(session.connection.last_insert_rowid())
}

fn insert_body(
    session: &Session,
    id: i64,
    headers: &[(String, Bytes)],
    body: &[u8],
) -> Result<(), Error> {
    session.run(
        "insert into durable_body (event, headers, body) values (?1, ?2, ?3)",
        (id, &*codec::headers(headers), body),
    )?;
    Ok(())
}

/// Records by which keys work can be erased.
pub(super) fn subjects(session: &Session, work: Work, id: i64, keys: &[Key]) -> Result<(), Error> {
    for key in keys {
        session.run(
            "insert into durable_subject (key_hash, kind, work) values (?1, ?2, ?3)
             on conflict do nothing",
            (session.digest(key), work as i64, id),
        )?;
    }
    Ok(())
}
