//! The reference books: rows with codes, by the name of their book.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::retailcrm::value::{self, Object, object};

/// The site that a new account has.
pub(crate) const FIRST_SITE: &str = "simple-site";

/// The content of the books.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct References {
    books: BTreeMap<Cow<'static, str>, Vec<Object>>,
    /// Templates of message channels.
    pub(crate) templates: Vec<Object>,
}

impl References {
    /// Books with these rows, and no templates.
    pub(crate) fn new(books: BTreeMap<&'static str, Vec<Object>>) -> Self {
        let books = books.into_iter();
        Self {
            books: books.map(|(name, rows)| (name.into(), rows)).collect(),
            templates: Vec::new(),
        }
    }

    /// Whether the book has the code.
    pub(crate) fn has(&self, book: &str, code: &str) -> bool {
        self.row(book, code).is_some()
    }

    /// A flag of the row with the code; false without one.
    pub(crate) fn flag(&self, book: &str, code: &str, name: &str) -> bool {
        self.row(book, code)
            .and_then(|row| row.get(name))
            .and_then(value::flag)
            == Some(true)
    }

    /// A text of the row with the code; empty without one.
    pub(crate) fn text(&self, book: &str, code: &str, name: &str) -> String {
        self.row(book, code)
            .and_then(|row| value::member(row, name))
            .unwrap_or_default()
    }

    /// The books by name.
    pub(crate) fn books(&self) -> impl Iterator<Item = (&str, &[Object])> {
        let books = self.books.iter();
        books.map(|(name, rows)| (name.as_ref(), rows.as_slice()))
    }

    /// The rows of a book.
    pub(crate) fn rows(&self, book: &str) -> &[Object] {
        self.books.get(book).map_or(&[], Vec::as_slice)
    }

    /// The rows of a book, to change.
    pub(crate) fn rows_mut(&mut self, book: &'static str) -> &mut Vec<Object> {
        self.books.entry(book.into()).or_default()
    }

    /// The currency of a site's orders.
    pub(crate) fn currency_of_site(&self, site: &str) -> String {
        let currency = self.text("sites", site, "currency");
        if currency.is_empty() {
            "RUB".to_owned()
        } else {
            currency
        }
    }

    /// Writes the codes of the statuses into their groups.
    pub(crate) fn regroup_statuses(&mut self) {
        let statuses = self.rows("statuses").to_vec();
        for group in self.rows_mut("status-groups") {
            let members = statuses
                .iter()
                .filter(|status| status.get("group") == group.get("code"));
            let codes = members.filter_map(|status| status.get("code").cloned());
            let codes: Vec<Value> = codes.collect();
            group.insert("statuses".into(), codes.into());
        }
    }

    /// Adds a site like the first one.
    pub(crate) fn open_site(&mut self, code: &str) {
        if !self.has("sites", code) {
            let mut site = self.row("sites", FIRST_SITE).cloned().unwrap_or_default();
            let id = self.rows("sites").len() + 1;
            site.extend(object(
                json!({"id": id, "code": code, "name": code, "defaultForCrm": false}),
            ));
            self.rows_mut("sites").push(site);
        }
    }

    fn row(&self, book: &str, code: &str) -> Option<&Object> {
        self.rows(book)
            .iter()
            .find(|row| row.get("code").is_some_and(|own| own == code))
    }
}
