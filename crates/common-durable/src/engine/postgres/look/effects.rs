//! Effects, as operators see them.

use tokio_postgres::Row;

use super::super::{Work, failure::Trouble, link::Link, read};
use crate::{EffectDetails, EffectId, EffectState, EffectSummary, Timestamp, engine::codec};

const COLUMNS: &str =
    "e.id, q.name, e.operation, e.state, e.intended_at, e.changed_at, e.attempts, e.object, e.repeat_of,
    (select f.reason from durable_failure f where f.kind = 1 and f.work = e.id order by f.id desc limit 1)";

fn summary(row: &Row) -> Result<EffectSummary, Trouble> {
    Ok(EffectSummary {
        id: EffectId(row.try_get(0)?),
        account: row.try_get(1)?,
        operation: row.try_get(2)?,
        state: EffectState::from_number(row.try_get::<_, i16>(3)?.into())
            .ok_or_else(|| codec::damaged("state of an effect"))?,
        intended_at: Timestamp::from_millis(row.try_get(4)?),
        changed_at: Timestamp::from_millis(row.try_get(5)?),
        attempts: u32::try_from(row.try_get::<_, i32>(6)?).unwrap_or(0),
        object: row.try_get(7)?,
        repeat_of: row.try_get::<_, Option<i64>>(8)?.map(EffectId),
        last_failure: row.try_get(9)?,
    })
}

/// Returns effects in the order of their ids.
pub(super) async fn many(
    link: Link<'_>,
    account: Option<&str>,
    state: Option<EffectState>,
    after: Option<EffectId>,
    at_most: u32,
) -> Result<Vec<EffectSummary>, Trouble> {
    let sql = format!(
        "select {COLUMNS} from durable_effect e join durable_queue q on q.id = e.queue
         where e.id > $1 and ($3::text is null or (q.kind = 1 and q.name = $3))
             and ($4::smallint is null or e.state = $4)
         order by e.id limit $2"
    );
    let after = after.map_or(0, |after| after.0);
    let state = state.map(EffectState::number);
    let rows = link
        .all(&sql, &[&after, &i64::from(at_most), &account, &state])
        .await?;
    rows.iter().map(summary).collect()
}

/// Returns an effect with its content.
pub(super) async fn one(link: Link<'_>, id: i64) -> Result<Option<EffectDetails>, Trouble> {
    let sql = format!(
        "select {COLUMNS} from durable_effect e join durable_queue q on q.id = e.queue where e.id = $1"
    );
    let Some(row) = link.first(&sql, &[&id]).await? else {
        return Ok(None);
    };
    let summary = summary(&row)?;
    let effect = read::effect(link, id, &summary.account).await?;
    let failures = read::failures(link, Work::Effect, &[id]).await?.remove(&id);
    Ok(Some(EffectDetails {
        summary,
        effect,
        failures: failures.unwrap_or_default(),
    }))
}
