//! `/api/scenario`: faults over time.

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::failure::Failure;
use super::routes::Handled;
use crate::scenario::{RunningScenario, Scenario};

/// `GET /api/scenarios`: those that ship.
pub(super) fn list(_: &Context, _: &Call) -> Handled {
    let shipped = Scenario::shipped();
    let shipped: Value = shipped.iter().map(Scenario::to_json).collect();
    Ok(Answer::Json(shipped))
}

/// `GET /api/scenario`: how far the scenario has come; null without one.
pub(super) fn get(context: &Context, _: &Call) -> Handled {
    let running = context.ledger.progress().map(RunningScenario::from);
    Ok(Answer::Json(
        running.map_or(json!(null), |one| one.to_json()),
    ))
}

/// `POST /api/scenario`: starts a scenario in place of the running scenario.
pub(super) fn start(context: &Context, call: &Call) -> Handled {
    let scenario = Scenario::from_json(&call.body).map_err(|error| Failure::bad(&error))?;
    context.ledger.start(scenario.into_plan());
    get(context, call)
}

/// `DELETE /api/scenario`: ends it, and removes its faults.
pub(super) fn stop(context: &Context, _: &Call) -> Handled {
    context.ledger.stop();
    Ok(Answer::Nothing)
}
