//! Evaluation of a condition on a row.

use serde_json::Value;

use super::custom;
use super::rule::{JOINED, Rule};
use crate::retailcrm::value::{self, Object};

/// A row, and its list's access to values beyond it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'r> {
    pub(super) row: &'r Object,
    pub(super) beyond: &'r dyn Fn(&str) -> Vec<Value>,
}

impl Seen<'_> {
    /// Returns every value at a path, without nulls.
    fn at(self, path: &str) -> Vec<Value> {
        let mut found = match path.strip_prefix(JOINED) {
            Some(path) => (self.beyond)(path),
            None => value::all_at(self.row, path).into_iter().cloned().collect(),
        };
        found.retain(|value| !value.is_null());
        found
    }

    fn texts(self, path: &str) -> Vec<String> {
        self.at(path).iter().filter_map(value::text).collect()
    }

    /// Returns the texts at all of the paths, in lower case.
    fn small(self, paths: &[&str]) -> Vec<String> {
        let texts = paths.iter().flat_map(|path| self.texts(path));
        texts.map(|text| text.to_lowercase()).collect()
    }
}

/// Whether the row meets the condition.
pub(super) fn holds(rule: Rule, wanted: &Value, seen: Seen<'_>) -> bool {
    match rule {
        Rule::OneOf(path) | Rule::FewOf(_, path) | Rule::Choice(_, path) => {
            let texts = seen.texts(path);
            value::texts(wanted)
                .iter()
                .any(|choice| texts.contains(choice))
        }
        Rule::Contains(paths) => {
            let texts = seen.small(paths);
            any_small(wanted, |part| texts.iter().any(|text| text.contains(part)))
        }
        Rule::Words(paths) => {
            let texts = seen.small(paths);
            any_small(wanted, |words| {
                let mut words = words.split_whitespace();
                words.all(|word| texts.iter().any(|text| text.contains(word)))
            })
        }
        Rule::Searched(_, paths) => {
            let texts = seen.small(paths);
            any_small(wanted, |whole| texts.iter().any(|text| text == whole))
        }
        Rule::AllParts(path) => {
            let texts = seen.texts(path);
            let has_all = |choice: &String| {
                let mut parts = choice.split('_');
                parts.all(|part| texts.iter().any(|text| text == part))
            };
            value::texts(wanted).iter().all(has_all)
        }
        Rule::Sequence(path) => {
            let mut texts = seen.texts(path).into_iter();
            value::texts(wanted)
                .iter()
                .all(|choice| texts.any(|text| text == *choice))
        }
        Rule::From(path)
        | Rule::To(path)
        | Rule::After(path)
        | Rule::On(path)
        | Rule::TimeFrom(path)
        | Rule::TimeTo(path)
        | Rule::Min(path)
        | Rule::Max(path) => within(path, &[(rule, wanted.clone())], seen),
        Rule::Flag(path) => {
            let is = seen
                .at(path)
                .iter()
                .any(|value| value::flag(value) == Some(true));
            value::flag(wanted) == Some(is)
        }
        Rule::Present(path) => value::flag(wanted) == Some(!seen.at(path).is_empty()),
        Rule::SinceId => seen.row.get("id").and_then(value::integer) > value::integer(wanted),
        Rule::CustomFields(path) => custom::hold(wanted, &seen.at(path)),
        Rule::Properties(paths) => {
            let maps: Vec<Value> = paths.iter().flat_map(|path| seen.at(path)).collect();
            custom::properties_hold(wanted, &maps)
        }
        Rule::Element(path, members) => element_holds(wanted, &seen.at(path), members),
        Rule::Tags(path) => tags_hold(wanted, &seen.at(path)),
        Rule::Beside => true,
    }
}

/// Whether one value at the path is within all bounds: of several payments, one is in the whole span.
pub(super) fn within(path: &str, bounds: &[(Rule, Value)], seen: Seen<'_>) -> bool {
    let fits = |value: &Value| {
        bounds
            .iter()
            .all(|(rule, wanted)| rule.admits(wanted, value))
    };
    seen.at(path).iter().any(fits)
}

fn element_holds(wanted: &Value, elements: &[Value], members: &[(&str, &str)]) -> bool {
    let fits = |element: &Value, wanted: &Value| {
        let nothing = Object::new();
        let element = element.as_object().unwrap_or(&nothing);
        members.iter().all(|(name, path)| {
            let Some(wanted) = wanted.get(*name) else {
                return true;
            };
            value::all_at(element, path)
                .into_iter()
                .any(|own| match own {
                    Value::Bool(own) => value::flag(wanted) == Some(*own),
                    own => value::text(own) == value::text(wanted),
                })
        })
    };
    value::each(wanted)
        .into_iter()
        .all(|wanted| elements.iter().any(|element| fits(element, wanted)))
}

fn tags_hold(wanted: &Value, tags: &[Value]) -> bool {
    let asked = |name: &str| wanted.get(name).and_then(value::flag) == Some(true);
    let is_pinned = |tag: &Value| tag.get("attached").and_then(value::flag) == Some(true);
    let (without, attached) = (asked("without"), asked("attached"));
    without && tags.is_empty() || attached && tags.iter().any(is_pinned) || !without && !attached
}

fn any_small(wanted: &Value, is: impl Fn(&str) -> bool) -> bool {
    value::texts(wanted)
        .iter()
        .any(|choice| is(&choice.to_lowercase()))
}
