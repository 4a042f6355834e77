//! Statements of the caller's own.

use rusqlite::types::{ToSqlOutput, ValueRef};

use super::super::{failure, session::Session};
use crate::{Error, ErrorKind, Statement, Value};

/// Runs a statement and returns the number of rows that it changed.
pub(super) fn run(session: &Session, statement: &Statement) -> Result<u64, Error> {
    session.guard.enter(session.own_limit);
    let outcome = guarded(session, statement);
    session.guard.leave();
    let rows = outcome?;
    match statement.rows {
        Some(expected) if expected != rows => Err(Error::new(
            ErrorKind::RowCount,
            format!("own statement: it changed {rows} rows, {expected} were expected"),
        )),
        _ => Ok(rows),
    }
}

fn guarded(session: &Session, statement: &Statement) -> Result<u64, Error> {
    let sql_failed = |error: rusqlite::Error| failure::of_own(&error);
    let connection = &session.connection;
    let mut prepared = connection
        .prepare_cached(&statement.sqlite)
        .map_err(sql_failed)?;
    if prepared.readonly() {
        return Err(refused("it changes nothing"));
    }
    bind(&mut prepared, &statement.args)?;
    let mut rows = prepared.raw_query();
    // A `returning` clause gives rows; all of them are stepped through, so that the statement ends.
    while rows.next().map_err(sql_failed)?.is_some() {}
    drop(rows);
    Ok(connection.changes())
}

/// Binds by name: to SQLite `$2` is a name, and its position is where it first appears.
fn bind(prepared: &mut rusqlite::Statement<'_>, args: &[Value]) -> Result<(), Error> {
    for place in 1..=prepared.parameter_count() {
        let number = prepared
            .parameter_name(place)
            .and_then(|name| name.strip_prefix('$'))
            .and_then(|digits| digits.parse::<usize>().ok())
            .ok_or_else(|| refused("its parameters are not named $1, $2 and so on"))?;
        let arg = number
            .checked_sub(1)
            .and_then(|index| args.get(index))
            .ok_or_else(|| refused("it has a parameter without an argument"))?;
        prepared
            .raw_bind_parameter(place, Bound(arg))
            .map_err(|error| failure::of_own(&error))?;
    }
    if prepared.parameter_count() < args.len() {
        return Err(refused("it has an argument without a parameter"));
    }
    Ok(())
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Statement, why.to_owned())
}

struct Bound<'a>(&'a Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Bool(is_true) => ValueRef::Integer(i64::from(*is_true)),
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
