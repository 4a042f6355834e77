//! The schema: made, checked and migrated in one transaction.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{failure, file::APPLICATION_ID};
use crate::{
    Error, ErrorKind, Token,
    engine::version::{Fit, MIN_READER, VERSION, fit},
};

/// Makes the schema in an empty file, or checks and migrates an existing one.
pub(super) fn migrate(connection: &mut Connection, name: &str) -> Result<(), Error> {
    let failed = |error: rusqlite::Error| failure::of(name, &error);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(failed)?;
    let application: i32 = transaction
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(failed)?;
    let tables: i64 = transaction
        .query_row("select count(*) from sqlite_master", [], |row| row.get(0))
        .map_err(failed)?;
    if application != APPLICATION_ID {
        if application != 0 || tables != 0 {
            return Err(Error::new(
                ErrorKind::Foreign,
                format!("{name}: it is a database of another program"),
            ));
        }
        create(&transaction).map_err(failed)?;
    } else {
        let (version, min_reader) = versions(&transaction, name)?;
        match fit(version, min_reader).map_err(|error| {
            Error::new(
                error.kind(),
                format!("{name}: needs version {min_reader}, this program has {VERSION}"),
            )
        })? {
            Fit::Use => {}
            Fit::MigrateFrom(old) => {
                return Err(Error::new(
                    ErrorKind::Damaged,
                    format!("{name}: it says version {old}, which never was"),
                ));
            }
        }
    }
    transaction.commit().map_err(failed)
}

fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(include_str!("schema.sql"))?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", VERSION)?;
    let mut meta = connection.prepare("insert into durable_meta (name, value) values (?1, ?2)")?;
    meta.execute(("min_reader", MIN_READER))?;
    meta.execute(("epoch", 0))?;
    meta.execute(("salt", Token::random().as_bytes().as_slice()))?;
    Ok(())
}

fn versions(connection: &Connection, name: &str) -> Result<(i64, i64), Error> {
    let failed = |error: rusqlite::Error| failure::of(name, &error);
    let version = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(failed)?;
    let min_reader = connection
        .query_row(
            "select value from durable_meta where name = 'min_reader'",
            [],
            |row| row.get(0),
        )
        .optional()
        .map_err(|_| missing(name))?
        .ok_or_else(|| missing(name))?;
    Ok((version, min_reader))
}

fn missing(name: &str) -> Error {
    Error::new(
        ErrorKind::Damaged,
        format!("{name}: the table `durable_meta` is missing or not complete"),
    )
}
