//! A JSON number, as it was written.

use std::fmt;

use rust_decimal::Decimal;

use crate::{Encode, Error, Reader, Writer, plain::plain, scalar};

/// A JSON number with all its digits: `10.00` is not `10`, and nothing is ever rounded.
///
/// Numbers are equal when they are written alike.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Form);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Form {
    /// An integer in its shortest form.
    Integer(i64),
    /// Everything else.
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

    /// From a text that is a JSON number.
    fn from_json(text: &str) -> Self {
        match integer(text) {
            Some(number) => Self(Form::Integer(number)),
            None => Self(Form::Text(text.into())),
        }
    }

    /// A floating-point number in its shortest form; none for infinities and NaN.
    #[must_use]
    pub fn from_f64(number: f64) -> Option<Self> {
        number
            .is_finite()
            .then(|| Self(Form::Text(format!("{number:?}").into())))
    }

    /// The number as a 64-bit integer, if it is written as one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Form::Integer(number) => Some(*number),
            Form::Text(text) => text.parse().ok(),
        }
    }

    /// The number as an unsigned 64-bit integer, if it is written as one.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Form::Integer(number) => (*number).try_into().ok(),
            Form::Text(text) => text.parse().ok(),
        }
    }

    /// The nearest floating-point number; infinite beyond its range, and 0 below it.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        // Every JSON number parses.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// Whether it is 0, however it is written.
    #[cfg(feature = "serde")]
    pub(crate) fn is_zero(&self) -> bool {
        let text = self.to_string();
        let mut digits = text.bytes().take_while(|byte| !matches!(byte, b'e' | b'E'));
        digits.all(|byte| !matches!(byte, b'1'..=b'9'))
    }

    /// The number as a decimal; none if a decimal cannot hold it exactly.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        match &self.0 {
            Form::Integer(number) => Some(Decimal::from(*number)),
            Form::Text(text) => scalar::decimal(text),
        }
    }

    /// The number without an exponent and without a fraction of zeros: `1` for `1.0` and `1e0`, `10.50` for
    /// `10.50`. It is exact; what would take more than about 64 digits is given as it is written.
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

/// The integer that is written so.
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
