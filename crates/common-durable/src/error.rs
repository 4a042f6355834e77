//! The error of a store: opaque, with predicates. It names the thing that failed and holds no payload and no secret.

use std::{error::Error as StdError, fmt};

/// Kind of an [`Error`], for callers that react to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The queue of the engine is full. Nothing was stored. A receiver answers 503 at once.
    Busy,
    /// The store cannot be reached or cannot write: a full disk, a lost connection, a closed store. Nothing was stored.
    Unavailable,
    /// The commit may be stored or not: the answer to it was lost, or the sync failed. Appends can be tried again
    /// with the same value, because their ids remove repeats.
    Unknown,
    /// A value is above a [limit](crate::Limits). A receiver answers 413.
    TooLarge,
    /// A value cannot be stored for another reason than its size.
    InvalidInput,
    /// The lease of this ticket is gone: another worker claimed the work, a person ended it, or this ticket has ended it
    /// before.
    LeaseLost,
    /// The cursor does not stand where the commit expected it.
    CursorMoved,
    /// There is no event, effect or cursor of this id or name, or its body was purged or erased.
    NotFound,
    /// The event or effect is in a state that does not allow the step.
    WrongState,
    /// An own statement changed another number of rows than the commit expected.
    RowCount,
    /// An own statement failed or is not allowed.
    Statement,
    /// The store was made by a newer version of this crate.
    Newer,
    /// The file or database belongs to another program.
    Foreign,
    /// The file or database is damaged. It was not changed.
    Damaged,
    /// The settings of the file system or server cannot keep the promises: read-only, a network file system,
    /// `fsync=off`, a standby.
    Unsafe,
}

impl ErrorKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::Unknown => "fate unknown",
            Self::TooLarge => "too large",
            Self::InvalidInput => "invalid input",
            Self::LeaseLost => "lease lost",
            Self::CursorMoved => "cursor moved",
            Self::NotFound => "not found",
            Self::WrongState => "wrong state",
            Self::RowCount => "row count",
            Self::Statement => "own statement",
            Self::Newer => "newer version",
            Self::Foreign => "foreign store",
            Self::Damaged => "damaged store",
            Self::Unsafe => "unsafe store",
        }
    }
}

/// An error of a store.
///
/// The message names the event, effect, cursor, limit or file. It never holds a body, a header's value, parameters of
/// an effect, arguments of a statement, a key or a password.
///
/// ```
/// use common_durable::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::CursorMoved, "cursor `orders`: another commit moved it");
/// assert_eq!(error.kind(), ErrorKind::CursorMoved);
/// assert_eq!(error.to_string(), "cursor moved: cursor `orders`: another commit moved it");
/// assert!(!error.may_be_stored());
/// ```
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    step: Option<usize>,
}

impl Error {
    /// Builds an error, for authors of engines. The message is in lower case and must not hold a payload or a secret.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                step: None,
            }),
        }
    }

    /// Adds the position of the failed step in its commit, from 0.
    #[must_use]
    pub fn at_step(mut self, step: usize) -> Self {
        self.inner.step = Some(step);
        self
    }

    /// Kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// Position of the failed step in its commit, from 0, where one step failed.
    pub fn step(&self) -> Option<usize> {
        self.inner.step
    }

    /// Whether the commit may be stored although it ended with an error.
    pub fn may_be_stored(&self) -> bool {
        self.kind() == ErrorKind::Unknown
    }

    /// Whether the same commit may succeed later without a change.
    pub fn is_transient(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Busy | ErrorKind::Unavailable | ErrorKind::Unknown
        )
    }

    /// Whether another worker or a person has taken the work over.
    pub fn is_lease_lost(&self) -> bool {
        self.kind() == ErrorKind::LeaseLost
    }

    /// Whether the value is above a limit.
    pub fn is_too_large(&self) -> bool {
        self.kind() == ErrorKind::TooLarge
    }
}

impl Clone for Error {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.inner.kind.name(), self.inner.message)?;
        match self.inner.step {
            Some(step) => write!(f, " (step {step} of the commit)"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.inner.kind)
            .field("message", &self.inner.message)
            .field("step", &self.inner.step)
            .finish()
    }
}

impl StdError for Error {}
