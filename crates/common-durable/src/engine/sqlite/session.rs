//! The writer's connection with everything that its steps need.

use std::{cell::Cell, collections::HashMap, sync::Arc, time::Duration};

use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row};

use super::{failure, file::Owner, guard::Guard};
use crate::{Clock, Error, Key, Limits, Timestamp, Token};

/// Kind of work, as tables store it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Work {
    Event = 0,
    Effect = 1,
}

/// One reading of the clock, on both scales.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    /// Wall time.
    pub(super) wall: i64,
    /// The store's own scale, which does not step.
    pub(super) store: i64,
}

impl Now {
    pub(super) fn wall(self) -> Timestamp {
        Timestamp::from_millis(self.wall)
    }

    /// A later time on the store's own scale.
    pub(super) fn after(self, pause: Duration) -> i64 {
        Timestamp::from_millis(self.store).after(pause).as_millis()
    }
}

/// The store's own scale: the steady clock, moved so that it began at the wall time.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    clock: Clock,
    base: i64,
}

impl Scale {
    pub(super) fn new(clock: Clock, base: i64) -> Self {
        Self { clock, base }
    }

    pub(super) fn now(&self) -> Now {
        Now {
            wall: self.clock.wall().as_millis(),
            store: self.base.saturating_add(self.clock.steady()),
        }
    }
}

/// The writer's connection and what it remembers.
pub(super) struct Session {
    pub(super) connection: Connection,
    pub(super) guard: Guard,
    pub(super) scale: Scale,
    pub(super) limits: Limits,
    pub(super) repeat_window: Duration,
    pub(super) own_limit: Duration,
    patience: Duration,
    pub(super) salt: Vec<u8>,
    pub(super) now: Now,
    /// Whether the log holds pages with what was erased.
    pub(super) log_is_stale: Cell<bool>,
    /// Whether an effect may be sent as soon as this transaction is committed.
    has_sent: Cell<bool>,
    /// The file beside the store, if the store has a file.
    owner: Option<Arc<Owner>>,
    /// Ids of queues. It is forgotten with every rollback, because a new queue goes with it.
    queues: HashMap<(Work, String), i64>,
    /// Whether the next transaction is synced, once that was set.
    is_synced: Option<bool>,
    #[cfg(feature = "conformance")]
    pub(super) fault: Option<super::Fault>,
    #[cfg(feature = "conformance")]
    points: crate::conformance::Points,
    #[cfg(feature = "conformance")]
    counted: u64,
}

impl Session {
    pub(super) fn new(
        connection: Connection,
        guard: Guard,
        scale: Scale,
        salt: Vec<u8>,
        options: &super::SqliteOptions,
        owner: Option<Arc<Owner>>,
    ) -> Self {
        connection.set_prepared_statement_cache_capacity(128);
        let now = scale.now();
        Self {
            connection,
            guard,
            scale,
            limits: options.limits,
            repeat_window: options.repeat_window,
            own_limit: options.own_limit,
            patience: options.patience,
            salt,
            now,
            log_is_stale: Cell::new(false),
            has_sent: Cell::new(false),
            owner,
            queues: HashMap::new(),
            is_synced: None,
            #[cfg(feature = "conformance")]
            fault: options.fault,
            #[cfg(feature = "conformance")]
            points: options.points.clone(),
            #[cfg(feature = "conformance")]
            counted: 0,
        }
    }

    /// Says that the engine has come to a point at which tests stop it or kill its process.
    #[inline]
    pub(super) fn reach(&self, _point: &'static str) {
        #[cfg(feature = "conformance")]
        self.points.reach(_point);
    }

    /// Forgets what a rollback may have undone.
    pub(super) fn rolled_back(&mut self) {
        self.queues.clear();
    }

    /// Copies the log into the file and cuts it to nothing. `false` if a reader needs it, or another process writes, for
    /// longer than this. All commits wait meanwhile.
    pub(super) fn empty_log(&self, wait: Duration) -> bool {
        let connection = &self.connection;
        let emptied = connection.busy_timeout(wait).and_then(|()| {
            connection.query_row("pragma wal_checkpoint(truncate)", [], |row| {
                row.get(0).map(|is_busy: i64| is_busy == 0)
            })
        });
        // The patience was valid when the connection was made.
        let _ = connection.busy_timeout(self.patience);
        let is_empty = emptied.unwrap_or(false);
        if is_empty {
            self.log_is_stale.set(false);
        }
        is_empty
    }

    /// Sets whether the next transaction is synced. No transaction is open.
    pub(super) fn sync(&mut self, is_synced: bool) -> rusqlite::Result<()> {
        if self.is_synced != Some(is_synced) {
            let level = match is_synced {
                true => "full",
                false => "normal",
            };
            self.connection.pragma_update(None, "synchronous", level)?;
            self.is_synced = Some(is_synced);
        }
        Ok(())
    }

    /// Counts that an effect is about to be sent. A copy of the store from before does not have this number.
    pub(super) fn count_send(&self) -> Result<(), Error> {
        self.run(
            "update durable_meta set value = value + 1 where name = 'epoch'",
            [],
        )?;
        self.has_sent.set(true);
        Ok(())
    }

    /// Tells the file beside the store of the sends that were committed.
    pub(super) fn tell_owner(&self) {
        let Some(owner) = self.owner.as_ref().filter(|_| self.has_sent.take()) else {
            return;
        };
        let epoch = self.first(
            "select value from durable_meta where name = 'epoch'",
            [],
            |row| row.get(0),
        );
        // The next send or opening writes a larger number.
        if let Ok(Some(epoch)) = epoch {
            let _ = owner.note_epoch(epoch);
        }
    }

    /// Draws a token for a lease.
    pub(super) fn token(&mut self) -> Token {
        #[cfg(feature = "conformance")]
        if self.fault == Some(super::Fault::CountedTokens) {
            self.counted += 1;
            return Token::from_bytes(u128::from(self.counted).to_be_bytes());
        }
        Token::random()
    }

    /// A random number that spreads retries.
    pub(super) fn chance() -> u32 {
        let token = Token::random();
        u32::from_be_bytes(token.as_bytes()[..4].try_into().unwrap_or_default())
    }

    pub(super) fn digest(&self, key: &Key) -> [u8; 16] {
        key.digest(&self.salt)
    }

    /// Returns the id of a source or account, if it has ever been used.
    pub(super) fn find_queue(&mut self, work: Work, name: &str) -> Result<Option<i64>, Error> {
        let place = (work, name.to_owned());
        if let Some(id) = self.queues.get(&place) {
            return Ok(Some(*id));
        }
        let found = self.first(
            "select id from durable_queue where kind = ?1 and name = ?2",
            (work as i64, name),
            |row| row.get(0),
        )?;
        if let Some(id) = found {
            self.queues.insert(place, id);
        }
        Ok(found)
    }

    /// Returns the id of a source or account, which is made if it is new.
    pub(super) fn queue(&mut self, work: Work, name: &str) -> Result<i64, Error> {
        if let Some(id) = self.find_queue(work, name)? {
            return Ok(id);
        }
        self.run(
            "insert into durable_queue (kind, name) values (?1, ?2)",
            (work as i64, name),
        )?;
        let id = self.connection.last_insert_rowid();
        self.queues.insert((work, name.to_owned()), id);
        Ok(id)
    }

    /// Runs a statement and returns the number of rows that it changed.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize, Error> {
        self.prepared(sql)?
            .execute(params)
            .map_err(|error| failure::of("store", &error))
    }

    /// Returns the first row, or `None`.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        self.prepared(sql)?
            .query_row(params, read)
            .optional()
            .map_err(|error| failure::of("store", &error))
    }

    /// Returns all rows.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        self.prepared(sql)?
            .query_map(params, read)
            .and_then(Iterator::collect)
            .map_err(|error| failure::of("store", &error))
    }

    fn prepared(&self, sql: &str) -> Result<CachedStatement<'_>, Error> {
        self.connection
            .prepare_cached(sql)
            .map_err(|error| failure::of("store", &error))
    }

    /// Records why work failed.
    pub(super) fn record_failure(
        &self,
        work: Work,
        id: i64,
        claim: u32,
        reason: &str,
    ) -> Result<(), Error> {
        self.run(
            "insert into durable_failure (kind, work, claim, at, reason) values (?1, ?2, ?3, ?4, ?5)",
            (work as i64, id, claim, self.now.wall, self.limits.cut(reason)),
        )?;
        Ok(())
    }
}
