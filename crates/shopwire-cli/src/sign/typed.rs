//! JSON values as PHP's and Python's JSON readers would hand them to a signing function.

use common_model::Value as Json;
use nicechat_sign::{Error, Form, Value};

/// The value, typed: number text decides between integer and float (`10` and `10.0` sign differently).
fn value(json: &Json) -> Result<Value, Error> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(bool) => Value::Bool(*bool),
        Json::Number(number) => Value::json_number(&number.to_string())?,
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(value).collect::<Result<_, _>>()?),
        Json::Object(members) => Value::Map(form(members.iter())?),
    })
}

/// A form with these members, in their order.
pub(super) fn form<'a>(members: impl Iterator<Item = (&'a str, &'a Json)>) -> Result<Form, Error> {
    members.map(|(key, json)| Ok((key, value(json)?))).collect()
}
