//! Purge: old ended work is removed in small portions.

use super::super::session::{Session, Work};
use crate::{Error, Purged, Timestamp};

/// Removes contents first, ids later.
pub(super) fn portion(
    session: &Session,
    bodies_before: Timestamp,
    ids_before: Timestamp,
    at_most: u32,
) -> Result<Purged, Error> {
    let mut left = at_most;
    let mut purged = Purged::default();
    for work in [Work::Event, Work::Effect] {
        let bodies = ended(session, work, 0, bodies_before, left)?;
        left -= bodies.len() as u32;
        purged.bodies += bodies.len() as u32;
        bodies
            .iter()
            .try_for_each(|id| remove_content(session, work, *id))?;
        let ids = ended(session, work, 1, ids_before, left)?;
        left -= ids.len() as u32;
        purged.ids += ids.len() as u32;
        ids.iter()
            .try_for_each(|(id, lane)| forget(session, work, *id, *lane))?;
    }
    purged.has_more = left == 0;
    Ok(purged)
}

/// Returns ended work with or without content, the longest ended first, each with its lane.
fn ended(
    session: &Session,
    work: Work,
    content: i64,
    before: Timestamp,
    at_most: u32,
) -> Result<Vec<(i64, i64)>, Error> {
    let sql = match work {
        Work::Event => {
            "select id, lane from durable_event
             where state in (1, 3) and content = ?1 and ended_at < ?2 order by ended_at limit ?3"
        }
        // An unsettled key may still need its newest edit.
        Work::Effect => {
            "select id, lane from durable_effect
             where state in (3, 4, 7) and content = ?1 and changed_at < ?2
                 and not exists (select 1 from durable_lane
                     where durable_lane.id = durable_effect.lane and unsettled_at is not null)
             order by changed_at limit ?3"
        }
    };
    session.all(sql, (content, before.as_millis(), at_most), |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

fn remove_content(session: &Session, work: Work, (id, _): (i64, i64)) -> Result<(), Error> {
    match work {
        Work::Event => {
            session.run("delete from durable_body where event = ?1", [id])?;
            session.run("update durable_event set content = 1 where id = ?1", [id])?;
        }
        Work::Effect => {
            session.run("delete from durable_params where effect = ?1", [id])?;
            session.run(
                "update durable_effect set content = 1, note = null where id = ?1",
                [id],
            )?;
        }
    }
    Ok(())
}

fn forget(session: &Session, work: Work, id: i64, lane: i64) -> Result<(), Error> {
    let kind = work as i64;
    session.run(
        "delete from durable_failure where kind = ?1 and work = ?2",
        (kind, id),
    )?;
    session.run(
        "delete from durable_subject where kind = ?1 and work = ?2",
        (kind, id),
    )?;
    let (delete, is_last) = match work {
        Work::Event => (
            "delete from durable_event where id = ?1",
            "select not exists (select 1 from durable_event where lane = ?1)",
        ),
        Work::Effect => (
            "delete from durable_effect where id = ?1",
            "select not exists (select 1 from durable_effect where lane = ?1)",
        ),
    };
    session.run(delete, [id])?;
    if session.first(is_last, [lane], |row| row.get(0))? == Some(true) {
        session.run(
            "delete from durable_lane
             where id = ?1 and open = 0 and held is null and unsettled_at is null",
            [lane],
        )?;
    }
    Ok(())
}
