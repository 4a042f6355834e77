//! `/api/clock`: the clock of the sandbox.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::failure::Failure;
use super::handled::{Handled, Later};
use crate::clock::Clock;

/// `GET /api/clock`: the time.
pub(super) fn get(context: &Context, _: &Call) -> Handled {
    Ok(Answer::Json(shown(context.state.clock())))
}

/// `PUT /api/clock`: freezes the clock, or lets it run.
pub(super) fn set(context: &Context, call: &Call) -> Handled {
    let clock = context.state.clock();
    match call.body["frozen"] == true {
        true => clock.freeze(),
        false => clock.run(),
    }
    Ok(Answer::Json(shown(clock)))
}

/// `POST /api/clock/advance`: by some seconds, or to a time.
pub(super) fn advance(context: Arc<Context>, call: Call) -> Later {
    Box::pin(async move {
        let clock = context.state.clock();
        let (seconds, to) = (call.body.get("seconds"), call.body.get("to"));
        match (seconds.and_then(Value::as_f64), to.and_then(Value::as_str)) {
            (Some(seconds), None) => {
                let by = Duration::try_from_secs_f64(seconds);
                clock
                    .advance(by.map_err(|error| Failure::wrong("seconds", error))?)
                    .await;
            }
            (None, Some(text)) => {
                let to = moment(text).map_err(|error| Failure::wrong("to", error))?;
                clock
                    .advance_to(to)
                    .await
                    .map_err(|error| Failure::bad(&error))?;
            }
            _ => return Err(Failure::wrong("seconds", "give either seconds or to")),
        }
        Ok(Answer::Json(shown(clock)))
    })
}

fn moment(text: &str) -> Result<SystemTime, &'static str> {
    let time: Result<Timestamp, _> = text.parse();
    time.map(SystemTime::from)
        .map_err(|_| "must be a time like 2026-01-31T08:00:00Z")
}

/// Returns the clock as the API shows it.
pub(super) fn shown(clock: &Clock) -> Value {
    json!({ "now": clock.rfc3339(), "frozen": clock.is_frozen() })
}
