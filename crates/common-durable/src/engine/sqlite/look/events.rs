//! Events, as operators see them.

use bytes::Bytes;
use rusqlite::{Connection, Row};

use super::rows;
use crate::{
    Error, Event, EventDetails, EventId, EventState, EventSummary, Timestamp,
    engine::{
        codec,
        sqlite::{read, session::Work},
    },
};

const COLUMNS: &str = "e.id, q.name, e.event_id, e.state, e.received_at, e.ended_at, e.repeat_of, e.replay_of,
    e.body_bytes,
    (select count(*) from durable_failure f where f.kind = 0 and f.work = e.id),
    (select f.reason from durable_failure f where f.kind = 0 and f.work = e.id order by f.id desc limit 1)";

fn summary(row: &Row<'_>) -> rusqlite::Result<EventSummary> {
    let state = EventState::from_number(row.get(3)?)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(3, 0))?;
    Ok(EventSummary {
        id: EventId(row.get(0)?),
        source: row.get(1)?,
        event_id: row.get(2)?,
        state,
        received_at: Timestamp::from_millis(row.get(4)?),
        ended_at: row.get::<_, Option<i64>>(5)?.map(Timestamp::from_millis),
        repeat_of: row.get::<_, Option<i64>>(6)?.map(EventId),
        replay_of: row.get::<_, Option<i64>>(7)?.map(EventId),
        body_bytes: row.get::<_, i64>(8)?.unsigned_abs(),
        failures: row.get(9)?,
        last_failure: row.get(10)?,
    })
}

/// Returns events in the order of their ids.
pub(super) fn many(
    connection: &Connection,
    source: Option<&str>,
    state: Option<EventState>,
    after: Option<EventId>,
    at_most: u32,
) -> Result<Vec<EventSummary>, Error> {
    // Pending events are found by their lanes and dead ones by their index: neither reads what has ended.
    let from = match state {
        Some(EventState::Pending) => {
            "(select id, passed from durable_lane where next_at is not null
                 union all select id, passed from durable_lane where held is not null) l
                 join durable_event e on e.lane = l.id and e.id > l.passed and e.state = 0"
        }
        _ => "durable_event e",
    };
    let sql = format!(
        "select {COLUMNS} from {from} join durable_queue q on q.id = e.queue
         where e.id > ?1 {} {} order by e.id limit ?2",
        match source {
            Some(_) => "and q.kind = 0 and q.name = ?3",
            None => "and ?3 is null",
        },
        match state {
            Some(EventState::Pending) => "and e.state = 0",
            Some(EventState::Finished) => "and e.state = 1",
            Some(EventState::Dead) => "and e.state = 2",
            Some(EventState::Buried) => "and e.state = 3",
            None => "",
        },
    );
    let after = after.map_or(0, |after| after.0);
    rows(connection, &sql, (after, at_most, source), summary)
}

/// Returns an event with its content.
pub(super) fn one(connection: &Connection, id: i64) -> Result<Option<EventDetails>, Error> {
    let sql = format!(
        "select {COLUMNS}, b.headers, b.body from durable_event e
             join durable_queue q on q.id = e.queue
             left join durable_body b on b.event = e.id and e.content = 0
         where e.id = ?1"
    );
    let found = rows(connection, &sql, [id], |row| {
        let headers: Option<Vec<u8>> = row.get(11)?;
        let body: Option<Vec<u8>> = row.get(12)?;
        Ok((summary(row)?, headers.zip(body)))
    })?;
    let Some((summary, content)) = found.into_iter().next() else {
        return Ok(None);
    };
    let event = match content {
        Some((headers, body)) => Some(Event {
            id: summary.id,
            source: summary.source.clone(),
            event_id: summary.event_id.clone(),
            received_at: summary.received_at,
            repeat_of: summary.repeat_of,
            replay_of: summary.replay_of,
            headers: codec::read_headers(Bytes::from(headers))?,
            body: body.into(),
        }),
        None => None,
    };
    Ok(Some(EventDetails {
        summary,
        event,
        failures: read::failures(connection, Work::Event, id)?,
    }))
}
