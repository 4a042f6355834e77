//! An open transaction: what was locked and read at its beginning, and what it will write.

use std::sync::Arc;

use super::{
    Shared, Work,
    begin::{Known, Locked, numbers_of, read, read_more},
    connect::Connection,
    failure::Trouble,
    lane::{Lane, Now, lane_columns, lost},
    lanes::Lanes,
    link::{Link, Sql},
    proof::Sealed,
    wants::Wants,
    writes::{NewFailure, Then, WriteStatements, Writes, flush},
};
use crate::{Commit, Error, Key, Lease, Timestamp, Token};

/// An open transaction.
pub(super) struct Open {
    connection: Connection,
    pub(super) shared: Arc<Shared>,
    pub(super) now: Now,
    pub(super) lanes: Lanes,
    pub(super) writes: Writes,
    pub(super) sealed: Sealed,
    pub(super) known: Known,
    event_ids: std::vec::IntoIter<i64>,
    lane_ids: std::vec::IntoIter<i64>,
    /// Lanes that were due, for a claim.
    pub(super) due: Vec<i64>,
    statements: WriteStatements,
}

impl Open {
    /// Begins a transaction, locks the lanes that it wants, and reads what its appends ask for: one round trip.
    ///
    /// # Errors
    /// With the connection, on which the transaction may be open.
    pub(super) async fn begin(
        connection: Connection,
        shared: &Arc<Shared>,
        wants: &Wants,
    ) -> Result<Self, (Connection, Trouble)> {
        let (begun, statements) = match read(Link::of(&connection), shared, wants).await {
            Ok(begun) => begun,
            Err(trouble) => return Err((connection, trouble)),
        };
        let mut open = Self {
            connection,
            shared: Arc::clone(shared),
            now: begun.now,
            lanes: Lanes::default(),
            writes: Writes::default(),
            sealed: Sealed {
                slot: begun.slot,
                proof: begun.proof,
                epoch: shared.epoch(),
            },
            known: Known::default(),
            event_ids: Vec::new().into_iter(),
            lane_ids: Vec::new().into_iter(),
            due: Vec::new(),
            statements,
        };
        match open.take(begun.locked) {
            Ok(()) => Ok(open),
            Err(error) => Err((open.connection, error.into())),
        }
    }

    fn take(&mut self, locked: Locked) -> Result<(), Sql> {
        self.lanes.add(&locked.lanes)?;
        self.due = locked.due;
        self.known = locked.known;
        let events: Vec<_> = self.event_ids.by_ref().chain(locked.event_ids).collect();
        self.event_ids = events.into_iter();
        let lanes: Vec<_> = self.lane_ids.by_ref().chain(locked.lane_ids).collect();
        self.lane_ids = lanes.into_iter();
        Ok(())
    }

    /// Locks and reads what one more commit needs. Nothing waits to be written.
    pub(super) async fn lock_more(&mut self, commit: &Commit) -> Result<(), Trouble> {
        // Sources and accounts are made outside of this transaction: it can still be rolled back.
        let connection = self.shared.connect().await?;
        self.shared
            .make_queues(Link::of(&connection), commit)
            .await?;
        connection.give_back();
        let mut wants = Wants::default();
        wants.add(&self.shared, commit)?;
        let locked = read_more(self.link(), &self.shared, &wants).await?;
        Ok(self.take(locked)?)
    }

    pub(super) fn link(&self) -> Link<'_> {
        Link::of(&self.connection)
    }

    /// Returns the connection, on which the transaction may be open.
    pub(super) fn into_connection(self) -> Connection {
        self.connection
    }

    /// Returns the lane with this id, if it is still there. It is locked from now on.
    pub(super) async fn lane(&mut self, id: i64) -> Result<Option<&mut Lane>, Trouble> {
        if self.lanes.get(id).is_none() {
            let rows = self
                .link()
                .all(
                    concat!(
                        "select ",
                        lane_columns!(),
                        " from durable_lane where id = $1 for update"
                    ),
                    &[&id],
                )
                .await?;
            self.lanes.add(&rows)?;
        }
        Ok(match self.lanes.get(id) {
            Some(_) => self.lanes.edit(id),
            None => None,
        })
    }

    /// Returns the lane of a ticket, if its lease was not taken over.
    pub(super) fn leased(
        &mut self,
        work: i64,
        lease: &Lease,
        what: &str,
    ) -> Result<&mut Lane, Error> {
        let lane = self.lanes.get(lease.lane).ok_or_else(|| lost(work, what))?;
        lane.check(work, lease, what)?;
        self.lanes.edit(lease.lane).ok_or_else(|| lost(work, what))
    }

    /// Opens one more work in the lane of a key, or in a new lane if there is no key. Returns the lane.
    pub(super) fn open_lane(&mut self, queue: i64, key: Option<&[u8; 16]>) -> Result<i64, Trouble> {
        let now = self.now.0;
        let id = match key {
            Some(key) => self.lanes.of_key(queue, key),
            None => {
                let id = self.lane_ids.next();
                if let Some(id) = id {
                    self.lanes.add_fresh(Lane::new(id, queue));
                }
                id
            }
        };
        // A purge can remove a lane between the statement that found it and the one that locked it.
        let id = id.ok_or(Trouble::Again)?;
        self.lanes.edit(id).ok_or(Trouble::Again)?.open_one(now);
        Ok(id)
    }

    /// Draws the number of one more new lane, for a step that finds out late that it needs one.
    pub(super) async fn more_lanes(&mut self, number: i64) -> Result<(), Sql> {
        let rows = self
            .link()
            .all(
                "select nextval('durable_lane_id_seq') from generate_series(1, $1::bigint)",
                &[&number],
            )
            .await?;
        let mut ids: Vec<i64> = self.lane_ids.by_ref().collect();
        ids.extend(numbers_of(&rows)?);
        self.lane_ids = ids.into_iter();
        Ok(())
    }

    /// The next number of an event.
    pub(super) fn event_id(&mut self) -> Result<i64, Trouble> {
        self.event_ids.next().ok_or(Trouble::Again)
    }

    /// Records why work failed.
    pub(super) fn record_failure(&mut self, work: Work, id: i64, claim: u32, reason: &str) {
        // PostgreSQL has no NUL in a text.
        let reason = self.shared.limits.cut(reason).replace('\0', "\u{fffd}");
        self.writes.failures.push(NewFailure {
            work,
            id,
            claim,
            reason,
        });
    }

    /// Writes everything that waits.
    pub(super) async fn flush(&mut self, then: Then) -> Result<(), Sql> {
        let writes = std::mem::take(&mut self.writes);
        flush(
            Link::of(&self.connection),
            &self.statements,
            self.now.0,
            writes,
            &mut self.lanes,
            then,
        )
        .await
    }

    pub(super) fn digest(&self, key: &Key) -> [u8; 16] {
        key.digest(&self.shared.salt)
    }

    /// The wall time of this process. A retry "at a time" is as far away as the caller's own clock says.
    pub(super) fn wall(&self) -> Timestamp {
        self.shared.clock.wall()
    }

    /// A random number that spreads retries.
    pub(super) fn chance() -> u32 {
        let token = Token::random();
        u32::from_be_bytes(token.as_bytes()[..4].try_into().unwrap_or_default())
    }
}
