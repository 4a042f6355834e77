//! What an API crate says of a history.

use common_model::civil::DateTime;

use super::Paged;

/// A list of changes by growing ids, which can be read on from an id.
pub trait History: Paged {
    /// Makes this the call of the changes after this one. It names no page. Without an id the call is that of the whole
    /// history, as far as its other parameters allow.
    fn since(&mut self, id: Option<i64>);

    /// Leaves out what changed before this date, in the account's own time.
    fn from_date(&mut self, date: DateTime);

    /// The id of a change; none where it cannot be read.
    fn id(item: &Self::Item) -> Option<i64>;
}
