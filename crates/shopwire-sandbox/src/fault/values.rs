//! The values of the fields of a fault, read and shown.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::latency::{LONGEST, Latency, Profile};
use crate::invalid::{self, Invalid};

/// Longest text of a field, in bytes.
const LONGEST_TEXT: usize = 2 << 10;

/// An error of the field itself.
fn plain(problem: impl Into<String>) -> Invalid {
    Invalid::new("", problem)
}

/// Reads a text that is not empty and not too long.
pub(super) fn short(value: &Value) -> Result<String, Invalid> {
    let text = invalid::text(value).map_err(plain)?;
    if text.is_empty() || text.len() > LONGEST_TEXT {
        return Err(plain(format!("must have 1 to {LONGEST_TEXT} bytes")));
    }
    Ok(text.to_owned())
}

/// Reads the name of an HTTP method, in any case.
pub(super) fn method(value: &Value) -> Result<Method, Invalid> {
    let name = invalid::text(value).map_err(plain)?;
    let known = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::OPTIONS,
    ];
    let found = known
        .iter()
        .find(|one| one.as_str().eq_ignore_ascii_case(name));
    found
        .cloned()
        .ok_or_else(|| invalid::unknown("", name, known.iter().map(Method::as_str)))
}

/// Reads a time in milliseconds.
pub(super) fn millis(value: &Value, min: f64) -> Result<Duration, Invalid> {
    let millis = number(value, min, LONGEST.as_secs_f64() * 1e3)?;
    Ok(Duration::from_secs_f64(millis / 1e3))
}

/// Reads a latency.
pub(super) fn latency(value: &Value) -> Result<Latency, Invalid> {
    const KNOWN: [&str; 3] = ["fixed_ms", "p50_ms", "p99_ms"];
    let Some(members) = value.as_object() else {
        return Err(plain(
            "must be an object with fixed_ms, or with p50_ms and p99_ms",
        ));
    };
    if let Some(name) = members.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(invalid::unknown("", name, KNOWN));
    }
    let read = |name: &str, min| {
        let value = members.get(name).filter(|value| !value.is_null());
        let time = value.map(|value| millis(value, min));
        time.transpose().map_err(|error| error.within(name))
    };
    match (
        read("fixed_ms", 0.0)?,
        read("p50_ms", 0.001)?,
        read("p99_ms", 0.001)?,
    ) {
        (Some(time), None, None) => Ok(Latency::fixed(time)),
        (None, Some(p50), Some(p99)) if p50 <= p99 => Ok(Latency::lognormal(p50, p99)),
        (None, Some(_), Some(_)) => Err(Invalid::new("p99_ms", "must not be below p50_ms")),
        _ => Err(plain("needs fixed_ms alone, or p50_ms and p99_ms")),
    }
}

/// Shows a latency.
pub(super) fn shown(latency: Latency) -> Value {
    match latency.0 {
        Profile::Fixed(time) => json!({"fixed_ms": in_millis(time)}),
        Profile::Lognormal { p50, p99 } => {
            json!({"p50_ms": in_millis(p50), "p99_ms": in_millis(p99)})
        }
    }
}

/// Shows a time in milliseconds.
pub(super) fn in_millis(time: Duration) -> Value {
    plain_number(time.as_secs_f64() * 1e3)
}

/// Returns a number that is written without a fraction if it has none.
pub(super) fn plain_number(number: f64) -> Value {
    // To the microsecond of a millisecond: the conversion adds digits that nobody gave.
    let rounded = (number * 1e6).round() / 1e6;
    if rounded.fract() == 0.0 {
        json!(rounded as u64)
    } else {
        json!(rounded)
    }
}

/// Reads a whole number.
pub(super) fn count(value: &Value, min: u64, max: u64) -> Result<u64, Invalid> {
    invalid::whole(value, min, max).map_err(plain)
}

/// Reads a number.
pub(super) fn number(value: &Value, min: f64, max: f64) -> Result<f64, Invalid> {
    invalid::number(value, min, max).map_err(plain)
}

/// Reads a text that can be the value of a header.
pub(super) fn header(value: &Value) -> Result<String, Invalid> {
    let text = short(value)?;
    match http::HeaderValue::from_str(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(plain("has characters that no header has")),
    }
}
