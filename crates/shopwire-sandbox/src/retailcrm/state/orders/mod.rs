//! Orders: their rows, which payment belongs to which, and their sums.

pub(crate) mod amounts;

use serde_json::Value;

use super::history::History;
use super::table::Table;
use crate::retailcrm::value::{self, Object};

/// The orders of the account.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// Rows as they are shown, except that `customer` is a reference.
    pub(crate) table: Table,
    /// Which order each payment belongs to: `{"id", "externalId", "order"}`.
    pub(crate) payments: Table,
    pub(crate) history: History,
    last_item: i64,
}

impl Orders {
    /// The order that `{"id"}`, `{"externalId"}` or `{"number"}` means.
    pub(crate) fn referred(&self, reference: &Object) -> Option<i64> {
        let by_number = || {
            let number = value::member(reference, "number")?;
            let row = self
                .table
                .iter()
                .find(|row| row.get("number") == Some(&Value::from(number.as_str())))?;
            row.get("id").and_then(value::integer)
        };
        self.table.referred(reference).or_else(by_number)
    }

    /// An id for an item.
    pub(crate) fn next_item(&mut self) -> i64 {
        self.last_item += 1;
        self.last_item
    }
}

/// What history shows of the order beside a changed field.
pub(crate) fn reference(row: &Object) -> Value {
    value::pick(
        row,
        &["id", "externalId", "number", "managerId", "site", "status"],
    )
    .into()
}
