//! Values of a form, typed as PHP and Python see them.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::error::Kind;
use crate::{Error, Form};

/// Maximum nesting of lists and maps.
pub(crate) const MAX_DEPTH: usize = 256;

/// One value of a [`Form`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// PHP drops the pair, Python prints `None`.
    Null,
    /// PHP writes `1` and `0`, Python `True` and `False`.
    Bool(bool),
    /// Written in decimal.
    Int(i64),
    /// An integer beyond 64 bits: PHP makes it a float, Python keeps it.
    BigInt(BigInt),
    /// PHP writes 14 significant digits, Python the shortest text that reads back.
    Float(f64),
    /// Text.
    Text(String),
    /// A list: PHP's array with the keys 0, 1, 2….
    List(Vec<Value>),
    /// Named members in insertion order: PHP's array, Python's dict.
    Map(Form),
}

impl Value {
    /// An integer of any size from its decimal text; one that fits 64 bits becomes [`Value::Int`].
    ///
    /// # Errors
    /// The text is not an optional minus and decimal digits.
    pub fn integer(text: &str) -> Result<Self, Error> {
        if let (Ok(value), true) = (text.parse(), !text.starts_with('+')) {
            return Ok(Self::Int(value));
        }
        BigInt::new(text).map(Self::BigInt)
    }

    /// A number from its JSON text: an integer without `.` or exponent, else a float.
    ///
    /// # Errors
    /// The text is not a number of JSON.
    pub fn json_number(text: &str) -> Result<Self, Error> {
        if !text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            return Self::integer(text);
        }
        // No word that parses as a float has one of these letters.
        text.parse()
            .map(Self::Float)
            .map_err(|_| Error::new(Kind::NotANumber))
    }
}

/// A decimal integer that does not fit 64 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct BigInt(Box<str>);

impl BigInt {
    fn new(text: &str) -> Result<Self, Error> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", text),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::new(Kind::NotANumber));
        }
        let mut plain = String::with_capacity(text.len());
        plain.push_str(sign);
        plain.push_str(digits.trim_start_matches('0'));
        Ok(Self(plain.into()))
    }

    /// The decimal text, without leading zeros.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest float, which is what PHP reads from JSON.
    pub(crate) fn to_f64(&self) -> f64 {
        // Decimal digits with a sign always parse.
        self.0.parse().unwrap_or(f64::NAN)
    }
}

impl fmt::Debug for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for BigInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident),+ $(,)?) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        })+
    };
}

from! {
    bool => Bool, i64 => Int, i32 => Int, u32 => Int, i16 => Int, u16 => Int, i8 => Int, u8 => Int,
    f64 => Float, String => Text, &str => Text, Vec<Value> => List, Form => Map,
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        match i64::try_from(value) {
            Ok(value) => Self::Int(value),
            Err(_) => Self::BigInt(BigInt(alloc::format!("{value}").into())),
        }
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
