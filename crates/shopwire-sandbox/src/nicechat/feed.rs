//! Feeds: what an import reads out of one.

mod google;
mod table;
mod yml;

use serde_json::{Map, Number, Value};

/// What a feed holds.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Feed {
    /// Categories by id: fields without the id.
    pub(super) categories: Vec<(String, Map<String, Value>)>,
    /// Products by id: fields without the id.
    pub(super) products: Vec<(String, Map<String, Value>)>,
}

/// Reads a feed; `format` is one of those the description lists. The error says what is wrong.
pub(super) fn read(format: &str, text: &str) -> Result<Feed, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        "google-csv" => google::read(text),
        "yml" => yml::read(text),
        other => Err(format!("unknown format {other}")),
    }
}

/// `10.00` as a number of JSON; a comma is read as a point.
fn price(text: &str) -> Option<Value> {
    let plain: String = text.trim().replace(',', ".");
    let is_plain = plain
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = plain.parse().ok().filter(|_| is_plain)?;
    Number::from_f64(number).map(Value::Number)
}
