//! Custom fields: values are checked against the account's definitions for the entity.

use serde_json::Value;

use super::account::Account;
use crate::retailcrm::value::{self, Object};

/// The table of definitions.
pub(crate) const TABLE: &str = "custom-fields";

/// The table of dictionaries.
pub(crate) const DICTIONARIES: &str = "custom-dictionaries";

impl Account {
    /// Adds the errors of `customFields`: a code that the entity does not have, a value of another type. Null clears
    /// a field and is always valid.
    pub(crate) fn check_custom_fields(&self, entity: &str, input: &Object, errors: &mut Object) {
        let given = input.get("customFields").and_then(Value::as_object);
        for (code, given) in given.into_iter().flatten() {
            let complaint = match self.custom_field(entity, code) {
                None => Some(format!(
                    "\"customField\" with \"code\"=\"{code}\" does not exist."
                )),
                Some(_) if given.is_null() => None,
                Some(field) => self.misfit(field, given),
            };
            if let Some(complaint) = complaint {
                errors.insert(format!("customFields.{code}"), complaint.into());
            }
        }
    }

    fn custom_field(&self, entity: &str, code: &str) -> Option<&Object> {
        let is_meant = |row: &&Object| has(row, "code", code) && has(row, "entity", entity);
        self.records.table(TABLE).iter().find(is_meant)
    }

    /// Returns the error of a value for this field.
    fn misfit(&self, field: &Object, given: &Value) -> Option<String> {
        let text = value::text(given);
        let is_text = |check: fn(&str) -> bool| text.as_deref().is_some_and(check);
        let kind = value::member(field, "type").unwrap_or_default();
        let fits = match kind.as_str() {
            _ if text.as_deref() == Some("") => true,
            "boolean" => value::flag(given).is_some(),
            "integer" => value::integer(given).is_some(),
            "numeric" => value::decimal(given).is_some(),
            "date" => is_text(value::is_date),
            "datetime" => is_text(value::is_date_time),
            "email" => is_text(|text| text.contains('@')),
            "dictionary" | "multiselect_dictionary" => return self.not_an_element(field, given),
            _ => text.is_some(),
        };
        (!fits).then(|| format!("This value should be of type {kind}."))
    }

    fn not_an_element(&self, field: &Object, given: &Value) -> Option<String> {
        let code = value::member(field, "dictionary")?;
        let dictionaries = self.records.table(DICTIONARIES);
        let dictionary = dictionaries.iter().find(|row| has(row, "code", &code))?;
        let elements = value::all_at(dictionary, "elements.code");
        let chosen = given
            .as_array()
            .map_or(std::slice::from_ref(given), Vec::as_slice);
        let is_unknown = |one: &&Value| {
            !elements
                .iter()
                .any(|element| value::text(element) == value::text(one))
        };
        chosen
            .iter()
            .find(is_unknown)
            .map(|_| "The value you selected is not a valid choice.".to_owned())
    }
}

fn has(row: &Object, name: &str, wanted: &str) -> bool {
    row.get(name).and_then(Value::as_str) == Some(wanted)
}
