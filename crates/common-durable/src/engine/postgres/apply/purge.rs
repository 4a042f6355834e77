//! Purge: old ended work is removed in small portions.

use super::super::{Work, failure::Trouble, transaction::Open, writes::Then};
use crate::{Purged, Timestamp};

/// Removes contents first, ids later.
pub(super) async fn portion(
    open: &mut Open,
    bodies_before: Timestamp,
    ids_before: Timestamp,
    at_most: u32,
) -> Result<Purged, Trouble> {
    open.flush(Then::GoOn).await?;
    let mut left = at_most;
    let mut purged = Purged::default();
    for work in [Work::Event, Work::Effect] {
        let bodies = ended(open, work, 0, bodies_before, left).await?;
        left -= bodies.len() as u32;
        purged.bodies += bodies.len() as u32;
        remove_contents(open, work, &bodies).await?;
        let ids = ended(open, work, 1, ids_before, left).await?;
        left -= ids.len() as u32;
        purged.ids += ids.len() as u32;
        forget(open, work, &ids).await?;
    }
    purged.has_more = left == 0;
    open.lanes.forget();
    Ok(purged)
}

/// Returns ended work with or without content, the longest ended first. Work that another transaction has
/// locked is left for the next time.
async fn ended(
    open: &Open,
    work: Work,
    content: i16,
    before: Timestamp,
    at_most: u32,
) -> Result<Vec<i64>, Trouble> {
    let sql = match work {
        Work::Event => {
            "select id from durable_event
             where state in (1, 3) and content = $1 and ended_at < $2
             order by ended_at limit $3 for update skip locked"
        }
        // An unsettled key may still need its newest edit.
        Work::Effect => {
            "select id from durable_effect
             where state in (3, 4, 7) and content = $1 and changed_at < $2
                 and (select unsettled_at from durable_lane where id = durable_effect.lane) is null
             order by changed_at limit $3 for update skip locked"
        }
    };
    let rows = open
        .link()
        .all(sql, &[&content, &before.as_millis(), &i64::from(at_most)])
        .await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?)
}

async fn remove_contents(open: &Open, work: Work, ids: &[i64]) -> Result<(), Trouble> {
    if ids.is_empty() {
        return Ok(());
    }
    let (content, mark) = match work {
        Work::Event => (
            "delete from durable_body where event = any($1)",
            "update durable_event set content = 1 where id = any($1)",
        ),
        Work::Effect => (
            "delete from durable_params where effect = any($1)",
            "update durable_effect set content = 1, note = null where id = any($1)",
        ),
    };
    open.link().run(content, &[&ids]).await?;
    open.link().run(mark, &[&ids]).await?;
    Ok(())
}

async fn forget(open: &Open, work: Work, ids: &[i64]) -> Result<(), Trouble> {
    if ids.is_empty() {
        return Ok(());
    }
    for table in [
        "delete from durable_failure where kind = $1 and work = any($2)",
        "delete from durable_subject where kind = $1 and work = any($2)",
    ] {
        open.link().run(table, &[&(work as i16), &ids]).await?;
    }
    let (delete, find_lanes, delete_lanes) = match work {
        Work::Event => (
            "delete from durable_event where id = any($1) returning lane",
            "select id from durable_lane
             where id = any($1) and open = 0 and held is null and unsettled_at is null
             order by id for update skip locked",
            "delete from durable_lane l where id = any($1)
                 and (select e.id from durable_event e where e.lane = l.id limit 1) is null",
        ),
        Work::Effect => (
            "delete from durable_effect where id = any($1) returning lane",
            "select id from durable_lane
             where id = any($1) and open = 0 and held is null and unsettled_at is null
             order by id for update skip locked",
            "delete from durable_lane l where id = any($1)
                 and (select e.id from durable_effect e where e.lane = l.id limit 1) is null",
        ),
    };
    let rows = open.link().all(delete, &[&ids]).await?;
    let lanes: Vec<i64> = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    // A lane goes with its last work. One that an append has locked stays: it is about to get work.
    let rows = open.link().all(find_lanes, &[&lanes]).await?;
    let lanes: Vec<i64> = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    open.link().run(delete_lanes, &[&lanes]).await?;
    Ok(())
}
