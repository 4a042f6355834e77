//! The account as a whole: reset, seed, snapshot, and a look inside.

use std::sync::MutexGuard;

use serde_json::Value;

use super::service::Crm;
use super::state::Account;
use super::state::party::Party;
use super::state::table::Table;
use super::value::{Object, snake};
use crate::entities::{Entities, RowQuery, Rows};
use crate::plan::RetailCrmPlan;

impl Crm {
    /// Puts everything back to the start, with generated data by a plan. Uuids and tokens come from the seed.
    pub(crate) fn restart(&self, seed: u64, plan: Option<&RetailCrmPlan>) {
        let mut account = self.new_account(seed);
        if let Some(plan) = plan {
            account.fill(plan, seed);
        }
        *self.account() = account;
    }

    /// Holds the data still, to save it.
    pub(crate) fn saved(&self) -> MutexGuard<'_, Account> {
        self.account()
    }

    /// Replaces all data by that of a snapshot.
    pub(crate) fn load(&self, mut account: Account) {
        account.attach(&self.origin.clock);
        *self.account() = account;
    }
}

/// The rows of an entity.
enum Kind<'a> {
    Table(&'a Table),
    /// A reference book, whose rows have codes.
    Book(&'a [Object]),
}

/// Tables that only help others.
const HIDDEN: &[&str] = &["loyalty-portions"];

fn entities(account: &Account) -> Vec<(String, Kind<'_>)> {
    let own = [
        ("orders", &account.orders.table),
        ("customers", &account.customers.table),
        ("corporate_customers", &account.companies.table),
        ("customer_notes", &account.customers.notes),
        ("corporate_customer_notes", &account.companies.notes),
        ("products", &account.catalogue.products),
        ("offers", &account.catalogue.offers),
        ("product_groups", &account.catalogue.groups),
    ];
    let own = own.map(|(name, table)| (name.to_owned(), Kind::Table(table)));
    let others = account.records.tables();
    let others = others
        .filter(|(name, _)| !HIDDEN.contains(name))
        .map(|(name, table)| (snake(name).replace('-', "_"), Kind::Table(table)));
    let books = account.references.books().map(|(name, rows)| {
        let name = format!("reference_{}", name.replace('-', "_"));
        (name, Kind::Book(rows))
    });
    own.into_iter().chain(others).chain(books).collect()
}

fn entity<'a>(account: &'a Account, wanted: &str) -> Option<Kind<'a>> {
    let mut all = entities(account).into_iter();
    all.find(|(name, _)| name == wanted).map(|(_, kind)| kind)
}

impl Entities for Crm {
    fn counts(&self) -> Vec<(String, usize)> {
        let account = self.account();
        let count = |kind: Kind<'_>| match kind {
            Kind::Table(table) => table.len(),
            Kind::Book(rows) => rows.len(),
        };
        let all = entities(&account).into_iter();
        all.map(|(name, kind)| (name, count(kind))).collect()
    }

    fn rows(&self, name: &str, query: &RowQuery) -> Option<Rows> {
        let account = self.account();
        Some(match entity(&account, name)? {
            Kind::Table(table) => query.cut(table.iter()),
            Kind::Book(rows) => query.cut(rows.iter()),
        })
    }

    fn row(&self, name: &str, id: &str) -> Option<Value> {
        let account = self.account();
        let row = match entity(&account, name)? {
            Kind::Table(table) => table.get(id.parse().ok()?)?.clone(),
            Kind::Book(rows) => {
                let mut rows = rows.iter();
                rows.find(|row| row.get("code").is_some_and(|code| code == id))?
                    .clone()
            }
        };
        Some(Value::Object(row))
    }

    fn history(&self, entity: &str, id: &str) -> Option<Vec<Value>> {
        let (account, id) = (self.account(), id.parse().ok()?);
        let directory = |party: Party| {
            let directory = account.directory(party);
            (directory.history(), "customer", &directory.table)
        };
        let (history, subject, table) = match entity {
            "orders" => (&account.orders.history, "order", &account.orders.table),
            "customers" => directory(Party::Person),
            "corporate_customers" => directory(Party::Company),
            _ => return None,
        };
        let entries: Vec<Value> = history
            .about(subject, id)
            .map(|entry| Value::Object(entry.into_owned()))
            .collect();
        // A row that was removed may still have one.
        (!entries.is_empty() || table.get(id).is_some()).then_some(entries)
    }
}
