//! The first open event of a lane.

use bytes::Bytes;

use super::{
    super::session::{Session, Work},
    claims_of, due_lane, lease, sleep,
};
use crate::{
    Claim, Claimed, Delivery, Error, Event, EventId, EventState, Ticket, Timestamp,
    engine::{
        codec,
        decide::{Found, LAPSED, OnClaim, given_up, on_claim},
        sqlite::{apply, read},
    },
};

/// Claims it. Events that were claimed too often become dead on the way.
pub(super) fn first(
    session: &mut Session,
    lane: i64,
    source: &str,
    claim: &Claim,
) -> Result<Option<Claimed>, Error> {
    while let Some(lane) = due_lane(session, lane)? {
        let head: Option<i64> = session.first(
            "select id from durable_event where lane = ?1 and id > ?2 and state = 0 order by id limit 1",
            (lane.id, lane.passed),
            |row| row.get(0),
        )?;
        let Some(head) = head else {
            sleep(session, &lane)?;
            return Ok(None);
        };
        let claims = claims_of(&lane, head);
        if lane.has_token {
            session.record_failure(Work::Event, head, claims, LAPSED)?;
        }
        let found = Found {
            has_lapsed: lane.has_token,
            claims,
        };
        if on_claim(found, claim.most_claims) == OnClaim::GiveUp {
            session.record_failure(Work::Event, head, claims, &given_up(claims))?;
            apply::give_up_head(session, &lane, head, claim.later)?;
            session.run(
                "update durable_event set state = ?2, ended_at = ?3 where id = ?1",
                (head, EventState::Dead.number(), session.now.wall),
            )?;
            continue;
        }
        let lease = lease(session, &lane, head, claim)?;
        return Ok(Some(Claimed::Event(Delivery {
            ticket: Ticket::new(EventId(head), lease),
            event: event(session, head, source)?,
            failures: read::failures(&session.connection, Work::Event, head)?,
        })));
    }
    Ok(None)
}

fn event(session: &Session, id: i64, source: &str) -> Result<Event, Error> {
    let found = session.first(
        "select e.event_id, e.received_at, e.repeat_of, e.replay_of, b.headers, b.body
         from durable_event e join durable_body b on b.event = e.id where e.id = ?1",
        [id],
        |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get::<_, Option<i64>>(2)?,
                row.get::<_, Option<i64>>(3)?,
                row.get::<_, Vec<u8>>(4)?,
                row.get::<_, Vec<u8>>(5)?,
            ))
        },
    )?;
    let (event_id, received_at, repeat_of, replay_of, headers, body) =
        found.ok_or_else(|| codec::damaged("body of an event"))?;
    Ok(Event {
        id: EventId(id),
        source: source.to_owned(),
        event_id,
        received_at: Timestamp::from_millis(received_at),
        repeat_of: repeat_of.map(EventId),
        replay_of: replay_of.map(EventId),
        headers: codec::read_headers(Bytes::from(headers))?,
        body: body.into(),
    })
}
