//! The time by which a statement works.

use crate::Clock;

/// The time in milliseconds: of the server, plus what tests have added, or that of a test's stopped clock. The
/// parameters are those of [`Time`].
///
/// `statement_timestamp` does not change within a statement, so an index can be searched by it.
macro_rules! now_sql {
    ($stopped:literal, $added:literal) => {
        concat!(
            "coalesce(",
            $stopped,
            "::bigint, floor(extract(epoch from statement_timestamp()) * 1000)::bigint + ",
            $added,
            "::bigint)"
        )
    };
}
pub(super) use now_sql;

/// The reading of a test's clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time {
    /// The time of a stopped clock, which takes the place of the server's.
    pub(super) stopped: Option<i64>,
    /// Milliseconds that were added to the server's time.
    pub(super) added: i64,
}

impl Time {
    pub(super) fn of(clock: &Clock) -> Self {
        Self {
            stopped: clock.stopped(),
            added: clock.advanced(),
        }
    }
}
