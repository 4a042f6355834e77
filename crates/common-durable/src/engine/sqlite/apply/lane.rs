//! Lanes: when the work of a key is due, and who holds it.

use std::time::Duration;

use super::super::session::Session;
use crate::{
    Done, Error, ErrorKind, Later, Lease,
    engine::decide::{LaneAfter, lane_after},
};

/// A query of lanes that [`Lane::read`] reads.
macro_rules! select_lane {
    ($which:literal) => {
        concat!(
            "select id, head, claims, token is not null, open, passed, held, unsettled_at from durable_lane ",
            $which
        )
    };
}
pub(in super::super) use select_lane;

/// A lane, as it stands.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Lane {
    pub(in super::super) id: i64,
    pub(in super::super) head: Option<i64>,
    pub(in super::super) claims: u32,
    pub(in super::super) has_token: bool,
    pub(in super::super) open: i64,
    pub(in super::super) passed: i64,
    pub(in super::super) held: Option<i64>,
    pub(in super::super) unsettled_at: Option<i64>,
}

impl Lane {
    /// Reads the columns of [`select_lane`].
    pub(in super::super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            head: row.get(1)?,
            claims: row.get(2)?,
            has_token: row.get(3)?,
            open: row.get(4)?,
            passed: row.get(5)?,
            held: row.get(6)?,
            unsettled_at: row.get(7)?,
        })
    }
}

/// Returns the lane with this id, if it is still there.
pub(super) fn find(session: &Session, id: i64) -> Result<Option<Lane>, Error> {
    session.first(select_lane!("where id = ?1"), [id], Lane::read)
}

/// Returns the lane of a ticket, if its lease was not taken over.
pub(super) fn leased(
    session: &Session,
    work: i64,
    lease: &Lease,
    what: &str,
) -> Result<Lane, Error> {
    session
        .first(
            select_lane!("where id = ?1 and token = ?2 and head = ?3"),
            (lease.lane, lease.token.as_bytes(), work),
            Lane::read,
        )?
        .ok_or_else(|| {
            Error::new(
                ErrorKind::LeaseLost,
                format!("{what} {work}: it was ended before, or another worker or a person has taken it over"),
            )
        })
}

/// Opens one more work in the lane of a key, or in a new lane if there is no key. Returns the lane.
pub(super) fn open(session: &Session, queue: i64, key: Option<&[u8; 16]>) -> Result<i64, Error> {
    let Some(key) = key else {
        session.run(
            "insert into durable_lane (queue, open, next_at) values (?1, 1, ?2)",
            (queue, session.now.store),
        )?;
        return Ok(session.connection.last_insert_rowid());
    };
    let known: Option<i64> = session.first(
        "select id from durable_lane where queue = ?1 and key_hash = ?2",
        (queue, key),
        |row| row.get(0),
    )?;
    if let Some(id) = known {
        reopen(session, id)?;
        return Ok(id);
    }
    session.run(
        "insert into durable_lane (queue, key_hash, open, next_at) values (?1, ?2, 1, ?3)",
        (queue, key, session.now.store),
    )?;
    Ok(session.connection.last_insert_rowid())
}

/// Opens one more work in a lane that exists.
pub(super) fn reopen(session: &Session, id: i64) -> Result<(), Error> {
    // An idle lane that waits for a late edit is due at once for new work; one with work keeps its time.
    session.run(
        "update durable_lane set
             open = open + 1,
             next_at = case
                 when held is not null then null
                 when open = 0 or next_at is null then ?2
                 else next_at
             end
         where id = ?1",
        (id, session.now.store),
    )?;
    Ok(())
}

/// Ends the first open work of a lane. `gave_up` says whether later work waits for it.
pub(super) fn end_head(
    session: &Session,
    lane: &Lane,
    work: i64,
    gave_up: Option<Later>,
) -> Result<(), Error> {
    let open = lane.open - 1;
    let (next_at, held, passed) = match lane_after(open, gave_up) {
        LaneAfter::Due => (Some(session.now.store), None, work),
        LaneAfter::Idle => (lane.unsettled_at, None, work),
        LaneAfter::Held => (None, Some(work), lane.passed),
    };
    session.run(
        "update durable_lane set
             open = ?2, next_at = ?3, held = ?4, passed = max(passed, ?5),
             token = null, head = null, claims = 0
         where id = ?1",
        (lane.id, open, next_at, held, passed),
    )?;
    if open == 0 && next_at.is_none() && held.is_none() {
        session.run(
            "delete from durable_lane where id = ?1 and key_hash is null",
            [lane.id],
        )?;
    }
    Ok(())
}

/// The same, for a claim that gives up.
pub(in super::super) fn give_up_head(
    session: &Session,
    lane: &Lane,
    work: i64,
    later: Later,
) -> Result<(), Error> {
    end_head(session, lane, work, Some(later))
}

/// Gives the first open work back: it is due again later. The claims are kept.
pub(super) fn postpone(session: &Session, lane: &Lane, next_at: i64) -> Result<(), Error> {
    session.run(
        "update durable_lane set next_at = ?2, token = null where id = ?1",
        (lane.id, next_at),
    )?;
    Ok(())
}

/// Frees a lane that waits for dead or parked work, which was passed by a person's decision.
pub(super) fn release(session: &Session, lane: &Lane, work: i64) -> Result<(), Error> {
    let next_at = match lane.open {
        0 => lane.unsettled_at,
        _ => Some(session.now.store),
    };
    session.run(
        "update durable_lane set held = null, next_at = ?2, passed = max(passed, ?3) where id = ?1",
        (lane.id, next_at, work),
    )?;
    if lane.open == 0 && next_at.is_none() {
        session.run(
            "delete from durable_lane where id = ?1 and key_hash is null",
            [lane.id],
        )?;
    }
    Ok(())
}

/// Opens the held work of a lane again, in its own place.
pub(super) fn revive(session: &Session, lane: &Lane) -> Result<(), Error> {
    session.run(
        "update durable_lane set
             held = null, open = open + 1, next_at = ?2, token = null, head = null, claims = 0
         where id = ?1",
        (lane.id, session.now.store),
    )?;
    Ok(())
}

/// Ends open work by a person's decision, wherever it stands in its lane. A worker that holds it loses its lease.
pub(super) fn end_any(session: &Session, lane: &Lane, work: i64) -> Result<(), Error> {
    if lane.head == Some(work) {
        return end_head(session, lane, work, None);
    }
    let open = lane.open - 1;
    session.run(
        "update durable_lane set open = ?2, next_at = case when ?2 = 0 then unsettled_at else next_at end
         where id = ?1",
        (lane.id, open),
    )?;
    if open == 0 && lane.held.is_none() && lane.unsettled_at.is_none() {
        session.run(
            "delete from durable_lane where id = ?1 and key_hash is null",
            [lane.id],
        )?;
    }
    Ok(())
}

/// Makes a lease as long as given.
pub(super) fn renew(
    session: &Session,
    work: i64,
    lease: &Lease,
    length: Duration,
    what: &str,
) -> Result<Done, Error> {
    let lane = leased(session, work, lease, what)?;
    session.run(
        "update durable_lane set next_at = ?2 where id = ?1",
        (lane.id, session.now.after(length)),
    )?;
    Ok(Done::Applied)
}
