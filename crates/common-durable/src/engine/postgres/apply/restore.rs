//! A restored backup: what was sent since is not known.

use super::super::{
    begin::{Time, now_sql},
    failure::Trouble,
    link::{Link, Sql},
    transaction::Open,
    writes::Then,
};

/// Makes all effects that are ready or sending unknown.
pub(super) async fn restored(open: &mut Open) -> Result<u64, Trouble> {
    open.flush(Then::GoOn).await?;
    let unknown = at(open.link(), open.now.0).await?;
    open.lanes.forget();
    Ok(unknown)
}

/// The same, in a transaction that has just begun.
pub(in super::super) async fn restored_now(link: Link<'_>, time: Time) -> Result<u64, Sql> {
    let row = link
        .first(
            concat!("select ", now_sql!("$1", "$2")),
            &[&time.stopped, &time.added],
        )
        .await?;
    let now = row.map_or(Ok(0), |row| row.try_get(0))?;
    at(link, now).await
}

async fn at(link: Link<'_>, now: i64) -> Result<u64, Sql> {
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
