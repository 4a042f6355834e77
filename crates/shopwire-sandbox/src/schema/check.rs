//! Validation of a value against a schema.

use std::fmt;

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::format;
use super::node::Schema;

/// The treatment of members that a schema neither lists nor mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// Such members are violations.
    Refused,
    /// Such members are allowed.
    Allowed,
}

/// Describes what is to be said of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// The errors, in order of appearance.
    pub(crate) violations: Vec<Violation>,
    /// The paths of members that are allowed and that the schema does not know.
    pub(crate) unknown: Vec<String>,
}

/// One error in a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Path of the error: `order.items[0].quantity`; empty for the value itself.
    pub(crate) path: String,
    /// Message without the path: `must be integer`.
    pub(crate) message: String,
    /// Whether the member is absent, rather than wrong.
    pub(crate) missing: bool,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() {
            "value"
        } else {
            &self.path
        };
        write!(f, "{place}: {}", self.message)
    }
}

impl Schema<'_> {
    /// Returns the errors in `value`, in order of appearance.
    pub(crate) fn violations(&self, value: &Value, unknown: Unknown) -> Vec<Violation> {
        self.findings(value, unknown).violations
    }

    /// Returns the errors in `value`, and the members that the schema does not know.
    pub(crate) fn findings(&self, value: &Value, unknown: Unknown) -> Findings {
        let mut check = Check {
            unknown,
            path: String::new(),
            found: Findings::default(),
        };
        check.value(*self, value);
        check.found
    }
}

struct Check {
    unknown: Unknown,
    path: String,
    found: Findings,
}

impl Check {
    fn value(&mut self, schema: Schema<'_>, value: &Value) {
        let types = schema.types();
        if !types.is_empty() && !types.iter().any(|name| is_type(value, name)) {
            return self.wrong(format!("must be {}", types.join(" or ")));
        }
        for alternatives in ["oneOf", "anyOf"] {
            self.one_of(&schema.alternatives(alternatives), value);
        }
        for part in schema.alternatives("allOf") {
            self.value(part, value);
        }
        self.fixed_values(schema, value);
        match value {
            Value::Object(members) => self.object(schema, members),
            Value::Array(items) => self.array(schema, items),
            Value::String(text) => self.text(schema, text),
            Value::Number(number) => self.range(schema, number.as_f64()),
            _ => {}
        }
    }

    /// Checks that an alternative fits. If none does, the first one of the right type reports its errors.
    fn one_of(&mut self, alternatives: &[Schema<'_>], value: &Value) {
        let mut closest: Option<Findings> = None;
        for &schema in alternatives {
            let mut attempt = Check {
                unknown: self.unknown,
                path: self.path.clone(),
                found: Findings::default(),
            };
            attempt.value(schema, value);
            if attempt.found.violations.is_empty() {
                return self.found.unknown.extend(attempt.found.unknown);
            }
            let is_deeper = attempt
                .found
                .violations
                .iter()
                .any(|one| one.path.len() > self.path.len());
            if closest.is_none() || is_deeper {
                closest = Some(attempt.found);
            }
        }
        let closest = closest.unwrap_or_default();
        self.found.violations.extend(closest.violations);
        self.found.unknown.extend(closest.unknown);
    }

    fn fixed_values(&mut self, schema: Schema<'_>, value: &Value) {
        if let Some(allowed) = schema.keyword("enum").and_then(Value::as_array)
            && !allowed.contains(value)
        {
            let list: Vec<String> = allowed.iter().map(plain).collect();
            self.wrong(format!("must be one of {}", list.join(", ")));
        }
        if let Some(only) = schema.keyword("const")
            && only != value
        {
            self.wrong(format!("must be {}", plain(only)));
        }
    }

    fn object(&mut self, schema: Schema<'_>, members: &Map<String, Value>) {
        let required = schema.keyword("required").and_then(Value::as_array);
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                self.inside(name, |check| check.missing());
            }
        }
        for (name, member) in members {
            match self.member_schema(schema, name) {
                Member::Known(known) => self.inside(name, |check| check.value(known, member)),
                Member::Free => {}
                Member::Unknown => self.inside(name, |check| {
                    check.found.unknown.push(check.path.clone());
                }),
                Member::Refused => self.inside(name, |check| check.wrong("is unknown".into())),
            }
        }
    }

    fn member_schema<'d>(&self, schema: Schema<'d>, name: &str) -> Member<'d> {
        if let Some(known) = schema.property(name) {
            return Member::Known(known);
        }
        match schema.keyword("additionalProperties") {
            Some(Value::Bool(false)) => Member::Refused,
            Some(rest) => schema.child(rest).map_or(Member::Free, Member::Known),
            None if schema.keyword("properties").is_none() => Member::Free,
            None if self.unknown == Unknown::Refused => Member::Refused,
            None => Member::Unknown,
        }
    }

    fn array(&mut self, schema: Schema<'_>, items: &[Value]) {
        if limit(schema, "maxItems").is_some_and(|most| items.len() as f64 > most) {
            self.wrong(format!(
                "must have at most {} items",
                limit(schema, "maxItems").unwrap_or_default()
            ));
        }
        if limit(schema, "minItems").is_some_and(|least| (items.len() as f64) < least) {
            self.wrong(format!(
                "must have at least {} items",
                limit(schema, "minItems").unwrap_or_default()
            ));
        }
        let Some(of) = schema.keyword("items").and_then(|node| schema.child(node)) else {
            return;
        };
        for (index, item) in items.iter().enumerate() {
            let length = self.path.len();
            self.path.push_str(&format!("[{index}]"));
            self.value(of, item);
            self.path.truncate(length);
        }
    }

    fn text(&mut self, schema: Schema<'_>, text: &str) {
        let length = text.chars().count() as f64;
        if limit(schema, "maxLength").is_some_and(|most| length > most) {
            self.wrong(format!(
                "must have at most {} characters",
                limit(schema, "maxLength").unwrap_or_default()
            ));
        }
        if limit(schema, "minLength").is_some_and(|least| length < least) {
            self.wrong("must not be empty".into());
        }
        if let Some(pattern) = schema.keyword("pattern").and_then(Value::as_str) {
            let pattern = Regex::new(pattern).expect("a pattern of a description");
            if !pattern.is_match(text) {
                self.wrong(format!("must match {pattern}"));
            }
        }
        if let Some(expected) = schema
            .keyword("format")
            .and_then(Value::as_str)
            .and_then(|name| format::violated(name, text))
        {
            self.wrong(expected.into());
        }
    }

    fn range(&mut self, schema: Schema<'_>, number: Option<f64>) {
        let Some(number) = number else { return };
        if limit(schema, "minimum").is_some_and(|least| number < least) {
            self.wrong(format!(
                "must be at least {}",
                limit(schema, "minimum").unwrap_or_default()
            ));
        }
        if limit(schema, "maximum").is_some_and(|most| number > most) {
            self.wrong(format!(
                "must be at most {}",
                limit(schema, "maximum").unwrap_or_default()
            ));
        }
    }

    fn inside(&mut self, name: &str, then: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        then(self);
        self.path.truncate(length);
    }

    fn missing(&mut self) {
        self.found.violations.push(Violation {
            path: self.path.clone(),
            message: "is required".into(),
            missing: true,
        });
    }

    fn wrong(&mut self, message: String) {
        self.found.violations.push(Violation {
            path: self.path.clone(),
            message,
            missing: false,
        });
    }
}

enum Member<'d> {
    Known(Schema<'d>),
    /// Members of any name are meant.
    Free,
    /// It is allowed and has no meaning.
    Unknown,
    Refused,
}

/// Two to the power of 63.
const MOST_INTEGER: f64 = 9_223_372_036_854_775_808.0;

fn is_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        // No client has room for greater ones than 64 bits with a sign.
        "integer" => {
            let fits = |number: f64| number.fract() == 0.0 && number.abs() < MOST_INTEGER;
            value.is_i64() || value.as_f64().is_some_and(fits)
        }
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn limit(schema: Schema<'_>, keyword: &str) -> Option<f64> {
    schema.keyword(keyword).and_then(Value::as_f64)
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
