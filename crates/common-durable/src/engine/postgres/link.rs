//! Statements over one connection, each prepared once.

use tokio_postgres::{Row, Statement, types::ToSql};

use super::connect::Connection;

pub(super) type Sql = tokio_postgres::Error;
pub(super) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection for statements.
#[derive(Clone, Copy)]
pub(super) struct Link<'a> {
    connection: &'a Connection,
}

impl<'a> Link<'a> {
    pub(super) fn of(connection: &'a Connection) -> Self {
        Self { connection }
    }

    pub(super) async fn prepared(&self, sql: &str) -> Result<Statement, Sql> {
        let statements = self.connection.statements();
        statements.prepare(self.connection, sql).await
    }

    pub(super) async fn all(&self, sql: &str, params: Params<'_>) -> Result<Vec<Row>, Sql> {
        let statement = self.prepared(sql).await?;
        self.connection.query(&statement, params).await
    }

    pub(super) async fn first(&self, sql: &str, params: Params<'_>) -> Result<Option<Row>, Sql> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    pub(super) async fn run(&self, sql: &str, params: Params<'_>) -> Result<u64, Sql> {
        let statement = self.prepared(sql).await?;
        self.connection.execute(&statement, params).await
    }

    /// Runs statements without parameters and results.
    pub(super) async fn batch(&self, sql: &str) -> Result<(), Sql> {
        self.connection.batch_execute(sql).await
    }
}

/// Statements that were prepared before a transaction, so that several can share a round trip.
///
/// Futures that are polled together send their statements in the order of the first polls. A statement that had to be
/// prepared first would come later than its place.
pub(super) struct Pipeline<'a> {
    connection: &'a Connection,
}

impl<'a> Pipeline<'a> {
    pub(super) fn of(link: Link<'a>) -> Self {
        Self {
            connection: link.connection,
        }
    }

    pub(super) async fn batch(&self, sql: &str) -> Result<(), Sql> {
        self.connection.batch_execute(sql).await
    }

    pub(super) async fn all(
        &self,
        statement: &Statement,
        params: Params<'_>,
    ) -> Result<Vec<Row>, Sql> {
        self.connection.query(statement, params).await
    }

    /// Runs a statement over columns of rows. Without rows it is not sent.
    pub(super) async fn some(
        &self,
        rows: usize,
        statement: &Statement,
        params: Params<'_>,
    ) -> Result<Vec<Row>, Sql> {
        match rows {
            0 => Ok(Vec::new()),
            _ => self.connection.query(statement, params).await,
        }
    }
}
