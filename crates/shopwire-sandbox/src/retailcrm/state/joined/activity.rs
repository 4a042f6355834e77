//! The tasks and files of an order or a customer.

use serde_json::{Value, json};

use super::resolve::id_of;
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::value::{self, Object};

/// The subject of tasks and files.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    Order(i64),
    Customer(Party, i64),
}

impl Account {
    /// 1 without open tasks, 2 with one, 3 also when one is overdue: the values of `tasksCounts`.
    pub(super) fn task_codes(&self, subject: Subject) -> Value {
        let now = self.now();
        let is_open = |row: &&Object| {
            row.get("complete").and_then(value::flag) != Some(true) && self.is_about(row, subject)
        };
        let is_late = |row: &&Object| {
            value::member(row, "datetime").is_some_and(|due| due.as_str() < now.as_str())
        };
        let open: Vec<&Object> = self.records.table("tasks").iter().filter(is_open).collect();
        if open.is_empty() {
            json!([1])
        } else if open.iter().any(is_late) {
            json!([2, 3])
        } else {
            json!([2])
        }
    }

    /// 1 and 2 with an attached file, 3 without one: the values of `attachments`. Letters are not played.
    pub(super) fn attachment_codes(&self, subject: Subject) -> Value {
        let attachments = self.records.table("files").iter().flat_map(|row| {
            let attachments = row.get("attachment").and_then(Value::as_array);
            attachments.into_iter().flatten()
        });
        let mut attachments = attachments.filter_map(Value::as_object);
        if attachments.any(|attachment| self.is_about(attachment, subject)) {
            json!([1, 2])
        } else {
            json!([3])
        }
    }

    /// Whether the `order` or the `customer` of a row is the subject.
    fn is_about(&self, row: &Object, subject: Subject) -> bool {
        match subject {
            Subject::Order(id) => self
                .order_meant(row.get("order"))
                .is_some_and(|order| id_of(order) == id),
            Subject::Customer(party, id) => self
                .customer_meant(row.get("customer"))
                .is_some_and(|(kind, customer)| kind == party && id_of(customer) == id),
        }
    }
}
