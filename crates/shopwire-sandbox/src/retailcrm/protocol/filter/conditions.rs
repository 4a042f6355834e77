//! The conditions of one request.

use serde_json::Value;

use super::check::check;
use super::hold::{Seen, holds};
use super::rule::{Field, Rule};
use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::value::Object;

/// The conditions of one request: each field that was given, its rule, its value.
#[derive(Debug)]
pub(crate) struct Conditions(Vec<(Rule, Value)>);

impl Conditions {
    /// Reads the parameter `filter`. A text in place of the map is no filter, and an empty value is no condition:
    /// a form of the service that is not sent filters nothing. A field that the table lacks is an error: silence
    /// would look like a filter that matches everything.
    pub(crate) fn read(call: &Call, fields: &[Field]) -> Result<Self, Failure> {
        let Some(Value::Object(filter)) = call.parameter("filter") else {
            return Ok(Self(Vec::new()));
        };
        let mut conditions = Vec::new();
        for (name, given) in filter {
            let (_, rule) = fields
                .iter()
                .find(|(field, _)| field == name)
                .ok_or_else(|| extra(name))?;
            if let Some(wanted) = filled(given) {
                check(*rule, &wanted)
                    .map_err(|text| Failure::input(&format!("filter[{name}]"), text))?;
                conditions.push((settled(*rule, filter), wanted));
            }
        }
        // What the row itself tells is cheaper to look at.
        conditions.sort_by_key(|(rule, _)| rule.joins());
        Ok(Self(conditions))
    }

    /// Whether the row meets all conditions.
    pub(crate) fn hold(&self, row: &Object) -> bool {
        self.hold_joined(row, |_| Vec::new())
    }

    /// Whether the row meets all conditions, where some look beyond it: `beyond` gives the values at such a path.
    pub(crate) fn hold_joined(&self, row: &Object, beyond: impl Fn(&str) -> Vec<Value>) -> bool {
        let seen = Seen {
            row,
            beyond: &beyond,
        };
        self.0
            .iter()
            .all(|(rule, wanted)| holds(*rule, wanted, seen))
    }
}

/// A field that the table of the list does not have.
fn extra(name: &str) -> Failure {
    Failure::input(
        &format!("filter[{name}]"),
        "This form should not contain extra fields.",
    )
}

/// The rule, once the field that says how it searches is read.
fn settled(rule: Rule, filter: &Object) -> Rule {
    match rule {
        Rule::Searched(by, paths) if filter.get(by).is_none_or(|how| how != "exact") => {
            Rule::Contains(paths)
        }
        other => other,
    }
}

/// The value without its empty parts; none when nothing is left.
fn filled(given: &Value) -> Option<Value> {
    match given {
        Value::Null => None,
        Value::String(text) if text.is_empty() => None,
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().filter_map(filled).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        Value::Object(members) => {
            let filled = |(name, value): (&String, &Value)| Some((name.clone(), filled(value)?));
            let members: Object = members.iter().filter_map(filled).collect();
            (!members.is_empty()).then_some(Value::Object(members))
        }
        scalar => Some(scalar.clone()),
    }
}
