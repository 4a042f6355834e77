//! Segments, their members and their counts.

use serde_json::{Value, json};

use super::account::Account;
use super::changes::customer;
use crate::retailcrm::value::{self, Object};

/// The table of segments.
const TABLE: &str = "segments";

/// The dynamic segment of a new account: persons with at least this many orders.
const REGULAR: (&str, i64) = ("regular", 2);

impl Account {
    /// Lets a person enter or leave the dynamic segment after a change of their orders.
    pub(crate) fn follow_segments(&mut self, person: i64) {
        let (code, least) = REGULAR;
        let Some(row) = self.customers.table.get(person) else {
            return;
        };
        let orders = row.get("ordersCount").and_then(value::integer);
        let belongs = orders >= Some(least);
        let is_in = value::all_at(row, "segments.code").contains(&&json!(code));
        if belongs == is_in {
            return;
        }
        let segments: Vec<Value> = match self.segment(code) {
            Some(segment) if belongs => vec![Value::Object(segment.clone())],
            _ => Vec::new(),
        };
        let shown = json!({"code": code});
        let (old, new) = if belongs {
            (Value::Null, shown)
        } else {
            (shown, Value::Null)
        };
        let entity = customer::reference(row);
        let table = &mut self.customers.table;
        table.update(person, |row| row.insert("segments".into(), segments.into()));
        self.customers.note_by_itself(json!({
            "field": "segments", "oldValue": old, "newValue": new, "customer": entity,
        }));
        self.count_segment();
    }

    /// Puts all persons into the dynamic segment who belong there, without a trace in the history.
    pub(crate) fn sort_into_segments(&mut self) {
        let (code, least) = REGULAR;
        let Some(segment) = self.segment(code).cloned() else {
            return;
        };
        let belongs =
            |row: &&Object| row.get("ordersCount").and_then(value::integer) >= Some(least);
        let people = self.customers.table.iter().filter(belongs);
        let ids: Vec<i64> = people
            .filter_map(|row| row.get("id").and_then(value::integer))
            .collect();
        for id in ids {
            let segments = json!([segment]);
            let table = &mut self.customers.table;
            table.update(id, |row| row.insert("segments".into(), segments));
        }
        self.count_segment();
    }

    /// Counts the members of the segment.
    pub(crate) fn count_segment(&mut self) {
        let (code, _) = REGULAR;
        let people = self.customers.table.iter();
        let count = people
            .filter(|row| value::all_at(row, "segments.code").contains(&&json!(code)))
            .count();
        let id = self.segment(code).and_then(|row| row.get("id"));
        if let Some(id) = id.and_then(value::integer) {
            let segments = self.records.table_mut(TABLE);
            segments.update(id, |row| row.insert("customersCount".into(), count.into()));
        }
    }

    fn segment(&self, code: &str) -> Option<&Object> {
        let mut segments = self.records.table(TABLE).iter();
        segments.find(|row| row.get("code").is_some_and(|own| own == code))
    }
}
