//! Erasure: everything of a key is removed, wherever it is stored.

use super::super::{Work, failure::Trouble, transaction::Open, writes::Then};
use crate::{Erased, Key};

/// Erases by a key of order and of erasure.
pub(super) async fn key(open: &mut Open, key: &Key) -> Result<Erased, Trouble> {
    let digest = open.digest(key);
    let digest = digest.as_slice();
    open.flush(Then::GoOn).await?;
    lock(open, digest).await?;
    let mut erased = Erased::default();
    for (id, lane, state) in found(open, Work::Event, digest).await? {
        close(open, id, lane, state == 0).await?;
        erase_event(open, id).await?;
        erased.events += 1;
    }
    for (id, lane, state) in found(open, Work::Effect, digest).await? {
        close(open, id, lane, (0..=2).contains(&state)).await?;
        erase_effect(open, id, lane).await?;
        erased.effects += 1;
    }
    open.link()
        .run(
            "delete from durable_subject where key_hash = $1",
            &[&digest],
        )
        .await?;
    // Lanes keep their order, but not their key. One that is needed no more goes.
    for id in open.lanes.ids() {
        if let Some(lane) = open
            .lanes
            .get(id)
            .filter(|lane| lane.key.is_some_and(|key| key == digest))
        {
            let is_needless = lane.is_needless();
            let lane = open.lanes.edit(id).ok_or(Trouble::Again)?;
            lane.key = None;
            lane.is_gone = is_needless;
        }
    }
    open.flush(Then::GoOn).await?;
    open.lanes.forget();
    Ok(erased)
}

/// Locks the lanes of all work of a key, in the order of their ids.
async fn lock(open: &mut Open, digest: &[u8]) -> Result<(), Trouble> {
    let rows = open
        .link()
        .all(
            concat!(
                "select ",
                super::super::lane::lane_columns!(),
                " from durable_lane where id = any(array(
                     select l.id from durable_queue q join durable_lane l on l.queue = q.id and l.key_hash = $1
                     union select e.lane from durable_subject s join durable_event e on e.id = s.work
                         where s.key_hash = $1 and s.kind = 0
                     union select e.lane from durable_subject s join durable_effect e on e.id = s.work
                         where s.key_hash = $1 and s.kind = 1))
                 order by id for update"
            ),
            &[&digest],
        )
        .await?;
    open.lanes.add(&rows)?;
    Ok(())
}

/// Returns the work of a key: its id, lane and state.
async fn found(open: &Open, work: Work, digest: &[u8]) -> Result<Vec<(i64, i64, i16)>, Trouble> {
    let sql = match work {
        Work::Event => {
            "select id, lane, state from durable_event
             where id = any(array(
                 select e.id from durable_queue q
                     join durable_lane l on l.queue = q.id and l.key_hash = $1
                     join durable_event e on e.lane = l.id
                     where q.kind = 0
                 union select work from durable_subject where key_hash = $1 and kind = 0))
             order by id"
        }
        Work::Effect => {
            "select id, lane, state from durable_effect
             where id = any(array(
                 select e.id from durable_queue q
                     join durable_lane l on l.queue = q.id and l.key_hash = $1
                     join durable_effect e on e.lane = l.id
                     where q.kind = 1
                 union select work from durable_subject where key_hash = $1 and kind = 1))
             order by id"
        }
    };
    let rows = open.link().all(sql, &[&digest]).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
    }
    Ok(found)
}

async fn erase_event(open: &Open, id: i64) -> Result<(), Trouble> {
    open.link()
        .run("delete from durable_body where event = $1", &[&id])
        .await?;
    open.link()
        .run(
            "update durable_event set
                 content = 1, content_hash = null,
                 state = case when state in (0, 2) then 3 else state end,
                 ended_at = coalesce(ended_at, $2)
             where id = $1",
            &[&id, &open.now.0],
        )
        .await?;
    forget_reasons(open, Work::Event, id).await
}

async fn erase_effect(open: &mut Open, id: i64, lane: i64) -> Result<(), Trouble> {
    open.link()
        .run("delete from durable_params where effect = $1", &[&id])
        .await?;
    open.link()
        .run(
            "update durable_effect set
                 content = 1, natural_key = null, note = null, object = null,
                 state = case when state in (3, 4) then state else 7 end, changed_at = $2
             where id = $1",
            &[&id, &open.now.0],
        )
        .await?;
    // The newest edit is gone, so nothing can be settled.
    if let Some(lane) = open.lane(lane).await? {
        lane.unsettled_at = None;
        if lane.open <= 0 {
            lane.next_at = None;
        }
    }
    forget_reasons(open, Work::Effect, id).await
}

/// Takes work out of its lane.
async fn close(open: &mut Open, id: i64, lane: i64, is_open: bool) -> Result<(), Trouble> {
    let now = open.now.0;
    if let Some(lane) = open.lane(lane).await? {
        if lane.held == Some(id) {
            lane.release(id, now);
        } else if is_open && lane.passed < id {
            lane.end_any(id, now);
        }
    }
    Ok(())
}

async fn forget_reasons(open: &Open, work: Work, id: i64) -> Result<(), Trouble> {
    open.link()
        .run(
            "delete from durable_failure where kind = $1 and work = $2",
            &[&(work as i16), &id],
        )
        .await?;
    Ok(())
}
