//! Nested values in names: `filter[numbers][]=1235C`.
// R14, R15

use common_model::Value;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters; a space is `%20`, which queries and forms both read.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Appends `value` under `name` to a query or a form. Keys of objects and items of lists go into brackets,
/// booleans are 1 and 0, and null and empty values are left out.
///
/// The brackets are not encoded, as in the service's own samples; their content is.
// RE16
pub(super) fn append(out: &mut String, name: &str, value: &Value) {
    append_encoded(out, &encode(name), value);
}

/// Appends one pair with a plain text.
pub(super) fn append_text(out: &mut String, name: &str, text: &str) {
    pair(out, &encode(name), text);
}

/// The text of a scalar as a parameter, with numbers in plain spelling (`1` for `1.0`). `None` for
/// nested values and null.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Bool(truth) => Some(u8::from(*truth).to_string()),
        Value::Number(number) => Some(number.to_plain()),
        Value::String(text) => Some(text.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn append_encoded(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                // With empty brackets PHP would read each key of a nested item as a new item.
                let is_nested = matches!(item, Value::Array(_) | Value::Object(_));
                let index = if is_nested {
                    index.to_string()
                } else {
                    String::new()
                };
                append_encoded(out, &format!("{name}[{index}]"), item);
            }
        }
        Value::Object(members) => {
            for (key, member) in members.iter() {
                append_encoded(out, &format!("{name}[{}]", encode(key)), member);
            }
        }
        value => {
            if let Some(text) = scalar(value) {
                pair(out, name, &text);
            }
        }
    }
}

fn pair(out: &mut String, encoded_name: &str, text: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    out.push_str(encoded_name);
    out.push('=');
    out.extend(utf8_percent_encode(text, COMPONENT));
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}
