//! An operator's steps: replay and bury.

use super::super::{Work, failure::Trouble, transaction::Open, writes::Then};
use crate::{Done, Error, ErrorKind, EventId, EventState, Timestamp, engine::codec};

struct Stored {
    lane: i64,
    queue: i64,
    state: EventState,
    has_content: bool,
}

async fn stored(open: &Open, event: i64) -> Result<Stored, Trouble> {
    let row = open
        .link()
        .first(
            "select lane, queue, state, content from durable_event where id = $1",
            &[&event],
        )
        .await?
        .ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                format!("event {event}: there is no such event"),
            )
        })?;
    Ok(Stored {
        lane: row.try_get(0)?,
        queue: row.try_get(1)?,
        state: EventState::from_number(row.try_get::<_, i16>(2)?.into())
            .ok_or_else(|| codec::damaged("state of an event"))?,
        has_content: row.try_get::<_, i16>(3)? == 0,
    })
}

/// The same, read while the lane is locked: another transaction may have ended the event before.
async fn locked(open: &mut Open, event: i64) -> Result<(Stored, bool), Trouble> {
    let lane = stored(open, event).await?.lane;
    let has_lane = open.lane(lane).await?.is_some();
    Ok((stored(open, event).await?, has_lane))
}

/// Delivers an event again: at the end of its key, or in its own place if its key waits for it.
pub(super) async fn replay(open: &mut Open, event: i64) -> Result<EventId, Trouble> {
    // An end of the same commit waits in memory.
    open.flush(Then::GoOn).await?;
    let (stored, has_lane) = locked(open, event).await?;
    if stored.state == EventState::Pending {
        return Err(Trouble::Refused(Error::new(
            ErrorKind::WrongState,
            format!("event {event}: it is pending and will be delivered anyway"),
        )));
    }
    if !stored.has_content {
        return Err(Trouble::Refused(Error::new(
            ErrorKind::NotFound,
            format!("event {event}: its body was purged or erased"),
        )));
    }
    let now = open.now.0;
    let lane = match has_lane {
        true => {
            let lane = open.lane(stored.lane).await?.ok_or(Trouble::Again)?;
            if lane.held == Some(event) {
                lane.revive(now);
                open.link()
                    .run(
                        "update durable_event set state = 0, ended_at = null where id = $1",
                        &[&event],
                    )
                    .await?;
                return Ok(EventId(event));
            }
            lane.open_one(now);
            stored.lane
        }
        false => {
            open.more_lanes(1).await?;
            open.open_lane(stored.queue, None)?
        }
    };
    let copy = copied(open, event, lane).await?;
    if stored.state == EventState::Dead {
        open.writes.ended.push((event, EventState::Buried));
    }
    Ok(EventId(copy))
}

async fn copied(open: &Open, event: i64, lane: i64) -> Result<i64, Trouble> {
    let row = open
        .link()
        .first(
            "insert into durable_event
                 (lane, queue, received_at, event_id, content_hash, replay_of, body_bytes)
             select $2, queue, $3, event_id, content_hash, id, body_bytes from durable_event where id = $1
             returning id",
            &[&event, &lane, &open.now.0],
        )
        .await?;
    let copy: i64 = row.ok_or(Trouble::Again)?.try_get(0)?;
    open.link()
        .run(
            "insert into durable_body (event, headers, body)
             select $2, headers, body from durable_body where event = $1",
            &[&event, &copy],
        )
        .await?;
    open.link()
        .run(
            "insert into durable_subject (key_hash, kind, work)
             select key_hash, kind, $2 from durable_subject where kind = 0 and work = $1",
            &[&event, &copy],
        )
        .await?;
    Ok(copy)
}

/// Delivers the dead events of a source again that were received since a time.
pub(super) async fn replay_since(
    open: &mut Open,
    source: &str,
    since: Timestamp,
    at_most: u32,
) -> Result<Vec<EventId>, Trouble> {
    let rows = open
        .link()
        .all(
            "select e.id from durable_event e join durable_queue q on q.id = e.queue
             where q.kind = 0 and q.name = $1 and e.state = 2 and e.received_at >= $2 and e.content = 0
             order by e.id limit $3",
            &[&source, &since.as_millis(), &i64::from(at_most)],
        )
        .await?;
    let mut replayed = Vec::with_capacity(rows.len());
    for row in rows {
        match replay(open, row.try_get(0)?).await {
            Ok(event) => replayed.push(event),
            // Another person was faster.
            Err(Trouble::Refused(error))
                if matches!(error.kind(), ErrorKind::WrongState | ErrorKind::NotFound) => {}
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(replayed)
}

/// Ends an event that is pending or dead.
pub(super) async fn bury(open: &mut Open, event: i64, reason: &str) -> Result<Done, Trouble> {
    open.flush(Then::GoOn).await?;
    let (stored, _) = locked(open, event).await?;
    let now = open.now.0;
    let lane = open.lane(stored.lane).await?;
    match (stored.state, lane) {
        (EventState::Pending, Some(lane)) => lane.end_any(event, now),
        (EventState::Pending, None) => return Err(codec::damaged("lane of an event").into()),
        (EventState::Dead, Some(lane)) if lane.held == Some(event) => lane.release(event, now),
        (EventState::Dead, _) => {}
        (EventState::Finished | EventState::Buried, _) => {
            return Err(Trouble::Refused(Error::new(
                ErrorKind::WrongState,
                format!("event {event}: it is {} already", stored.state.name()),
            )));
        }
    }
    open.record_failure(Work::Event, event, 0, reason);
    open.writes.ended.push((event, EventState::Buried));
    Ok(Done::Applied)
}
