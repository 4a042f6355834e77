//! Rows that short references mean.

use serde_json::Value;

use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value::{self, Object};

/// The id of a row; 0 without one.
pub(super) fn id_of(row: &Object) -> i64 {
    row.get("id").and_then(value::integer).unwrap_or_default()
}

/// The values at a path in what is joined to a row.
pub(super) fn at(joined: &Object, path: &str) -> Vec<Value> {
    value::all_at(joined, path).into_iter().cloned().collect()
}

/// The values of a list, or the single one.
pub(super) fn each(found: Value) -> Vec<Value> {
    match found {
        Value::Array(values) => values,
        single => vec![single],
    }
}

impl Account {
    /// The order that a reference means.
    pub(super) fn order_meant(&self, reference: Option<&Value>) -> Option<&Object> {
        let reference = reference?.as_object()?;
        let by_number = || {
            let number = value::member(reference, "number")?;
            let mut rows = self.orders.table.iter();
            rows.find(|row| row.get("number").and_then(Value::as_str) == Some(number.as_str()))
        };
        let id = self.orders.table.referred(reference);
        id.and_then(|id| self.orders.table.get(id))
            .or_else(by_number)
    }

    /// The customer that a reference means, and its kind.
    pub(super) fn customer_meant(&self, reference: Option<&Value>) -> Option<(Party, &Object)> {
        let reference = reference?.as_object()?;
        let party = Party::of_reference(reference);
        let table = &self.directory(party).table;
        Some((party, table.get(table.referred(reference)?)?))
    }

    /// The orders of a customer.
    pub(super) fn orders_of(&self, party: Party, id: i64) -> impl Iterator<Item = &Object> {
        let orders = self.orders.table.of_customer(id);
        orders.filter(move |row| {
            let customer = row.get("customer").and_then(Value::as_object);
            customer.is_some_and(|customer| Party::of_reference(customer) == party)
        })
    }
}
