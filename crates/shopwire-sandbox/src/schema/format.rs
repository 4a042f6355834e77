//! The `format` keyword, for the formats whose wire form is documented.

use jiff::civil::{Date, DateTime, Time};

/// Returns the expected format that `text` violates, or `None` if it is valid. An empty text is valid, since PHP
/// clears a field with it. Formats that are not listed here are not checked.
pub(super) fn violated(format: &str, text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return None;
    }
    let (is_fine, expected) = match format {
        "date" => (
            Date::strptime("%Y-%m-%d", text).is_ok(),
            "must be a date like 2014-03-21",
        ),
        "date-time-local" => (
            DateTime::strptime("%Y-%m-%d %H:%M:%S", text).is_ok(),
            "must be a date and time like 2014-03-21 05:14:07",
        ),
        "time-local" => (
            Time::strptime("%H:%M:%S", text).is_ok() || Time::strptime("%H:%M", text).is_ok(),
            "must be a time like 05:14:07",
        ),
        "uri" => (is_full_url(text), "must be a full URL"),
        "decimal" => (
            text.parse::<f64>().is_ok_and(f64::is_finite),
            "must be a number",
        ),
        _ => return None,
    };
    (!is_fine).then_some(expected)
}

fn is_full_url(text: &str) -> bool {
    match text.split_once("://") {
        Some(("http" | "https", rest)) => {
            !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace)
        }
        _ => false,
    }
}
