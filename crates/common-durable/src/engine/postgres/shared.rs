//! State that all tasks of a store share.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::Semaphore;

use super::{
    PostgresOptions, Work,
    connect::{Connection, Connections},
    epoch::Epoch,
    failure::{self, Trouble},
    link::Link,
    migrate, proof, restore,
    time::Time,
};
use crate::{Clock, Commit, Error, ErrorKind, Limits, Step};

/// The number of looks that run at the same time. Operators must not take the connections of workers.
const LOOKS: usize = 2;

/// Settings, connections, and what is known of the database.
pub(super) struct Shared {
    pub(super) connections: Connections,
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    pub(super) repeat_window: Duration,
    pub(super) own_limit: Duration,
    pub(super) patience: Duration,
    pub(super) salt: Vec<u8>,
    pub(super) looks: Semaphore,
    /// Commits that have a connection of their own. One connection is left to each of the writer, claims and looks.
    pub(super) alone: Semaphore,
    epoch: Mutex<Epoch>,
    queues: Mutex<HashMap<(Work, String), i64>>,
    #[cfg(feature = "conformance")]
    pub(super) test: super::test_support::Switches,
}

impl Shared {
    /// Connects, checks the server, and makes or migrates the schema.
    pub(super) async fn open(options: &PostgresOptions) -> Result<Self, Error> {
        let connections = Connections::new(options)?;
        let (connection, _) = connections.get().await?;
        let link = Link::of(&connection);
        if options.must_exist {
            migrate::must_exist(link).await?;
        }
        migrate::migrate(link).await?;
        // The schema may be new, so the server is asked once more.
        let epoch = Epoch::ask(&connection).await?;
        restore::notice(link, &epoch, Time::of(&options.clock)).await?;
        proof::make_slot(link)
            .await
            .map_err(|error| failure::of("schema", &error))?;
        let salt = migrate::meta(link, "salt").await?.unwrap_or_default();
        connection.give_back();
        if salt.len() < 32 {
            return Err(Error::new(
                ErrorKind::Damaged,
                "schema: the table `durable_meta` has no salt",
            ));
        }
        Ok(Self {
            connections,
            clock: options.clock.clone(),
            limits: options.limits,
            repeat_window: options.repeat_window,
            own_limit: options.own_limit,
            patience: options.patience,
            salt: salt.into_bytes(),
            looks: Semaphore::new(LOOKS),
            alone: Semaphore::new(options.connections.saturating_sub(3).max(1)),
            epoch: Mutex::new(epoch),
            queues: Mutex::default(),
            #[cfg(feature = "conformance")]
            test: super::test_support::Switches::new(options.points.clone()),
        })
    }

    /// Returns a connection. If a new one has reached another server than before, that is noticed first.
    pub(super) async fn connect(&self) -> Result<Connection, Error> {
        let (connection, reached) = self.connections.get().await?;
        let Some(reached) = reached else {
            return Ok(connection);
        };
        let link = Link::of(&connection);
        if reached != self.epoch() {
            migrate::migrate(link).await?;
            restore::notice(link, &reached, self.time()).await?;
            *self.epoch.lock().unwrap_or_else(PoisonError::into_inner) = reached;
            // Another database has other numbers for its queues.
            self.lock_queues().clear();
        }
        proof::make_slot(link)
            .await
            .map_err(|error| failure::of("connection", &error))?;
        Ok(connection)
    }

    /// Says that the engine has come to a point at which tests stop it or kill its process.
    #[inline]
    pub(super) fn reach(&self, _point: &'static str) {
        #[cfg(feature = "conformance")]
        self.test.reach(_point);
    }

    /// The reading of a test's clock.
    pub(super) fn time(&self) -> Time {
        Time::of(&self.clock)
    }

    /// The server that was reached last.
    pub(super) fn epoch(&self) -> Epoch {
        self.epoch
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Returns the id of a source or account, if it has ever been used.
    pub(super) async fn find_queue(
        &self,
        link: Link<'_>,
        work: Work,
        name: &str,
    ) -> Result<Option<i64>, Trouble> {
        let place = (work, name.to_owned());
        if let Some(id) = self.lock_queues().get(&place) {
            return Ok(Some(*id));
        }
        let row = link
            .first(
                "select id from durable_queue where kind = $1 and name = $2",
                &[&(work as i16), &name],
            )
            .await?;
        let id = row.map(|row| row.try_get(0)).transpose()?;
        if let Some(id) = id {
            self.lock_queues().insert(place, id);
        }
        Ok(id)
    }

    /// Makes the sources and accounts of new works, outside of a transaction: they stay, whatever becomes of the works.
    pub(super) async fn make_queues(&self, link: Link<'_>, commit: &Commit) -> Result<(), Trouble> {
        for step in commit.steps() {
            let (work, name) = match step {
                Step::Append(event) => (Work::Event, &event.source),
                Step::Intend(effect) => (Work::Effect, &effect.account),
                _ => continue,
            };
            if self.find_queue(link, work, name).await?.is_none() {
                link.run(
                    "insert into durable_queue (kind, name) values ($1, $2) on conflict do nothing",
                    &[&(work as i16), name],
                )
                .await?;
                self.find_queue(link, work, name).await?;
            }
        }
        Ok(())
    }

    /// Returns the id of a source or account that was made before.
    pub(super) fn known_queue(&self, work: Work, name: &str) -> Result<i64, Error> {
        let id = self.lock_queues().get(&(work, name.to_owned())).copied();
        id.ok_or_else(|| {
            Error::new(
                ErrorKind::Unavailable,
                "the database has changed: try again",
            )
        })
    }

    fn lock_queues(&self) -> std::sync::MutexGuard<'_, HashMap<(Work, String), i64>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
