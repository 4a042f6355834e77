//! The engine on one SQLite file.
//!
//! One thread owns the connection that writes. Commits that come together share one transaction and one sync, each in
//! a savepoint of its own. `synchronous=FULL` is on for every transaction that holds a commit; a claim alone is not
//! synced. Looks have a connection of their own.
//!
//! # One machine
//! The file belongs to one machine: locks and syncs of network file systems cannot be relied on, so they are refused.
//! Several processes of the machine can have it open. A process that writes seldom waits longer for the lock.
//!
//! # Time
//! Leases and retries are measured by a clock that does not step. Leases of processes that are gone are freed when the
//! store is opened and no other process has it open.

mod apply;
mod batch;
mod call;
mod claim;
#[cfg(all(test, feature = "conformance"))]
mod explain;
mod failure;
mod file;
mod guard;
mod log;
mod look;
mod migrate;
mod open;
mod options;
mod place;
mod queue;
mod read;
mod reader;
mod session;
mod writer;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

use tokio::sync::oneshot;

pub use call::Transaction;
pub use options::SqliteOptions;
pub use rusqlite;

use self::{
    call::Closure,
    place::Place,
    queue::{Job, Queue},
    reader::Reader,
};
use crate::{Answer, Claim, Claimed, Commit, Done, Error, ErrorKind, Limits, Look, Page, Store};

/// A fault that the engine has on purpose, so that the conformance suite is seen to find it.
#[cfg(feature = "conformance")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Tokens are counted, and the count begins anew when the store is opened.
    CountedTokens,
    /// Commits are answered before they are committed.
    AnswerBeforeCommit,
}

/// A store in one SQLite file. Clones share it.
///
/// ```
/// use common_durable::{Claim, Inbox, NewEvent, sqlite::{Sqlite, SqliteOptions}};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), common_durable::Error> {
/// let store = Sqlite::open(SqliteOptions::memory()).await?;
/// let inbox = Inbox::new(std::sync::Arc::new(store));
/// inbox.append(NewEvent::new("uvygoda:shop-1", "{}").key("order-17")).await?;
///
/// let claimed = inbox.claim(Claim::events("uvygoda:shop-1")).await?;
/// assert_eq!(claimed[0].event.body, "{}");
/// inbox.finish(claimed[0].ticket.clone()).await?;
/// assert!(inbox.claim(Claim::events("uvygoda:shop-1")).await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Sqlite {
    shared: Arc<Shared>,
}

struct Shared {
    queue: Arc<Queue>,
    /// `None` for a store in memory, which has one connection.
    reader: Option<Reader>,
    limits: Limits,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Sqlite {
    /// Opens a store, and makes it if it does not exist. It checks the file, migrates its schema, and starts the
    /// threads.
    ///
    /// # Errors
    /// - [`Foreign`](ErrorKind::Foreign): the file belongs to another program.
    /// - [`Damaged`](ErrorKind::Damaged): the file is cut short or cannot be read.
    /// - [`Newer`](ErrorKind::Newer): the store needs a newer version of this crate.
    /// - [`Unsafe`](ErrorKind::Unsafe): the file is read-only or on a network file system.
    /// - [`Unavailable`](ErrorKind::Unavailable): the file cannot be opened.
    ///
    /// The file is not changed then.
    pub async fn open(options: SqliteOptions) -> Result<Self, Error> {
        // Opening reads and syncs: it must not hold the runtime back.
        let (answer, opened) = oneshot::channel();
        std::thread::Builder::new()
            .name("durable-open".to_owned())
            .spawn(move || drop(answer.send(Self::start(&options))))
            .map_err(|error| no_thread(&error))?;
        opened.await.unwrap_or_else(|_| Err(stopped()))
    }

    fn start(options: &SqliteOptions) -> Result<Self, Error> {
        let mut options = options.clone();
        options.path = options.path.map(file::resolved).transpose()?;
        Self::serve(open::open(&options)?, &options)
    }

    fn serve(opened: open::Opened, options: &SqliteOptions) -> Result<Self, Error> {
        let queue = Arc::new(Queue::new(options.queue, options.queue_bytes));
        let reader = match &options.path {
            Some(path) => {
                let place = Place {
                    path: path.clone(),
                    log: Arc::clone(&opened.log),
                    scale: opened.session.scale.clone(),
                };
                Some(Reader::start(place, options.patience)?)
            }
            None => None,
        };
        let writer =
            writer::start(opened, Arc::clone(&queue)).map_err(|error| no_thread(&error))?;
        Ok(Self {
            shared: Arc::new(Shared {
                queue,
                reader,
                limits: options.limits,
                writer: Mutex::new(Some(writer)),
            }),
        })
    }

    /// Runs a closure inside of a transaction on the writer thread, for reads that decide about writes. All other
    /// commits wait for it, so it must be short. An error rolls the transaction back.
    ///
    /// The closure is dropped without having run if a neighbour's failure rolls the shared transaction back; then the
    /// error is [transient](Error::is_transient).
    ///
    /// # Errors
    /// The closure's own, or as [`Store::commit`].
    pub fn with<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Transaction<'_>) -> Result<R, Error> + Send + 'static,
    ) -> Answer<R> {
        let (answer, answered) = oneshot::channel();
        let closure = Closure::new(Box::new(work), answer);
        self.push(Job::Call(Box::new(closure)));
        Box::pin(async { answered.await.unwrap_or_else(|_| Err(lost())) })
    }

    /// Copies the log into the file and cuts it to nothing. Returns `false` if a reader with an open snapshot, or another
    /// process that writes, holds that back.
    ///
    /// The engine does it after each erasure, because the log still holds copies of what was erased, and again after the
    /// next commits if it was held back. A program that ends after an erasure calls this to know.
    ///
    /// # Errors
    /// [`Unavailable`](ErrorKind::Unavailable) if the store is closed.
    pub async fn empty_log(&self) -> Result<bool, Error> {
        let (answer, answered) = oneshot::channel();
        self.push(Job::EmptyLog(answer));
        answered.await.unwrap_or_else(|_| Err(stopped()))
    }

    /// Closes the store: takes no more work, carries out what waits, and ends the threads. Clones are closed too.
    pub async fn close(&self) {
        let shared = Arc::clone(&self.shared);
        let (done, closed) = oneshot::channel();
        let closer = std::thread::Builder::new()
            .name("durable-close".to_owned())
            .spawn(move || {
                shared.stop();
                let _ = done.send(());
            });
        match closer {
            Ok(_) => drop(closed.await),
            Err(_) => self.shared.queue.close(),
        }
    }

    /// Holds the writer back or lets it go on, for tests that fill the queue or form a batch.
    #[cfg(feature = "conformance")]
    pub fn pause(&self, is_paused: bool) {
        self.shared.queue.pause(is_paused);
    }

    /// Runs statements on the writer's connection, outside of a transaction and without the guard.
    ///
    /// # Errors
    /// [`Statement`](ErrorKind::Statement) if SQLite refuses one.
    #[cfg(feature = "conformance")]
    pub fn tamper(&self, sql: &'static str) -> Answer<()> {
        let (answer, answered) = oneshot::channel();
        self.push(Job::Tamper { sql, answer });
        Box::pin(async { answered.await.unwrap_or_else(|_| Err(lost())) })
    }

    /// Number of commits and claims that wait for the writer.
    #[cfg(feature = "conformance")]
    pub fn waiting(&self) -> usize {
        self.shared.queue.len()
    }

    fn push(&self, job: Job) {
        if let Err((job, error)) = self.shared.queue.push(job) {
            job.fail(error);
        }
    }
}

impl Store for Sqlite {
    fn commit(&self, commit: Commit) -> Answer<Vec<Done>> {
        if let Err(error) = commit.check(&self.shared.limits) {
            return Box::pin(async { Err(error) });
        }
        let (answer, answered) = oneshot::channel();
        self.push(Job::Commit { commit, answer });
        Box::pin(async { answered.await.unwrap_or_else(|_| Err(lost())) })
    }

    fn claim(&self, claim: Claim) -> Answer<Vec<Claimed>> {
        if let Err(error) = claim.check(&self.shared.limits) {
            return Box::pin(async { Err(error) });
        }
        let (answer, answered) = oneshot::channel();
        self.push(Job::Claim { claim, answer });
        Box::pin(async { answered.await.unwrap_or_else(|_| Err(stopped())) })
    }

    fn look(&self, look: Look) -> Answer<Page> {
        if let Err(error) = look.check(&self.shared.limits) {
            return Box::pin(async { Err(error) });
        }
        match &self.shared.reader {
            Some(reader) => {
                let (answer, answered) = oneshot::channel();
                reader.ask(look, answer);
                Box::pin(async { answered.await.unwrap_or_else(|_| Err(stopped())) })
            }
            None => {
                self.with(move |transaction| look::answer(transaction.connection(), &look, None))
            }
        }
    }
}

impl Shared {
    /// Ends the threads. The writer goes last: only the last connection copies the log into the file and removes it.
    fn stop(&self) {
        // A thread that panicked has said so already.
        if let Some(reader) = self.reader.as_ref().and_then(Reader::stop) {
            let _ = reader.join();
        }
        self.queue.close();
        let writer = self
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").finish_non_exhaustive()
    }
}

fn no_thread(error: &std::io::Error) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        format!("a thread cannot be started: {}", error.kind()),
    )
}

/// The writer died with the job: its transaction may be committed.
fn lost() -> Error {
    Error::new(ErrorKind::Unknown, "the writer stopped before it answered")
}

fn stopped() -> Error {
    Error::new(ErrorKind::Unavailable, "the store has stopped")
}
