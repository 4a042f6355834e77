//! Counts and ages. They read lanes with open work, never what has ended.

use rusqlite::Connection;

use super::rows;
use crate::{
    AccountTotals, Error, SourceTotals, Timestamp, Totals,
    engine::sqlite::{file::beside, place::Place},
};

/// Counts everything.
pub(super) fn all(connection: &Connection, place: Option<&Place>) -> Result<Totals, Error> {
    let restored: Vec<i64> = rows(
        connection,
        "select value from durable_meta where name = 'restored_at'",
        [],
        |row| row.get(0),
    )?;
    Ok(Totals {
        sources: sources(connection)?,
        accounts: accounts(connection)?,
        log_bytes: place.map(log_bytes),
        oldest_snapshot: place.and_then(|place| place.log.held_for(place.scale.now())),
        restored_at: restored.first().copied().map(Timestamp::from_millis),
    })
}

fn log_bytes(place: &Place) -> u64 {
    beside(&place.path, "-wal")
        .metadata()
        .map_or(0, |data| data.len())
}

fn sources(connection: &Connection) -> Result<Vec<SourceTotals>, Error> {
    rows(
        connection,
        "select q.name,
             (select coalesce(sum(open), 0) from durable_lane l where l.queue = q.id and l.next_at is not null)
                 + (select coalesce(sum(open), 0) from durable_lane l where l.queue = q.id and l.held is not null),
             (select count(*) from durable_event e where e.queue = q.id and e.state = 2),
             (select min((select e.received_at from durable_event e
                     where e.lane = l.id and e.id > l.passed and e.state = 0 order by e.id limit 1))
                 from durable_lane l where l.id in (
                     select d.id from durable_lane d where d.queue = q.id and d.next_at is not null
                     union all select h.id from durable_lane h where h.queue = q.id and h.held is not null)),
             (select f.reason from durable_failure f join durable_event e on e.id = f.work and e.queue = q.id
                 where f.kind = 0 order by f.id desc limit 1)
         from durable_queue q where q.kind = 0 order by q.name",
        [],
        |row| {
            Ok(SourceTotals {
                source: row.get(0)?,
                pending: row.get::<_, i64>(1)?.unsigned_abs(),
                dead: row.get::<_, i64>(2)?.unsigned_abs(),
                oldest_pending: row.get::<_, Option<i64>>(3)?.map(Timestamp::from_millis),
                last_failure: row.get(4)?,
            })
        },
    )
}

fn accounts(connection: &Connection) -> Result<Vec<AccountTotals>, Error> {
    rows(
        connection,
        "select q.name,
             (select coalesce(sum(open), 0) from durable_lane l where l.queue = q.id and l.next_at is not null)
                 + (select coalesce(sum(open), 0) from durable_lane l where l.queue = q.id and l.held is not null)
                 - (select count(*) from durable_effect e join durable_lane l on l.id = e.lane and e.id > l.passed
                     where e.queue = q.id and e.state = 2),
             (select count(*) from durable_effect e where e.queue = q.id and e.state = 2),
             (select count(*) from durable_effect e where e.queue = q.id and e.state = 5),
             (select count(*) from durable_effect e where e.queue = q.id and e.state = 6)
         from durable_queue q where q.kind = 1 order by q.name",
        [],
        |row| {
            Ok(AccountTotals {
                account: row.get(0)?,
                open: row.get::<_, i64>(1)?.unsigned_abs(),
                unknown: row.get::<_, i64>(2)?.unsigned_abs(),
                parked: row.get::<_, i64>(3)?.unsigned_abs(),
                doubled: row.get::<_, i64>(4)?.unsigned_abs(),
            })
        },
    )
}
