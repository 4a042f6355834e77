//! Identifiers that some services write as a number and others as a string.

use std::{borrow::Cow, fmt};

use crate::{Absent, Decode, Encode, Error, Kind, Reader, Writer, plain::plain, reader::Marks};

/// An identifier: a number or a string, kept in its original shape.
///
/// `12` and `"12"` are not equal. Compare by [`to_string`](ToString::to_string) where the shape does not
/// matter.
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
// U50, RE11
#[expect(
    clippy::exhaustive_enums,
    reason = "JSON has no third form of an identifier"
)]
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Id {
    /// An identifier that came as a number.
    Number(i64),
    /// An identifier that came as a string.
    Text(String),
}

impl Id {
    /// Returns the number, also when it came as a string.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
        }
    }

    /// Returns the text, if it came as a string.
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

macro_rules! from_numbers {
    ($($number:ty)*) => { $(
        /// Makes a number. A number outside of 64 bits is kept as text.
        impl From<$number> for Id {
            fn from(number: $number) -> Self {
                i64::try_from(number).map_or_else(|_| Self::Text(number.to_string()), Self::Number)
            }
        }
    )* };
}

from_numbers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

macro_rules! from_texts {
    ($($text:ty)*) => { $(
        impl From<$text> for Id {
            fn from(text: $text) -> Self {
                Self::Text(text.into())
            }
        }
    )* };
}

from_texts!(String &str &mut str Box<str> Cow<'_, str> char);

/// Copies the text, for an id that is needed again.
impl From<&String> for Id {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

/// Returns the text, or the digits of the number.
impl From<Id> for String {
    fn from(id: Id) -> Self {
        match id {
            Id::Number(number) => number.to_string(),
            Id::Text(text) => text,
        }
    }
}

/// Copies the id, for an id that is needed again.
impl From<&Self> for Id {
    fn from(id: &Self) -> Self {
        id.clone()
    }
}

/// Reads a number or a string. `5.0` and `5e0` are the number 5. A number that is no 64-bit integer is kept
/// as text.
impl Decode for Id {
    const ABSENT: Absent = Absent::EMPTY;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        if reader.is_at_string() {
            return reader.owned_string().map(Self::Text);
        }
        match reader.peek()? {
            Kind::Number => {
                let text = reader.number()?;
                if let Ok(number) = text.parse() {
                    return Ok(Self::Number(number));
                }
                reader.mark(Marks::FORM);
                reader.charge_text(text.len())?;
                Ok(unusual(text))
            }
            _ => Err(reader.expected("an identifier")),
        }
    }
}

/// Makes an id of a number with a fraction, an exponent or too many digits.
#[cold]
fn unusual(text: &str) -> Id {
    let text = plain(text).unwrap_or_else(|| text.to_owned());
    text.parse().map_or(Id::Text(text), Id::Number)
}

impl Encode for Id {
    fn encode(&self, out: &mut Writer) {
        match self {
            Self::Number(number) => out.integer((*number).into()),
            Self::Text(text) => out.string(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{from_json, to_json};

    // F21
    #[test]
    fn f21_an_id_is_made_from_every_integer_and_text() {
        let text = String::from("a-1");
        for id in [
            Id::from(&text),
            Id::from(text.as_str()),
            Id::from(Cow::Borrowed("a-1")),
            Id::from(Cow::from(text.clone())),
            Id::from(Box::<str>::from("a-1")),
            Id::from(&Id::from("a-1")),
            Id::from(text.clone()),
        ] {
            assert_eq!(id, Id::Text("a-1".to_owned()));
        }
        assert_eq!(Id::from('7'), Id::Text("7".to_owned()));
        let numbers = [
            Id::from(7_i8),
            Id::from(7_i16),
            Id::from(7_i32),
            Id::from(7_i64),
            Id::from(7_i128),
            Id::from(7_isize),
            Id::from(7_u8),
            Id::from(7_u16),
            Id::from(7_u32),
            Id::from(7_u64),
            Id::from(7_u128),
            Id::from(7_usize),
            Id::from(7),
        ];
        assert!(numbers.iter().all(|id| *id == Id::Number(7)), "{numbers:?}");
        assert_eq!(
            Id::from(u64::MAX),
            Id::Text("18446744073709551615".to_owned())
        );
        assert_eq!(Id::from(i128::MIN).to_string(), i128::MIN.to_string());
    }

    // F7
    #[test]
    fn f7_a_number_is_the_same_id_in_every_spelling() {
        for written in ["5", "5.0", "5e0", "0.5e1", "50E-1"] {
            let id: Id = from_json(written).unwrap();
            assert_eq!(id, Id::Number(5), "{written}");
        }
        let half: Id = from_json("5.5").unwrap();
        assert_eq!(to_json(&half), r#""5.5""#);
    }
}
