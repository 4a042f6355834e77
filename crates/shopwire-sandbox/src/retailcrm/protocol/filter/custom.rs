//! Conditions on custom fields and on properties of products: maps by code.

use std::cmp::Ordering;

use serde_json::Value;

use crate::retailcrm::value::{self, Object};

/// Whether one of the maps meets the conditions for all codes.
pub(super) fn hold(wanted: &Value, maps: &[Value]) -> bool {
    let Some(wanted) = wanted.as_object() else {
        return false;
    };
    let nothing = Value::Null;
    maps.iter().any(|map| {
        wanted
            .iter()
            .all(|(code, wanted)| meets(wanted, map.get(code).unwrap_or(&nothing)))
    })
}

/// As `hold`, with conditions by code. A list of values matches if one is a value of any property.
pub(super) fn properties_hold(wanted: &Value, maps: &[Value]) -> bool {
    if wanted.is_object() {
        return hold(wanted, maps);
    }
    let owned = || maps.iter().filter_map(|map| map.as_object());
    value::each(wanted).into_iter().any(|wanted| {
        owned()
            .flat_map(Object::values)
            .any(|own| meets(wanted, own))
    })
}

/// Whether a value is in a range, in a list, or equal.
fn meets(wanted: &Value, actual: &Value) -> bool {
    match wanted {
        Value::Object(range) if range.contains_key("min") || range.contains_key("max") => {
            in_range(range, actual)
        }
        choices => value::each(actual).into_iter().any(|actual| {
            let mut choices = value::each(choices).into_iter();
            choices.any(|choice| is(choice, actual))
        }),
    }
}

/// Whether a value of a query equals the value of a field: 1 is true, and 9.0 is 9.
fn is(wanted: &Value, actual: &Value) -> bool {
    match actual {
        Value::Bool(actual) => value::flag(wanted) == Some(*actual),
        Value::Number(_) => value::decimal(wanted) == value::decimal(actual),
        _ => value::text(actual).is_some_and(|actual| value::text(wanted) == Some(actual)),
    }
}

/// Whether a value is in a range. Numbers are compared as numbers, dates as texts; the last day is included.
fn in_range(range: &Object, actual: &Value) -> bool {
    let compare = |bound: &Value| match (value::decimal(actual), value::decimal(bound)) {
        (Some(actual), Some(bound)) => Some(actual.cmp(&bound)),
        _ => {
            let (actual, bound) = (value::text(actual)?, value::text(bound)?);
            let actual = actual.get(..bound.len()).unwrap_or(&actual);
            Some(actual.cmp(&bound))
        }
    };
    let is = |name: &str, right: fn(Ordering) -> bool| {
        range
            .get(name)
            .is_none_or(|bound| compare(bound).is_some_and(right))
    };
    is("min", Ordering::is_ge) && is("max", Ordering::is_le)
}
