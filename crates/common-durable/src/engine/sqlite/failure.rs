//! The meaning of SQLite's errors for a caller. Their texts can hold values, so only codes are kept.

use rusqlite::{Error as Sql, ErrorCode, ffi};

use crate::{Error, ErrorKind};

/// Returns the error of a statement of the engine's own.
pub(super) fn of(what: &str, error: &Sql) -> Error {
    let (kind, why) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => (ErrorKind::Unavailable, "the disk is full"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (ErrorKind::Unavailable, "another process holds the lock")
        }
        Some(ErrorCode::SystemIoFailure) => {
            (ErrorKind::Unavailable, "the disk cannot be read or written")
        }
        Some(ErrorCode::CannotOpen) => (ErrorKind::Unavailable, "the file cannot be opened"),
        Some(ErrorCode::OutOfMemory | ErrorCode::TooBig) => {
            (ErrorKind::Unavailable, "memory ran out")
        }
        Some(ErrorCode::ReadOnly) => (ErrorKind::Unsafe, "the file is read-only"),
        Some(ErrorCode::DatabaseCorrupt) => (ErrorKind::Damaged, "the file is damaged"),
        Some(ErrorCode::NotADatabase) => (ErrorKind::Foreign, "the file is not an SQLite database"),
        Some(_) => (ErrorKind::Unavailable, "SQLite refused a statement"),
        None => (ErrorKind::Damaged, "a stored value has an unexpected type"),
    };
    Error::new(kind, format!("{what}: {why}{}", code(error)))
}

/// Returns the error of a commit that ended at `COMMIT` itself. The frames may be found by a recovery, so its fate is
/// unknown.
pub(super) fn of_commit(error: &Sql) -> Error {
    Error::new(
        ErrorKind::Unknown,
        format!("commit: the sync of the log failed{}", code(error)),
    )
}

/// Returns the error of the caller's own statement.
pub(super) fn of_own(error: &Sql) -> Error {
    let why = match error {
        Sql::MultipleStatement => "it holds more than one statement",
        Sql::Empty => "it holds no statement",
        _ => match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => "a constraint failed",
            Some(ErrorCode::AuthorizationForStatementDenied) => {
                "it ends the transaction, sets a pragma, attaches a database or writes to the store's own tables"
            }
            Some(ErrorCode::OperationInterrupted) => "it took longer than allowed",
            Some(
                ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::OutOfMemory
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::ReadOnly,
            ) => return of("own statement", error),
            _ => meaning(error),
        },
    };
    Error::new(ErrorKind::Statement, format!("{why}{}", code(error)))
}

/// SQLite has one code for all mistakes in a statement's text. Only the kind of the mistake is taken from its words.
fn meaning(error: &Sql) -> &'static str {
    let (Sql::SqlInputError { msg: words, .. } | Sql::SqliteFailure(_, Some(words))) = error else {
        return "SQLite refused it";
    };
    if words.starts_with("no such table") {
        "a table does not exist"
    } else if words.starts_with("no such column") || words.contains(" has no column named ") {
        "a column does not exist"
    } else if words.ends_with("syntax error") || words == "incomplete input" {
        "its syntax is wrong"
    } else {
        "SQLite refused it"
    }
}

/// Whether a failed `COMMIT` left the transaction open, as a violated deferred constraint does.
pub(super) fn is_refused(error: &Sql) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::ConstraintViolation | ErrorCode::DatabaseBusy)
    )
}

/// Whether another connection holds the lock.
pub(super) fn is_busy(error: &Sql) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

fn code(error: &Sql) -> String {
    match error.sqlite_error() {
        Some(ffi::Error { extended_code, .. }) => format!(" (SQLite code {extended_code})"),
        None => String::new(),
    }
}
