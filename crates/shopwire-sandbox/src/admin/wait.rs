//! `GET /api/wait`: waits until requests or webhooks that fit have come.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, timeout_at};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::failure::Failure;
use super::requests;
use super::routes::Later;

/// Longest wait without `timeout_ms`.
const TIMEOUT_MS: u64 = 10_000;

/// `GET /api/wait`: what fits, or 408 when the time is over.
pub(super) fn wait(context: Arc<Context>, call: Call) -> Later {
    Box::pin(async move {
        let count = call.number("count").unwrap_or(1) as usize;
        let timeout = Duration::from_millis(call.number("timeout_ms").unwrap_or(TIMEOUT_MS));
        let deadline = Instant::now() + timeout;
        let mut matched = Vec::new();
        let waited = match call.text("for") {
            _ => timeout_at(deadline, requests(&context, &call, count, &mut matched)).await,
        };
        match waited {
            Ok(Ok(())) => Ok(Answer::Json(json!({ "matched": matched }))),
            Ok(Err(failure)) => Err(failure),
            Err(_) => Err(over(timeout, count, matched)),
        }
    })
}

fn over(timeout: Duration, count: usize, matched: Vec<Value>) -> Failure {
    let (waited, found) = (timeout.as_millis(), matched.len());
    let text = format!("timeout_ms: {found} of {count} came within {waited} ms");
    let mut failure = Failure::new(StatusCode::REQUEST_TIMEOUT, text);
    failure.body["matched"] = matched.into();
    failure
}

/// Waits until `count` requests that fit have ended. A request without an answer fits the status `none` only.
async fn requests(
    context: &Context,
    call: &Call,
    count: usize,
    matched: &mut Vec<Value>,
) -> Result<(), Failure> {
    let filter = requests::filter(call)?;
    // The subscription is first, so that a request that ends in between is not lost.
    let mut subscription = context.journal.subscribe();
    let mut seen = HashSet::new();
    let found = requests::all(&context.journal, filter.clone());
    for exchange in found.iter().filter(|one| one.ended).take(count) {
        seen.insert(exchange.id);
        matched.push(exchange.summary());
    }
    while matched.len() < count {
        match subscription.next().await {
            Some(Ok(exchange)) if filter.matches(&exchange) && seen.insert(exchange.id) => {
                matched.push(exchange.summary());
            }
            Some(Ok(_)) => {}
            // A slow reader: the journal still has what was missed.
            Some(Err(_)) => {
                for exchange in requests::all(&context.journal, filter.clone()) {
                    if exchange.ended && matched.len() < count && seen.insert(exchange.id) {
                        matched.push(exchange.summary());
                    }
                }
            }
            None => std::future::pending().await,
        }
    }
    Ok(())
}
