//! After a merge: what referred to who is gone refers to who lives on.

use serde_json::Value;

use super::account::Account;
use super::loyalty;
use super::parts::Part;
use super::party::Party;
use super::table::Table;
use crate::retailcrm::value::{self, Object};

/// The members that refer to a customer.
const CUSTOMERS: &[&str] = &["customer", "contact"];

/// The members that refer to an order, or to several.
const ORDERS: &[&str] = &["order", "orders"];

impl Account {
    /// Notes, tasks, files, memberships, contacts and carts of a customer go over. The orders have done so before.
    pub(crate) fn follow_customer(&mut self, party: Party, source: i64, target: i64) {
        let Some(survivor) = self.directory(party).table.get(target).cloned() else {
            return;
        };
        let moved = Moved {
            names: CUSTOMERS,
            kind: Some(party.kind()),
            source,
            survivor: &survivor,
        };
        moved.in_table(&mut self.directory_mut(party).notes);
        for table in ["tasks", "files"] {
            moved.in_table(self.records.table_mut(table));
        }
        if party == Party::Person {
            self.follow_membership(&moved);
            moved.in_contacts(&mut self.companies.table);
            moved.in_table(&mut self.orders.table);
            self.follow_carts(source, target, &moved);
        }
    }

    /// Moves the loyalty membership of the merged customer to the survivor, or deletes it if the survivor has one
    /// already.
    fn follow_membership(&mut self, moved: &Moved<'_>) {
        let id = |row: &Object| row.get("id").and_then(value::integer);
        let has_own = id(moved.survivor).is_some_and(|target| self.membership(target).is_some());
        let gone = self.membership(moved.source).and_then(id);
        let accounts = self.records.table_mut(loyalty::ACCOUNTS);
        match gone {
            Some(gone) if has_own => drop(accounts.remove(gone)),
            _ => moved.in_table(accounts),
        }
    }

    /// Carts and favourites are kept by customer; those of who lives on stay as they are.
    fn follow_carts(&mut self, source: i64, target: i64, moved: &Moved<'_>) {
        let end = format!("/{source}");
        let keys = self.records.keyed.keys().filter(|key| {
            (key.starts_with("cart/") || key.starts_with("favorites/")) && key.ends_with(&end)
        });
        for key in keys.cloned().collect::<Vec<_>>() {
            let Some(mut row) = self.records.keyed.remove(&key) else {
                continue;
            };
            moved.in_row(&mut row);
            let key = format!("{}/{target}", key.trim_end_matches(&end));
            self.records.keyed.entry(key).or_insert(row);
        }
    }

    /// Tasks, costs, files, shipments and links of an order that went into another.
    pub(crate) fn follow_order_merge(&mut self, source: i64, target: i64) {
        let Some(survivor) = self.orders.table.get(target).cloned() else {
            return;
        };
        let moved = Moved {
            names: ORDERS,
            kind: None,
            source,
            survivor: &survivor,
        };
        for table in ["tasks", "costs", "files", "shipments"] {
            moved.in_table(self.records.table_mut(table));
        }
        moved.in_table(&mut self.orders.table);
        // No order is linked with itself.
        self.orders.table.update(target, |row| {
            if let Some(Value::Array(links)) = row.get_mut("links") {
                links.retain(|link| link["order"]["id"] != target);
            }
        });
    }
}

/// A merge: the removed object and its survivor.
struct Moved<'a> {
    names: &'a [&'static str],
    /// The `type` of the references to change, in references that have a `type`.
    kind: Option<&'static str>,
    source: i64,
    survivor: &'a Object,
}

impl Moved<'_> {
    fn in_table(&self, table: &mut Table) {
        let meant = table.iter().filter(|row| self.is_in(row));
        let ids: Vec<i64> = meant
            .filter_map(|row| row.get("id").and_then(value::integer))
            .collect();
        for id in ids {
            table.update(id, |row| self.in_row(row));
        }
    }

    /// In the contacts of companies alone: their other references are to companies.
    fn in_contacts(&self, table: &mut Table) {
        let ids: Vec<i64> = table
            .iter()
            .filter_map(|row| row.get("id").and_then(value::integer))
            .collect();
        for id in ids {
            table.update(id, |row| {
                for name in [Part::Contact.list(), "mainCustomerContact"] {
                    if let Some(contacts) = row.get_mut(name) {
                        self.in_member(false, contacts);
                    }
                }
            });
        }
    }

    /// Whether a row refers to who is gone.
    fn is_in(&self, row: &Object) -> bool {
        let mut copy = row.clone();
        self.in_row(&mut copy);
        copy != *row
    }

    fn in_row(&self, row: &mut Object) {
        for (name, member) in row.iter_mut() {
            let names = self.names.contains(&name.as_str());
            self.in_member(names, member);
        }
    }

    fn in_member(&self, names: bool, member: &mut Value) {
        match member {
            Value::Object(one) if names && self.is_meant(one) => self.replace(one),
            Value::Object(one) => self.in_row(one),
            Value::Array(items) => {
                for item in items {
                    self.in_member(names, item);
                }
            }
            _ => {}
        }
    }

    fn is_meant(&self, reference: &Object) -> bool {
        let kind = reference.get("type").and_then(Value::as_str);
        // A customer without a type is a person.
        let kind = kind.unwrap_or(Party::Person.kind());
        let fits = self.kind.is_none_or(|meant| meant == kind);
        fits && reference.get("id").and_then(value::integer) == Some(self.source)
    }

    /// The identifiers that the reference shows, of who lives on.
    fn replace(&self, reference: &mut Object) {
        for name in ["id", "externalId", "number", "site"] {
            if reference.contains_key(name) {
                match self.survivor.get(name) {
                    Some(value) => drop(reference.insert(name.into(), value.clone())),
                    None => drop(reference.shift_remove(name)),
                }
            }
        }
    }
}
