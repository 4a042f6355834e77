//! The kinds of faults: one table with their names.

/// The time of a connection reset, relative to the effect of the request.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetAt {
    /// After the request was read; it has no effect.
    BeforeCommit,
    /// While the service works: the effect lands *after* the reset.
    DuringCommit,
    /// After the effect has landed; no byte of the answer is sent.
    AfterCommit,
}

/// Describes what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Latency,
    Unavailable,
    Status(u16),
    Reset(ResetAt),
    Stall,
    StallInBody,
    Truncated,
    Html,
    FlippedShapes,
    TrailingCommas,
    PhpWarning,
    LostCallback,
}

/// A kind as JSON names it and people read it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
}

/// The status of the kind `status` when none is given.
pub(super) const DEFAULT_STATUS: u16 = 500;

/// All kinds.
pub(super) const KINDS: [Row; 14] = [
    row(
        Kind::Latency,
        "latency",
        "Slow answer",
        "Waits before the request is processed. The answer is otherwise normal.",
    ),
    row(
        Kind::Unavailable,
        "unavailable",
        "Throttled",
        "Answers with the throttling page: HTTP 503 with an HTML body. The request is not processed.",
    ),
    row(
        Kind::Status(DEFAULT_STATUS),
        "status",
        "Other status",
        "Answers with an HTTP status and an HTML body. The request is not processed.",
    ),
    row(
        Kind::Reset(ResetAt::BeforeCommit),
        "reset_before_commit",
        "Reset before the effect",
        "Resets the connection after the request was read. The request is not processed.",
    ),
    row(
        Kind::Reset(ResetAt::DuringCommit),
        "reset_during_commit",
        "Reset during the effect",
        "Resets the connection while the service works. The effect lands after the reset.",
    ),
    row(
        Kind::Reset(ResetAt::AfterCommit),
        "reset_after_commit",
        "Reset after the effect",
        "Resets the connection after the effect has landed. No byte of the answer is sent.",
    ),
    row(
        Kind::Stall,
        "stall",
        "No answer",
        "Sends nothing after the effect has landed. The connection stays open.",
    ),
    row(
        Kind::StallInBody,
        "stall_in_body",
        "Half an answer",
        "Sends the head and half of the body, and then nothing. The connection stays open.",
    ),
    row(
        Kind::Truncated,
        "truncated",
        "Cut answer",
        "Sends half of the announced body, and then closes the connection.",
    ),
    row(
        Kind::Html,
        "html",
        "HTML instead of JSON",
        "Answers with an HTML page and HTTP 200 after the effect has landed.",
    ),
    row(
        Kind::FlippedShapes,
        "flipped_shapes",
        "Other shapes of PHP",
        "Exchanges lists and keyed maps, {} and [], null and false, ids as numbers and as text.",
    ),
    row(
        Kind::TrailingCommas,
        "trailing_commas",
        "Trailing commas",
        "Adds a comma before every closing brace and bracket of the answer.",
    ),
    row(
        Kind::PhpWarning,
        "php_warning",
        "Warning of PHP",
        "Adds a byte order mark and a PHP warning before the JSON of the answer.",
    ),
    row(
        Kind::LostCallback,
        "lost_callback",
        "Lost webhook",
        "Drops a callback or webhook event that is due. Requests are not affected.",
    ),
];

const fn row(
    kind: Kind,
    name: &'static str,
    title: &'static str,
    description: &'static str,
) -> Row {
    Row {
        kind,
        name,
        title,
        description,
    }
}

impl Kind {
    /// Returns the name that JSON uses.
    pub(crate) fn name(self) -> &'static str {
        let is_same = |row: &&Row| match (row.kind, self) {
            (Self::Status(_), Self::Status(_)) => true,
            (one, other) => one == other,
        };
        KINDS.iter().find(is_same).map_or("", |row| row.name)
    }

    /// Whether the fault waits for a callback, and not for a request.
    pub(crate) fn is_of_callbacks(self) -> bool {
        self == Self::LostCallback
    }

    /// Whether the client receives a head, and so a header.
    pub(super) fn sends_head(self) -> bool {
        !matches!(self, Self::Reset(_) | Self::Stall | Self::LostCallback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_every_kind_is_found_by_its_own_name() {
        for row in &KINDS {
            assert_eq!(row.kind.name(), row.name);
        }
        assert_eq!(Kind::Status(404).name(), "status");
    }
}
