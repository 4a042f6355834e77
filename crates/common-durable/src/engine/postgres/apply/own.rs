//! Statements of the caller's own.

use std::error::Error as StdError;

use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::{
    super::{failure, failure::Trouble, plan, transaction::Open, writes::Then},
    text,
};
use crate::{Error, ErrorKind, Statement, Value};

/// Runs a statement and returns the number of rows that it changed.
pub(super) async fn run(open: &mut Open, statement: &Statement) -> Result<u64, Trouble> {
    text::check(&statement.postgres)?;
    // What the engine has to write is not to fail under the statement's time limit.
    open.flush(Then::GoOn).await?;
    limit(open).await?;
    let rows = bound(open, statement).await.map_err(of_caller)?;
    no_limit(open).await?;
    match statement.rows {
        Some(expected) if expected != rows => Err(Trouble::Refused(Error::new(
            ErrorKind::RowCount,
            format!("own statement: it changed {rows} rows, {expected} were expected"),
        ))),
        _ => Ok(rows),
    }
}

async fn bound(open: &Open, statement: &Statement) -> Result<u64, Trouble> {
    let prepared = open.link().prepared(&statement.postgres).await?;
    if prepared.params().len() != statement.args.len() {
        return Err(Trouble::Refused(refused(
            "it has another number of parameters than arguments",
        )));
    }
    let args: Vec<Bound<'_>> = statement.args.iter().map(Bound).collect();
    let params: Vec<&(dyn ToSql + Sync)> =
        args.iter().map(|arg| arg as &(dyn ToSql + Sync)).collect();
    Ok(open.link().run(&statement.postgres, &params).await?)
}

/// Limits how long each of the caller's statements may run, and lets the server plan them as it likes.
pub(in super::super) async fn limit(open: &Open) -> Result<(), Trouble> {
    let limit = open.shared.own_limit.as_millis().max(1);
    let switches = plan::of_caller();
    let limit = format!("set local statement_timeout = {limit}; {switches}");
    Ok(open.link().batch(&limit).await?)
}

/// Ends the limit.
pub(in super::super) async fn no_limit(open: &Open) -> Result<(), Trouble> {
    let switches = plan::of_engine_again();
    let no_limit = format!("set local statement_timeout = 0; {switches}");
    Ok(open.link().batch(&no_limit).await?)
}

/// Checks deferred constraints after the last step, so that a violation is found here and not at the commit.
pub(in super::super) async fn check_deferred(open: &Open) -> Result<(), Trouble> {
    limit(open).await?;
    let checked = open.link().batch("set constraints all immediate").await;
    checked.map_err(|error| of_caller(Trouble::Sql(error)))?;
    no_limit(open).await
}

/// An error of the caller's statement is no fault of the store, unless the connection is gone or others collided.
pub(in super::super) fn of_caller(trouble: Trouble) -> Trouble {
    match trouble {
        Trouble::Sql(error) => {
            let code = error.code().map(|code| code.code().to_owned());
            if matches!(code.as_deref(), Some("40001" | "40P01")) || failure::is_gone(&error) {
                Trouble::Sql(error)
            } else {
                Trouble::Refused(failure::of_own(&error))
            }
        }
        other => other,
    }
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Statement, why.to_owned())
}

/// An argument, written as the type that the statement's parameter has.
#[derive(Debug)]
struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut bytes::BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Bool(is_true) => is_true.to_sql_checked(ty, out),
            Value::Int(number) => int(*number, ty, out),
            Value::Real(number) if *ty == Type::FLOAT4 => (*number as f32).to_sql_checked(ty, out),
            Value::Real(number) => number.to_sql_checked(ty, out),
            Value::Text(text) => text.to_sql_checked(ty, out),
            Value::Blob(bytes) => (&**bytes).to_sql_checked(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A whole number fits a parameter of any width that can hold it.
fn int(
    number: i64,
    ty: &Type,
    out: &mut bytes::BytesMut,
) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
    match *ty {
        Type::INT2 => i16::try_from(number)?.to_sql_checked(ty, out),
        Type::INT4 => i32::try_from(number)?.to_sql_checked(ty, out),
        Type::FLOAT8 => (number as f64).to_sql_checked(ty, out),
        Type::BOOL => (number != 0).to_sql_checked(ty, out),
        _ => number.to_sql_checked(ty, out),
    }
}
