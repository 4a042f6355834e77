//! Every field of every filter finds what it should, and does not find what it should not.
//!
//! The fields come from the description, the values from one table for each list; a field that a table lacks, and a
//! line that the description lacks, fail.

mod catalogue;
mod customers;
mod orders;
mod records;
mod refusals;
mod shapes;
mod sweep;
mod world;

/// One list, and a line for each field of its filter.
pub(super) struct List {
    /// The operation's id.
    operation: &'static str,
    /// Path of the request.
    path: &'static str,
    /// The member of the answer that holds the rows.
    rows: &'static str,
    /// Where a row says which it is.
    key: &'static str,
    /// What the rows of A and of B say there.
    a: &'static str,
    b: &'static str,
    cases: &'static [Case],
}

/// A field, the value given, and which of both it finds.
///
/// A value that begins with a bracket goes on with the name: `[score][min]=5`. `{a}` and `{b}` stand for the ids of the
/// rows, `{last a}` for the greatest id of A.
pub(super) type Case = (&'static str, &'static str, Found);

/// Which of both a filter finds; the other it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    A,
    B,
}

/// Every list that has a filter.
fn lists() -> impl Iterator<Item = &'static List> {
    [
        orders::LISTS,
        customers::LISTS,
        catalogue::LISTS,
        records::LISTS,
    ]
    .into_iter()
    .flatten()
}
