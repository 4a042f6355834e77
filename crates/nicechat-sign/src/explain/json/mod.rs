//! JSON as a tree that keeps the order of members and the text of numbers, so that it can be written as other writers
//! would.

mod parse;
mod write;

use crate::{Error, Form, Value};

pub(super) use write::{quoted, write};

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// The text of the number.
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one value, with white space around it.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        parse::whole(core::str::from_utf8(bytes).ok()?)
    }

    /// An object. When a name comes twice, its last value counts, in the place of the first.
    pub(super) fn object(members: impl IntoIterator<Item = (String, Self)>) -> Self {
        let mut object: Vec<(String, Self)> = Vec::new();
        for (name, member) in members {
            match object.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known = member,
                None => object.push((name, member)),
            }
        }
        Self::Object(object)
    }

    pub(super) fn members(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }
}

/// Whether bytes are a JSON object or list.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    matches!(Json::parse(bytes), Some(Json::Object(_) | Json::Array(_)))
}

/// The value as PHP's and Python's JSON readers would hand it to a signing function. The text of a number decides
/// between integer and float (`10` and `10.0` sign differently).
fn value(json: &Json) -> Result<Value, Error> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(bool) => Value::Bool(*bool),
        Json::Number(number) => Value::json_number(number)?,
        Json::Text(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(value).collect::<Result<_, _>>()?),
        Json::Object(members) => Value::Map(form(members)?),
    })
}

/// A form with these members, in their order.
pub(super) fn form(members: &[(String, Json)]) -> Result<Form, Error> {
    let members = members.iter();
    members
        .map(|(key, json)| Ok((key.as_str(), value(json)?)))
        .collect()
}

/// The fields of a form as a JSON object. With `numbers`, texts that are numbers become numbers.
pub(super) fn of_form(form: &Form, numbers: bool) -> Json {
    let members = form.iter();
    Json::object(members.map(|(key, value)| (key.to_owned(), of_value(value, numbers))))
}

fn of_value(value: &Value, numbers: bool) -> Json {
    let number = |text: String| match Json::parse(text.as_bytes()) {
        Some(number) => number,
        None => Json::Text(text),
    };
    match value {
        Value::Bool(bool) => Json::Bool(*bool),
        Value::Int(int) => number(int.to_string()),
        Value::BigInt(int) => number(int.to_string()),
        Value::Float(float) => number(format!("{float:?}")),
        Value::Text(text) => match Json::parse(text.as_bytes()) {
            Some(number @ Json::Number(_)) if numbers => number,
            _ => Json::Text(text.clone()),
        },
        Value::List(items) => {
            let items = items.iter().map(|item| of_value(item, numbers));
            Json::Array(items.collect())
        }
        Value::Map(form) => of_form(form, numbers),
        _ => Json::Null,
    }
}
