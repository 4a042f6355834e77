//! Claims: due lanes are read and leased, each with its first open work.

mod effects;
mod events;

use super::{
    apply::{Lane, select_lane},
    session::{Session, Work},
};
use crate::{Claim, Claimed, Error, Lease, Queue};

/// Gives due work to a worker, in the open transaction.
pub(super) fn claim(session: &mut Session, claim: &Claim) -> Result<Vec<Claimed>, Error> {
    let Some(queue) = find_queue(session, claim)? else {
        return Ok(Vec::new());
    };
    let mut claimed = Vec::new();
    for lane in due(session, queue, claim.at_most)? {
        let one = match &claim.queue {
            Queue::Events(source) => events::first(session, lane, source, claim)?,
            Queue::Effects(account) => effects::first(session, lane, account, claim)?,
        };
        claimed.extend(one);
    }
    Ok(claimed)
}

/// Whether a claim would find a lane, so that an idle worker costs no transaction.
pub(super) fn has_due(session: &mut Session, claim: &Claim) -> Result<bool, Error> {
    match find_queue(session, claim)? {
        Some(queue) => Ok(!due(session, queue, claim.at_most.min(1))?.is_empty()),
        None => Ok(false),
    }
}

fn find_queue(session: &mut Session, claim: &Claim) -> Result<Option<i64>, Error> {
    let work = match claim.queue {
        Queue::Events(_) => Work::Event,
        Queue::Effects(_) => Work::Effect,
    };
    session.find_queue(work, claim.queue.name())
}

fn due(session: &Session, queue: i64, at_most: u32) -> Result<Vec<i64>, Error> {
    session.all(
        "select id from durable_lane where queue = ?1 and next_at <= ?2 order by next_at, id limit ?3",
        (queue, session.now.store, at_most),
        |row| row.get(0),
    )
}

/// Reads a lane, unless it is not due any more.
fn due_lane(session: &Session, lane: i64) -> Result<Option<Lane>, Error> {
    session.first(
        select_lane!("where id = ?1 and next_at <= ?2"),
        (lane, session.now.store),
        Lane::read,
    )
}

/// Writes the lease of a claim into its lane.
fn lease(session: &mut Session, lane: &Lane, work: i64, claim: &Claim) -> Result<Lease, Error> {
    let claims = claims_of(lane, work) + 1;
    let token = session.token();
    session.run(
        "update durable_lane set token = ?2, head = ?3, claims = ?4, next_at = ?5 where id = ?1",
        (
            lane.id,
            token.as_bytes(),
            work,
            claims,
            session.now.after(claim.lease),
        ),
    )?;
    Ok(Lease {
        lane: lane.id,
        token,
        claims,
        most_claims: claim.most_claims,
        later: claim.later,
    })
}

/// Number of earlier claims of this work.
fn claims_of(lane: &Lane, work: i64) -> u32 {
    if lane.head == Some(work) {
        lane.claims
    } else {
        0
    }
}

/// A lane that is due without work: it goes to sleep until its edits are settled.
fn sleep(session: &Session, lane: &Lane) -> Result<(), Error> {
    session.run(
        "update durable_lane set next_at = unsettled_at, token = null, open = 0 where id = ?1",
        [lane.id],
    )?;
    Ok(())
}
