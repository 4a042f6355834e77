//! JSON values as PHP's and Python's JSON readers would hand them to a signing function.

use common_model::{Value as Json, from_json};
use nicechat_sign::{Error, Form, Value};

/// The value, typed: number text decides between integer and float (`10` and `10.0` sign differently).
pub(super) fn value(json: &Json) -> Result<Value, Error> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(bool) => Value::Bool(*bool),
        Json::Number(number) => Value::json_number(&number.to_string())?,
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(value).collect::<Result<_, _>>()?),
        Json::Object(members) => Value::Map(form(members.iter())?),
    })
}

/// The fields of a form as a JSON object. With `numbers`, texts that are numbers become numbers.
pub(super) fn json(form: &Form, numbers: bool) -> Json {
    let members = form.iter();
    Json::Object(
        members
            .map(|(key, value)| (key.to_owned(), json_value(value, numbers)))
            .collect(),
    )
}

fn json_value(value: &Value, numbers: bool) -> Json {
    let number = |text: String| from_json(&text).unwrap_or(Json::String(text));
    match value {
        Value::Bool(bool) => Json::Bool(*bool),
        Value::Int(int) => number(int.to_string()),
        Value::BigInt(int) => number(int.to_string()),
        Value::Float(float) => number(format!("{float:?}")),
        Value::Text(text) => match from_json(text) {
            Ok(number @ Json::Number(_)) if numbers => number,
            _ => Json::String(text.clone()),
        },
        Value::List(items) => {
            let items = items.iter().map(|item| json_value(item, numbers));
            Json::Array(items.collect())
        }
        Value::Map(form) => json(form, numbers),
        _ => Json::Null,
    }
}

/// A form with these members, in their order.
pub(super) fn form<'a>(members: impl Iterator<Item = (&'a str, &'a Json)>) -> Result<Form, Error> {
    members.map(|(key, json)| Ok((key, value(json)?))).collect()
}
