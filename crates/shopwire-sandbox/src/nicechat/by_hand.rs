//! Callbacks that are sent by hand.

use serde_json::Value;

use super::callback;
use super::import;
use super::imports::Task;
use super::shop::Shop;
use crate::clock::Moment;
use crate::invalid::Invalid;
use crate::names::ServiceName;
use crate::webhooks::{Draft, NewWebhook, Webhook, fields};

/// Posts the callback of an import: of the given one, or of the last that fits.
pub(super) fn send(shop: &Shop, order: NewWebhook) -> Result<Webhook, Invalid> {
    let task = task(shop, &order)?;
    let callback = || task.as_ref().and_then(|task| task.push.callback.clone());
    let Some(url) = order.url.or_else(callback) else {
        return Err(Invalid::new(
            "url",
            "is missing, and no import has a callback",
        ));
    };
    shop.webhooks.check_address(&url)?;
    let form = |fields: &[(&str, String)]| {
        let (kind, body) = callback::form(shop.options.nicechat.callback_form, fields);
        (kind.to_owned(), body)
    };
    let (content_type, body) = match (order.body, &task) {
        (Some(Value::String(text)), _) => (callback::URLENCODED.to_owned(), text),
        (Some(Value::Object(members)), _) => form(&fields(&members)),
        (Some(_), _) => {
            return Err(Invalid::new(
                "body",
                "must be a text or an object of fields",
            ));
        }
        (None, Some(task)) => form(&import::outcome(task)),
        (None, None) => {
            let updated = Moment::from(shop.clock.timestamp()).without_zone();
            form(&[
                ("updated", updated),
                ("imported_elements_count", "0".to_owned()),
            ])
        }
    };
    let draft = Draft {
        event: order.event,
        url,
        content_type: order.content_type.unwrap_or(content_type),
        body,
    };
    let post = shop.webhooks.open(ServiceName::NiceChat, draft);
    let webhook = post.webhook().clone();
    shop.webhooks.deliver_soon(post, shop.faults.clone());
    Ok(webhook)
}

/// Finds the import that is meant, if one is.
fn task(shop: &Shop, order: &NewWebhook) -> Result<Option<Task>, Invalid> {
    let data = shop.data();
    if let Some(token) = &order.import {
        let task = data.imports.find(token).cloned();
        let missing = || Invalid::new("import", "there is no import with this token");
        return task.ok_or_else(missing).map(Some);
    }
    let last = data
        .imports
        .iter()
        .filter(|task| task.push.callback.is_some())
        .last();
    Ok(last.cloned())
}
