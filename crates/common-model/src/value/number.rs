//! JSON numbers with the digits they were written with.

use std::fmt;

use rust_decimal::Decimal;

use crate::{Encode, Error, Reader, Writer, plain::plain, scalar};

/// A JSON number with all its digits: `10.00` is not `10`, and numbers are never rounded.
///
/// Numbers are equal when their spellings are.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Form);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    /// An integer in its shortest spelling.
    Integer(i64),
    /// Any other spelling.
    Text(Box<str>),
}

impl Number {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let text = reader.number()?;
        if let Some(integer) = integer(text) {
            return Ok(Self(Form::Integer(integer)));
        }
        reader.charge_text(text.len())?;
        Ok(Self(Form::Text(text.into())))
    }

    /// Makes a number of a text that is a JSON number.
    fn from_json(text: &str) -> Self {
        match integer(text) {
            Some(number) => Self(Form::Integer(number)),
            None => Self(Form::Text(text.into())),
        }
    }

    /// Builds a floating-point number in its shortest spelling. Returns `None` for infinities and NaN.
    #[must_use]
    pub fn from_f64(number: f64) -> Option<Self> {
        number
            .is_finite()
            .then(|| Self(Form::Text(format!("{number:?}").into())))
    }

    /// Returns the number as a 64-bit integer, if it is written as one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Integer(number) => Some(*number),
            Form::Text(text) => text.parse().ok(),
        }
    }

    /// Returns the number as an unsigned 64-bit integer, if it is written as one.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Form::Integer(number) => (*number).try_into().ok(),
            Form::Text(text) => text.parse().ok(),
        }
    }

    /// Returns the nearest floating-point number. Out of range it is infinite, and 0 on underflow.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        // Every JSON number parses.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Whether the number is 0, in any spelling.
    #[cfg(feature = "serde")]
    pub(crate) fn is_zero(&self) -> bool {
        let text = self.to_string();
        let mut digits = text.bytes().take_while(|byte| !matches!(byte, b'e' | b'E'));
        digits.all(|byte| !matches!(byte, b'1'..=b'9'))
    }

    /// Returns the number as a decimal, or `None` if a decimal cannot hold it exactly.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        match &self.0 {
            Form::Integer(number) => Some(Decimal::from(*number)),
            Form::Text(text) => scalar::decimal(text),
        }
    }

    /// Returns the number without an exponent and without a fraction of zeros: `1` for `1.0` and `1e0`, `10.50` for
    /// `10.50`. It is exact. A number that would take more than about 64 digits keeps its spelling.
    ///
    /// ```
    /// use common_model::Value;
    ///
    /// let Value::Number(number) = "1.5e3".parse()? else { unreachable!() };
    /// assert_eq!(number.to_plain(), "1500");
    /// # Ok::<(), common_model::Error>(())
    /// ```
    #[must_use]
    pub fn to_plain(&self) -> String {
        let text = self.to_string();
        plain(&text).unwrap_or(text)
    }
}

/// Parses an integer in its shortest spelling.
fn integer(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| text != "-0")
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Self(Form::Integer(number))
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Self::from_json(&number.to_string())
    }
}

impl From<Decimal> for Number {
    fn from(number: Decimal) -> Self {
        Self::from_json(&number.to_string())
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Form::Integer(number) => number.fmt(f),
            Form::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Encode for Number {
    fn encode(&self, out: &mut Writer) {
        match &self.0 {
            Form::Integer(number) => number.encode(out),
            Form::Text(text) => out.raw(text),
        }
    }
}
