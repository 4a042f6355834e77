//! Checks of the parameter `filter` against its description: unknown fields, values of the wrong type.

use serde_json::Value;

use crate::retailcrm::value::{self, Object};
use crate::schema::{Operation, Schema};

const INVALID: &str = "This value is not valid.";

const EXTRA: &str = "This form should not contain extra fields.";

/// Returns the fields of the filter that the operation does not know, or whose value is of the wrong type, each with
/// its error.
pub(super) fn errors(operation: Operation<'_>, query: &Object) -> Vec<(String, &'static str)> {
    let filter = match query.get("filter") {
        Some(Value::Object(filter)) => filter,
        Some(Value::Array(values)) if values.iter().any(|value| value != "") => {
            return vec![("filter[0]".to_owned(), EXTRA)];
        }
        _ => return Vec::new(),
    };
    let parameters = operation.parameters("query");
    let described = parameters.iter().find(|(name, ..)| *name == "filter");
    let error = |name: &str, given| match described.and_then(|(_, _, schema)| schema.property(name))
    {
        None => Some(EXTRA),
        Some(field) => wrong(field, given),
    };
    let errors = filter.iter().filter_map(|(name, given)| {
        let text = error(name, given)?;
        Some((format!("filter[{name}]"), text))
    });
    errors.collect()
}

/// Returns the error of a value, by the rules of the service's forms: an empty text is no value, a single value may
/// stand for a list, a list may not stand for a single value, and the members of a map are fields.
fn wrong(field: Schema<'_>, given: &Value) -> Option<&'static str> {
    if given.as_str().is_some_and(str::is_empty) {
        return None;
    }
    let alternatives = field.alternatives("oneOf");
    if !alternatives.is_empty() {
        let all: Option<Vec<&str>> = alternatives
            .into_iter()
            .map(|one| wrong(one, given))
            .collect();
        return all.and_then(|all| all.first().copied());
    }
    let types = field.types();
    if types.is_empty() {
        return None;
    }
    if types.contains(&"array") {
        let of = field.items()?;
        return value::each(given)
            .into_iter()
            .find_map(|one| wrong(of, one));
    }
    if types.contains(&"object") {
        return wrong_members(field, given);
    }
    if given.is_array() || given.is_object() || !types.iter().any(|name| is(name, given)) {
        return Some(INVALID);
    }
    let choices = field.choices();
    let is_chosen = |choice: &&str| given.as_str() == Some(*choice);
    (!choices.is_empty() && !choices.iter().any(is_chosen))
        .then_some("The value you selected is not a valid choice.")
}

fn wrong_members(field: Schema<'_>, given: &Value) -> Option<&'static str> {
    let members = match given {
        Value::Object(members) => members,
        // Keys 0, 1, 2.. of a map are read as a list.
        Value::Array(_) if field.is_open() => return None,
        _ => return Some(INVALID),
    };
    if field.is_open() {
        return None;
    }
    members
        .iter()
        .find_map(|(name, given)| match field.property(name) {
            Some(member) => wrong(member, given),
            None => Some(EXTRA),
        })
}

/// Whether a text can be of this type.
fn is(type_name: &str, given: &Value) -> bool {
    match type_name {
        "integer" => value::integer(given).is_some(),
        "number" => value::decimal(given).is_some(),
        "boolean" => value::flag(given).is_some(),
        _ => true,
    }
}
