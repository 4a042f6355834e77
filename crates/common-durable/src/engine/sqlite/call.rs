//! Reads that decide: a closure of the caller's on the writer thread, inside of a transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{apply, queue::Call, session::Session};
use crate::{Commit, Done, Error, ErrorKind};

/// The open transaction, for a closure of [`Sqlite::with`](super::Sqlite::with).
pub struct Transaction<'a> {
    session: &'a mut Session,
}

impl Transaction<'_> {
    /// The connection. Statements that end the transaction, set a pragma or write to the store's own tables are
    /// refused.
    pub fn connection(&self) -> &Connection {
        &self.session.connection
    }

    /// Carries out the steps of a commit in this transaction.
    ///
    /// # Errors
    /// As [`Store::commit`](crate::Store::commit). Return the error, so that the transaction is rolled back.
    pub fn apply(&mut self, commit: &Commit) -> Result<Vec<Done>, Error> {
        commit.check(&self.session.limits)?;
        self.session.guard.leave();
        let done = apply::commit(self.session, commit);
        self.session.guard.enter(self.session.own_limit);
        done
    }
}

impl std::fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Transaction")
    }
}

type Work<R> = Box<dyn FnOnce(&mut Transaction<'_>) -> Result<R, Error> + Send>;

/// A closure with its result, which waits for the sync.
pub(super) struct Closure<R> {
    work: Option<Work<R>>,
    result: Option<R>,
    answer: oneshot::Sender<Result<R, Error>>,
}

impl<R> Closure<R> {
    pub(super) fn new(work: Work<R>, answer: oneshot::Sender<Result<R, Error>>) -> Self {
        Self {
            work: Some(work),
            result: None,
            answer,
        }
    }
}

impl<R: Send> Call for Closure<R> {
    fn run(&mut self, session: &mut Session) -> Result<(), Error> {
        let Some(work) = self.work.take() else {
            // A neighbour's failure rolled the transaction back. A closure can run only once.
            return Err(Error::new(
                ErrorKind::Unavailable,
                "the transaction was rolled back by a neighbour: call again",
            ));
        };
        session.guard.enter(session.own_limit);
        // A panic of the caller's closure must not end the only writer.
        let result = catch_unwind(AssertUnwindSafe(|| work(&mut Transaction { session })));
        session.guard.leave();
        let result =
            result.map_err(|_| Error::new(ErrorKind::Statement, "the closure panicked"))?;
        self.result = Some(result?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let Self { result, answer, .. } = *self;
        let result = outcome.and_then(|()| {
            result.ok_or_else(|| Error::new(ErrorKind::Unavailable, "the closure did not run"))
        });
        drop(answer.send(result));
    }
}
