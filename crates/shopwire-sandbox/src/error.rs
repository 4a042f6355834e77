//! The error of an operation on the sandbox's state.

use std::fmt;

/// A wrong value given to the sandbox by a test or by the admin API. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateError {
    field: String,
    message: String,
}

impl StateError {
    /// Builds the error of a field, which may be empty when no field is meant.
    pub(crate) fn of(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }

    /// Returns the path of the wrong field, such as `changes.status`; empty when no single field is meant.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// Returns what is wrong with it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.field, self.message)
        }
    }
}

impl std::error::Error for StateError {}
