//! List, get, create, edit and delete for a table of plain rows.

use serde_json::{Value, json};

use super::answer::{Answer, Failure, Outcome};
use super::call::Call;
use super::filter::{Conditions, Field};
use super::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::state::table::By;
use crate::retailcrm::value::{self, Object};

/// A table and its names in requests and answers.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) table: &'static str,
    /// Name of one row in parameters and answers.
    pub(crate) item: &'static str,
    /// Name of the list in answers.
    pub(crate) list: &'static str,
    /// Fields that a new row must have.
    pub(crate) required: &'static [&'static str],
    pub(crate) filters: &'static [Field],
    /// Returns the values at a path beyond the row, for the filters.
    pub(crate) join: fn(&Account, &Object, &str) -> Vec<Value>,
    /// Members that are kept, but not shown.
    pub(crate) hidden: &'static [&'static str],
}

/// The join of a list whose filters use only the row itself.
pub(crate) fn alone(_: &Account, _: &Object, _: &str) -> Vec<Value> {
    Vec::new()
}

impl Collection {
    pub(crate) fn list(&self, account: &Account, call: &Call) -> Outcome {
        let conditions = Conditions::read(call, self.filters)?;
        let page = Page::read(call, SIZES)?;
        let all = account.records.table(self.table).iter();
        let rows: Vec<&Object> = all
            .filter(|row| conditions.hold_joined(row, |path| (self.join)(account, row, path)))
            .collect();
        let total = rows.len();
        let shown: Vec<Value> = page
            .cut(rows)
            .into_iter()
            .map(|row| self.shown(row))
            .collect();
        Ok(Answer::page(&page.block(total), self.list, &shown))
    }

    pub(crate) fn get(&self, account: &Account, call: &Call) -> Outcome {
        let row = account
            .records
            .table(self.table)
            .get(call.id()?)
            .ok_or_else(Failure::not_found)?;
        Ok(Answer::ok(json!({ self.item: self.shown(row) })))
    }

    /// Returns a row as the API shows it.
    pub(crate) fn shown(&self, row: &Object) -> Value {
        value::without(row, self.hidden)
    }

    pub(crate) fn delete(&self, account: &mut Account, call: &Call) -> Outcome {
        let gone = account.records.table_mut(self.table).remove(call.id()?);
        gone.map(|_| Answer::ok(json!({})))
            .ok_or_else(Failure::not_found)
    }

    /// Stores a new row and returns its id.
    pub(crate) fn insert(&self, account: &mut Account, input: Object) -> Result<i64, Failure> {
        self.check(&input)?;
        let table = account.records.table_mut(self.table);
        if let Some(external) = value::member(&input, "externalId")
            && table.find(&external, By::ExternalId, None).is_some()
        {
            let text = format!("An entity with externalId={external} already exists.");
            return Err(Failure::validation("externalId", text));
        }
        Ok(table.insert(present(input)))
    }

    /// Changes the row with this id and returns the id. Null clears a field.
    pub(crate) fn write(
        &self,
        account: &mut Account,
        id: i64,
        input: Object,
    ) -> Result<i64, Failure> {
        self.check_kept(&input)?;
        let table = account.records.table_mut(self.table);
        let changed = table.update(id, |row| {
            row.extend(input.into_iter().filter(|(name, _)| name != "id"));
            row.retain(|_, value| !value.is_null());
        });
        changed.map(|()| id).ok_or_else(Failure::not_found)
    }

    /// An edit cannot take away what a new one must have.
    pub(crate) fn check_kept(&self, input: &Object) -> Result<(), Failure> {
        self.check_given(input, |name| input.contains_key(name))
    }

    fn check(&self, input: &Object) -> Result<(), Failure> {
        self.check_given(input, |_| true)
    }

    /// The required members that are looked at must say something.
    fn check_given(&self, input: &Object, is_meant: impl Fn(&str) -> bool) -> Result<(), Failure> {
        let is_blank = |name: &str| {
            let given = input.get(name);
            given.is_none_or(|given| given.is_null() || *given == "")
        };
        let required = self.required.iter().copied();
        let missing: Object = required
            .filter(|name| is_meant(name) && is_blank(name))
            .map(|name| (name.to_owned(), "This value should not be blank.".into()))
            .collect();
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Failure::format(missing))
        }
    }
}

fn present(input: Object) -> Object {
    input
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .collect()
}
