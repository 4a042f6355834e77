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
        _ => match meant(text).filter(|_| !is_number) {
            Some(meant) => Err(format!("{}; write {meant}", needed(schema))),
            None => Err(needed(schema)),
        },
    }
}

/// The number that was probably meant: `1234.50` for `1 234,50`.
fn meant(text: &str) -> Option<String> {
    let mut digits: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    // A single comma before one or two digits is a decimal point, as spreadsheets of many countries write it.
    let is_point = digits
        .rsplit_once(',')
        .is_some_and(|(head, tail)| !head.contains([',', '.']) && (1..=2).contains(&tail.len()));
    // `3,999` may be either of two numbers.
    let is_either = digits
        .split_once(',')
        .is_some_and(|(_, tail)| tail.len() == 3 && tail.bytes().all(|byte| byte.is_ascii_digit()));
    digits = match is_point {
        true => digits.replace(',', "."),
        false if is_either => return None,
        false => digits.replace(',', ""),
    };
    let is_number = matches!(from_json::<Value>(&digits), Ok(Value::Number(_)));
    (is_number && digits != text).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    // J5
    #[test]
    fn j5_a_number_of_a_spreadsheet_is_told_as_it_must_be_written() {
        for (given, wanted) in [
            ("1 234,50", Some("1234.50")),
            ("1\u{a0}234", Some("1234")),
            ("3,999.00", Some("3999.00")),
            ("10,5", Some("10.5")),
            ("3,999", None),
            ("ten", None),
            ("10 USD", None),
        ] {
            assert_eq!(meant(given).as_deref(), wanted, "{given}");
        }
    }
}
