//! What a value means, whatever its spelling, and how it looks on the wire.

use common_model::{Decimal, Value};

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    Null,
    Bool(bool),
    /// In its one spelling.
    Number(String),
    Text(String),
    List(Vec<Meaning>),
    Object(Vec<(String, Meaning)>),
}

impl Meaning {
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(crate) fn number(number: &str) -> Self {
        Self::Number(number.to_owned())
    }

    /// The pairs of a query or a form: brackets for what is nested, 1 and 0 for booleans, nothing for null.
    pub(crate) fn pairs(&self, name: &str, into: &mut Vec<(String, String)>) {
        match self {
            Self::Null => {}
            Self::Bool(truth) => into.push((name.to_owned(), u8::from(*truth).to_string())),
            Self::Number(text) | Self::Text(text) => into.push((name.to_owned(), text.clone())),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let index = match item {
                        Self::List(_) | Self::Object(_) => index.to_string(),
                        _ => String::new(),
                    };
                    item.pairs(&format!("{name}[{index}]"), into);
                }
            }
            Self::Object(members) => {
                for (key, member) in members {
                    member.pairs(&format!("{name}[{key}]"), into);
                }
            }
        }
    }

    /// Where a JSON value is not this one.
    pub(crate) fn differs(&self, json: Option<&Value>, path: &str) -> Option<String> {
        let found = || format!("{path}: {self:?} was given and {json:?} arrived");
        let same = match (self, json?) {
            (Self::Null, Value::Null) => true,
            (Self::Bool(truth), Value::Bool(arrived)) => truth == arrived,
            (Self::Number(number), Value::Number(arrived)) => {
                number.parse::<Decimal>().ok() == arrived.as_decimal()
                    && !arrived.to_string().contains(['e', 'E'])
            }
            (Self::Text(text), Value::String(arrived)) => text == arrived,
            (Self::List(items), Value::Array(arrived)) => {
                if let Some(first) =
                    items
                        .iter()
                        .zip(arrived)
                        .enumerate()
                        .find_map(|(at, (item, json))| {
                            item.differs(Some(json), &format!("{path}[{at}]"))
                        })
                {
                    return Some(first);
                }
                items.len() == arrived.len()
            }
            (Self::Object(members), Value::Object(arrived)) => {
                for (key, member) in members {
                    let path = format!("{path}.{key}");
                    match arrived.get(key) {
                        None => return Some(format!("{path}: is lost")),
                        json => {
                            if let Some(difference) = member.differs(json, &path) {
                                return Some(difference);
                            }
                        }
                    }
                }
                members.len() == arrived.len()
            }
            _ => false,
        };
        (!same).then(found)
    }
}
