//! Orders: their rows, their payments, and their sums.

pub(crate) mod amounts;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::history::History;
use super::table::Table;
use crate::clock::Clock;
use crate::retailcrm::value::{self, Object};

/// The orders of the account.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Orders {
    /// Rows as they are shown, except that `customer` is a reference.
    pub(crate) table: Table,
    /// Payments by their orders: `{"id", "externalId", "order"}`.
    pub(crate) payments: Table,
    pub(crate) history: History,
    last_item: i64,
}

impl Orders {
    /// No orders, with a history that is dated by the clock.
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            table: Table::default(),
            payments: Table::default(),
            history: History::new(clock),
            last_item: 0,
        }
    }

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
