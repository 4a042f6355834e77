//! The engine on PostgreSQL 13 and later, for many workers on many machines.
//!
//! Appends and ends of all callers of a process share the commits of one connection. Claims take lanes with
//! `for update skip locked` on connections of their own, and are not synced. A commit with other steps, such as the
//! caller's own statement, has a transaction for itself, so it cannot harm its neighbours.
//!
//! # Locks
//! A transaction locks all lanes of its steps in one statement, in the order of their ids, and reads what they hold in
//! the next ones. So no two of them wait for each other, and none acts on what was true before it waited. Ids of events
//! are drawn under the lock. The caller's own statements can still collide: then the commit is done again whole.
//!
//! # Lost answers
//! Every transaction leaves a proof of its own in the database. If the connection is lost while `COMMIT` is under way, the
//! engine looks whether the proof is there. A commit ends with [`Unknown`](crate::ErrorKind::Unknown) only if the server
//! cannot be asked in time or is another one.
//!
//! # Time
//! Leases and retries are measured by the server's clock, which all workers share. A step of that clock ends leases
//! early or late; a worker that was overtaken can still change nothing in the store.
//!
//! # Connections
//! Statements are prepared once per connection, so the address must be that of a server or of a pooler that keeps
//! sessions. The user needs the right to create tables when the store is made.

mod apply;
mod attempt;
mod begin;
mod call;
mod claim;
mod connect;
mod epoch;
mod failure;
mod lane;
mod lanes;
mod libpq;
mod link;
mod look;
mod migrate;
mod options;
mod plan;
mod proof;
mod queue;
mod read;
mod restore;
mod shared;
#[cfg(feature = "conformance")]
mod test_support;
mod time;
mod transaction;
mod wants;
mod writer;
mod writes;

use std::{fmt, future::Future, sync::Arc};

use tokio::{runtime::Handle, sync::oneshot};

pub use call::{Transaction, Work as ClosureWork};
pub use options::PostgresOptions;
pub use tokio_postgres;

use self::{
    attempt::{Body, Failed, Outcome, carry_out},
    call::Closure,
    link::Link,
    queue::Queue,
    shared::Shared,
};
use crate::{Answer, Claim, Claimed, Commit, Done, Error, ErrorKind, Look, Page, Store};

/// Kind of work, as tables store it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Work {
    Event = 0,
    Effect = 1,
}

/// Approximate size of a closure that waits.
const CLOSURE_WEIGHT: usize = 1_024;

/// A store in a PostgreSQL database. Clones share it.
///
/// ```no_run
/// use common_durable::{Inbox, NewEvent, postgres::{Postgres, PostgresOptions}};
///
/// # async fn example() -> Result<(), common_durable::Error> {
/// let options = PostgresOptions::new("postgres://shop@localhost/shop")?;
/// let store = Postgres::open(options).await?;
/// let inbox = Inbox::new(std::sync::Arc::new(store));
/// inbox.append(NewEvent::new("uvygoda:shop-1", "{}").key("order-17")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Postgres {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    queue: Arc<Queue>,
    runtime: Handle,
}

impl Postgres {
    /// Opens a store, and makes its tables if they do not exist. It checks the server, migrates the schema, and starts
    /// the writer on the current runtime of Tokio, which must live as long as the store.
    ///
    /// # Errors
    /// - [`Unsafe`](ErrorKind::Unsafe) for a server that cannot keep the promises, by name: a version before 13, another
    ///   encoding than UTF8, a standby or read-only server, `fsync=off`, `full_page_writes=off`,
    ///   `synchronous_commit=off`.
    /// - [`Newer`](ErrorKind::Newer) for a store that needs a newer version of this crate.
    /// - [`Foreign`](ErrorKind::Foreign) if another program has tables of the same names.
    /// - [`Damaged`](ErrorKind::Damaged) if tables are missing.
    /// - [`NotFound`](ErrorKind::NotFound) if there is no store, and it [must exist](PostgresOptions::must_exist).
    /// - [`InvalidInput`](ErrorKind::InvalidInput) if a file of certificates or passwords cannot be used, with the name
    ///   of its setting.
    /// - [`Unavailable`](ErrorKind::Unavailable) if the server cannot be reached or does not accept the password.
    pub async fn open(options: PostgresOptions) -> Result<Self, Error> {
        let shared = Arc::new(Shared::open(&options).await?);
        let queue = Arc::new(Queue::new(options.queue, options.queue_bytes));
        let runtime = Handle::current();
        runtime.spawn(writer::write(Arc::clone(&shared), Arc::clone(&queue)));
        Ok(Self {
            inner: Arc::new(Inner {
                shared,
                queue,
                runtime,
            }),
        })
    }

    /// Runs a closure inside of a transaction, for reads that decide about writes. An error rolls it back.
    ///
    /// The closure can be run more than once: after a collision with another transaction, and after a commit of lost
    /// answer that the server says was rolled back. Each statement in it has the
    /// [limit](PostgresOptions::own_statement_limit) of own statements.
    ///
    /// ```no_run
    /// use common_durable::{Commit, Error, Ticket, postgres::Postgres};
    ///
    /// # async fn example(store: Postgres, ticket: Ticket) -> Result<(), Error> {
    /// let left = store
    ///     .with(move |transaction| {
    ///         let ticket = ticket.clone();
    ///         Box::pin(async move {
    ///             let rows = transaction.query("select n from stock where id = $1 for update", &[&17_i64]).await?;
    ///             let n: i64 = rows[0].get(0);
    ///             transaction.execute("update stock set n = $1 where id = $2", &[&(n - 1), &17_i64]).await?;
    ///             transaction.apply(&Commit::new().finish(ticket)).await?;
    ///             Ok(n - 1)
    ///         })
    ///     })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The closure's own, or as [`Store::commit`].
    pub fn with<R, F>(&self, work: F) -> Answer<R>
    where
        R: Send + 'static,
        F: for<'a, 't> FnMut(&'a mut Transaction<'t>) -> ClosureWork<'a, R> + Send + 'static,
    {
        let place = match self.inner.queue.place(CLOSURE_WEIGHT) {
            Ok(place) => place,
            Err(error) => return Box::pin(async { Err(error) }),
        };
        let shared = Arc::clone(&self.inner.shared);
        self.spawn(async move {
            #[cfg(feature = "conformance")]
            shared.test.released().await;
            let _place = place;
            let _permit = shared.alone.acquire().await;
            let mut kept = None;
            let mut closure = Closure::new(work);
            let outcome = carry_out(&shared, &mut kept, Body::Call(&mut closure)).await;
            if let Some(connection) = kept {
                connection.give_back();
            }
            outcome.map_err(Failed::into_error)?;
            closure.result.ok_or_else(writer::mixed_up)
        })
    }

    /// Closes the store: takes no more work, carries out what waits, and closes the connections. Clones are closed too.
    pub async fn close(&self) {
        self.inner.queue.close();
        self.inner.queue.emptied().await;
        self.inner.shared.connections.close();
    }

    /// Holds commits and claims back or lets them go on, for tests that make them come together.
    #[cfg(feature = "conformance")]
    pub fn pause(&self, is_paused: bool) {
        self.inner.shared.test.hold(is_paused);
    }

    /// Loses the answer to the next commit, at a point: `steps_done` before the commit itself, or `committed` after it.
    #[cfg(feature = "conformance")]
    pub fn lose_answer(&self, point: &'static str) {
        self.inner.shared.test.lose_answer(point);
    }

    /// Numbers of commits of lost answer that the server said were committed, and were rolled back.
    #[cfg(feature = "conformance")]
    pub fn fates(&self) -> (u64, u64) {
        self.inner.shared.test.fates()
    }

    /// Number of commits that wait.
    #[cfg(feature = "conformance")]
    pub fn waiting(&self) -> usize {
        self.inner.queue.len()
    }

    /// Carries on with the work when the caller has gone.
    fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Answer<T> {
        let (answer, answered) = oneshot::channel();
        self.inner.runtime.spawn(async move {
            // A caller that went away has no use for the answer.
            let _ = answer.send(work.await);
        });
        Box::pin(async { answered.await.unwrap_or_else(|_| Err(lost())) })
    }
}

impl Store for Postgres {
    fn commit(&self, commit: Commit) -> Answer<Vec<Done>> {
        let inner = &self.inner;
        if let Err(error) = commit.check(&inner.shared.limits) {
            return Box::pin(async { Err(error) });
        }
        let (answer, answered) = oneshot::channel();
        match inner.queue.take_in(commit, answer) {
            Ok(job) if apply::can_share(&job.commit) => inner.queue.push(job),
            Ok(job) => drop(
                inner
                    .runtime
                    .spawn(writer::alone(Arc::clone(&inner.shared), job)),
            ),
            Err(error) => return Box::pin(async { Err(error) }),
        }
        Box::pin(async { answered.await.unwrap_or_else(|_| Err(lost())) })
    }

    fn claim(&self, claim: Claim) -> Answer<Vec<Claimed>> {
        if let Err(error) = claim.check(&self.inner.shared.limits) {
            return Box::pin(async { Err(error) });
        }
        let place = match self.inner.queue.place(0) {
            Ok(place) => place,
            Err(error) => return Box::pin(async { Err(error) }),
        };
        let shared = Arc::clone(&self.inner.shared);
        self.spawn(async move {
            #[cfg(feature = "conformance")]
            shared.test.released().await;
            let _place = place;
            let mut kept = None;
            let outcome = carry_out(&shared, &mut kept, Body::Claim(&claim)).await;
            if let Some(connection) = kept {
                connection.give_back();
            }
            match outcome.map_err(Failed::into_error)? {
                Outcome::Claimed(claimed) => Ok(claimed),
                _ => Err(writer::mixed_up()),
            }
        })
    }

    fn look(&self, look: Look) -> Answer<Page> {
        let shared = Arc::clone(&self.inner.shared);
        Box::pin(async move {
            look.check(&shared.limits)?;
            let _permit = shared.looks.acquire().await;
            let connection = shared.connect().await?;
            match look::answer(Link::of(&connection), &look).await {
                Ok(page) => {
                    connection.give_back();
                    Ok(page)
                }
                Err(trouble) => Err(trouble.into_error("look")),
            }
        })
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres")
            .field("connections", &self.inner.shared.connections)
            .finish_non_exhaustive()
    }
}

/// The task ended with the work: its transaction may be committed.
fn lost() -> Error {
    Error::new(ErrorKind::Unknown, "the engine stopped before it answered")
}
