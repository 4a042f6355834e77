//! The schema: made, checked and migrated in one transaction, by one process at a time.

use super::{failure, link::Link};
use crate::{
    Error, ErrorKind, Token,
    engine::version::{Fit, MIN_READER, VERSION, fit},
};

/// Waits until no other process migrates. The lock ends with the transaction.
pub(super) const LOCK: &str =
    "select pg_advisory_xact_lock(x'647572'::integer, x'61626c65'::integer)";

/// Makes the schema in a database that has none, or checks and migrates the schema that is there.
pub(super) async fn migrate(link: Link<'_>) -> Result<(), Error> {
    let done = in_transaction(link).await;
    let ended = match &done {
        Ok(()) => link.batch("commit").await,
        Err(_) => link.batch("rollback").await,
    };
    done?;
    ended.map_err(|error| failure::of("schema", &error))
}

async fn in_transaction(link: Link<'_>) -> Result<(), Error> {
    let failed = |error: tokio_postgres::Error| failure::of("schema", &error);
    link.batch("begin isolation level read committed read write")
        .await
        .map_err(failed)?;
    // Whoever opens a store that is there must not wait for those that use it.
    if !exists(link).await.map_err(failed)? {
        link.batch(LOCK).await.map_err(failed)?;
        if !exists(link).await.map_err(failed)? {
            return create(link).await;
        }
    }
    let (version, min_reader) = versions(link).await?;
    match fit(version, min_reader)? {
        Fit::Use => whole(link).await,
        Fit::MigrateFrom(old) => Err(Error::new(
            ErrorKind::Damaged,
            format!("schema: it says version {old}, which never was"),
        )),
    }
}

/// Refuses a database without a store.
pub(super) async fn must_exist(link: Link<'_>) -> Result<(), Error> {
    let found = exists(link).await;
    match found.map_err(|error| failure::of("schema", &error))? {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::NotFound,
            "schema: there is no store in this database",
        )),
    }
}

async fn exists(link: Link<'_>) -> Result<bool, tokio_postgres::Error> {
    // Not `to_regclass`: it can answer from what this connection knew before it waited for the lock.
    let row = link
        .first(
            "select exists (select from pg_catalog.pg_class
                 where relname = 'durable_meta' and pg_table_is_visible(oid))",
            &[],
        )
        .await?;
    row.map_or(Ok(false), |row| row.try_get(0))
}

async fn create(link: Link<'_>) -> Result<(), Error> {
    let failed = |error: tokio_postgres::Error| match error.code().map(|code| code.code()) {
        Some("42P07") => Error::new(
            ErrorKind::Foreign,
            "schema: a table or index with a name of the store belongs to another program",
        ),
        _ => failure::of("schema", &error),
    };
    link.batch(include_str!("schema.sql"))
        .await
        .map_err(failed)?;
    let salt: String = Token::random()
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    for (name, value) in [
        ("application", APPLICATION.to_owned()),
        ("version", VERSION.to_string()),
        ("min_reader", MIN_READER.to_string()),
        ("salt", salt),
    ] {
        link.run(
            "insert into durable_meta (name, value) values ($1, $2)",
            &[&name, &value],
        )
        .await
        .map_err(failed)?;
    }
    Ok(())
}

/// The mark of this crate in `durable_meta`, so that another program's table is not taken for ours.
const APPLICATION: &str = "common-durable";

async fn versions(link: Link<'_>) -> Result<(i64, i64), Error> {
    // Two texts, whatever the types are.
    let columns = link
        .first(
            "select count(*) from pg_attribute
             where attrelid = 'durable_meta'::regclass and attname in ('name', 'value') and not attisdropped",
            &[],
        )
        .await
        .map_err(|error| failure::of("schema", &error))?
        .map_or(Ok(0), |row| row.try_get::<_, i64>(0))
        .map_err(|error| failure::of("schema", &error))?;
    if columns != 2 || meta(link, "application").await?.as_deref() != Some(APPLICATION) {
        return Err(Error::new(
            ErrorKind::Foreign,
            "schema: the table `durable_meta` belongs to another program",
        ));
    }
    let number = async |name: &str| -> Result<i64, Error> {
        let value = meta(link, name).await?;
        value.and_then(|value| value.parse().ok()).ok_or_else(|| {
            Error::new(
                ErrorKind::Damaged,
                format!("schema: the table `durable_meta` has no number of the name `{name}`"),
            )
        })
    };
    Ok((number("version").await?, number("min_reader").await?))
}

/// Reads one value that the store says of itself.
pub(super) async fn meta(link: Link<'_>, name: &str) -> Result<Option<String>, Error> {
    let failed = |error: tokio_postgres::Error| failure::of("schema", &error);
    let row = link
        .first(
            "select value::text from durable_meta where name::text = $1",
            &[&name],
        )
        .await
        .map_err(failed)?;
    row.map(|row| row.try_get(0)).transpose().map_err(failed)
}

/// Checks that no table of the store was removed.
async fn whole(link: Link<'_>) -> Result<(), Error> {
    for table in TABLES {
        let row = link
            .first("select to_regclass($1) is null", &[&table])
            .await
            .map_err(|error| failure::of("schema", &error))?;
        if row.is_none_or(|row| row.try_get(0).unwrap_or(true)) {
            return Err(Error::new(
                ErrorKind::Damaged,
                format!("schema: the table `{table}` is missing"),
            ));
        }
    }
    Ok(())
}

const TABLES: [&str; 11] = [
    "durable_meta",
    "durable_queue",
    "durable_lane",
    "durable_event",
    "durable_body",
    "durable_effect",
    "durable_params",
    "durable_failure",
    "durable_subject",
    "durable_cursor",
    "durable_proof",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d19_every_table_is_looked_for() {
        let made: Vec<_> = include_str!("schema.sql")
            .lines()
            .filter_map(|line| line.strip_prefix("create table "))
            .map(|rest| rest.trim_end_matches(" ("))
            .collect();
        assert_eq!(made, TABLES);
    }
}
