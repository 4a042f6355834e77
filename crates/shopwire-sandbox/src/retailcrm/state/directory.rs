//! A directory: the customers of one kind, their notes and their history.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::changes::customer as changes;
use super::history::{History, Source};
use super::parts::{self, Part};
use super::party::{self, Party};
use super::refusal::Refusal;
use super::table::{By, Table};
use crate::clock::Clock;
use crate::retailcrm::value::{self, Object};

/// The member that names the customer in an entry of the history.
const SUBJECT: &str = "customer";

/// The customers of one kind.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Directory {
    party: Party,
    pub(crate) table: Table,
    pub(crate) notes: Table,
    history: History,
    /// Combined customers: the id of the removed one, and that of the remaining one.
    combined: BTreeMap<i64, i64>,
    last_part: i64,
}

impl Directory {
    /// Builds an empty directory.
    pub(crate) fn new(party: Party, clock: &Clock) -> Self {
        Self {
            party,
            table: Table::default(),
            notes: Table::default(),
            history: History::new(clock),
            combined: BTreeMap::new(),
            last_part: 0,
        }
    }

    /// Dates further entries by this clock.
    pub(crate) fn attach(&mut self, clock: &Clock) {
        self.history.attach(clock);
    }

    /// Returns the history of these customers.
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// The history of these customers, to write.
    pub(crate) fn history_mut(&mut self) -> &mut History {
        &mut self.history
    }

    /// Dates the entries about a customer back, for a test.
    #[cfg(test)]
    pub(crate) fn backdate(&mut self, id: i64, to: &str) {
        let is_theirs = |entry: &Object| entry.get(SUBJECT).is_some_and(|row| row["id"] == id);
        self.history.backdate(is_theirs, to);
    }

    /// Stores a new customer.
    pub(crate) fn place(&mut self, input: &Object, site: &str) -> Result<i64, Refusal> {
        party::check(self.party, input)?;
        self.free(input, site, None)?;
        let mut row = party::blank(self.party, site, &self.history.now());
        self.apply(&mut row, input);
        self.parts_of_new(&mut row, input);
        let id = self.table.insert(row);
        let whole = self.table.get(id).cloned().unwrap_or_default();
        self.history.note(json!({
            "created": true, "field": "id", "oldValue": null, "newValue": id, SUBJECT: whole,
        }));
        Ok(id)
    }

    /// Stores a customer that was made at another time, and not by the caller.
    pub(crate) fn add_made(&mut self, at: &str, row: Object) {
        let id = self.table.insert(row);
        if self
            .table
            .get(id)
            .is_some_and(|row| row.contains_key("address"))
        {
            self.last_part = self.last_part.max(id);
        }
        let whole = self.table.get(id).cloned().unwrap_or_default();
        let change = json!({
            "created": true, "field": "id", "oldValue": null, "newValue": id, SUBJECT: whole,
        });
        self.history.note_of_other_key(at, change);
    }

    /// Sets the number and the sum of a customer's orders.
    pub(crate) fn set_totals(&mut self, id: i64, count: i64, sum: Decimal) {
        let average = sum.checked_div(Decimal::from(count)).unwrap_or_default();
        self.table.update(id, |row| {
            row.insert("ordersCount".into(), count.into());
            row.insert("totalSumm".into(), value::number(sum));
            row.insert("averageSumm".into(), value::number(average.round_dp(2)));
        });
    }

    /// Changes a customer; returns `None` when there is no such customer.
    pub(crate) fn change(&mut self, id: i64, input: &Object) -> Result<Option<()>, Refusal> {
        party::check(self.party, input)?;
        let Some(before) = self.table.get(id).cloned() else {
            return Ok(None);
        };
        let site = value::member(&before, "site").unwrap_or_default();
        self.free(input, &site, Some(id))?;
        let mut row = before.clone();
        self.apply(&mut row, input);
        self.store(id, &before, row);
        Ok(Some(()))
    }

    /// Stores a changed row and records every difference in the history.
    pub(crate) fn store(&mut self, id: i64, before: &Object, row: Object) {
        let entity = changes::reference(&row);
        let changes = changes::changes(before, &row);
        self.history
            .note_changes(Source::Api, SUBJECT, &entity, changes);
        self.table.update(id, |stored| *stored = row);
    }

    /// Adds a part to a company's row and gives the part's id.
    pub(crate) fn add_part(&mut self, row: &mut Object, part: Part, input: &Object) -> i64 {
        let id = self.next_part();
        parts::add(row, part, id, input);
        id
    }

    /// Marks a person as a contact of a corporate customer.
    pub(crate) fn mark_contact(&mut self, id: i64) {
        self.table
            .update(id, |row| row.insert("isContact".into(), true.into()));
    }

    /// Keeps the client mark of web analytics of a customer: the first mark stays, the last one is updated.
    pub(crate) fn mark_client(&mut self, id: i64, mark: &str) {
        self.table.update(id, |row| {
            row.entry("firstClientId").or_insert_with(|| mark.into());
            row.insert("lastClientId".into(), mark.into());
        });
    }

    /// Records a change that the system made by itself.
    pub(crate) fn note_by_itself(&mut self, change: Value) {
        self.history.note_as(Source::Code, change);
    }

    /// Adds a note about a customer; returns `None` when there is no such customer.
    pub(crate) fn note(&mut self, customer: i64, text: &str, manager: Value) -> Option<i64> {
        let shown = self.table.get(customer).map(party::reference)?;
        let mut row = Object::new();
        row.insert("text".into(), text.into());
        row.insert(SUBJECT.into(), shown.clone());
        row.insert("managerId".into(), manager);
        row.insert("createdAt".into(), self.history.now().into());
        let id = self.notes.insert(row);
        Some(id)
    }

    /// Removes `source` in favour of `target`; returns the reference to `target`.
    pub(crate) fn combine(&mut self, source: i64, target: i64) -> Option<Value> {
        let gone = self.table.remove(source)?;
        let survivor = self
            .table
            .get(target)
            .map(party::reference)
            .unwrap_or_default();
        self.combined.insert(source, target);
        for combined in self
            .combined
            .values_mut()
            .filter(|combined| **combined == source)
        {
            *combined = target;
        }
        let combined_to = self.table.get(target).map(changes::reference);
        let entry = json!({
            "deleted": true, "field": "id", "oldValue": source, "newValue": null,
            SUBJECT: changes::reference(&gone), "combinedTo": combined_to,
        });
        self.history.note_as(Source::Combine, entry);
        Some(survivor)
    }

    /// Returns the customer into which another one was combined.
    pub(crate) fn survivor(&self, id: i64) -> Option<&Object> {
        self.table.get(*self.combined.get(&id)?)
    }

    /// Returns the reference to a customer in orders and notes.
    pub(crate) fn reference(&self, id: i64) -> Option<Value> {
        self.table.get(id).map(party::reference)
    }

    /// Merges the caller's fields; a new address gets an id.
    fn apply(&mut self, row: &mut Object, input: &Object) {
        party::apply(self.party, row, input);
        if row
            .get("address")
            .is_some_and(|address| address.get("id").is_none())
        {
            let id = self.next_part();
            row["address"]["id"] = id.into();
        }
    }

    /// Adds the parts of a new company.
    fn parts_of_new(&mut self, row: &mut Object, input: &Object) {
        if self.party != Party::Company {
            return;
        }
        for part in Part::ALL {
            let given = input.get(part.list()).and_then(Value::as_array);
            for one in given.into_iter().flatten().filter_map(Value::as_object) {
                self.add_part(row, part, one);
            }
        }
        row.entry("nickName").or_insert(json!(""));
    }

    /// Returns a new id for an address, company or contact.
    fn next_part(&mut self) -> i64 {
        self.last_part += 1;
        self.last_part
    }

    /// Checks that an external id is not used by another customer of the site.
    fn free(&self, input: &Object, site: &str, except: Option<i64>) -> Result<(), Refusal> {
        let Some(external) = value::member(input, "externalId") else {
            return Ok(());
        };
        match self.table.find(&external, By::ExternalId, Some(site)) {
            Some(other) if Some(other) != except => Err(Refusal::taken("Customer", &external)),
            _ => Ok(()),
        }
    }
}
