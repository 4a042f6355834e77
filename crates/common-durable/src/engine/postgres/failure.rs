//! The meaning of PostgreSQL's errors for a caller. Their texts can hold values, so only codes are kept.

use tokio_postgres::error::{Severity, SqlState};

use crate::{Error, ErrorKind};

/// Why a transaction did not come to its end.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A step said no. The commit fails, and nothing of it is stored.
    Refused(Error),
    /// The server or the way to it failed.
    Sql(tokio_postgres::Error),
    /// Another transaction came in between. The whole is done again.
    Again,
    /// The connection was idle for so long that its slot was removed. It is given up.
    NoSlot,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<tokio_postgres::Error> for Trouble {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Sql(error)
    }
}

impl Trouble {
    /// Whether the same transaction can succeed if it is done again.
    pub(super) fn is_collision(&self) -> bool {
        match self {
            Self::Again => true,
            Self::Refused(_) | Self::NoSlot => false,
            Self::Sql(error) => matches!(
                error.code(),
                // An append whose id another process stored meanwhile finds it the next time.
                Some(&SqlState::T_R_DEADLOCK_DETECTED)
                    | Some(&SqlState::T_R_SERIALIZATION_FAILURE)
                    | Some(&SqlState::UNIQUE_VIOLATION)
            ),
        }
    }

    /// Whether the server's disk is full.
    pub(super) fn is_full(&self) -> bool {
        matches!(self, Self::Sql(error) if error.code() == Some(&SqlState::DISK_FULL))
    }

    /// Whether the connection is gone.
    pub(super) fn is_gone(&self) -> bool {
        match self {
            Self::Sql(error) => is_gone(error),
            Self::NoSlot => true,
            Self::Refused(_) | Self::Again => false,
        }
    }

    /// The error for the caller.
    pub(super) fn into_error(self, what: &str) -> Error {
        match self {
            Self::Refused(error) => error,
            Self::Sql(error) => of(what, &error),
            Self::Again | Self::NoSlot => Error::new(
                ErrorKind::Unavailable,
                format!("{what}: other transactions came in between too often"),
            ),
        }
    }
}

/// Whether the fate of a commit is not known after this error: the connection is gone, or will be when the server has
/// said its last word, or its answer could not be read.
pub(super) fn is_lost(error: &tokio_postgres::Error) -> bool {
    match error.as_db_error() {
        Some(said) => matches!(
            said.parsed_severity(),
            Some(Severity::Fatal | Severity::Panic)
        ),
        None => true,
    }
}

/// Whether the connection is certainly gone. An argument that does not fit its parameter has no code either.
pub(super) fn is_gone(error: &tokio_postgres::Error) -> bool {
    let is_io =
        std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>());
    error.is_closed() || is_io || (error.as_db_error().is_some() && is_lost(error))
}

/// Returns the error of a statement of the engine's own, or of connecting.
pub(super) fn of(what: &str, error: &tokio_postgres::Error) -> Error {
    let Some(code) = error.code() else {
        return Error::new(ErrorKind::Unavailable, format!("{what}: {}", io(error)));
    };
    let (kind, why) = meaning(code);
    Error::new(kind, format!("{what}: {why} (SQLSTATE {})", code.code()))
}

fn meaning(code: &SqlState) -> (ErrorKind, &'static str) {
    match code.code() {
        "28P01" | "28000" => (
            ErrorKind::Unavailable,
            "the server does not accept the user or the password",
        ),
        "3D000" => (ErrorKind::Unavailable, "the database does not exist"),
        "42501" => (ErrorKind::Unavailable, "the user lacks a permission"),
        "42P01" | "42703" => (
            ErrorKind::Damaged,
            "a table or column of the store is missing",
        ),
        "22021" => (ErrorKind::InvalidInput, "a text holds a NUL character"),
        "25006" => (
            ErrorKind::Unsafe,
            "the server or the transaction is read-only",
        ),
        "53100" => (ErrorKind::Unavailable, "the server's disk is full"),
        "53200" => (ErrorKind::Unavailable, "the server's memory ran out"),
        "53300" => (ErrorKind::Unavailable, "the server has no free connection"),
        "55P03" => (
            ErrorKind::Unavailable,
            "another transaction holds a lock for too long",
        ),
        "57014" => (ErrorKind::Unavailable, "the statement was cancelled"),
        "57P01" | "57P02" | "57P05" | "25P03" => {
            (ErrorKind::Unavailable, "the server closed the connection")
        }
        "57P03" => (ErrorKind::Unavailable, "the server is starting or stopping"),
        "58030" => (
            ErrorKind::Unavailable,
            "the server's disk cannot be read or written",
        ),
        "XX001" | "XX002" => (ErrorKind::Damaged, "the server found damaged data"),
        _ => (ErrorKind::Unavailable, "the server refused a statement"),
    }
}

/// The system's own words hold no value of ours: "connection refused", "certificate not trusted".
fn io(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        source = inner.source();
    }
    if text.ends_with("password missing") {
        return "the server asks for a password, and there is none in the address, in PGPASSWORD or in a line of the \
                file of passwords that fits host, port, database and user"
            .to_owned();
    }
    text
}

/// Returns the error of the caller's own statement.
pub(super) fn of_own(error: &tokio_postgres::Error) -> Error {
    let Some(code) = error.code() else {
        return Error::new(
            ErrorKind::Statement,
            "an argument does not fit the type of its parameter: other types need a cast, such as `$1::text::numeric`",
        );
    };
    let why = match code.code() {
        "57014" => "it took longer than allowed",
        "2D000" | "25001" => "it ends the transaction",
        "42P01" => "a table does not exist",
        "42703" => "a column does not exist",
        "42601" => "its syntax is wrong",
        "42501" => "the user lacks a permission",
        "42804" | "42883" => "it mixes types that do not go together",
        code if code.starts_with("22") => "a value does not fit its column or type",
        code if code.starts_with("23") => "a constraint failed",
        code if code.starts_with("53") || code.starts_with("58") || code.starts_with("XX") => {
            return of("own statement", error);
        }
        _ => "the server refused it",
    };
    Error::new(
        ErrorKind::Statement,
        format!("{why} (SQLSTATE {})", code.code()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d19_codes_are_named() {
        for (code, kind, word) in [
            (
                SqlState::INVALID_PASSWORD,
                ErrorKind::Unavailable,
                "password",
            ),
            (
                SqlState::READ_ONLY_SQL_TRANSACTION,
                ErrorKind::Unsafe,
                "read-only",
            ),
            (SqlState::DISK_FULL, ErrorKind::Unavailable, "full"),
            (SqlState::UNDEFINED_TABLE, ErrorKind::Damaged, "missing"),
        ] {
            let (found, why) = meaning(&code);
            assert_eq!(found, kind);
            assert!(why.contains(word), "{why}");
        }
    }

    #[tokio::test]
    async fn d11_an_end_without_the_servers_word_leaves_the_fate_open() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = closed.local_addr().expect("an address").port();
        drop(closed);
        let address = format!("host=127.0.0.1 port={port} user=x");
        let connected = tokio_postgres::connect(&address, tokio_postgres::NoTls).await;
        let error = connected.err().expect("nobody listens");
        assert!(is_lost(&error) && is_gone(&error), "{error}");
    }

    #[test]
    fn d11_a_collision_is_done_again() {
        assert!(Trouble::Again.is_collision());
        let refused = Trouble::from(Error::new(ErrorKind::LeaseLost, "x"));
        assert!(!refused.is_collision() && !refused.is_gone());
        assert_eq!(refused.into_error("commit").kind(), ErrorKind::LeaseLost);
    }
}
