//! Counts and ages. They read lanes with open work, never what has ended.

use std::time::Duration;

use super::super::{failure::Trouble, link::Link};
use crate::{AccountTotals, SourceTotals, Timestamp, Totals};

/// Counts everything.
pub(super) async fn all(link: Link<'_>) -> Result<Totals, Trouble> {
    Ok(Totals {
        sources: sources(link).await?,
        accounts: accounts(link).await?,
        log_bytes: None,
        oldest_snapshot: oldest_snapshot(link).await?,
        restored_at: restored_at(link).await?,
    })
}

async fn sources(link: Link<'_>) -> Result<Vec<SourceTotals>, Trouble> {
    let rows = link
        .all(
            "select q.name,
                 (select coalesce(sum(open), 0)::bigint from durable_lane l
                     where l.queue = q.id and l.next_at is not null)
                     + (select coalesce(sum(open), 0)::bigint from durable_lane l
                         where l.queue = q.id and l.held is not null),
                 (select count(*) from durable_event e where e.queue = q.id and e.state = 2),
                 (select min(e.received_at) from (
                     select id, passed from durable_lane d where d.queue = q.id and d.next_at is not null
                     union all select id, passed from durable_lane h where h.queue = q.id and h.held is not null) l
                     cross join lateral (
                         select received_at from durable_event e
                         where e.lane = l.id and e.id > l.passed and e.state = 0 order by e.id limit 1) e),
                 (select f.reason from durable_failure f
                     join durable_event e on e.id = f.work and e.queue = q.id
                     where f.kind = 0 order by f.id desc limit 1)
             from durable_queue q where q.kind = 0 order by q.name collate \"C\"",
            &[],
        )
        .await?;
    let mut sources = Vec::with_capacity(rows.len());
    for row in rows {
        sources.push(SourceTotals {
            source: row.try_get(0)?,
            pending: row.try_get::<_, i64>(1)?.unsigned_abs(),
            dead: row.try_get::<_, i64>(2)?.unsigned_abs(),
            oldest_pending: row
                .try_get::<_, Option<i64>>(3)?
                .map(Timestamp::from_millis),
            last_failure: row.try_get(4)?,
        });
    }
    Ok(sources)
}

async fn accounts(link: Link<'_>) -> Result<Vec<AccountTotals>, Trouble> {
    let rows = link
        .all(
            "select q.name,
                 (select count(*) from durable_effect e where e.queue = q.id and e.state in (0, 1)),
                 (select count(*) from durable_effect e where e.queue = q.id and e.state = 2),
                 (select count(*) from durable_effect e where e.queue = q.id and e.state = 5),
                 (select count(*) from durable_effect e where e.queue = q.id and e.state = 6)
             from durable_queue q where q.kind = 1 order by q.name collate \"C\"",
            &[],
        )
        .await?;
    let mut accounts = Vec::with_capacity(rows.len());
    for row in rows {
        accounts.push(AccountTotals {
            account: row.try_get(0)?,
            open: row.try_get::<_, i64>(1)?.unsigned_abs(),
            unknown: row.try_get::<_, i64>(2)?.unsigned_abs(),
            parked: row.try_get::<_, i64>(3)?.unsigned_abs(),
            doubled: row.try_get::<_, i64>(4)?.unsigned_abs(),
        });
    }
    Ok(accounts)
}

/// The age of the oldest snapshot, which keeps dead rows alive and so slows claims down. Connections of other users are
/// seen only by a member of `pg_read_all_stats`.
async fn oldest_snapshot(link: Link<'_>) -> Result<Option<Duration>, Trouble> {
    let row = link
        .first(
            "select floor(extract(epoch from max(clock_timestamp() - xact_start)) * 1000)::bigint
             from pg_stat_activity where backend_xmin is not null and backend_type = 'client backend' and pid <> pg_backend_pid()",
            &[],
        )
        .await?;
    let millis: Option<i64> = match row {
        Some(row) => row.try_get(0)?,
        None => None,
    };
    Ok(millis.map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0))))
}

async fn restored_at(link: Link<'_>) -> Result<Option<Timestamp>, Trouble> {
    let row = link
        .first(
            "select value from durable_meta where name = 'restored_at'",
            &[],
        )
        .await?;
    let value: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    Ok(value
        .and_then(|value| value.parse().ok())
        .map(Timestamp::from_millis))
}
