//! Cursors: how far a source was read, moved in the commit of the effect.

use std::fmt;

use crate::Timestamp;

/// Position of a cursor: a text that only its flow understands, such as a `sinceId`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Position(String);

impl Position {
    /// Makes a position.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Position {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Position {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A cursor, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Name of the cursor.
    pub name: String,
    /// Where it stands.
    pub position: Position,
    /// Wall time of its last move.
    pub moved_at: Timestamp,
}

/// A move of a cursor by compare-and-swap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CursorMove {
    /// Name of the cursor.
    pub name: String,
    /// Where it must stand. `None` means that it must not exist yet.
    pub from: Option<Position>,
    /// Where it stands afterwards.
    pub to: Position,
}
