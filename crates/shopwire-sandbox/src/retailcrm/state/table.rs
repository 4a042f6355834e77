//! Rows by id, which are also looked up by external id and by customer.

use std::collections::BTreeMap;

use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::lookup::{self, Key, Lookup};
use crate::retailcrm::value::{self, Object};

/// The kind of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The number that the service assigned.
    Id,
    /// The caller's own identifier.
    ExternalId,
}

/// The reason why external ids cannot be changed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotRenamed {
    /// The row at this index lacks one of its two members.
    Blank(usize),
    /// A row with such an id does not exist.
    Unknown,
    /// Another row of the site would have this external id too.
    Taken(String),
}

/// A table of the account. Ids count from 1 and are never used twice.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Saved")]
pub(crate) struct Table {
    rows: BTreeMap<i64, Object>,
    lookup: Lookup,
    last: i64,
}

impl Table {
    /// Stores a row under the next id, which is written into it first.
    pub(crate) fn insert(&mut self, mut row: Object) -> i64 {
        self.last += 1;
        let id = self.last;
        row.shift_remove("id");
        row.shift_insert(0, "id".into(), id.into());
        self.lookup.add(id, lookup::keys(&row));
        self.rows.insert(id, row);
        id
    }

    /// The id that the next row will get.
    pub(crate) fn next_id(&self) -> i64 {
        self.last + 1
    }

    pub(crate) fn get(&self, id: i64) -> Option<&Object> {
        self.rows.get(&id)
    }

    /// Changes a row.
    pub(crate) fn update<T>(
        &mut self,
        id: i64,
        change: impl FnOnce(&mut Object) -> T,
    ) -> Option<T> {
        let row = self.rows.get_mut(&id)?;
        self.lookup.remove(id, lookup::keys(row));
        let result = change(row);
        self.lookup.add(id, lookup::keys(row));
        Some(result)
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<Object> {
        let row = self.rows.remove(&id)?;
        self.lookup.remove(id, lookup::keys(&row));
        Some(row)
    }

    /// The id behind an identifier; an external one may be narrowed to a site.
    pub(crate) fn find(&self, identifier: &str, by: By, site: Option<&str>) -> Option<i64> {
        let on_site = |id: &i64| {
            let row_site = self.rows.get(id).and_then(|row| row.get("site"));
            site.is_none_or(|site| row_site.is_none_or(|row_site| row_site == site))
        };
        match by {
            By::Id => identifier
                .parse()
                .ok()
                .filter(|id| self.rows.contains_key(id))
                .filter(on_site),
            By::ExternalId => self.external(identifier).iter().copied().find(on_site),
        }
    }

    /// The row that a short reference (`{"id":1}`, `{"externalId":"a"}`) means.
    pub(crate) fn referred(&self, reference: &Object) -> Option<i64> {
        match reference.get("id").and_then(value::integer) {
            Some(id) => Some(id).filter(|id| self.rows.contains_key(id)),
            None => self.find(
                &value::member(reference, "externalId")?,
                By::ExternalId,
                None,
            ),
        }
    }

    /// Gives rows new external ids, all or none: `[{"id":1,"externalId":"a"}]`.
    pub(crate) fn fix_external_ids(&mut self, rows: &[Value]) -> Result<(), NotRenamed> {
        let mut pairs = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let id = row.get("id").and_then(value::integer);
            let external = row
                .get("externalId")
                .and_then(value::text)
                .filter(|text| !text.is_empty());
            let (Some(id), Some(external)) = (id, external) else {
                return Err(NotRenamed::Blank(index));
            };
            if !self.rows.contains_key(&id) {
                return Err(NotRenamed::Unknown);
            }
            pairs.push((id, external));
        }
        self.check_free(&pairs)?;
        for (id, external) in pairs {
            self.update(id, |row| row.insert("externalId".into(), external.into()));
        }
        Ok(())
    }

    /// After all are renamed no two rows of a site may share an external id. Rows may swap theirs.
    fn check_free(&self, pairs: &[(i64, String)]) -> Result<(), NotRenamed> {
        let renamed: BTreeMap<i64, &str> = pairs
            .iter()
            .map(|(id, external)| (*id, external.as_str()))
            .collect();
        let site = |id: &i64| self.rows.get(id).and_then(|row| row.get("site"));
        for (id, external) in &renamed {
            let kept = self.external(external).iter();
            let kept = kept.filter(|other| !renamed.contains_key(other));
            let given = renamed.iter().filter(|(_, given)| *given == external);
            let mut others = kept.chain(given.map(|(other, _)| other));
            if others.any(|other| other != id && site(other) == site(id)) {
                return Err(NotRenamed::Taken((*external).to_owned()));
            }
        }
        Ok(())
    }

    /// The number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Rows by growing id.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Object> + Clone {
        self.rows.values()
    }

    /// The rows of a customer by growing id, of a person's and of a company's with this id.
    pub(crate) fn of_customer(&self, id: i64) -> impl Iterator<Item = &Object> {
        let ids = self.lookup.ids(&Key::Customer(id)).iter();
        ids.filter_map(|id| self.rows.get(id))
    }

    fn external(&self, identifier: &str) -> &[i64] {
        self.lookup.ids(&Key::ExternalId(identifier.to_owned()))
    }
}

/// A table in a snapshot.
#[derive(Deserialize)]
struct Saved {
    last: i64,
    rows: Vec<Object>,
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Rows<'r>(&'r BTreeMap<i64, Object>);
        impl Serialize for Rows<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(self.0.values())
            }
        }
        let mut table = serializer.serialize_struct("Table", 2)?;
        table.serialize_field("last", &self.last)?;
        table.serialize_field("rows", &Rows(&self.rows))?;
        table.end()
    }
}

impl TryFrom<Saved> for Table {
    type Error = String;

    fn try_from(saved: Saved) -> Result<Self, String> {
        let mut table = Self {
            last: saved.last,
            ..Self::default()
        };
        for (index, row) in saved.rows.into_iter().enumerate() {
            let id = row.get("id").and_then(Value::as_i64);
            let id = id.ok_or_else(|| format!("rows[{index}].id must be an integer"))?;
            if id < 1 || id > saved.last {
                let last = saved.last;
                return Err(format!(
                    "rows[{index}].id must be from 1 to last, which is {last}"
                ));
            }
            table.lookup.add(id, lookup::keys(&row));
            if table.rows.insert(id, row).is_some() {
                return Err(format!("rows[{index}].id is there twice"));
            }
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::value::object;
    use serde_json::json;

    #[test]
    fn re8_rows_are_found_by_both_identifiers() {
        let mut table = Table::default();
        let id = table.insert(object(json!({"externalId": "a/b", "site": "one"})));
        assert_eq!(table.find("1", By::Id, None), Some(id));
        assert_eq!(table.find("a/b", By::ExternalId, Some("one")), Some(id));
        assert_eq!(table.find("a/b", By::ExternalId, Some("two")), None);
        assert_eq!(table.find("1", By::ExternalId, None), None);
    }

    #[test]
    fn the_index_follows_changes() {
        let mut table = Table::default();
        let id = table.insert(object(json!({"externalId": "old"})));
        table.update(id, |row| row.insert("externalId".into(), "new".into()));
        assert_eq!(table.find("old", By::ExternalId, None), None);
        assert_eq!(table.find("new", By::ExternalId, None), Some(id));
        table.remove(id);
        assert_eq!(table.find("new", By::ExternalId, None), None);
        assert_eq!(table.insert(Object::new()), 2, "ids are not used twice");
    }

    #[test]
    fn re8_no_two_rows_of_a_site_get_one_external_id() {
        let mut table = Table::default();
        for (external, site) in [("a", "one"), ("b", "one"), ("c", "two")] {
            table.insert(object(json!({"externalId": external, "site": site})));
        }
        let mut renamed = |pairs: &[(i64, &str)]| {
            let row = |(id, external): &(i64, &str)| json!({"id": id, "externalId": external});
            let rows: Vec<Value> = pairs.iter().map(row).collect();
            let outcome = table.fix_external_ids(&rows);
            let ids = table
                .iter()
                .filter_map(|row| value::member(row, "externalId"));
            (outcome, ids.collect::<Vec<_>>().concat())
        };
        let taken = |external: &str| Err(NotRenamed::Taken(external.to_owned()));
        assert_eq!(
            renamed(&[(1, "x"), (2, "x")]),
            (taken("x"), "abc".to_owned())
        );
        assert_eq!(
            renamed(&[(3, "y"), (1, "b")]),
            (taken("b"), "abc".to_owned())
        );
        assert_eq!(renamed(&[(1, "b"), (2, "a")]), (Ok(()), "bac".to_owned()));
        assert_eq!(renamed(&[(1, "c"), (1, "b")]), (Ok(()), "bac".to_owned()));
        assert_eq!(
            renamed(&[(1, "c")]),
            (Ok(()), "cac".to_owned()),
            "of another site"
        );
    }
}
