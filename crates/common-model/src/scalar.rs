//! Booleans, integers, decimals and text, in the forms PHP gives them.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::{
    Absent, Decode, Encode, Error, Kind, Reader, Writer, decode::decode, plain::plain,
    reader::Marks, steps,
};

/// Reads `true` and `false`; also `1`, `0`, and the strings `"true"`, `"false"`, `"1"`, `"0"`, `"Y"` and `"N"`.
// RE16
impl Decode for bool {
    const ABSENT: Absent = Absent::NULL.or(Absent::TEXT).or(Absent::LIST);

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        if reader.peek()? == Kind::Bool {
            return reader.bool();
        }
        let start = reader.start();
        reader.mark(Marks::FORM);
        let text = match reader.peek()? {
            Kind::Number => {
                let text = reader.number()?;
                plain(text).map_or(text.into(), Cow::Owned)
            }
            Kind::String => reader.string()?,
            _ => return Err(reader.expected("a boolean")),
        };
        truth(&text)
            .ok_or_else(|| Error::new("expected a boolean: true, false, 1, 0, Y or N", start))
    }
}

/// Returns the boolean that a text stands for.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text {
        "true" | "1" | "Y" | "y" => Some(true),
        "false" | "0" | "N" | "n" => Some(false),
        _ => None,
    }
}

impl Encode for bool {
    fn encode(&self, out: &mut Writer) {
        out.bool(*self);
    }
}

macro_rules! integers {
    ($($int:ty)*) => { $(
        /// Reads a number, or a string that holds one.
        ///
        /// In a model's optional field such a string is written as a string again; elsewhere as a number.
        // U50
        impl Decode for $int {
            const ABSENT: Absent = Absent::EMPTY;

            fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
                let at = reader.start();
                integer(reader)?
                    .try_into()
                    .map_err(|_| Error::new(concat!("number out of range for ", stringify!($int)), at))
            }
        }

        impl Encode for $int {
            fn encode(&self, out: &mut Writer) {
                out.digits(*self);
            }
        }
    )* };
}

integers!(i8 i16 i32 i64 u8 u16 u32 u64 usize);

#[inline(never)]
fn integer(reader: &mut Reader<'_>) -> Result<i128, Error> {
    let start = reader.start();
    match reader.short_number() {
        Some((number, 0)) => Ok(number.into()),
        short => unusual_integer(reader, short, start),
    }
}

/// Reads an integer with many digits, in a string, or with a fraction of zeros.
#[cold]
#[inline(never)]
fn unusual_integer(
    reader: &mut Reader<'_>,
    short: Option<(i64, u32)>,
    start: usize,
) -> Result<i128, Error> {
    let number = match short {
        Some((number, scale)) => {
            reader.mark(Marks::FORM);
            Some(Decimal::new(number, scale))
        }
        None => {
            let text = numeric(reader, "an integer")?;
            match text.parse() {
                Ok(0) | Err(_) => reader.mark(Marks::FORM),
                Ok(number) => return Ok(number),
            }
            decimal(&text)
        }
    };
    let whole = number
        .filter(Decimal::is_integer)
        .map(|number| number.trunc().mantissa());
    whole.ok_or_else(|| Error::new("expected an integer", start))
}

/// Returns the text of a number, or of a string that should hold a number.
fn numeric<'a>(reader: &mut Reader<'a>, what: &str) -> Result<Cow<'a, str>, Error> {
    match reader.peek()? {
        Kind::Number => reader.number().map(Cow::Borrowed),
        Kind::String => {
            reader.mark(Marks::FORM);
            Ok(match reader.string()? {
                Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
            })
        }
        _ => Err(reader.expected(what)),
    }
}

/// Reads a number, or a string that holds one. Digits are kept: `10.00` stays `10.00`. A number that a decimal
/// cannot hold exactly is an error.
// RE18, U50
impl Decode for Decimal {
    const ABSENT: Absent = Absent::EMPTY;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        match reader.short_number() {
            Some((number, scale)) => Ok(Self::new(number, scale)),
            None => unusual_decimal(reader),
        }
    }
}

/// Reads a decimal with many digits, with an exponent, or in a string.
#[cold]
#[inline(never)]
fn unusual_decimal(reader: &mut Reader<'_>) -> Result<Decimal, Error> {
    let (kind, start) = (reader.peek()?, reader.start());
    let text = numeric(reader, "a number")?;
    reader.mark(Marks::FORM);
    decimal(&text).ok_or_else(|| match kind {
        Kind::Number => Error::new("number out of range for a decimal", start),
        _ => Error::new("expected a number", start),
    })
}

impl Encode for Decimal {
    fn encode(&self, out: &mut Writer) {
        out.decimal(self);
    }
}

/// Parses a decimal, which may have an exponent. Returns `None` if the exact number does not fit.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let (text, is_negative) = match text.as_bytes() {
        [b'-', ..] => (&text[1..], true),
        [b'+', ..] => (&text[1..], false),
        _ => (text, false),
    };
    let (digits, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], exponent(&text[at + 1..])?),
        None => (text, 0),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !is_numeric(whole) || !is_numeric(fraction) {
        return None;
    }
    let scale = i64::try_from(fraction.len()).ok()?.saturating_sub(exponent);
    let (mantissa, scale) = exact(whole.bytes().chain(fraction.bytes()), scale)?;
    let number = i128::try_from(mantissa).ok()?;
    Decimal::try_from_i128_with_scale(if is_negative { -number } else { number }, scale).ok()
}

/// Parses the digits of an exponent; an exponent out of range saturates.
fn exponent(text: &str) -> Option<i64> {
    let (digits, is_negative) = match text.as_bytes() {
        [b'-', ..] => (&text[1..], true),
        [b'+', ..] => (&text[1..], false),
        _ => (text, false),
    };
    if digits.is_empty() {
        return None;
    }
    let number = digits.bytes().try_fold(0_i64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
        Some(number.saturating_mul(10).saturating_add(digit))
    })?;
    Some(if is_negative { -number } else { number })
}

/// Returns the digits as a number of at most 96 bits, and the number of places after the point, 0 to 28. Trailing
/// zeros are dropped or added where needed.
fn exact(digits: impl Iterator<Item = u8>, mut scale: i64) -> Option<(u128, u32)> {
    const LARGEST: u128 = (1 << 96) - 1;
    const FINEST: i64 = 28;
    // Zeros are multiplied in only when another digit follows them.
    let (mut mantissa, mut zeros) = (0_u128, 0_u32);
    let times_ten = |number: u128, times: u32| {
        let factor = 10_u128.checked_pow(times)?;
        number
            .checked_mul(factor)
            .filter(|number| *number <= LARGEST)
    };
    for digit in digits {
        steps::add(1);
        match digit {
            b'0' => zeros = zeros.saturating_add(u32::from(mantissa > 0)),
            digit => {
                let shifted = times_ten(mantissa, zeros.saturating_add(1))?;
                mantissa = shifted + u128::from(digit - b'0');
                zeros = 0;
            }
        }
    }
    if mantissa == 0 {
        return Some((0, u32::try_from(scale.clamp(0, FINEST)).ok()?));
    }
    // As many zeros stay as there is room for: `10.00` is not `10`.
    scale = scale.saturating_sub(i64::from(zeros));
    let missing = u32::try_from((-scale).max(0)).ok()?;
    mantissa = times_ten(mantissa, missing)?;
    scale = scale.max(0);
    let mut left = zeros.saturating_sub(missing);
    while left > 0 && scale < FINEST {
        match times_ten(mantissa, 1) {
            Some(number) => mantissa = number,
            None => break,
        }
        scale += 1;
        left -= 1;
    }
    (mantissa <= LARGEST && scale <= FINEST).then_some((mantissa, u32::try_from(scale).ok()?))
}

/// Reads a string, or a number or boolean as text.
// U50
impl Decode for String {
    const ABSENT: Absent = Absent::NULL.or(Absent::FALSE).or(Absent::LIST);

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        reader.owned_string()
    }
}

impl Encode for String {
    fn encode(&self, out: &mut Writer) {
        out.string(self);
    }
}

impl Encode for str {
    fn encode(&self, out: &mut Writer) {
        out.string(self);
    }
}

/// Reads the boxed type: for large models, and for recursive ones.
impl<T: Decode> Decode for Box<T> {
    const ABSENT: Absent = T::ABSENT;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        T::decode_boxed(reader)
    }
}

impl<T: Encode + ?Sized> Encode for Box<T> {
    fn encode(&self, out: &mut Writer) {
        (**self).encode(out);
    }
}

/// Reads `null` as `None`: for items of lists and maps. (Models read their fields by [`Reader::field`].)
impl<T: Decode> Decode for Option<T> {
    const ABSENT: Absent = Absent::NONE;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        match reader.peek()? {
            Kind::Null => reader.null().map(|()| None),
            _ => decode(reader).map(Some),
        }
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, out: &mut Writer) {
        match self {
            Some(value) => value.encode(out),
            None => out.null(),
        }
    }
}
