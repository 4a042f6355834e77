//! A feed import: fetches the feed, stores it, and calls back once.

use std::sync::Arc;

use super::callback;
use super::feed::{self, Feed};
use super::imports::{State, Task};
use super::shop::Shop;

/// The requested import.
#[derive(Debug)]
pub(super) struct Push {
    pub(super) url: String,
    pub(super) format: String,
    pub(super) callback: Option<String>,
}

/// Queues an import and returns its token; it runs in the background.
pub(super) fn push(shop: &Arc<Shop>, push: Push) -> String {
    let token = shop.imports.enqueue();
    // The task holds the shop weakly, and ends if the shop is gone.
    let (weak, task_token) = (Arc::downgrade(shop), token.clone());
    let pace = shop.options.pace;
    shop.background.spawn(async move {
        tokio::time::sleep(pace).await;
        let Some(shop) = weak.upgrade() else { return };
        shop.imports.enter(&task_token, State::Started);
        tokio::time::sleep(pace).await;
        let state = match run(&shop, &push).await {
            Ok(state) => state,
            Err(why) => State::Failed { why },
        };
        let task = shop.imports.enter(&task_token, state);
        if let (Some(task), Some(callback)) = (task, &push.callback) {
            call_back(&shop, callback, &task).await;
        }
    });
    token
}

/// Fetches, reads and stores a feed; returns the result, or the reason of the failure.
async fn run(shop: &Shop, push: &Push) -> Result<State, String> {
    let fetched = shop.outbound.get(&push.url).await;
    let fetched = fetched.map_err(|why| format!("url: {why}"))?;
    let charset = fetched.charset();
    let feed = feed::read(&push.format, &fetched.body, charset.as_deref())?;
    Ok(take_over(shop, feed))
}

/// Stores the content of a feed. Only products are counted, each once.
fn take_over(shop: &Shop, feed: Feed) -> State {
    let (count, refused) = (feed.count(), feed.refused);
    let mut catalog = shop.catalog();
    for (id, fields) in feed.categories {
        catalog.categories.upsert(&id, fields);
    }
    for (id, fields) in feed.products {
        catalog.products.upsert(&id, fields);
    }
    State::Success { count, refused }
}

/// Posts the flat form fields once, also after a failure.
async fn call_back(shop: &Shop, url: &str, task: &Task) {
    if shop.faults.loses("event") {
        return shop.callbacks.lost();
    }
    let mut fields = vec![("updated", task.updated.without_zone())];
    if let State::Success { count, .. } = task.state {
        fields.push(("imported_elements_count", count.to_string()));
    }
    let (content_type, body) = callback::form(shop.options.nicechat.callback_form, &fields);
    match shop.outbound.post(url, content_type, body).await {
        Ok(_) => shop.callbacks.delivered(),
        Err(_) => shop.callbacks.failed(),
    }
}
