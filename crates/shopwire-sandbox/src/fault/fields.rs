//! The fields of a fault: one table, by which faults are read, shown and described.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::definition::Fault;
use super::entry::MAX_SEED;
use super::kind::{DEFAULT_STATUS, Kind};
use super::values::{
    count, header, in_millis, latency, method, millis, number, plain_number, short, shown,
};
use crate::invalid::Invalid;

/// Longest `Retry-After`, in seconds.
const YEAR: f64 = 31_536_000.0;

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
        set: |fault, value| put(&mut fault.operation, short(value)),
        get: |fault| json!(fault.operation),
    },
    Field {
        name: "method",
        form: "string",
        description: "Only requests with this HTTP method.",
        default: null,
        is_of: requests,
        set: |fault, value| put(&mut fault.method, method(value)),
        get: |fault| json!(fault.method.as_ref().map(Method::as_str)),
    },
    Field {
        name: "path",
        form: "string",
        description: "Only requests whose path starts with this text.",
        default: null,
        is_of: requests,
        set: |fault, value| put(&mut fault.path, short(value)),
        get: |fault| json!(fault.path),
    },
    Field {
        name: "event",
        form: "string",
        description: "Only webhooks of this event.",
        default: null,
        is_of: Kind::is_of_callbacks,
        set: |fault, value| put(&mut fault.event, short(value)),
        get: |fault| json!(fault.event),
    },
    Field {
        name: "times",
        form: "integer",
        description: "How often the fault happens; null: always.",
        default: || json!(1),
        is_of: any,
        set: |fault, value| {
            fault.times = match value {
                Value::Null => None,
                value => Some(count(value, 1, u32::MAX.into())? as u32),
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
        set: |fault, value| {
            fault.skip = count(value, 0, u32::MAX.into())? as u32;
            Ok(())
        },
        get: |fault| json!(fault.skip),
    },
    Field {
        name: "rate",
        form: "number",
        description: "For which part of the matching requests the fault happens, from 0 to 1.",
        default: || json!(1),
        is_of: any,
        set: |fault, value| {
            let rate = number(value, 0.0, 1.0)?;
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
        set: |fault, value| put(&mut fault.seed, count(value, 0, MAX_SEED)),
        get: |fault| json!(fault.seed),
    },
    Field {
        name: "delay_ms",
        form: "number",
        description: "A wait before the request is processed, in milliseconds.",
        default: || json!(0),
        is_of: requests,
        set: |fault, value| {
            fault.delay = millis(value, 0.0)?;
            Ok(())
        },
        get: |fault| in_millis(fault.delay),
    },
    Field {
        name: "latency",
        form: "object",
        description: "A wait before the request is processed, in addition to delay_ms: {\"fixed_ms\"}, or {\"p50_ms\",\"p99_ms\"} of a lognormal distribution.",
        default: null,
        is_of: requests,
        set: |fault, value| put(&mut fault.latency, latency(value)),
        get: |fault| fault.latency.map_or(Value::Null, shown),
    },
    Field {
        name: "retry_after_s",
        form: "number",
        description: "The answer's Retry-After in seconds, rounded up to whole ones.",
        default: null,
        is_of: Kind::sends_head,
        set: |fault, value| {
            let seconds = number(value, 0.0, YEAR)?;
            fault.retry_after = Some(Duration::from_secs_f64(seconds));
            Ok(())
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
            fault.kind = Kind::Status(count(value, 200, 599)? as u16);
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
        set: |fault, value| put(&mut fault.location, header(value)),
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

/// Sets a member to what was read.
fn put<T>(member: &mut Option<T>, read: Result<T, Invalid>) -> Result<(), Invalid> {
    *member = Some(read?);
    Ok(())
}
