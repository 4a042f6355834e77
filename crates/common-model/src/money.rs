//! Decimals from text, for callers who have a form or a file.

use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::Error;

/// Reads a decimal that a person or a file wrote: digits, with a dot before the fraction and a sign in front.
///
/// `field` is the name that the error tells. Space around the number is ignored. Nothing is rounded: a number with more
/// digits than a [`Decimal`] holds is an error.
///
/// # Errors
/// The text is no such number: it is empty, has a comma, an exponent, a currency sign or too many digits. The error
/// names the field and does not quote the text.
///
/// ```
/// use common_model::{Decimal, parse_decimal};
///
/// assert_eq!(parse_decimal("price", " 12.50 ")?, Decimal::new(1250, 2));
/// let error = parse_decimal("price", "12,50").unwrap_err();
/// assert_eq!(error.to_string(), "expected a decimal such as 12.50 at price (byte 2)");
/// # Ok::<(), common_model::Error>(())
/// ```
pub fn parse_decimal(field: &str, text: &str) -> Result<Decimal, Error> {
    let number = text.trim();
    let start = text.len() - text.trim_start().len();
    if let Some(at) = first_wrong(number) {
        let message = "expected a decimal such as 12.50";
        return Err(Error::new(message, start + at).in_field(field));
    }
    Decimal::from_str_exact(number).map_err(|_| {
        let message = Cow::Borrowed("the decimal has too many digits");
        Error::new(message, start).in_field(field)
    })
}

/// Returns the first byte that makes it no plain decimal; the end where a digit is missing.
fn first_wrong(number: &str) -> Option<usize> {
    let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
    let sign = number.len() - unsigned.len();
    let whole = digits(unsigned);
    let Some(fraction) = unsigned[whole..].strip_prefix('.') else {
        return (whole == 0 || whole < unsigned.len()).then_some(sign + whole);
    };
    let places = digits(fraction);
    (whole == 0 || places == 0 || places < fraction.len()).then_some(match whole {
        0 => sign,
        _ => sign + whole + 1 + places,
    })
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    // C7
    #[test]
    fn c7_a_decimal_is_read_exactly_or_refused_with_its_field() {
        for (text, value) in [
            ("0", Decimal::ZERO),
            ("12.50", Decimal::new(1250, 2)),
            ("-12.5", Decimal::new(-125, 1)),
            ("+7", Decimal::new(7, 0)),
            (" 7\n", Decimal::new(7, 0)),
            ("79228162514264337593543950335", Decimal::MAX),
        ] {
            let read = parse_decimal("price", text).unwrap();
            assert_eq!(read, value, "{text}");
            assert_eq!(read.scale(), value.scale(), "{text}");
        }
        for (text, byte) in [
            ("", 0),
            ("  ", 2),
            ("-", 1),
            (".5", 0),
            ("5.", 2),
            ("12,50", 2),
            ("1e3", 1),
            ("1 000", 1),
            ("1_000", 1),
            ("12.5.0", 4),
            ("12₽", 2),
            ("NaN", 0),
            ("--1", 1),
        ] {
            let error = parse_decimal("items.price", text).unwrap_err();
            assert_eq!(error.path(), "items.price", "{text}");
            assert_eq!(error.offset(), byte, "{text}");
            assert_eq!(error.message(), "expected a decimal such as 12.50");
        }
        let long = "0.00000000000000000000000000001";
        let error = parse_decimal("price", long).unwrap_err();
        assert_eq!(error.message(), "the decimal has too many digits");
        assert!(!error.to_string().contains(long), "{error}");
    }
}
