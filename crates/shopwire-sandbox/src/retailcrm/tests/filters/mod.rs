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
    /// The member that identifies a row.
    key: &'static str,
    /// The values of that member in the rows of A and of B.
    a: &'static str,
    b: &'static str,
    cases: &'static [Case],
}

/// A field, the given value, and the rows that it finds.
///
/// A value that begins with a bracket continues the name: `[score][min]=5`. `{a}` and `{b}` stand for the ids of the
/// rows, `{last a}` for the greatest id of A.
pub(super) type Case = (&'static str, &'static str, Found);

/// The rows that a filter finds; it does not find the others.
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
