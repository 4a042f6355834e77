//! Reads that claims and looks share.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::{failure, session::Work};
use crate::{Effect, EffectId, Error, Failure, Timestamp, engine::codec};

/// Returns the failures of work, the first one first.
pub(super) fn failures(
    connection: &Connection,
    work: Work,
    id: i64,
) -> Result<Vec<Failure>, Error> {
    let mut statement = connection
        .prepare_cached(
            "select at, claim, reason from durable_failure where kind = ?1 and work = ?2 order by id",
        )
        .map_err(|error| failure::of("store", &error))?;
    let rows = statement.query_map((work as i64, id), |row| {
        Ok(Failure {
            at: Timestamp::from_millis(row.get(0)?),
            claim: row.get(1)?,
            reason: row.get(2)?,
        })
    });
    rows.and_then(Iterator::collect)
        .map_err(|error| failure::of("store", &error))
}

/// Returns an effect with its parameters, or `None` if they were removed.
pub(super) fn effect(
    connection: &Connection,
    id: i64,
    account: &str,
) -> Result<Option<Effect>, Error> {
    let mut statement = connection
        .prepare_cached(
            "select e.operation, e.repeat, e.natural_key, e.wait, e.repeat_of, p.params
             from durable_effect e join durable_params p on p.effect = e.id where e.id = ?1",
        )
        .map_err(|error| failure::of("store", &error))?;
    let found = statement
        .query_row([id], |row| {
            Ok((
                row.get(0)?,
                row.get::<_, i64>(1)?,
                row.get(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, Option<i64>>(4)?,
                row.get::<_, Vec<u8>>(5)?,
            ))
        })
        .optional()
        .map_err(|error| failure::of("store", &error))?;
    let Some((operation, repeat, natural_key, wait, repeat_of, params)) = found else {
        return Ok(None);
    };
    Ok(Some(Effect {
        id: EffectId(id),
        account: account.to_owned(),
        operation,
        params: params.into(),
        repeat: codec::repeat(repeat)?,
        natural_key,
        wait: Duration::from_millis(u64::try_from(wait).unwrap_or(0)),
        repeat_of: repeat_of.map(EffectId),
    }))
}
