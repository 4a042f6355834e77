//! `/api/state`, `/api/reset`, `/api/seed`, `/api/snapshot`: the data of the services.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::{Call, SNAPSHOT};
use super::context::Context;
use super::failure::Failure;
use super::handled::{Handled, Later};
use crate::entities::RowQuery;
use crate::invalid::Invalid;
use crate::plan::SeedPlan;
use crate::state::ClockAfterReset;

/// `POST /api/reset`: everything as at the start, but what `keep` names.
pub(super) fn reset(context: Arc<Context>, call: Call) -> Later {
    Box::pin(async move {
        let keep = call.body.get("keep").and_then(Value::as_array);
        let keeps = |name: &str| keep.is_some_and(|keep| keep.iter().any(|one| one == name));
        let clock = match keeps("clock") {
            true => ClockAfterReset::Kept,
            false => ClockAfterReset::Start,
        };
        context.state.reset(clock).await;
        if !keeps("requests") {
            context.journal.clear();
        }
        context.services.parts.webhooks.clear();
        if !keeps("faults") {
            context.ledger.reset();
        }
        tell(&context, "reset");
        Ok(Answer::Nothing)
    })
}

/// `POST /api/seed`: a reset, and generated data.
pub(super) fn seed(context: Arc<Context>, call: Call) -> Later {
    Box::pin(async move {
        let plan = SeedPlan::from_json(&call.body).map_err(failure)?;
        let counts = context.state.seed(&plan).await;
        tell(&context, "seed");
        Ok(Answer::Json(counts))
    })
}

/// `GET /api/snapshot`: the state as one document.
pub(super) fn save(context: Arc<Context>, _: Call) -> Later {
    Box::pin(async move {
        // Writing a large state takes seconds, in which others are served.
        let saved = tokio::task::spawn_blocking(move || context.state.snapshot()).await;
        let text = saved.map_err(|error| Failure::conflict(&error))?;
        match text.len() <= SNAPSHOT {
            true => Ok(Answer::Text(text)),
            false => Err(Failure::conflict(&format_args!(
                "the state has {} bytes as a snapshot, and one of more than {SNAPSHOT} cannot be loaded",
                text.len()
            ))),
        }
    })
}

/// `PUT /api/snapshot`: replaces the state.
pub(super) fn load(context: Arc<Context>, call: Call) -> Later {
    Box::pin(async move {
        context.state.restore(&call.text).await.map_err(failure)?;
        tell(&context, "snapshot");
        Ok(Answer::Nothing)
    })
}

/// `GET /api/state`: numbers of entities.
pub(super) fn count(context: &Context, _: &Call) -> Handled {
    Ok(Answer::Json(context.state.counts()))
}

/// `GET /api/state/{service}/{entity}`: one page of entities.
pub(super) fn list(context: &Context, call: &Call) -> Handled {
    let mut query = RowQuery::default();
    if let Some(page) = call.number("page") {
        query.page = usize::try_from(page).unwrap_or(usize::MAX);
    }
    if let Some(limit) = call.number("limit") {
        query.limit = limit as usize;
    }
    query.text = call.text("text").map(str::to_owned);
    let (service, entity) = named(call);
    let rows = context
        .state
        .rows(service, entity, &query)
        .map_err(|error| match error.field() {
            "service" | "entity" => Failure::missing(error.field(), error.problem()),
            _ => failure(error),
        })?;
    Ok(Answer::Json(
        json!({ "rows": rows.rows, "total": rows.total }),
    ))
}

/// `GET /api/state/{service}/{entity}/{id}`: one entity.
pub(super) fn get(context: &Context, call: &Call) -> Handled {
    let (service, entity) = named(call);
    let id = call.text("id").unwrap_or_default();
    let row = context.state.row(service, entity, id);
    row.map(Answer::Json).ok_or_else(|| missing(call))
}

/// `GET /api/state/{service}/{entity}/{id}/history`: its history.
pub(super) fn history(context: &Context, call: &Call) -> Handled {
    let (service, entity) = named(call);
    let id = call.text("id").unwrap_or_default();
    let history = context.state.history(service, entity, id);
    let history = history.ok_or_else(|| {
        Failure::missing(
            "id",
            format_args!("{service} keeps no history of {entity} {id}"),
        )
    })?;
    Ok(Answer::Json(json!({ "history": history })))
}

fn named(call: &Call) -> (&str, &str) {
    (
        call.text("service").unwrap_or_default(),
        call.text("entity").unwrap_or_default(),
    )
}

fn missing(call: &Call) -> Failure {
    let (service, entity) = named(call);
    let id = call.text("id").unwrap_or_default();
    Failure::missing("id", format_args!("{service} has no {entity} {id}"))
}

/// The refusal of a value by the state.
pub(super) fn failure(error: Invalid) -> Failure {
    match error.field() {
        "" => Failure::wrong("body", error.problem()),
        _ => Failure::bad(&error),
    }
}

/// Tells subscribers that the whole state has changed.
fn tell(context: &Context, by: &str) {
    context.notices.tell(
        "state",
        json!({ "by": by, "counts": context.state.counts() }),
    );
}
