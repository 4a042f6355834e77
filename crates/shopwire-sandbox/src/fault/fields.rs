//! The fields of a fault: one table, by which faults are read, shown and described.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::definition::Fault;
use super::entry::MAX_SEED;
use super::kind::{DEFAULT_STATUS, Kind};
use super::latency::{LONGEST, Latency, Profile};
use crate::invalid::{self, Invalid, number, text, whole};

/// Longest text of a field, in bytes.
const LONGEST_TEXT: usize = 2 << 10;

/// A field of the JSON of a fault.
pub(super) struct Field {
    pub(super) name: &'static str,
    /// The JSON type, as OpenAPI names it.
    pub(super) form: &'static str,
    pub(super) description: &'static str,
    /// The value that stands for a field that is not given.
    pub(super) default: fn() -> Value,
    /// Whether faults of a kind have the field.
    pub(super) is_of: fn(Kind) -> bool,
    pub(super) set: fn(&mut Fault, &Value) -> Result<(), Invalid>,
    pub(super) get: fn(&Fault) -> Value,
}

/// All fields but `service` and `kind`.
pub(super) const FIELDS: [Field; 13] = [
    Field {
        name: "operation",
        form: "string",
        description: "Only requests of this operation, by its id in the service's description (Uvygoda: the RPC method).",
        default: null,
        is_of: requests,
        set: |fault, value| Ok(fault.operation = Some(short(value)?.to_owned())),
        get: |fault| json!(fault.operation),
    },
    Field {
        name: "method",
        form: "string",
        description: "Only requests with this HTTP method.",
        default: null,
        is_of: requests,
        set: |fault, value| Ok(fault.method = Some(method(text(value).map_err(plain)?)?)),
        get: |fault| json!(fault.method.as_ref().map(Method::as_str)),
    },
    Field {
        name: "path",
        form: "string",
        description: "Only requests whose path starts with this text.",
        default: null,
        is_of: requests,
        set: |fault, value| Ok(fault.path = Some(short(value)?.to_owned())),
        get: |fault| json!(fault.path),
    },
    Field {
        name: "event",
        form: "string",
        description: "Only webhooks of this event.",
        default: null,
        is_of: Kind::is_of_callbacks,
        set: |fault, value| Ok(fault.event = Some(short(value)?.to_owned())),
        get: |fault| json!(fault.event),
    },
    Field {
        name: "times",
        form: "integer",
        description: "How often the fault happens; null: always.",
        default: || json!(1),
        is_of: any,
        set: |fault, value| {
            let read = |value| whole(value, 1, u32::MAX.into()).map_err(plain);
            fault.times = if value.is_null() {
                None
            } else {
                Some(read(value)? as u32)
            };
            Ok(())
        },
        get: |fault| json!(fault.times),
    },
    Field {
        name: "after",
        form: "integer",
        description: "How many matching requests pass first.",
        default: || json!(0),
        is_of: any,
        set: |fault, value| Ok(fault.skip = whole(value, 0, u32::MAX.into()).map_err(plain)? as u32),
        get: |fault| json!(fault.skip),
    },
    Field {
        name: "rate",
        form: "number",
        description: "For which part of the matching requests the fault happens, from 0 to 1.",
        default: || json!(1),
        is_of: any,
        set: |fault, value| {
            let rate = number(value, 0.0, 1.0).map_err(plain)?;
            fault.rate = (rate < 1.0).then_some(rate);
            Ok(())
        },
        get: |fault| plain_number(fault.rate.unwrap_or(1.0)),
    },
    Field {
        name: "seed",
        form: "integer",
        description: "The seed of rate and latency: the same seed gives the same requests the same faults. Null: a random seed.",
        default: null,
        is_of: any,
        set: |fault, value| Ok(fault.seed = Some(whole(value, 0, MAX_SEED).map_err(plain)?)),
        get: |fault| json!(fault.seed),
    },
    Field {
        name: "delay_ms",
        form: "number",
        description: "A wait before the request is processed, in milliseconds.",
        default: || json!(0),
        is_of: requests,
        set: |fault, value| Ok(fault.delay = millis(value, 0.0).map_err(plain)?),
        get: |fault| in_millis(fault.delay),
    },
    Field {
        name: "latency",
        form: "object",
        description: "A wait before the request is processed, in addition to delay_ms: {\"fixed_ms\"}, or {\"p50_ms\",\"p99_ms\"} of a lognormal distribution.",
        default: null,
        is_of: requests,
        set: |fault, value| Ok(fault.latency = Some(latency(value)?)),
        get: |fault| fault.latency.map_or(Value::Null, shown),
    },
    Field {
        name: "retry_after_s",
        form: "number",
        description: "The answer's Retry-After in seconds, rounded up to whole ones.",
        default: null,
        is_of: Kind::sends_head,
        set: |fault, value| {
            let seconds = number(value, 0.0, 31_536_000.0).map_err(plain)?;
            Ok(fault.retry_after = Some(Duration::from_secs_f64(seconds)))
        },
        get: |fault| {
            fault
                .retry_after
                .map_or(Value::Null, |time| plain_number(time.as_secs_f64()))
        },
    },
    Field {
        name: "status",
        form: "integer",
        description: "The HTTP status of the answer.",
        default: || json!(DEFAULT_STATUS),
        is_of: has_status,
        set: |fault, value| {
            fault.kind = Kind::Status(whole(value, 200, 599).map_err(plain)? as u16);
            Ok(())
        },
        get: |fault| match fault.kind {
            Kind::Status(status) => json!(status),
            _ => Value::Null,
        },
    },
    Field {
        name: "location",
        form: "string",
        description: "The answer's Location, for a status of 3xx.",
        default: null,
        is_of: has_status,
        set: |fault, value| {
            let url = short(value)?;
            http::HeaderValue::from_str(url)
                .map_err(|_| plain("has characters that no header has"))?;
            Ok(fault.location = Some(url.to_owned()))
        },
        get: |fault| json!(fault.location),
    },
];

fn null() -> Value {
    Value::Null
}

fn any(_: Kind) -> bool {
    true
}

fn requests(kind: Kind) -> bool {
    !kind.is_of_callbacks()
}

fn has_status(kind: Kind) -> bool {
    matches!(kind, Kind::Status(_))
}

/// An error of the field itself.
fn plain(problem: impl Into<String>) -> Invalid {
    Invalid::new("", problem)
}

fn short(value: &Value) -> Result<&str, Invalid> {
    let text = text(value).map_err(plain)?;
    if text.is_empty() || text.len() > LONGEST_TEXT {
        return Err(plain(format!("must have 1 to {LONGEST_TEXT} bytes")));
    }
    Ok(text)
}

fn method(name: &str) -> Result<Method, Invalid> {
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

fn millis(value: &Value, min: f64) -> Result<Duration, String> {
    let millis = number(value, min, LONGEST.as_secs_f64() * 1e3)?;
    Ok(Duration::from_secs_f64(millis / 1e3))
}

fn latency(value: &Value) -> Result<Latency, Invalid> {
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
        time.transpose()
            .map_err(|problem| Invalid::new(name, problem))
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

fn shown(latency: Latency) -> Value {
    match latency.0 {
        Profile::Fixed(time) => json!({"fixed_ms": in_millis(time)}),
        Profile::Lognormal { p50, p99 } => {
            json!({"p50_ms": in_millis(p50), "p99_ms": in_millis(p99)})
        }
    }
}

fn in_millis(time: Duration) -> Value {
    plain_number(time.as_secs_f64() * 1e3)
}

/// Returns a number that is written without a fraction if it has none.
fn plain_number(number: f64) -> Value {
    // To the microsecond of a millisecond: the conversion adds digits that nobody gave.
    let rounded = (number * 1e6).round() / 1e6;
    if rounded.fract() == 0.0 {
        json!(rounded as u64)
    } else {
        json!(rounded)
    }
}
