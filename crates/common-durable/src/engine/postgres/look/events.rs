//! Events, as operators see them.

use bytes::Bytes;
use tokio_postgres::Row;

use super::super::{Work, failure::Trouble, link::Link, read};
use crate::{Event, EventDetails, EventId, EventState, EventSummary, Timestamp, engine::codec};

const COLUMNS: &str =
    "e.id, q.name, e.event_id, e.state, e.received_at, e.ended_at, e.repeat_of, e.replay_of, e.body_bytes,
    (select count(*) from durable_failure f where f.kind = 0 and f.work = e.id),
    (select f.reason from durable_failure f where f.kind = 0 and f.work = e.id order by f.id desc limit 1)";

fn summary(row: &Row) -> Result<EventSummary, Trouble> {
    Ok(EventSummary {
        id: EventId(row.try_get(0)?),
        source: row.try_get(1)?,
        event_id: row.try_get(2)?,
        state: EventState::from_number(row.try_get::<_, i16>(3)?.into())
            .ok_or_else(|| codec::damaged("state of an event"))?,
        received_at: Timestamp::from_millis(row.try_get(4)?),
        ended_at: row
            .try_get::<_, Option<i64>>(5)?
            .map(Timestamp::from_millis),
        repeat_of: row.try_get::<_, Option<i64>>(6)?.map(EventId),
        replay_of: row.try_get::<_, Option<i64>>(7)?.map(EventId),
        body_bytes: row.try_get::<_, i64>(8)?.unsigned_abs(),
        failures: u32::try_from(row.try_get::<_, i64>(9)?).unwrap_or(u32::MAX),
        last_failure: row.try_get(10)?,
    })
}

/// Returns events in the order of their ids.
pub(super) async fn many(
    link: Link<'_>,
    source: Option<&str>,
    state: Option<EventState>,
    after: Option<EventId>,
    at_most: u32,
) -> Result<Vec<EventSummary>, Trouble> {
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
         where e.id > $1 {} {} order by e.id limit $2",
        match source {
            Some(_) => "and q.kind = 0 and q.name = $3",
            None => "and $3::text is null",
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
    let rows = link
        .all(&sql, &[&after, &i64::from(at_most), &source])
        .await?;
    rows.iter().map(summary).collect()
}

/// Returns an event with its content.
pub(super) async fn one(link: Link<'_>, id: i64) -> Result<Option<EventDetails>, Trouble> {
    let sql = format!(
        "select {COLUMNS}, b.headers, b.body from durable_event e
             join durable_queue q on q.id = e.queue
             left join durable_body b on b.event = e.id and e.content = 0
         where e.id = $1"
    );
    let Some(row) = link.first(&sql, &[&id]).await? else {
        return Ok(None);
    };
    let summary = summary(&row)?;
    let headers: Option<Vec<u8>> = row.try_get(11)?;
    let body: Option<Vec<u8>> = row.try_get(12)?;
    let event = match headers.zip(body) {
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
    let failures = read::failures(link, Work::Event, &[id]).await?.remove(&id);
    Ok(Some(EventDetails {
        summary,
        event,
        failures: failures.unwrap_or_default(),
    }))
}
