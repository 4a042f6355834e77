//! `/api/requests`: the journal of the requests.

use std::sync::Arc;

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::failure::Failure;
use super::handled::{Handled, Later};
use crate::journal::{Exchange, Filter, Journal, StatusFilter};

/// Requests of a page without `limit`.
const PAGE: u64 = 100;

/// Exchanges that are read from the journal at once.
const CHUNK: usize = 1000;

/// `GET /api/requests`: one page of summaries, newest first.
pub(super) fn list(context: &Context, call: &Call) -> Handled {
    let limit = call.number("limit").unwrap_or(PAGE);
    let page = context.journal.page(&filter(call)?, limit as usize);
    let requests: Vec<Value> = page.exchanges.iter().map(Exchange::summary).collect();
    Ok(Answer::Json(json!({
        "requests": requests,
        "total": page.total,
        "next": page.next,
    })))
}

/// `DELETE /api/requests`: forgets all requests.
pub(super) fn clear(context: &Context, _: &Call) -> Handled {
    context.journal.clear();
    Ok(Answer::Nothing)
}

/// `GET /api/requests/{id}`: the whole exchange.
pub(super) fn get(context: &Context, call: &Call) -> Handled {
    Ok(Answer::Json(exchange(context, call)?.to_json()))
}

/// `GET /api/requests/{id}/explain`: all reasons at once.
pub(super) fn explain(context: Arc<Context>, call: Call) -> Later {
    Box::pin(async move {
        let id = exchange(&context, &call)?.id;
        // The search for a mistake in a signature may take a second; others go on meanwhile.
        let explained = tokio::task::spawn_blocking(move || context.services.explain(id));
        let explanation = explained.await.ok().flatten();
        let explanation = explanation.ok_or_else(|| missing(id))?;
        Ok(Answer::Json(explanation.to_json()))
    })
}

/// `POST /api/requests/{id}/resend`: the same request again.
pub(super) fn resend(context: Arc<Context>, call: Call) -> Later {
    Box::pin(async move {
        let exchange = exchange(&context, &call)?;
        let id = super::resend::send(&context, &exchange).await?;
        Ok(Answer::Json(json!({ "id": id })))
    })
}

fn exchange(context: &Context, call: &Call) -> Result<Exchange, Failure> {
    let id = call.number("id").unwrap_or_default();
    context.journal.get(id).ok_or_else(|| missing(id))
}

fn missing(id: u64) -> Failure {
    Failure::missing("id", format_args!("there is no request {id}"))
}

/// Returns the filter of the parameters.
pub(super) fn filter(call: &Call) -> Result<Filter, Failure> {
    let mut filter = Filter::default();
    let text = |name| call.text(name).map(str::to_owned);
    // The description allows only the names of services, and only these forms of a status.
    filter.service = call.text("service").and_then(|name| name.parse().ok());
    filter.status = status(call)?;
    filter.method = text("method");
    filter.path = text("path");
    filter.operation = text("operation");
    filter.text = text("text");
    filter.after = call.number("after");
    filter.before = call.number("before");
    Ok(filter)
}

/// Returns the filter of the parameter `status`.
pub(super) fn status(call: &Call) -> Result<Option<StatusFilter>, Failure> {
    let status = call.text("status").map(str::parse);
    status.transpose().map_err(|error| Failure::bad(&error))
}

/// Returns all exchanges that match, oldest first.
pub(super) fn all(journal: &Journal, mut filter: Filter) -> Vec<Exchange> {
    let mut exchanges = Vec::new();
    loop {
        let page = journal.page(&filter, CHUNK);
        exchanges.extend(page.exchanges);
        if page.next.is_none() {
            exchanges.reverse();
            return exchanges;
        }
        filter.before = page.next;
    }
}
