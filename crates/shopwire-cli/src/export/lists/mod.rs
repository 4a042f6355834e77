//! The lists that can be exported: one table for all services.

mod table;
#[cfg(test)]
mod tests;

use common_api::ListEntry;
use shopwire::{nicechat, retailcrm, uvygoda};

use crate::{args::Service, call, failure::Failure, suggest};
use table::{CHANGED, NICECHAT, RETAILCRM, UVYGODA};

/// A list by its name on the command line.
#[derive(Debug, Clone)]
pub(super) struct List {
    pub(super) name: String,
    pub(super) about: &'static str,
    /// The lists of the service that are walked one after the other.
    pub(super) parts: Vec<&'static ListEntry>,
    pub(super) shape: Shape,
    /// Parameters of every call, as JSON.
    pub(super) defaults: &'static str,
    /// The history that names the rows that changed, and the member of a change that names the row.
    pub(super) history: Option<(&'static ListEntry, &'static str)>,
}

/// Describes what a row is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// The item of the list, as it came.
    Item,
    /// The item beside the name of its list, for several lists in one file.
    Named,
    /// An element of this member of the item, beside what names the item.
    Member {
        of: &'static str,
        member: &'static str,
        row: &'static str,
    },
}

/// Operations of the reference books begin so.
const BOOKS: &str = "references.list_";

/// All lists of a service.
pub(super) fn all(service: Service) -> Vec<List> {
    let (rows, entries) = match service {
        Service::Nicechat => (NICECHAT, nicechat::lists()),
        Service::Uvygoda => (UVYGODA, uvygoda::lists()),
        Service::Retailcrm => (RETAILCRM, retailcrm::lists()),
    };
    let named = |operation: &str| entries.iter().find(|entry| entry.operation() == operation);
    let plain = rows.iter().filter_map(|(name, operation, about)| {
        let mut list = List::new(*name, about, vec![named(operation)?]);
        if service == Service::Uvygoda {
            list.defaults = r#"{"FILTER":"ALL"}"#;
        }
        let changed = CHANGED.iter().find(|(changed, ..)| changed == operation);
        list.history = changed
            .filter(|_| service == Service::Retailcrm)
            .and_then(|(_, history, member)| Some((named(history)?, *member)));
        Some(list)
    });
    let mut lists: Vec<List> = plain.collect();
    if service == Service::Retailcrm {
        lists.extend(payments(named("orders.list")));
        lists.extend(groups(entries));
        lists.extend(books(entries));
    }
    lists
}

/// Payments have no list of their own: they are members of orders.
fn payments(orders: Option<&'static ListEntry>) -> Option<List> {
    let mut list = List::new("payments", "Payments, out of the orders.", vec![orders?]);
    list.shape = Shape::Member {
        of: "order",
        member: "payments",
        row: "payment",
    };
    Some(list)
}

/// All reference books in one file, and all histories in one file.
fn groups(entries: &'static [ListEntry]) -> [List; 2] {
    let group = |name: &'static str, about, member: fn(&ListEntry) -> bool| {
        let parts = entries.iter().filter(|entry| member(entry)).collect();
        let mut list = List::new(name, about, parts);
        list.shape = Shape::Named;
        list
    };
    [
        group(
            "references",
            "All reference books, one after the other.",
            |entry| entry.operation().starts_with(BOOKS),
        ),
        group(
            "histories",
            "All histories, one after the other.",
            ListEntry::is_history,
        ),
    ]
}

/// Each reference book alone.
fn books(entries: &'static [ListEntry]) -> impl Iterator<Item = List> {
    entries.iter().filter_map(|entry| {
        let book = entry.operation().strip_prefix(BOOKS)?;
        Some(List::new(
            book.replace('_', "-"),
            "A reference book.",
            vec![entry],
        ))
    })
}

impl List {
    fn new(name: impl Into<String>, about: &'static str, parts: Vec<&'static ListEntry>) -> Self {
        Self {
            name: name.into(),
            about,
            parts,
            shape: Shape::Item,
            defaults: "{}",
            history: None,
        }
    }

    /// Whether all parts are histories.
    pub(super) fn is_history(&self) -> bool {
        self.parts.iter().all(|part| part.is_history())
    }
}

/// The name of a part in rows of several lists: `statuses`, `orders`.
pub(super) fn part_name(entry: &ListEntry) -> &'static str {
    let operation = entry.operation();
    match operation.strip_prefix(BOOKS) {
        Some(book) => book,
        None => operation.split('.').next().unwrap_or(operation),
    }
}

/// The list with this name.
///
/// # Errors
/// Wrong usage; similar names are suggested.
pub(super) fn find(service: Service, name: &str) -> Result<List, Failure> {
    let mut lists = all(service);
    if let Some(at) = lists.iter().position(|list| list.name == name) {
        return Ok(lists.swap_remove(at));
    }
    let service = call::service_name(service);
    let nearest = suggest::nearest(name, lists.iter().map(|list| list.name.as_str()));
    let hint = match nearest.as_slice() {
        [] => format!("`shopwire export {service}` shows them all"),
        names => format!("did you mean {}?", names.join(", ")),
    };
    // The error does not show the name: it may be a key that was typed in its place.
    Err(Failure::usage(format_args!(
        "{service} has no such list; {hint}"
    )))
}

/// The lists of a service, as text.
pub(super) fn table(service: Service) -> String {
    let lists = all(service);
    let width = lists
        .iter()
        .map(|list| list.name.len())
        .max()
        .unwrap_or_default();
    let line = |list: &List| format!("{:<width$}  {}\n", list.name, list.about);
    lists.iter().map(line).collect()
}
