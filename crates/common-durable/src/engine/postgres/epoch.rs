//! Which server a connection has reached, so that a restored backup and a promoted standby are noticed.

use tokio_postgres::Client;

use super::{begin::Time, failure, link::Link};
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

/// Compares the server with the server that the store was last used on. If they differ, what was sent since is not known,
/// so all effects that are ready or sending become unknown.
pub(super) async fn notice(link: Link<'_>, epoch: &Epoch, time: Time) -> Result<(), Error> {
    let failed = |error: tokio_postgres::Error| failure::of("epoch", &error);
    let known = known(link).await.map_err(failed)?;
    if known.as_deref() == Some(epoch.as_str()) {
        return Ok(());
    }
    let noticed = note(link, epoch, time).await.map_err(failed);
    if noticed.is_err() {
        // The connection is given up by whoever asked for it, and its transaction with it.
        let _ = link.batch("rollback").await;
    }
    noticed
}

async fn note(link: Link<'_>, epoch: &Epoch, time: Time) -> Result<(), tokio_postgres::Error> {
    link.batch("begin isolation level read committed read write")
        .await?;
    link.batch(super::migrate::LOCK).await?;
    // Another process may have noticed it while this one waited.
    let known = known(link).await?;
    if known.as_deref() != Some(epoch.as_str()) {
        if known.is_some() {
            super::apply::restored_now(link, time).await?;
        }
        link.run(
            "insert into durable_meta (name, value) values ('epoch', $1)
             on conflict (name) do update set value = excluded.value",
            &[&epoch.as_str()],
        )
        .await?;
    }
    link.batch("commit").await
}

async fn known(link: Link<'_>) -> Result<Option<String>, tokio_postgres::Error> {
    let row = link
        .first("select value from durable_meta where name = 'epoch'", &[])
        .await?;
    row.map(|row| row.try_get(0)).transpose()
}
