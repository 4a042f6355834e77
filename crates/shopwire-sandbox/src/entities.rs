//! Describes what a look into the state shows: the kinds of entities, pages of rows, one row, its history.

use serde_json::Value;

use crate::invalid::Invalid;

/// Which rows of an entity are shown.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RowQuery {
    /// The page, from 1.
    pub page: usize,
    /// The most rows of a page.
    pub limit: usize,
    /// A text that a row must have in one of its values, in any case of the letters.
    pub text: Option<String>,
}

/// A page of rows.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Rows {
    /// The rows of the page as JSON, in the order of their ids.
    pub rows: Vec<Value>,
    /// The number of rows on all pages.
    pub total: usize,
}

/// The rows of a service, by the names of their entities.
pub(crate) trait Entities {
    /// The names of the entities with the numbers of their rows, in the order in which they are shown.
    fn counts(&self) -> Vec<(String, usize)>;

    /// One page of an entity's rows; `None` when there is no such entity.
    fn rows(&self, entity: &str, query: &RowQuery) -> Option<Rows>;

    /// A row by its id; `None` when there is no such entity or row.
    fn row(&self, entity: &str, id: &str) -> Option<Value>;

    /// The history of a row, oldest entry first; `None` when the service keeps none of this entity, or there is no
    /// such row.
    fn history(&self, entity: &str, id: &str) -> Option<Vec<Value>>;
}

/// The first page of a hundred rows.
impl Default for RowQuery {
    fn default() -> Self {
        Self {
            page: 1,
            limit: 100,
            text: None,
        }
    }
}

impl RowQuery {
    /// Chooses the page, from 1.
    #[must_use]
    pub fn page(mut self, page: usize) -> Self {
        self.page = page;
        self
    }

    /// Sets the most rows of a page.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Shows only rows that have this text in one of their values, in any case of the letters.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Checks the numbers.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        match (self.page, self.limit) {
            (0, _) => Err(Invalid::new("page", "the first page is 1")),
            (_, 0 | 1001..) => Err(Invalid::new("limit", "must be from 1 to 1000")),
            _ => Ok(()),
        }
    }

    /// Cuts the page out of all rows.
    pub(crate) fn cut<'v, R: AsRow + ?Sized + 'v>(&self, all: impl Iterator<Item = &'v R>) -> Rows {
        let wanted = self.text.as_deref().map(str::to_lowercase);
        let first = self.page.saturating_sub(1).saturating_mul(self.limit);
        let mut page = Rows::default();
        for row in all.filter(|row| wanted.as_deref().is_none_or(|text| row.has(text))) {
            if page.total >= first && page.rows.len() < self.limit {
                page.rows.push(row.shown());
            }
            page.total += 1;
        }
        page
    }
}

/// A row in the form in which a service keeps it.
pub(crate) trait AsRow {
    /// The row as JSON.
    fn shown(&self) -> Value;
    /// Whether one of the values has this text, which is in small letters.
    fn has(&self, text: &str) -> bool;
}

impl AsRow for Value {
    fn shown(&self) -> Value {
        self.clone()
    }

    fn has(&self, text: &str) -> bool {
        match self {
            Value::String(own) => own.to_lowercase().contains(text),
            Value::Number(number) => number.to_string().contains(text),
            Value::Array(items) => items.iter().any(|item| item.has(text)),
            Value::Object(members) => members.has(text),
            Value::Null | Value::Bool(_) => false,
        }
    }
}

impl AsRow for serde_json::Map<String, Value> {
    fn shown(&self) -> Value {
        Value::Object(self.clone())
    }

    fn has(&self, text: &str) -> bool {
        self.values().any(|value| value.has(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn s1_rows_come_by_page_and_by_text() {
        let all: Vec<Value> = (1..=25)
            .map(|id| json!({"id": id, "items": [{"name": if id % 10 == 0 { "Кавун" } else { "Pear" }}]}))
            .collect();
        let page = RowQuery::default().limit(10).page(3).cut(all.iter());
        assert_eq!((page.rows.len(), page.total), (5, 25));
        assert_eq!(page.rows[0]["id"], 21);
        let found = RowQuery::default().text("кАВ").cut(all.iter());
        assert_eq!((found.rows.len(), found.total), (2, 2));
        assert_eq!(
            RowQuery::default().text("items").cut(all.iter()).total,
            0,
            "names are no values"
        );
        for (wrong, field) in [
            (RowQuery::default().page(0), "page"),
            (RowQuery::default().limit(0), "limit"),
            (RowQuery::default().limit(1001), "limit"),
        ] {
            assert_eq!(wrong.check().expect_err(field).field(), field);
        }
    }
}
