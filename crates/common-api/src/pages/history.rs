//! The trait that describes a history to the reading.

use common_model::civil::DateTime;

use super::Paged;

/// A list of changes with increasing ids, which can be read from any id onwards.
pub trait History: Paged {
    /// Sets the call to return the changes after this id, without a page number. Without an id, it returns the whole
    /// history, within its other parameters.
    fn since(&mut self, id: Option<i64>);

    /// Leaves out changes before this date, in the account's time zone.
    fn turn_to_date(&mut self, date: DateTime);

    /// The id of a change; `None` when it cannot be read.
    fn id(item: &Self::Item) -> Option<i64>;
}
