//! The remaining groups: entities that are kept as they come, in tables of one form.

mod carts;
mod collection;
mod costs;
mod custom_fields;
mod delivery;
mod files;
mod integration;
mod invoices;
mod loyalty;
mod misc;
mod packs;
mod seed;
mod tasks;
#[cfg(test)]
mod tests;
mod users;
mod verification;

use std::collections::BTreeMap;

use bytes::Bytes;

use super::answer::Object;
use super::history::History;
use super::route::Route;
use super::table::Table;

/// Tables by name, and what does not fit in a row.
#[derive(Debug, Default)]
pub(super) struct Records {
    tables: BTreeMap<&'static str, Table>,
    histories: BTreeMap<&'static str, History>,
    /// Contents of files by id.
    contents: BTreeMap<i64, Bytes>,
    /// Values by key: carts, modules, dictionaries.
    keyed: BTreeMap<String, Object>,
}

impl Records {
    /// Users, groups, a segment, a loyalty program.
    pub(super) fn seeded() -> Self {
        let mut records = Self::default();
        for (table, rows) in seed::tables() {
            for row in rows {
                records.table_mut(table).insert(super::answer::object(row));
            }
        }
        records
    }

    /// A table to read; empty when nothing was stored in it.
    pub(super) fn table(&self, name: &str) -> &Table {
        static EMPTY: std::sync::LazyLock<Table> = std::sync::LazyLock::new(Table::default);
        self.tables.get(name).unwrap_or(&EMPTY)
    }

    fn table_mut(&mut self, name: &'static str) -> &mut Table {
        self.tables.entry(name).or_default()
    }

    fn history(&mut self, name: &'static str) -> &mut History {
        self.histories.entry(name).or_default()
    }
}

/// The routes of all these groups.
pub(super) fn routes() -> Vec<Route> {
    let tables = [
        carts::ROUTES,
        costs::ROUTES,
        custom_fields::ROUTES,
        delivery::ROUTES,
        files::ROUTES,
        integration::ROUTES,
        invoices::ROUTES,
        loyalty::ROUTES,
        misc::ROUTES,
        packs::ROUTES,
        tasks::ROUTES,
        users::ROUTES,
        verification::ROUTES,
    ];
    tables.concat()
}
