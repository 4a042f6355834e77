//! Reads that claims and looks share.

use std::{collections::HashMap, time::Duration};

use super::{Work, failure::Trouble, link::Link};
use crate::{Effect, EffectId, Failure, Timestamp, engine::codec};

/// Returns the failures of works, the first one of each first.
pub(super) async fn failures(
    link: Link<'_>,
    work: Work,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<Failure>>, Trouble> {
    let rows = link
        .all(
            "select work, at, claim, reason from durable_failure
             where kind = $1 and work = any($2) order by id",
            &[&(work as i16), &ids],
        )
        .await?;
    let mut failures: HashMap<i64, Vec<Failure>> = HashMap::new();
    for row in rows {
        failures.entry(row.try_get(0)?).or_default().push(Failure {
            at: Timestamp::from_millis(row.try_get(1)?),
            claim: u32::try_from(row.try_get::<_, i32>(2)?).unwrap_or(0),
            reason: row.try_get(3)?,
        });
    }
    Ok(failures)
}

/// Returns an effect with its parameters, or `None` if they were removed.
pub(super) async fn effect(
    link: Link<'_>,
    id: i64,
    account: &str,
) -> Result<Option<Effect>, Trouble> {
    let row = link
        .first(
            "select e.operation, e.repeat, e.natural_key, e.wait, e.repeat_of, p.params
             from durable_effect e join durable_params p on p.effect = e.id where e.id = $1",
            &[&id],
        )
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(Effect {
        id: EffectId(id),
        account: account.to_owned(),
        operation: row.try_get(0)?,
        params: row.try_get::<_, Vec<u8>>(5)?.into(),
        repeat: codec::repeat(row.try_get::<_, i16>(1)?.into())?,
        natural_key: row.try_get(2)?,
        wait: Duration::from_millis(u64::try_from(row.try_get::<_, i64>(3)?).unwrap_or(0)),
        repeat_of: row.try_get::<_, Option<i64>>(4)?.map(EffectId),
    }))
}
