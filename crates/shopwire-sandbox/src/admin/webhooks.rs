//! `/api/webhooks`: what the services post themselves.

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::failure::Failure;
use super::handled::Handled;
use crate::webhooks::{NewWebhook, Webhook};

/// `GET /api/webhooks`: newest first.
pub(super) fn list(context: &Context, call: &Call) -> Handled {
    let service = call.text("service").and_then(|name| name.parse().ok());
    let webhooks = context.services.parts.webhooks.list(service);
    let webhooks: Value = webhooks.iter().rev().map(Webhook::to_json).collect();
    Ok(Answer::Json(json!({ "webhooks": webhooks })))
}

/// `POST /api/webhooks`: sends one by hand.
pub(super) fn send(context: &Context, call: &Call) -> Handled {
    let new = NewWebhook::from_json(&call.body).map_err(|error| Failure::bad(&error))?;
    let sent = context.services.send_webhook(new);
    let sent = sent.map_err(|error| Failure::bad(&error))?;
    Ok(Answer::Json(sent.to_json()))
}

/// `POST /api/webhooks/{id}/resend`: posts one again.
pub(super) fn resend(context: &Context, call: &Call) -> Handled {
    let id = call.number("id").unwrap_or_default();
    let webhooks = &context.services.parts.webhooks;
    if webhooks.get(id).is_none() {
        return Err(Failure::missing(
            "id",
            format_args!("there is no webhook {id}"),
        ));
    }
    let sent = webhooks
        .resend(id)
        .map_err(|error| Failure::conflict(&error))?;
    Ok(Answer::Json(sent.to_json()))
}
