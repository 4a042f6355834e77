//! Any JSON value.

mod number;

use std::{fmt, str::FromStr};

pub use number::Number;

use crate::{Absent, Decode, Encode, Error, Kind, Map, Reader, Writer, to_json};

/// Any JSON value. It keeps the order of objects and the digits of numbers.
///
/// ```
/// use common_model::Value;
///
/// let value: Value = r#"{"order": {"items": [{"price": 10.00}]}}"#.parse()?;
/// let price = value.pointer("/order/items/0/price");
/// assert_eq!(price.map(ToString::to_string).as_deref(), Some("10.00"));
/// assert_eq!(value.to_string(), r#"{"order":{"items":[{"price":10.00}]}}"#);
/// # Ok::<(), common_model::Error>(())
/// ```
#[expect(clippy::exhaustive_enums, reason = "JSON has these six kinds")]
#[derive(Clone, Default, PartialEq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number with all its digits.
    Number(Number),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object.
    Object(Map<Value>),
}

impl Value {
    /// Returns a member of an object, or `None` if the value is not an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// Returns the value under a JSON pointer (RFC 6901), such as `/orders/0/number`. The pointer `""` is the value
    /// itself.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer
            .strip_prefix('/')?
            .split('/')
            .try_fold(self, |value, token| match value {
                Self::Object(map) => map.get(&token.replace("~1", "/").replace("~0", "~")),
                Self::Array(items) => items.get(token.parse::<usize>().ok()?),
                _ => None,
            })
    }

    /// Returns the kind of the value.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(_) => Kind::Bool,
            Self::Number(_) => Kind::Number,
            Self::String(_) => Kind::String,
            Self::Array(_) => Kind::Array,
            Self::Object(_) => Kind::Object,
        }
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// Returns the text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }

    /// Returns a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self {
            Some(*truth)
        } else {
            None
        }
    }

    /// Returns a number.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        if let Self::Number(number) = self {
            Some(number)
        } else {
            None
        }
    }

    /// Returns a number that is a 64-bit integer.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// Returns the items of a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self {
            Some(items)
        } else {
            None
        }
    }

    /// Returns the members of an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Map<Self>> {
        if let Self::Object(map) = self {
            Some(map)
        } else {
            None
        }
    }

    /// Returns the members of an object, to change them.
    #[must_use]
    pub fn as_object_mut(&mut self) -> Option<&mut Map<Self>> {
        if let Self::Object(map) = self {
            Some(map)
        } else {
            None
        }
    }

    /// Reads the value as another type.
    ///
    /// # Errors
    /// The value is not a `T`. Offsets in the error count in the value's compact text.
    pub fn to<T: Decode>(&self) -> Result<T, Error> {
        crate::from_json_strict(&to_json(self))
    }

    /// Converts any type to a value.
    #[must_use]
    pub fn of<T: Encode + ?Sized>(value: &T) -> Self {
        // A writer's output is JSON, unless hand-written raw text in it is not. Such a text becomes null.
        crate::from_json(&to_json(value)).unwrap_or_default()
    }
}

impl Decode for Value {
    const ABSENT: Absent = Absent::NULL;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(match reader.peek()? {
            Kind::Null => reader.null().map(|()| Self::Null)?,
            Kind::Bool => Self::Bool(reader.bool()?),
            Kind::Number => Self::Number(Number::read(reader)?),
            Kind::String => Self::String(reader.owned_string()?),
            Kind::Array => Self::Array(Vec::decode(reader)?),
            Kind::Object => Self::Object(Map::decode(reader)?),
        })
    }
}

impl Encode for Value {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Null => out.null(),
            Self::Bool(truth) => out.bool(*truth),
            Self::Number(number) => number.encode(out),
            Self::String(text) => out.string(text),
            Self::Array(items) => items.encode(out),
            Self::Object(map) => map.encode(out),
        }
    }
}

impl FromStr for Value {
    type Err = Error;

    fn from_str(json: &str) -> Result<Self, Error> {
        crate::from_json(json)
    }
}

/// Writes compact JSON.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_json(self))
    }
}

/// Writes JSON.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number.into())
    }
}

impl From<rust_decimal::Decimal> for Value {
    fn from(number: rust_decimal::Decimal) -> Self {
        Self::Number(number.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::Array(items)
    }
}

impl From<Map<Value>> for Value {
    fn from(map: Map<Value>) -> Self {
        Self::Object(map)
    }
}
