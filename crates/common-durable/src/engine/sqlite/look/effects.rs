//! Effects, as operators see them.

use rusqlite::{Connection, Row};

use super::rows;
use crate::{
    EffectDetails, EffectId, EffectState, EffectSummary, Error, Timestamp,
    engine::sqlite::{read, session::Work},
};

const COLUMNS: &str = "e.id, q.name, e.operation, e.state, e.intended_at, e.changed_at, e.attempts, e.object,
    e.repeat_of,
    (select f.reason from durable_failure f where f.kind = 1 and f.work = e.id order by f.id desc limit 1)";

fn summary(row: &Row<'_>) -> rusqlite::Result<EffectSummary> {
    let state = EffectState::from_number(row.get(3)?)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(3, 0))?;
    Ok(EffectSummary {
        id: EffectId(row.get(0)?),
        account: row.get(1)?,
        operation: row.get(2)?,
        state,
        intended_at: Timestamp::from_millis(row.get(4)?),
        changed_at: Timestamp::from_millis(row.get(5)?),
        attempts: row.get(6)?,
        object: row.get(7)?,
        repeat_of: row.get::<_, Option<i64>>(8)?.map(EffectId),
        last_failure: row.get(9)?,
    })
}

/// Returns effects in the order of their ids.
pub(super) fn many(
    connection: &Connection,
    account: Option<&str>,
    state: Option<EffectState>,
    after: Option<EffectId>,
    at_most: u32,
) -> Result<Vec<EffectSummary>, Error> {
    let sql = format!(
        "select {COLUMNS} from durable_effect e join durable_queue q on q.id = e.queue
         where e.id > ?1 and (?3 is null or (q.kind = 1 and q.name = ?3)) and (?4 is null or e.state = ?4)
         order by e.id limit ?2"
    );
    let after = after.map_or(0, |after| after.0);
    let state = state.map(EffectState::number);
    rows(connection, &sql, (after, at_most, account, state), summary)
}

/// Returns an effect with its content.
pub(super) fn one(connection: &Connection, id: i64) -> Result<Option<EffectDetails>, Error> {
    let sql = format!(
        "select {COLUMNS} from durable_effect e join durable_queue q on q.id = e.queue where e.id = ?1"
    );
    let Some(summary) = rows(connection, &sql, [id], summary)?.into_iter().next() else {
        return Ok(None);
    };
    let effect = read::effect(connection, id, &summary.account)?;
    Ok(Some(EffectDetails {
        summary,
        effect,
        failures: read::failures(connection, Work::Effect, id)?,
    }))
}
