//! Reads that decide: a closure of the caller's inside of a transaction.

use std::{fmt, future::Future, pin::Pin};

use tokio_postgres::{Row, types::ToSql};

use super::{apply, failure::Trouble, transaction::Open, writes::Then};
use crate::{Commit, Done, Error, ErrorKind};

/// A future of a closure, which borrows from the transaction.
pub type Work<'t, R> = Pin<Box<dyn Future<Output = Result<R, Error>> + Send + 't>>;

/// The open transaction, for a closure of [`Postgres::with`](super::Postgres::with).
///
/// Its isolation is "read committed": read with `for update` what the decision depends on.
pub struct Transaction<'t> {
    open: &'t mut Open,
    collided: Option<Trouble>,
}

impl Transaction<'_> {
    /// Runs a query. The arguments are those of `tokio_postgres`.
    ///
    /// # Errors
    /// [`Statement`](crate::ErrorKind::Statement) if the server refuses it, if it ends the transaction, or if it writes
    /// to the store's own tables. Return the error: the transaction is spoilt.
    pub async fn query(
        &mut self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        apply::check_in_closure(sql)?;
        let rows = self.open.link().all(sql, params).await;
        rows.map_err(|error| self.failed(error.into()))
    }

    /// Runs a statement and returns the number of rows that it changed.
    ///
    /// # Errors
    /// As [`query`](Self::query).
    pub async fn execute(
        &mut self,
        sql: &str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Error> {
        apply::check_in_closure(sql)?;
        let rows = self.open.link().run(sql, params).await;
        rows.map_err(|error| self.failed(error.into()))
    }

    /// Carries out the steps of a commit in this transaction.
    ///
    /// # Errors
    /// As [`Store::commit`](crate::Store::commit). Return the error: the transaction is spoilt.
    pub async fn apply(&mut self, commit: &Commit) -> Result<Vec<Done>, Error> {
        commit.check(&self.open.shared.limits)?;
        let applied = applied(self.open, commit).await;
        applied.map_err(|trouble| self.failed(trouble))
    }

    /// Keeps what makes the engine do the whole again, and tells the closure.
    fn failed(&mut self, trouble: Trouble) -> Error {
        match apply::of_caller(trouble) {
            Trouble::Refused(error) => error,
            trouble => {
                let error = Error::new(
                    ErrorKind::Unavailable,
                    "another transaction came in between, or the connection was lost",
                );
                self.collided = Some(trouble);
                error
            }
        }
    }
}

async fn applied(open: &mut Open, commit: &Commit) -> Result<Vec<Done>, Trouble> {
    apply::no_limit(open).await?;
    open.lock_more(commit).await?;
    let done = apply::all(open, commit).await?;
    open.flush(Then::GoOn).await?;
    apply::limit(open).await?;
    Ok(done)
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transaction")
    }
}

/// A closure that can be run more than once.
pub(super) trait Call: Send {
    fn run<'t>(
        &'t mut self,
        open: &'t mut Open,
    ) -> Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send + 't>>;
}

/// A closure with its last result.
pub(super) struct Closure<F, R> {
    work: F,
    pub(super) result: Option<R>,
}

impl<F, R> Closure<F, R> {
    pub(super) fn new(work: F) -> Self {
        Self { work, result: None }
    }
}

impl<F, R> Call for Closure<F, R>
where
    F: for<'a, 't> FnMut(&'a mut Transaction<'t>) -> Work<'a, R> + Send,
    R: Send,
{
    fn run<'t>(
        &'t mut self,
        open: &'t mut Open,
    ) -> Pin<Box<dyn Future<Output = Result<(), Trouble>> + Send + 't>> {
        Box::pin(async move {
            apply::limit(open).await?;
            let mut transaction = Transaction {
                open,
                collided: None,
            };
            let outcome = (self.work)(&mut transaction).await;
            let Transaction { open, collided } = transaction;
            if let Some(trouble) = collided {
                return Err(trouble);
            }
            self.result = Some(outcome?);
            apply::check_deferred(open).await
        })
    }
}
