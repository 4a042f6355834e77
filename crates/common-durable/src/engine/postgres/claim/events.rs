//! The first open events of lanes.

use std::collections::HashMap;

use bytes::Bytes;
use tokio_postgres::Row;

use super::{
    super::{Work, failure::Trouble, read, transaction::Open},
    edit, lease,
};
use crate::{
    Claim, Claimed, Delivery, Event, EventId, EventState, Failure, Ticket, Timestamp,
    engine::{
        codec,
        decide::{Found, LAPSED, OnClaim, given_up, on_claim},
    },
};

/// Claims the first open event of each of these locked lanes. Events that were claimed too often become dead on the
/// way, and the next one of the lane comes.
pub(super) async fn first_of_each(
    open: &mut Open,
    lanes: Vec<i64>,
    source: &str,
    claim: &Claim,
) -> Result<Vec<Claimed>, Trouble> {
    let mut claimed = Vec::with_capacity(lanes.len());
    let mut left = lanes;
    while !left.is_empty() {
        let heads = heads(open, &left).await?;
        let mut again = Vec::new();
        for lane in left {
            let Some(row) = heads.get(&lane) else {
                edit(open, lane)?.sleep();
                continue;
            };
            let head: i64 = row.try_get(1)?;
            match decide(open, lane, head, claim)? {
                OnClaim::Deliver => {
                    let lease = lease(open, lane, head, claim)?;
                    claimed.push(Delivery {
                        ticket: Ticket::new(EventId(head), lease),
                        event: event(row, head, source)?,
                        failures: Vec::new(),
                    });
                }
                OnClaim::GiveUp => {
                    give_up(open, lane, head, claim)?;
                    let is_due = open
                        .lanes
                        .get(lane)
                        .is_some_and(|lane| lane.next_at.is_some());
                    if is_due {
                        again.push(lane);
                    }
                }
            }
        }
        left = again;
    }
    add_failures(open, &mut claimed).await?;
    Ok(claimed.into_iter().map(Claimed::Event).collect())
}

/// Returns the first open event of each lane that has one.
async fn heads(open: &Open, lanes: &[i64]) -> Result<HashMap<i64, Row>, Trouble> {
    let passed: Vec<i64> = lanes
        .iter()
        .map(|lane| open.lanes.get(*lane).map_or(0, |lane| lane.passed))
        .collect();
    let rows = open
        .link()
        .all(
            "select want.lane, e.id, e.event_id, e.received_at, e.repeat_of, e.replay_of, b.headers, b.body
             from unnest($1::bigint[], $2::bigint[]) as want(lane, passed)
             cross join lateral (
                 select id, event_id, received_at, repeat_of, replay_of from durable_event
                 where lane = want.lane and id > want.passed and state = 0
                 order by id limit 1) e
             cross join lateral (select headers, body from durable_body where event = e.id limit 1) b",
            &[&lanes, &passed],
        )
        .await?;
    let mut heads = HashMap::with_capacity(rows.len());
    for row in rows {
        heads.insert(row.try_get(0)?, row);
    }
    Ok(heads)
}

fn decide(open: &mut Open, lane: i64, head: i64, claim: &Claim) -> Result<OnClaim, Trouble> {
    let found = open.lanes.get(lane).ok_or(Trouble::Again)?;
    let has_lapsed = found.token.is_some();
    let claims = found.claims_of(head);
    if has_lapsed {
        open.record_failure(Work::Event, head, claims, LAPSED);
    }
    Ok(on_claim(Found { has_lapsed, claims }, claim.most_claims))
}

fn give_up(open: &mut Open, lane: i64, head: i64, claim: &Claim) -> Result<(), Trouble> {
    let now = open.now.0;
    let lane = edit(open, lane)?;
    let claims = lane.claims_of(head);
    lane.end_head(head, Some(claim.later), now);
    open.record_failure(Work::Event, head, claims, &given_up(claims));
    open.writes.ended.push((head, EventState::Dead));
    Ok(())
}

fn event(row: &Row, id: i64, source: &str) -> Result<Event, Trouble> {
    let headers: Vec<u8> = row.try_get(6)?;
    let body: Vec<u8> = row.try_get(7)?;
    Ok(Event {
        id: EventId(id),
        source: source.to_owned(),
        event_id: row.try_get(2)?,
        received_at: Timestamp::from_millis(row.try_get(3)?),
        repeat_of: row.try_get::<_, Option<i64>>(4)?.map(EventId),
        replay_of: row.try_get::<_, Option<i64>>(5)?.map(EventId),
        headers: codec::read_headers(Bytes::from(headers))?,
        body: body.into(),
    })
}

/// Adds the failures of earlier claims. Most events have none.
async fn add_failures(open: &mut Open, claimed: &mut [Delivery]) -> Result<(), Trouble> {
    let tried: Vec<i64> = claimed
        .iter()
        .filter(|delivery| delivery.ticket.lease().claims > 1)
        .map(|delivery| delivery.event.id.0)
        .collect();
    if tried.is_empty() {
        return Ok(());
    }
    let mut failures = read::failures(open.link(), Work::Event, &tried).await?;
    let at = Timestamp::from_millis(open.now.0);
    for delivery in claimed {
        let id = delivery.event.id.0;
        delivery.failures = failures.remove(&id).unwrap_or_default();
        // Those of this claim are not written yet.
        let fresh = open
            .writes
            .failures
            .iter()
            .filter(|failure| failure.id == id);
        delivery.failures.extend(fresh.map(|failure| Failure {
            at,
            claim: failure.claim,
            reason: failure.reason.clone(),
        }));
    }
    Ok(())
}
