//! Statements of the caller's own, as values without a type of an engine.

use std::{borrow::Cow, fmt};

use bytes::Bytes;

/// An argument of a [`Statement`].
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// `null`.
    Null,
    /// A truth value; 0 or 1 on SQLite.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes.
    Blob(Bytes),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool(..)",
            Self::Int(_) => "Int(..)",
            Self::Real(_) => "Real(..)",
            Self::Text(_) => "Text(..)",
            Self::Blob(_) => "Blob(..)",
        })
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident),* $(,)?) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from!(bool => Bool, i32 => Int, u32 => Int, i64 => Int, f64 => Real, &str => Text, String => Text, Bytes => Blob,
    Vec<u8> => Blob);

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A statement of the caller's own that joins a commit.
///
/// Each engine has its own text. Both write arguments as `$1`, `$2` in any order. The statement runs against the
/// caller's tables in the database of the store, whose own tables begin with `durable_`. It must not end the
/// transaction, set a pragma, or attach a database, and a statement that only reads is refused. For reads that decide
/// about writes there are `Sqlite::with` and `Postgres::with`.
///
/// # Tables
/// PostgreSQL takes `insert`, `update`, `delete` and `merge`. Make the tables by your migrations, over a connection of
/// your own. SQLite also takes `create table if not exists`, in a commit at the start of the program.
///
/// # Types
/// PostgreSQL converts a whole number to the width of its parameter, and nothing else. Write a cast for what is no
/// `bool`, `bigint`, `double precision`, `text` or `bytea`: `$1::text::numeric`, `$2::text::timestamptz`.
///
/// ```
/// use common_durable::Statement;
///
/// let pay = Statement::new(
///     "update shop_order set paid = $2 where id = $1",
///     "update shop_order set paid = $2::text::numeric where id = $1",
/// );
/// let pay = pay.arg(17).arg("19.90").rows(1);
/// assert_eq!(pay.args.len(), 2);
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Statement {
    /// Text for SQLite.
    pub sqlite: Cow<'static, str>,
    /// Text for PostgreSQL.
    pub postgres: Cow<'static, str>,
    /// Arguments, the first one for `$1`.
    pub args: Vec<Value>,
    /// Number of rows that it must change. With another number nothing of the commit happens.
    pub rows: Option<u64>,
}

impl Statement {
    /// Makes a statement of its texts for SQLite and PostgreSQL. A text that is never used may be empty.
    pub fn new(
        sqlite: impl Into<Cow<'static, str>>,
        postgres: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            sqlite: sqlite.into(),
            postgres: postgres.into(),
            args: Vec::new(),
            rows: None,
        }
    }

    /// Adds the next argument.
    #[must_use]
    pub fn arg(mut self, value: impl Into<Value>) -> Self {
        self.args.push(value.into());
        self
    }

    /// Sets the number of rows that the statement must change.
    #[must_use]
    pub fn rows(mut self, rows: u64) -> Self {
        self.rows = Some(rows);
        self
    }
}

impl fmt::Debug for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Statement")
            .field("sqlite", &self.sqlite)
            .field("args", &self.args)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d1_debug_shows_no_argument() {
        let statement = Statement::new("insert into t values ($1, $2)", "")
            .arg("secret-1")
            .arg(None::<i64>);
        let shown = format!("{statement:?}");
        assert!(shown.contains("[Text(..), Null]"), "{shown}");
        assert!(!shown.contains("secret-1"));
    }
}
