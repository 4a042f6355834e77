//! The conditions of a request.

use serde_json::Value;

use super::check::check;
use super::hold::{Seen, holds, within};
use super::rule::{Field, Rule};
use crate::retailcrm::protocol::answer::Failure;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::value::Object;

/// The conditions of a request.
#[derive(Debug, Default)]
pub(crate) struct Conditions(Vec<Condition>);

/// A condition for a row.
#[derive(Debug)]
enum Condition {
    /// A rule of one field, with the requested value.
    One(Rule, Value),
    /// All bounds of the value at one path.
    Within(&'static str, Vec<(Rule, Value)>),
}

impl Conditions {
    /// Reads the parameter `filter`. A text in place of the map is ignored, and so is an empty value, as an empty
    /// form field of the service filters nothing. A field that is not in the table is an error: ignoring it would
    /// look like a filter that matches everything.
    pub(crate) fn read(call: &Call, fields: &[Field]) -> Result<Self, Failure> {
        let Some(Value::Object(filter)) = call.parameter("filter") else {
            return Ok(Self::default());
        };
        let mut conditions = Self::default();
        for (name, given) in filter {
            let (_, rule) = fields
                .iter()
                .find(|(field, _)| field == name)
                .ok_or_else(|| extra(name))?;
            if let Some(wanted) = filled(given) {
                check(*rule, &wanted)
                    .map_err(|text| Failure::input(&format!("filter[{name}]"), text))?;
                conditions.add(settled(*rule, filter), wanted);
            }
        }
        // Conditions on the row itself are cheaper.
        conditions.0.sort_by_key(Condition::joins);
        Ok(conditions)
    }

    /// Adds a field's condition; bounds of one path are combined.
    fn add(&mut self, rule: Rule, wanted: Value) {
        let Some(path) = rule.bounded() else {
            return self.0.push(Condition::One(rule, wanted));
        };
        let bounds = self.0.iter_mut().find_map(|condition| match condition {
            Condition::Within(bounded, bounds) if *bounded == path => Some(bounds),
            _ => None,
        });
        match bounds {
            Some(bounds) => bounds.push((rule, wanted)),
            None => self.0.push(Condition::Within(path, vec![(rule, wanted)])),
        }
    }

    /// Whether the row meets all conditions.
    pub(crate) fn hold(&self, row: &Object) -> bool {
        self.hold_joined(row, |_| Vec::new())
    }

    /// As [`hold`](Self::hold), where some conditions look beyond the row: `beyond` returns the values at such a
    /// path.
    pub(crate) fn hold_joined(&self, row: &Object, beyond: impl Fn(&str) -> Vec<Value>) -> bool {
        let seen = Seen {
            row,
            beyond: &beyond,
        };
        self.0.iter().all(|condition| match condition {
            Condition::One(rule, wanted) => holds(*rule, wanted, seen),
            Condition::Within(path, bounds) => within(path, bounds, seen),
        })
    }
}

impl Condition {
    /// Whether the condition looks beyond the row.
    fn joins(&self) -> bool {
        match self {
            Self::One(rule, _) => rule.joins(),
            Self::Within(_, bounds) => bounds.iter().any(|(rule, _)| rule.joins()),
        }
    }
}

/// The error of a field that is not in the list's table.
fn extra(name: &str) -> Failure {
    Failure::input(
        &format!("filter[{name}]"),
        "This form should not contain extra fields.",
    )
}

/// Returns the rule after reading the field that tells how it searches.
fn settled(rule: Rule, filter: &Object) -> Rule {
    match rule {
        Rule::Searched(by, paths) if filter.get(by).is_none_or(|how| how != "exact") => {
            Rule::Contains(paths)
        }
        other => other,
    }
}

/// Returns the value without empty parts, or `None` if nothing is left.
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
