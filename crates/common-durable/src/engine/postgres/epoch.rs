//! Which server a connection has reached, so that a restored backup and a promoted standby are noticed.

use tokio_postgres::Client;

use super::failure;
use crate::Error;

/// The server and the branch of its history: the cluster, the timeline, and the table's own number.
///
/// - A promoted standby and a recovery to a point in time begin a new timeline.
/// - A dump that is read into another cluster or database has other numbers.
///
/// A dump that is read over the tables of the same database makes new tables, so it has another number too. A backup of
/// the whole disk that is put back without a recovery cannot be told from the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Epoch(String);

impl Epoch {
    /// Asks the server. The table's number is empty as long as the store is not made.
    pub(super) async fn ask(client: &Client) -> Result<Self, Error> {
        let failed = |error: tokio_postgres::Error| failure::of("identity of the server", &error);
        let row = client
            .query_typed_one(
                "select concat_ws('/',
                     (select system_identifier from pg_control_system()),
                     substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8),
                     (select oid from pg_database where datname = current_database()),
                     to_regclass('durable_meta')::oid)",
                &[],
            )
            .await
            .map_err(failed)?;
        Ok(Self(row.try_get(0).map_err(failed)?))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}
