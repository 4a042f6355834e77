//! A restored backup and a promoted standby: what was sent since is not known.

use super::{
    epoch::Epoch,
    failure,
    link::{Link, Sql},
    migrate::LOCK,
    time::{Time, now_sql},
};
use crate::Error;

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
    link.batch(LOCK).await?;
    // Another process may have noticed it while this one waited.
    let known = known(link).await?;
    if known.as_deref() != Some(epoch.as_str()) {
        if known.is_some() {
            now(link, time).await?;
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

/// Makes all effects unknown, in a transaction that has just begun.
async fn now(link: Link<'_>, time: Time) -> Result<u64, Sql> {
    let row = link
        .first(
            concat!("select ", now_sql!("$1", "$2")),
            &[&time.stopped, &time.added],
        )
        .await?;
    let now = row.map_or(Ok(0), |row| row.try_get(0))?;
    at(link, now).await
}

/// Makes all effects that are ready or sending unknown.
pub(super) async fn at(link: Link<'_>, now: i64) -> Result<u64, Sql> {
    link.run(
        "update durable_lane set token = null, next_at = $1
         where id = any(array(
             select l.id from durable_lane l join durable_queue q on q.id = l.queue and q.kind = 1
             where l.open > 0 and l.held is null
             order by l.id for update of l))",
        &[&now],
    )
    .await?;
    let unknown = link
        .run(
            "update durable_effect set state = 2, changed_at = $1 where state in (0, 1)",
            &[&now],
        )
        .await?;
    link.run(
        "insert into durable_meta (name, value) values ('restored_at', $1)
         on conflict (name) do update set value = excluded.value",
        &[&now.to_string()],
    )
    .await?;
    Ok(unknown)
}
