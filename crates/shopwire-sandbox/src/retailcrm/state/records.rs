//! The other entities: kept as they come, in tables of one form.

mod contents;

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::history::History;
use super::table::Table;
use crate::clock::Clock;
use crate::retailcrm::value::Object;

/// Tables by name, and what does not fit in a row.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Records {
    #[serde(skip)]
    clock: Clock,
    tables: BTreeMap<Cow<'static, str>, Table>,
    histories: BTreeMap<Cow<'static, str>, History>,
    /// Contents of files by id.
    #[serde(with = "contents")]
    pub(crate) contents: BTreeMap<i64, Bytes>,
    /// Values by key: carts, modules, dictionaries.
    pub(crate) keyed: BTreeMap<String, Object>,
}

impl Records {
    /// No rows; histories are dated by the clock.
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            ..Self::default()
        }
    }

    /// Dates everything by this clock from now on.
    pub(crate) fn attach(&mut self, clock: &Clock) {
        self.clock = clock.clone();
        for history in self.histories.values_mut() {
            history.attach(clock);
        }
    }

    /// The tables by name.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (&str, &Table)> {
        let tables = self.tables.iter();
        tables.map(|(name, table)| (name.as_ref(), table))
    }

    /// A table to read; empty when nothing was stored in it.
    pub(crate) fn table(&self, name: &str) -> &Table {
        static EMPTY: std::sync::LazyLock<Table> = std::sync::LazyLock::new(Table::default);
        self.tables.get(name).unwrap_or(&EMPTY)
    }

    /// A table to write.
    pub(crate) fn table_mut(&mut self, name: &'static str) -> &mut Table {
        self.tables.entry(name.into()).or_default()
    }

    /// The history of a table, to read.
    pub(crate) fn changes(&self, name: &str) -> &History {
        static EMPTY: std::sync::LazyLock<History> = std::sync::LazyLock::new(History::default);
        self.histories.get(name).unwrap_or(&EMPTY)
    }

    /// The history of a table, to write.
    pub(crate) fn history(&mut self, name: &'static str) -> &mut History {
        let history = self.histories.entry(name.into());
        history.or_insert_with(|| History::new(&self.clock))
    }
}
