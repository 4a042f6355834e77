//! Identifiers that are a number here and a string there.

use std::fmt;

use crate::{Absent, Decode, Encode, Error, Kind, Reader, Writer, reader::Odd};

/// An identifier: a number or a string, kept in the shape it came (acceptance rows U50, RE11).
///
/// `12` and `"12"` are not equal; compare [`to_string`](ToString::to_string) where the shape does
/// not matter.
///
/// ```
/// use common_model::{Id, from_json, to_json};
///
/// let id: Id = from_json(r#""12""#)?;
/// assert_eq!(id, Id::from("12"));
/// assert_ne!(id, Id::from(12));
/// assert_eq!(id.as_i64(), Some(12));
/// assert_eq!(to_json(&id), r#""12""#);
/// # Ok::<(), common_model::Error>(())
/// ```
#[expect(
    clippy::exhaustive_enums,
    reason = "JSON has no third form of an identifier"
)]
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Id {
    /// Came as a number.
    Number(i64),
    /// Came as a string.
    Text(String),
}

impl Id {
    /// The number, also when it came as a string.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
        }
    }

    /// The text, when it came as one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Number(_) => None,
            Self::Text(text) => Some(text),
        }
    }
}

/// The empty text, which identifies nothing.
impl Default for Id {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl From<i64> for Id {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// A number or a string; a number that is no 64-bit integer is kept as its text.
impl Decode for Id {
    const ABSENT: Absent = Absent::EMPTY;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        match reader.peek()? {
            Kind::String => reader.owned_string().map(Self::Text),
            Kind::Number => {
                let text = reader.number()?;
                if let Ok(number) = text.parse() {
                    return Ok(Self::Number(number));
                }
                reader.mark(Odd::Form);
                reader.charge_text(text.len())?;
                Ok(Self::Text(text.to_owned()))
            }
            _ => Err(reader.expected("an identifier")),
        }
    }
}

impl Encode for Id {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Number(number) => out.integer((*number).into()),
            Self::Text(text) => out.string(text),
        }
    }
}
