//! Orders: their rows, their payments, and their sums.

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
    /// Payments by their orders: `{"id", "externalId", "order"}`.
    pub(crate) payments: Table,
    pub(crate) history: History,
    last_item: i64,
}

impl Orders {
    /// An id for an item.
    pub(crate) fn next_item(&mut self) -> i64 {
        self.last_item += 1;
        self.last_item
    }
}

/// Returns the short form of an order that its history shows beside a changed field.
pub(crate) fn reference(row: &Object) -> Value {
    value::pick(row, &["id", "externalId", "managerId", "site", "status"]).into()
}
