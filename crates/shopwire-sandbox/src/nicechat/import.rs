//! Feed imports: enqueued, started, success or failed, then one callback (N72 to N85).

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::Shop;
use super::callback;
use super::feed::{self, Feed};
use crate::clock::Moment;
use crate::random;

/// The tasks pushed so far.
#[derive(Debug, Default)]
pub(super) struct Imports {
    tasks: Mutex<Vec<Task>>,
}

#[derive(Clone, Debug)]
struct Task {
    token: String,
    pushed: Moment,
    updated: Moment,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Enqueued,
    Started,
    Success { count: usize },
    Failed { why: String },
}

/// What was asked for.
#[derive(Debug)]
pub(super) struct Push {
    pub(super) url: String,
    pub(super) format: String,
    pub(super) callback: Option<String>,
}

impl Imports {
    /// Queues an import and returns its token; the work goes on in the background.
    pub(super) fn push(shop: &Arc<Shop>, push: Push) -> String {
        let token = random::uuid();
        let now = Moment::now();
        let task = Task {
            token: token.clone(),
            pushed: now,
            updated: now,
            state: State::Enqueued,
        };
        shop.imports.lock().push(task);
        // The task holds the shop weakly: a shop that is gone has nothing to import into.
        let (weak, task_token) = (Arc::downgrade(shop), token.clone());
        let pace = shop.options.pace;
        shop.background.spawn(async move {
            tokio::time::sleep(pace).await;
            let Some(shop) = weak.upgrade() else { return };
            shop.imports.enter(&task_token, State::Started);
            tokio::time::sleep(pace).await;
            let state = match run(&shop, &push).await {
                Ok(count) => State::Success { count },
                Err(why) => State::Failed { why },
            };
            let task = shop.imports.enter(&task_token, state);
            if let (Some(task), Some(callback)) = (task, &push.callback) {
                call_back(&shop, callback, &task).await;
            }
        });
        token
    }

    /// What is known about a task.
    pub(super) fn result(&self, token: &str) -> Option<Value> {
        self.lock()
            .iter()
            .find(|task| task.token == token)
            .map(Task::to_json)
    }

    fn enter(&self, token: &str, state: State) -> Option<Task> {
        let mut tasks = self.lock();
        let task = tasks.iter_mut().find(|task| task.token == token)?;
        task.state = state;
        task.updated = Moment::now();
        Some(task.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Task {
    /// The count's key has spaces here, and underscores in the callback (N79, N81). `error` is ours:
    /// the document has no word for why a task failed.
    fn to_json(&self) -> Value {
        let mut result = Map::new();
        result.insert("pushed".into(), self.pushed.with_offset().into());
        result.insert("updated".into(), self.updated.with_offset().into());
        let state = match &self.state {
            State::Enqueued => "enqueued",
            State::Started => "started",
            State::Success { .. } => "success",
            State::Failed { .. } => "failed",
        };
        result.insert("state".into(), state.into());
        match &self.state {
            State::Success { count } => {
                result.insert("imported elements count".into(), json!(count))
            }
            State::Failed { why } => result.insert("error".into(), why.as_str().into()),
            State::Enqueued | State::Started => None,
        };
        Value::Object(result)
    }
}

/// Fetches, reads and imports; the number of elements, or why not.
async fn run(shop: &Shop, push: &Push) -> Result<usize, String> {
    let body = shop
        .outbound
        .get(&push.url)
        .await
        .map_err(|why| format!("url: {why}"))?;
    let text = std::str::from_utf8(&body).map_err(|_| "the feed is not UTF-8")?;
    let feed = feed::read(&push.format, text)?;
    Ok(take_over(shop, feed))
}

/// Imports what the feed holds; products count, categories come along.
fn take_over(shop: &Shop, feed: Feed) -> usize {
    let count = feed.products.len();
    let mut catalog = shop.catalog();
    for (id, fields) in feed.categories {
        catalog.categories.upsert(&id, fields);
    }
    for (id, fields) in feed.products {
        catalog.products.upsert(&id, fields);
    }
    count
}

/// Flat form fields, once, whatever comes of it (N81 to N83).
async fn call_back(shop: &Shop, url: &str, task: &Task) {
    if shop.faults.loses_callback() {
        return shop.callbacks.lost();
    }
    let mut fields = vec![("updated", task.updated.without_zone())];
    if let State::Success { count } = task.state {
        fields.push(("imported_elements_count", count.to_string()));
    }
    let (content_type, body) = callback::form(shop.options.callback_form, &fields);
    match shop.outbound.post(url, content_type, body).await {
        Ok(_) => shop.callbacks.delivered(),
        Err(_) => shop.callbacks.failed(),
    }
}
