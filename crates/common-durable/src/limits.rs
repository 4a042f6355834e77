//! Limits of what one value may hold.

use crate::{Error, ErrorKind};

/// Limits of a store, in bytes where nothing else is said. A value above a limit is refused before anything is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Body of an event, parameters of an effect. 1 MiB.
    pub body: usize,
    /// All names and values of an event's headers. 64 KiB.
    pub headers: usize,
    /// A key, and the id that a source gave to an event. 1 KiB.
    pub key: usize,
    /// Name of a source, account, operation or cursor. 255.
    pub name: usize,
    /// Position of a cursor, note of an attempt, id of an object. 64 KiB.
    pub position: usize,
    /// A reason. Longer reasons are cut, not refused. 4 KiB.
    pub reason: usize,
    /// Number of steps in a commit. 1,000.
    pub steps: usize,
    /// Number of deliveries in a claim, or rows in a look. 1,000.
    pub rows: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 1 << 20,
            headers: 64 << 10,
            key: 1 << 10,
            name: 255,
            position: 64 << 10,
            reason: 4 << 10,
            steps: 1_000,
            rows: 1_000,
        }
    }
}

impl Limits {
    /// Sets the maximum size of a body.
    #[must_use]
    pub fn body(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// Returns the reason, cut at a character's border if it is too long.
    pub fn cut<'a>(&self, reason: &'a str) -> &'a str {
        let mut end = reason.len().min(self.reason);
        while !reason.is_char_boundary(end) {
            end -= 1;
        }
        &reason[..end]
    }
}

/// Checks a number of rows that is asked for.
pub(crate) fn check_rows(what: &str, rows: u32, limits: &Limits) -> Result<(), Error> {
    if rows > limits.rows {
        return Err(Error::new(
            ErrorKind::TooLarge,
            format!("{what}: {rows} is above the limit of {}", limits.rows),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d4_reasons_are_cut_between_characters() {
        let limits = Limits {
            reason: 3,
            ..Limits::default()
        };
        assert_eq!(limits.cut("ab"), "ab");
        assert_eq!(limits.cut("abcd"), "abc");
        assert_eq!(limits.cut("їжак"), "ї");
    }
}
