//! Prices in handwritten forms.

use serde_json::{Number, Value};

/// Reads `10.00` as a JSON number. A single comma before one or two digits is read as a point. The error gives the
/// reason: mostly a thousands separator, with which `3,999` could be either of two prices.
pub(super) fn read(text: &str) -> Result<Value, String> {
    let text = text.trim();
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => match text.split_once(',') {
            Some((whole, cents)) if cents.len() <= 2 => (whole, Some(cents)),
            _ => (text, None),
        },
    };
    let number = match fraction {
        None if is_digits(whole) => whole.to_owned(),
        Some(fraction) if is_digits(whole) && is_digits(fraction) => format!("{whole}.{fraction}"),
        _ if has_separator(text) => {
            return Err(format!("`{text}` has a thousands separator"));
        }
        _ => return Err(format!("`{text}` is not a price")),
    };
    let number = number.parse().ok().and_then(Number::from_f64);
    number
        .map(Value::Number)
        .ok_or_else(|| format!("`{text}` is not a price"))
}

/// Splits a text into an amount and the letters of a currency after a space.
pub(super) fn with_currency(text: &str) -> (&str, Option<&str>) {
    let is_currency = |part: &str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    match text.trim().rsplit_once(char::is_whitespace) {
        Some((amount, currency)) if is_currency(currency) => (amount, Some(currency)),
        _ => (text, None),
    }
}

/// Whether groups of three digits stand after a comma, a point, a space or an apostrophe.
fn has_separator(text: &str) -> bool {
    let is_separator = |c: char| matches!(c, ',' | '.' | '\'' | '’') || c.is_whitespace();
    let is_number = |c: char| c.is_ascii_digit() || is_separator(c);
    let starts = text.starts_with(|c: char| c.is_ascii_digit());
    let mut groups = text.split(is_separator).skip(1);
    starts && text.chars().all(is_number) && groups.any(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    // F10
    #[test]
    fn f10_prices_are_read_and_thousands_separators_named() {
        for (text, price) in [
            ("10", json!(10.0)),
            ("10.00", json!(10.0)),
            ("10,5", json!(10.5)),
            ("10,50", json!(10.5)),
            (" 0.125 ", json!(0.125)),
        ] {
            assert_eq!(read(text), Ok(price), "{text}");
        }
        for text in [
            "3,999.00",
            "3,999",
            "1,234,567",
            "1 234.50",
            "1 234",
            "1\u{a0}234,50",
            "1.234,50",
            "1'234",
            "1.234.567",
        ] {
            let why = format!("`{text}` has a thousands separator");
            assert_eq!(read(text), Err(why), "{text}");
        }
        for text in ["", "free", "-5", "1e3", "NaN", ".5", "5.", "$5", "1,2,3"] {
            assert_eq!(
                read(text),
                Err(format!("`{text}` is not a price")),
                "{text}"
            );
        }
        assert_eq!(with_currency("3 999.00 USD"), ("3 999.00", Some("USD")));
        assert_eq!(with_currency("3 999"), ("3 999", None));
        assert_eq!(with_currency("5"), ("5", None));
    }
}
