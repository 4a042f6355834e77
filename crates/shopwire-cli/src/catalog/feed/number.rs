//! Numbers as people write them. Amounts are decimal, never binary fractions.

use rust_decimal::Decimal;

/// Reads a decimal number: digits, with a fraction after a point. A single comma before one or two digits counts as a
/// point.
///
/// # Errors
/// The reason: mostly a thousands separator, with which `3,999` could be either of two amounts.
pub(crate) fn decimal(text: &str) -> Result<Decimal, String> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => match digits.split_once(',') {
            Some((whole, cents)) if cents.len() <= 2 => (whole, Some(cents)),
            _ => (digits, None),
        },
    };
    let plain = match fraction {
        None if is_digits(whole) => format!("{sign}{whole}"),
        Some(fraction) if is_digits(whole) && is_digits(fraction) => {
            format!("{sign}{whole}.{fraction}")
        }
        _ if has_separator(digits) => {
            return Err(format!("`{}` has a thousands separator", short(text)));
        }
        _ => return Err(format!("`{}` is not a number", short(text))),
    };
    Decimal::from_str_exact(&plain).map_err(|_| format!("`{}` has too many digits", short(text)))
}

/// Whether groups of three digits stand after a comma, a point, a space or an apostrophe.
fn has_separator(text: &str) -> bool {
    let is_separator = |c: char| matches!(c, ',' | '.' | '\'' | '’') || c.is_whitespace();
    let starts = text.starts_with(|c: char| c.is_ascii_digit());
    let is_number = |c: char| c.is_ascii_digit() || is_separator(c);
    let mut groups = text.split(is_separator).skip(1);
    starts && text.chars().all(is_number) && groups.any(|group| group.len() == 3)
}

/// A text for a report: its first 60 letters.
pub(crate) fn short(text: &str) -> String {
    short_to(text, 60)
}

/// The first letters of a text.
pub(crate) fn short_to(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Splits `10.00 USD` into an amount and a currency. `USD 10.00` is read too.
pub(crate) fn amount_and_currency(text: &str) -> (&str, Option<&str>) {
    let is_currency = |part: &str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    let text = text.trim();
    match (
        text.rsplit_once(char::is_whitespace),
        text.split_once(char::is_whitespace),
    ) {
        (Some((amount, currency)), _) if is_currency(currency) => (amount.trim(), Some(currency)),
        (_, Some((currency, amount))) if is_currency(currency) => (amount.trim(), Some(currency)),
        _ => (text, None),
    }
}

/// Kilograms of `1.5 kg`, `500 g`, `2 lb` or `8 oz`; without a unit, or with another, the text as it is.
pub(crate) fn kilograms(text: &str) -> String {
    // Kilograms in a pound: exactly 0.45359237.
    converted(
        text,
        &[
            ("kg", "1"),
            ("g", "0.001"),
            ("lb", "0.45359237"),
            ("oz", "0.028349523125"),
        ],
    )
}

/// Centimetres of `20 cm` or `8 in`; without a unit, or with another, the text as it is.
pub(crate) fn centimetres(text: &str) -> String {
    converted(
        text,
        &[("cm", "1"), ("in", "2.54"), ("mm", "0.1"), ("m", "100")],
    )
}

fn converted(text: &str, units: &[(&str, &str)]) -> String {
    let (amount, unit) = amount_and_currency(text);
    let factor = units.iter().find(|(name, _)| unit == Some(*name));
    let factor = factor.and_then(|(_, factor)| factor.parse::<Decimal>().ok());
    match (decimal(amount), factor) {
        (Ok(_), Some(factor)) if factor == Decimal::ONE => amount.to_owned(),
        (Ok(amount), Some(factor)) => match amount.checked_mul(factor) {
            Some(product) => product.normalize().to_string(),
            None => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J6, F10
    #[test]
    fn j6_numbers_keep_their_digits_and_separators_are_named() {
        for (text, number) in [
            ("10", "10"),
            ("10.00", "10.00"),
            ("10,5", "10.5"),
            ("-1.25", "-1.25"),
            ("007", "7"),
        ] {
            assert_eq!(
                decimal(text).map(|n| n.to_string()),
                Ok(number.to_owned()),
                "{text}"
            );
        }
        for text in [
            "3,999.00",
            "3,999",
            "1 234",
            "1\u{a0}234,50",
            "1.234,50",
            "1'234",
            "1.234.567",
        ] {
            assert_eq!(
                decimal(text),
                Err(format!("`{text}` has a thousands separator"))
            );
        }
        for text in ["", "free", "1e3", "NaN", ".5", "5.", "$5", "1,2,3", "--1"] {
            assert_eq!(
                decimal(text),
                Err(format!("`{text}` is not a number")),
                "{text}"
            );
        }
        assert!(decimal(&"9".repeat(40)).is_err());
    }

    // J6
    #[test]
    fn j6_units_are_converted_exactly() {
        for (text, kg) in [
            ("1.50 kg", "1.50"),
            ("500 g", "0.5"),
            ("1 lb", "0.45359237"),
            ("1 stone", "1 stone"),
            ("2", "2"),
        ] {
            assert_eq!(kilograms(text), kg, "{text}");
        }
        assert_eq!(centimetres("2 in"), "5.08");
        assert_eq!(
            amount_and_currency("3 999.00 USD"),
            ("3 999.00", Some("USD"))
        );
        assert_eq!(amount_and_currency("USD 5"), ("5", Some("USD")));
        assert_eq!(amount_and_currency("5"), ("5", None));
    }
}
