//! What a feed holds, whatever its format.

use serde_json::{Map, Number, Value};

/// What a feed holds.
#[derive(Debug, Default, PartialEq)]
pub(in crate::nicechat) struct Feed {
    /// Categories by id: fields without the id.
    pub(in crate::nicechat) categories: Vec<(String, Map<String, Value>)>,
    /// Products by id: fields without the id.
    pub(in crate::nicechat) products: Vec<(String, Map<String, Value>)>,
}

/// `10.00` as a number of JSON; a comma is read as a point.
pub(super) fn price(text: &str) -> Option<Value> {
    let plain: String = text.trim().replace(',', ".");
    let is_plain = plain
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let number = plain.parse().ok().filter(|_| is_plain)?;
    Number::from_f64(number).map(Value::Number)
}
