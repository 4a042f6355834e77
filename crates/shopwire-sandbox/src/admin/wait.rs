//! `GET /api/wait`: waits until requests or webhooks that fit have come.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{StatusCode, Uri};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::failure::Failure;
use super::handled::Later;
use super::requests;
use crate::journal::StatusFilter;
use crate::names::ServiceName;
use crate::webhooks::{Webhook, WebhookState};

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
            Some("webhook") => {
                timeout_at(deadline, webhooks(&context, &call, count, &mut matched)).await
            }
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
    if call.text("event").is_some() {
        return Err(Failure::wrong("event", "has a meaning for webhooks only"));
    }
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

/// Waits until `count` webhooks that fit are no longer pending.
async fn webhooks(
    context: &Context,
    call: &Call,
    count: usize,
    matched: &mut Vec<Value>,
) -> Result<(), Failure> {
    let filter = WebhookFilter::of(call)?;
    let webhooks = &context.services.parts.webhooks;
    let mut changes = webhooks.subscribe();
    loop {
        // The log has few: it is read anew after each change, so that nothing is told twice or lost.
        let found = webhooks.list(filter.service);
        let found = found.iter().filter(|one| filter.matches(one));
        *matched = found.take(count).map(Webhook::to_json).collect();
        if matched.len() >= count {
            return Ok(());
        }
        if changes.next().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// Which webhooks are waited for.
struct WebhookFilter<'c> {
    service: Option<ServiceName>,
    event: Option<&'c str>,
    path: Option<&'c str>,
    after: u64,
    status: Option<StatusFilter>,
}

impl<'c> WebhookFilter<'c> {
    fn of(call: &'c Call) -> Result<Self, Failure> {
        for name in ["method", "operation"] {
            if call.text(name).is_some() {
                return Err(Failure::wrong(name, "has a meaning for requests only"));
            }
        }
        Ok(Self {
            service: call.text("service").and_then(|name| name.parse().ok()),
            event: call.text("event"),
            path: call.text("path"),
            after: call.number("after").unwrap_or(0),
            status: requests::status(call)?,
        })
    }

    fn matches(&self, webhook: &Webhook) -> bool {
        let status = webhook.attempts.last().and_then(|attempt| attempt.status);
        let path = || webhook.url.parse::<Uri>().map(|url| url.path().to_owned());
        webhook.id > self.after
            && webhook.state != WebhookState::Pending
            && self.event.is_none_or(|event| event == webhook.event)
            && self.status.is_none_or(|wanted| wanted.matches(status))
            && self
                .path
                .is_none_or(|start| path().is_ok_and(|path| path.starts_with(start)))
    }
}
