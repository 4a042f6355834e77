//! A feed import: fetches the feed, stores it, and calls back once.

use std::sync::{Arc, Weak};

use jiff::Timestamp;

use super::callback;
use super::feed::{self, Feed};
use super::imports::{Push, State, Task};
use super::shop::Shop;
use crate::clock::{Moment, Timer, later};
use crate::names::ServiceName;
use crate::webhooks::Draft;

/// Describes what comes after a state of an import.
enum Next {
    /// Another state that passes by itself.
    Wait(Timestamp),
    /// The feed is fetched.
    Fetch(Push),
    /// Nothing: the import has ended, or was forgotten in a reset.
    Nothing,
}

/// Queues an import and returns its token; it runs in the background.
pub(super) fn push(shop: &Arc<Shop>, push: Push) -> String {
    let (now, mut data) = (shop.clock.timestamp(), shop.data());
    let (token, until) = (data.random.uuid(), later(now, shop.options.pace));
    data.imports.enqueue(token.clone(), push, now, until);
    follow(shop, token.clone(), until);
    token
}

/// Lets the background go on with an import whose state ends then.
pub(super) fn follow(shop: &Arc<Shop>, token: String, until: Timestamp) {
    let timer = shop.clock.timer(until);
    // The task holds the shop weakly, and ends if the shop is gone.
    let weak = Arc::downgrade(shop);
    shop.background.spawn(run(weak, token, timer));
}

async fn run(weak: Weak<Shop>, token: String, mut timer: Timer) {
    loop {
        let turn = timer.await;
        let Some(shop) = weak.upgrade() else { return };
        match proceed(&shop, &token) {
            Next::Wait(until) => timer = shop.clock.timer(until),
            Next::Fetch(push) => {
                let ended = fetch(&shop, &token, &push).await;
                // The clock need not wait for the other side of a callback.
                drop(turn);
                if let (Some(task), Some(callback)) = (ended, &push.callback) {
                    call_back(&shop, callback, &task).await;
                }
                return;
            }
            Next::Nothing => return,
        }
    }
}

/// Ends the present state of an import.
fn proceed(shop: &Shop, token: &str) -> Next {
    let (now, mut data) = (shop.clock.timestamp(), shop.data());
    let Some(task) = data.imports.find(token) else {
        return Next::Nothing;
    };
    match task.state {
        State::Enqueued { .. } => {
            let until = later(now, shop.options.pace);
            data.imports.enter(token, State::Started { until }, now);
            Next::Wait(until)
        }
        State::Started { .. } => Next::Fetch(task.push.clone()),
        State::Success { .. } | State::Failed { .. } => Next::Nothing,
    }
}

/// Fetches, reads and stores a feed. Returns the ended task, or nothing when the import was forgotten meanwhile.
async fn fetch(shop: &Shop, token: &str, push: &Push) -> Option<Task> {
    let feed = read(shop, push).await;
    let (now, mut data) = (shop.clock.timestamp(), shop.data());
    let task = data.imports.find(token)?;
    if !matches!(task.state, State::Started { .. }) {
        return None;
    }
    let state = match feed {
        Ok(feed) => {
            let (count, refused) = (feed.count(), feed.refused);
            for (id, fields) in feed.categories {
                data.categories.upsert(&id, fields);
            }
            for (id, fields) in feed.products {
                data.products.upsert(&id, fields);
            }
            // Only products are counted, each once.
            State::Success { count, refused }
        }
        Err(why) => State::Failed { why },
    };
    data.imports.enter(token, state, now).cloned()
}

async fn read(shop: &Shop, push: &Push) -> Result<Feed, String> {
    let fetched = shop.outbound.get(&push.url).await;
    let fetched = fetched.map_err(|why| format!("url: {why}"))?;
    let charset = fetched.charset();
    feed::read(&push.format, &fetched.body, charset.as_deref())
}

/// Posts the flat form fields once, also after a failure.
async fn call_back(shop: &Shop, url: &str, task: &Task) {
    let (content_type, body) = callback::form(shop.options.nicechat.callback_form, &outcome(task));
    let draft = Draft {
        event: "import".to_owned(),
        url: url.to_owned(),
        content_type: content_type.to_owned(),
        body,
    };
    let post = shop.webhooks.open(ServiceName::NiceChat, draft);
    shop.webhooks.deliver(post, &shop.faults).await;
}

/// Returns the form fields that tell how an import ended.
pub(super) fn outcome(task: &Task) -> Vec<(&'static str, String)> {
    let mut fields = vec![("updated", Moment::from(task.updated).without_zone())];
    if let State::Success { count, .. } = task.state {
        fields.push(("imported_elements_count", count.to_string()));
    }
    fields
}
