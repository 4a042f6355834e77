//! Filters of lists, driven by a table for each list.

use serde_json::Value;

use super::answer::Failure;
use super::call::Call;
use crate::retailcrm::value::{self, Object};

/// How one filter field chooses rows. Paths are dotted; lists on the way are walked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// One of the values given equals the value at the path.
    OneOf(&'static str),
    /// The text occurs in the value at one of the paths, in any case.
    Contains(&'static [&'static str]),
    /// The value at the path is not before this date or time.
    From(&'static str),
    /// The value at the path is not after this date or time; a date means the whole day.
    To(&'static str),
    /// The number at the path is not less.
    Min(&'static str),
    /// The number at the path is not more.
    Max(&'static str),
    /// The value at the path is true (1) or not (0).
    Flag(&'static str),
    /// The row's id is greater.
    SinceId,
    /// Chooses nothing; the list reads it itself.
    All,
    /// Custom fields: equal, or between `min` and `max`.
    CustomFields,
}

/// A filter field and its rule.
pub(crate) type Field = (&'static str, Rule);

/// The conditions of one request.
#[derive(Debug)]
pub(crate) struct Conditions<'a>(Vec<(Rule, &'a Value)>);

impl<'a> Conditions<'a> {
    /// Reads the parameter `filter`. A field that the table lacks is an error: silence would look
    /// like a filter that matches everything.
    pub(crate) fn read(call: &'a Call, fields: &[Field]) -> Result<Self, Failure> {
        let filter = match call.parameter("filter") {
            None => return Ok(Self(Vec::new())),
            Some(Value::Object(filter)) => filter,
            Some(Value::String(text)) if text.is_empty() => return Ok(Self(Vec::new())),
            Some(_) => return Err(Failure::input("filter", "This value is not valid.")),
        };
        let mut conditions = Vec::new();
        for (name, wanted) in filter {
            let Some((_, rule)) = fields.iter().find(|(field, _)| field == name) else {
                return Err(Failure::unsupported(&format!("filter[{name}]")));
            };
            if !is_empty(wanted) {
                check(*rule, wanted)
                    .map_err(|text| Failure::input(&format!("filter[{name}]"), text))?;
                conditions.push((*rule, wanted));
            }
        }
        Ok(Self(conditions))
    }

    /// Whether the row meets all conditions.
    pub(crate) fn hold(&self, row: &Object) -> bool {
        self.0
            .iter()
            .all(|(rule, wanted)| holds(*rule, wanted, row))
    }
}

fn is_empty(wanted: &Value) -> bool {
    wanted.as_str().is_some_and(str::is_empty)
}

/// A value of the wrong shape is an error of the caller. Whether there may be several of it, the description says.
fn check(rule: Rule, wanted: &Value) -> Result<(), &'static str> {
    let fine = match rule {
        Rule::OneOf(_) | Rule::All => true,
        Rule::Contains(_) => each(wanted).iter().all(|text| text.is_string()),
        Rule::From(_) | Rule::To(_) => each(wanted).iter().all(|bound| {
            let text = bound.as_str().unwrap_or_default();
            value::is_date(text) || value::is_date_time(text)
        }),
        Rule::Min(_) | Rule::Max(_) => value::decimal(wanted).is_some(),
        Rule::Flag(_) => value::flag(wanted).is_some(),
        Rule::SinceId => value::integer(wanted).is_some(),
        Rule::CustomFields => wanted.is_object(),
    };
    if fine {
        Ok(())
    } else {
        Err("This value is not valid.")
    }
}

fn holds(rule: Rule, wanted: &Value, row: &Object) -> bool {
    match rule {
        Rule::OneOf(path) => {
            let texts = texts_at(row, path);
            choices(wanted).iter().any(|choice| texts.contains(choice))
        }
        Rule::Contains(paths) => {
            let texts = paths.iter().flat_map(|path| texts_at(row, path));
            let texts: Vec<String> = texts.map(|text| text.to_lowercase()).collect();
            choices(wanted).iter().any(|part| {
                let part = part.to_lowercase();
                texts.iter().any(|text| text.contains(&part))
            })
        }
        Rule::From(path) => {
            let texts = texts_at(row, path);
            let is_after = |from: &String| texts.iter().any(|text| text >= from);
            choices(wanted).iter().all(is_after)
        }
        // Compared on the length of the bound: a time on the last day is within the day.
        Rule::To(path) => {
            let texts = texts_at(row, path);
            choices(wanted).iter().all(|to| {
                texts
                    .iter()
                    .any(|text| text.get(..to.len()).unwrap_or(text) <= to.as_str())
            })
        }
        Rule::Min(path) => value::decimal(wanted).is_some_and(|least| {
            value::all_at(row, path)
                .into_iter()
                .filter_map(value::decimal)
                .any(|n| n >= least)
        }),
        Rule::Max(path) => value::decimal(wanted).is_some_and(|most| {
            value::all_at(row, path)
                .into_iter()
                .filter_map(value::decimal)
                .any(|n| n <= most)
        }),
        Rule::Flag(path) => {
            let is = value::all_at(row, path)
                .into_iter()
                .any(|value| value::flag(value) == Some(true));
            value::flag(wanted) == Some(is)
        }
        Rule::SinceId => row.get("id").and_then(value::integer) > value::integer(wanted),
        Rule::All => true,
        Rule::CustomFields => custom_fields_hold(wanted, row),
    }
}

fn custom_fields_hold(wanted: &Value, row: &Object) -> bool {
    let Some(wanted) = wanted.as_object() else {
        return false;
    };
    let nothing = Value::Null;
    wanted.iter().all(|(code, condition)| {
        let actual = row
            .get("customFields")
            .and_then(|fields| fields.get(code))
            .unwrap_or(&nothing);
        match condition {
            Value::Object(range) if range.contains_key("min") || range.contains_key("max") => {
                in_range(range, actual)
            }
            single => {
                let is = value::text(actual)
                    .or_else(|| value::flag(actual).map(|flag| u8::from(flag).to_string()));
                is.is_some_and(|text| choices(single).contains(&text))
            }
        }
    })
}

/// Numbers are compared as numbers, dates as texts.
fn in_range(range: &Object, actual: &Value) -> bool {
    let bound = |name: &str| range.get(name).filter(|bound| !is_empty(bound));
    let compare = |bound: &Value| match (value::decimal(actual), value::decimal(bound)) {
        (Some(actual), Some(bound)) => Some(actual.cmp(&bound)),
        _ => Some(value::text(actual)?.cmp(&value::text(bound)?)),
    };
    bound("min").is_none_or(|min| compare(min).is_some_and(std::cmp::Ordering::is_ge))
        && bound("max").is_none_or(|max| compare(max).is_some_and(std::cmp::Ordering::is_le))
}

fn choices(wanted: &Value) -> Vec<String> {
    each(wanted).into_iter().filter_map(value::text).collect()
}

/// The values of a list, or the single one.
fn each(wanted: &Value) -> Vec<&Value> {
    match wanted {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        single => vec![single],
    }
}

fn texts_at(row: &Object, path: &str) -> Vec<String> {
    value::all_at(row, path)
        .into_iter()
        .filter_map(value::text)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::protocol::php;
    use crate::retailcrm::value::object;
    use serde_json::json;

    const FIELDS: &[Field] = &[
        ("numbers", Rule::OneOf("number")),
        ("customer", Rule::Contains(&["firstName", "phone"])),
        ("createdAtFrom", Rule::From("createdAt")),
        ("createdAtTo", Rule::To("createdAt")),
        ("minPrice", Rule::Min("totalSumm")),
        ("vip", Rule::Flag("vip")),
        ("customFields", Rule::CustomFields),
    ];

    fn selects(query: &str) -> Result<bool, Failure> {
        let row = object(json!({
            "id": 7, "number": "1235C", "firstName": "Анна", "createdAt": "2026-03-05 10:00:00",
            "totalSumm": 100.5, "customFields": {"nps": 7, "gift": true}
        }));
        let call = Call {
            query: php::parse(query.as_bytes()),
            ..Call::default()
        };
        Ok(Conditions::read(&call, FIELDS)?.hold(&row))
    }

    #[test]
    fn r14_r27_filters_choose_rows() {
        for holding in [
            "",
            "filter[numbers][]=1235C",
            "filter[numbers][0]=x&filter[numbers][1]=1235C",
            "filter[customFields][nps][min]=5",
            "filter[customFields][nps][max]=7",
            "filter[customFields][gift]=1",
            "filter[createdAtFrom]=2026-03-05",
            "filter[createdAtTo]=2026-03-05",
            "filter[createdAtTo][]=2026-03-05",
            "filter[customer][]=xyz&filter[customer][]=%D0%B0%D0%BD%D0%BD",
            "filter[createdAtTo]=2026-03-05 10:00:00",
            "filter[minPrice]=100.50",
            "filter[vip]=0",
            "filter[customer]=%D0%B0%D0%BD%D0%BD%D0%B0",
        ] {
            assert!(selects(holding).unwrap(), "{holding}");
        }
        for failing in [
            "filter[numbers][]=1235",
            "filter[customFields][nps][min]=8",
            "filter[customFields][other]=1",
            "filter[createdAtFrom]=2026-03-06",
            "filter[createdAtTo]=2026-03-04",
            "filter[minPrice]=100.51",
            "filter[vip]=1",
        ] {
            assert!(!selects(failing).unwrap(), "{failing}");
        }
    }

    #[test]
    fn wrong_and_unknown_filters_are_errors() {
        for wrong in [
            "filter=5",
            "filter[createdAtFrom]=today",
            "filter[createdAtFrom][]=today",
            "filter[vip]=yes",
            "filter[minPrice]=x",
            "filter[nope]=1",
        ] {
            assert!(selects(wrong).is_err(), "{wrong}");
        }
    }
}
