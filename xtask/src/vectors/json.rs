//! Payloads as JSON text, for the interpreters and for the vector files.

use std::fmt::Write as _;

use nicechat_sign::Value;

/// A string with quotes and escapes.
pub(super) fn string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value as the interpreters read it.
pub(super) fn value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => _ = write!(out, "{value}"),
        Value::Int(value) => _ = write!(out, "{value}"),
        Value::BigInt(value) => _ = write!(out, "{value}"),
        Value::Float(value) => out.push_str(&float(*value)),
        Value::Text(text) => out.push_str(&string(text)),
        Value::List(items) => {
            let items = items.iter().map(|item| to_text(item, self::value));
            _ = write!(out, "[{}]", items.collect::<Vec<_>>().join(","));
        }
        Value::Map(members) => {
            let members = members
                .iter()
                .map(|(key, member)| format!("{}:{}", string(key), to_text(member, self::value)));
            _ = write!(out, "{{{}}}", members.collect::<Vec<_>>().join(","));
        }
        other => unreachable!("a new kind of value: {other:?}"),
    }
}

/// A value with its type named, as the vector files have it: `["int","1"]`, `["list",[…]]`.
pub(super) fn tagged(value: &Value, out: &mut String) {
    let (tag, content) = match value {
        Value::Null => ("null", String::new()),
        Value::Bool(value) => ("bool", value.to_string()),
        Value::Int(value) => ("int", string(&value.to_string())),
        Value::BigInt(value) => ("int", string(value.as_str())),
        Value::Float(value) => ("float", string(&float(*value))),
        Value::Text(text) => ("text", string(text)),
        Value::List(items) => {
            let items = items.iter().map(|item| to_text(item, tagged));
            ("list", format!("[{}]", items.collect::<Vec<_>>().join(",")))
        }
        Value::Map(members) => ("map", pairs(members.iter(), tagged)),
        other => unreachable!("a new kind of value: {other:?}"),
    };
    _ = match content.as_str() {
        "" => write!(out, "[{}]", string(tag)),
        content => write!(out, "[{},{content}]", string(tag)),
    };
}

/// `[[key,value],…]`.
pub(super) fn pairs<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a Value)>,
    write: fn(&Value, &mut String),
) -> String {
    let pairs = pairs.map(|(key, value)| format!("[{},{}]", string(key), to_text(value, write)));
    format!("[{}]", pairs.collect::<Vec<_>>().join(","))
}

fn to_text(value: &Value, write: fn(&Value, &mut String)) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// Finite floats as they are; JSON has no infinity, but both languages read it from an overflow.
fn float(value: f64) -> String {
    if value.is_finite() {
        format!("{value:?}")
    } else {
        format!("{}1e999", if value > 0.0 { "" } else { "-" })
    }
}
