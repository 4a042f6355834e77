//! Values that are no objects and lists: their types and formats.

use common_model::{Value, from_json, parse_decimal};
use jiff::civil::{Date, DateTime, Time};

use crate::call::Schema;

/// Whether a value can be sent under a schema of these types.
///
/// # Errors
/// The reason, which names the type that is needed.
pub(super) fn scalar(value: &Value, types: &[&str], schema: Schema<'_>) -> Result<(), String> {
    let is = |name: &str| types.contains(&name);
    match value {
        Value::String(text) if is("string") => string(text, schema),
        // An empty text clears a field.
        Value::String(text) if text.is_empty() => Ok(()),
        Value::String(text) if is("boolean") && ["true", "false", "1", "0"].contains(&&**text) => {
            Ok(())
        }
        Value::String(text) if is("integer") || is("number") => number(text, types, schema),
        Value::Number(given) if is("integer") || is("number") => {
            number(&given.to_string(), types, schema)
        }
        Value::Number(_) if is("string") && schema.format().is_none() => Ok(()),
        Value::Number(given) if is("boolean") && ["0", "1"].contains(&&*given.to_string()) => {
            Ok(())
        }
        Value::Bool(_) if is("boolean") => Ok(()),
        _ => Err(needed(schema)),
    }
}

fn needed(schema: Schema<'_>) -> String {
    format!("it must be of type {}", schema.type_name())
}

fn string(text: &str, schema: Schema<'_>) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    let is_fine = match schema.format() {
        Some("date") => Date::strptime("%Y-%m-%d", text).is_ok(),
        Some("date-time-local") => DateTime::strptime("%Y-%m-%d %H:%M:%S", text).is_ok(),
        Some("time-local") => {
            Time::strptime("%H:%M:%S", text).is_ok() || Time::strptime("%H:%M", text).is_ok()
        }
        Some("date-time") => text.parse::<jiff::Timestamp>().is_ok(),
        _ => true,
    };
    if !is_fine {
        let example = match schema.format() {
            Some("date") => "a date like 2026-01-31",
            Some("time-local") => "a time like 08:30:00",
            Some("date-time") => "a date and time like 2026-01-31T08:30:00+03:00",
            _ => "a date and time like 2026-01-31 08:30:00",
        };
        return Err(format!("it must be {example}"));
    }
    let allowed = schema.allowed();
    let names: Vec<&str> = allowed.iter().filter_map(|value| value.as_str()).collect();
    match names.is_empty() || names.contains(&text) {
        true => Ok(()),
        false => Err(format!("it must be one of {}", names.join(", "))),
    }
}

/// A number keeps its digits, so it must be one that is written exactly.
fn number(text: &str, types: &[&str], schema: Schema<'_>) -> Result<(), String> {
    let is_number = matches!(from_json::<Value>(text), Ok(Value::Number(_)))
        && !text.contains(char::is_whitespace);
    // `2.0` is a whole number too; it is sent as `2`.
    let is_whole = || parse_decimal("", text).is_ok_and(|number| number.is_integer());
    match types.contains(&"number") {
        true if is_number && parse_decimal("", text).is_ok() => Ok(()),
        false if is_number && is_whole() => Ok(()),
        _ if is_number => Err(needed(schema)),
        is_decimal => Err(match meant(text) {
            Meant::One(meant) if is_decimal || !meant.contains('.') => {
                format!("{}; write {meant}", needed(schema))
            }
            Meant::Either(whole, parted) => format!(
                "{}; `{}` may be {whole} or {parted}: write one of them",
                needed(schema),
                text.trim()
            ),
            _ => needed(schema),
        }),
    }
}

/// The number that was probably meant by a text that is not a number.
#[derive(Debug, PartialEq, Eq)]
enum Meant {
    One(String),
    /// A whole number with groups of digits, or one with a fraction.
    Either(String, String),
    Unknown,
}

/// The number that was probably meant: `1234.50` for `1 234,50` and for `1.234,50`.
fn meant(text: &str) -> Meant {
    let has_spaces = text.trim().contains(char::is_whitespace);
    let mut digits: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let sign = match digits.starts_with('-') {
        true => digits.remove(0).to_string(),
        false => String::new(),
    };
    let joined = |parts: &[&str]| format!("{sign}{}", parts.concat());
    let last = digits.rfind([',', '.']);
    let Some((last, point)) = last.map(|at| (at, &digits[at..=at])) else {
        return number_of(joined(&[&digits]));
    };
    let (head, tail) = (&digits[..last], &digits[last + 1..]);
    let comes_again = head.contains(point);
    let groups: Vec<&str> = head.split([',', '.']).collect();
    let has_both = head.contains([',', '.']) && !comes_again;
    let is_grouped = groups.len() == 1 || are_groups(&groups);
    match (has_both, comes_again) {
        // The separator that comes last, and once, is the decimal point.
        (true, _) if is_grouped => number_of(joined(&[&groups.concat(), ".", tail])),
        // A separator that comes again parts groups of digits.
        (_, true) => {
            let groups: Vec<&str> = digits.split(point).collect();
            match are_groups(&groups) {
                true => number_of(joined(&groups)),
                false => Meant::Unknown,
            }
        }
        // One separator before three digits may be either; not so behind a zero, and where spaces part the groups.
        (false, false) => {
            let parted = joined(&[head, ".", tail]);
            match are_groups(&[head, tail]) && !has_spaces {
                true => Meant::Either(joined(&[head, tail]), parted),
                false => number_of(parted),
            }
        }
        _ => Meant::Unknown,
    }
}

fn number_of(digits: String) -> Meant {
    match from_json::<Value>(&digits) {
        Ok(Value::Number(_)) => Meant::One(digits),
        _ => Meant::Unknown,
    }
}

/// Whether these are groups of digits: three in each but the first, which has one to three and no zero before others.
fn are_groups(groups: &[&str]) -> bool {
    let are_digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let Some((first, others)) = groups.split_first() else {
        return false;
    };
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && others.iter().all(|group| group.len() == 3)
        && groups.iter().all(are_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    // J5
    #[test]
    fn j5_a_number_of_a_spreadsheet_is_told_as_it_must_be_written() {
        for (given, wanted) in [
            ("1 234,50", "1234.50"),
            ("1\u{a0}234", "1234"),
            ("3,999.00", "3999.00"),
            ("1.234,50", "1234.50"),
            ("1.234.567,5", "1234567.5"),
            ("-1.234,50", "-1234.50"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("1 234,567", "1234.567"),
            ("10,5", "10.5"),
            ("1,2345", "1.2345"),
            ("0,999", "0.999"),
            ("1234,567", "1234.567"),
        ] {
            assert_eq!(meant(given), Meant::One(wanted.to_owned()), "{given}");
        }
        for given in [
            "ten",
            "10 USD",
            "1,2,3",
            "1.2.3",
            "12.34,50",
            "1,234.5,6",
            ",",
            "",
            "-",
            "31.01.2026",
        ] {
            assert_eq!(meant(given), Meant::Unknown, "{given}");
        }
        for given in ["3,999", "3.999"] {
            let either = Meant::Either("3999".to_owned(), "3.999".to_owned());
            assert_eq!(meant(given), either, "{given}");
        }
    }
}
