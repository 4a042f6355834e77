//! Recorded values for which the sandbox has no counterpart, compared with the description that the sandbox follows.

use common_model::Value as Json;

use super::{
    found::{Difference, Kind},
    shape::{join, type_of},
};
use crate::call::Schema;

/// Lists members and types that the description does not have.
pub(super) fn check(schema: Schema<'_>, at: &str, recorded: &Json) -> Vec<Difference> {
    let mut found = Vec::new();
    value(schema, at, recorded, &mut found);
    found
}

/// Whether the description has a member of this name, as far as it says which there are.
pub(super) fn has_member(schema: Option<Schema<'_>>, name: &str) -> bool {
    schema.is_none_or(|schema| schema.fields().is_empty() || schema.child(name).is_some())
}

fn value(schema: Schema<'_>, at: &str, recorded: &Json, found: &mut Vec<Difference>) {
    let types = schema.types();
    if !(types.is_empty() || types.iter().any(|name| is_of(recorded, name))) {
        let (is, described) = (type_of(recorded).to_owned(), types.join(" or "));
        return push(at, is, described, found);
    }
    match recorded {
        Json::Object(members) => {
            for (name, member) in members.iter() {
                let at = join(at, name);
                match schema.child(name) {
                    Some(schema) => value(schema, &at, member, found),
                    None if has_member(Some(schema), name) => {}
                    None => push(&at, type_of(member).to_owned(), String::new(), found),
                }
            }
        }
        Json::Array(items) => {
            let Some(schema) = schema.items() else {
                return;
            };
            let at = join(at, "[]");
            for item in items {
                value(schema, &at, item, found);
            }
        }
        _ => {}
    }
}

/// Whether a value is of a type of JSON Schema. Null and PHP's empty list stand for the absence of data.
fn is_of(recorded: &Json, name: &str) -> bool {
    match recorded {
        Json::Null => true,
        Json::Bool(_) => name == "boolean",
        Json::Number(number) => {
            name == "number"
                || (name == "integer" && number.as_decimal().is_some_and(|of| of.is_integer()))
        }
        Json::String(_) => name == "string",
        Json::Array(items) => name == "array" || items.is_empty(),
        Json::Object(_) => name == "object",
    }
}

fn push(at: &str, recorded: String, described: String, found: &mut Vec<Difference>) {
    let difference = Difference {
        kind: Kind::Undescribed,
        at: at.to_owned(),
        recorded,
        sandbox: described,
        needs_state: false,
    };
    if !found.contains(&difference) {
        found.push(difference);
    }
}
