//! `GET /api/events`: what happens, as server-sent events.

use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::{Stream, stream};
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};
use tokio::time::{Instant, sleep_until};

use super::answer::Answer;
use super::call::Call;
use super::clock;
use super::context::Context;
use super::failure::Failure;
use super::routes::Handled;
use crate::clock::Clock;
use crate::fault::QueuedFault;
use crate::journal::{Exchange, Filter, Missed, Subscription};
use crate::webhooks::Webhook;

/// Time without an event after which a comment shows that the connection is alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Most requests that a client gets which connects again.
const REPLAYED: usize = 1000;

/// Events, other than of requests, that wait for a slow subscriber.
const WAITING: usize = 1024;

/// Most subscribers at the same time.
pub(super) const MAX_SUBSCRIBERS: usize = 256;

/// An event that is no request.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    name: &'static str,
    data: Arc<Value>,
}

/// Where handlers and services report what is no request.
#[derive(Clone, Debug)]
pub(super) struct Notices(broadcast::Sender<Notice>);

impl Notices {
    pub(super) fn new() -> Self {
        Self(broadcast::Sender::new(WAITING))
    }

    /// Tells all subscribers.
    pub(super) fn tell(&self, name: &'static str, data: Value) {
        let data = Arc::new(data);
        // Without a subscriber there is nobody to tell.
        let _ = self.0.send(Notice { name, data });
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.0.subscribe()
    }
}

/// `GET /api/events`: a stream until the client goes away or is too slow.
pub(super) fn stream(context: &Context, call: &Call) -> Handled {
    let Ok(place) = context.subscribers.clone().try_acquire_owned() else {
        let text = format!("events: {MAX_SUBSCRIBERS} clients are connected already");
        return Err(Failure::new(StatusCode::TOO_MANY_REQUESTS, text));
    };
    let subscriber = Subscriber::new(context, call.number("Last-Event-ID"), place);
    let response = Sse::new(subscriber.into_stream()).into_response();
    Ok(Answer::Whole(response))
}

/// One client. Unread events wait in channels of limited length, so the client never holds up the sandbox.
struct Subscriber {
    /// Events that are already known.
    ready: VecDeque<Event>,
    requests: Subscription,
    faults: broadcast::Receiver<QueuedFault>,
    webhooks: broadcast::Receiver<Webhook>,
    notices: broadcast::Receiver<Notice>,
    clock: Clock,
    turns: watch::Receiver<u64>,
    /// Requests that were sent from the journal, and may be told once more by the subscription.
    replayed: HashSet<u64>,
    is_over: bool,
    _place: OwnedSemaphorePermit,
}

impl Subscriber {
    fn new(context: &Context, last: Option<u64>, place: OwnedSemaphorePermit) -> Self {
        // The subscription is first: a request that ends in between is told twice, and not lost.
        let requests = context.journal.subscribe();
        let mut subscriber = Self {
            // The first bytes tell the client that it is connected.
            ready: VecDeque::from([Event::default().comment("connected")]),
            requests,
            faults: context.ledger.subscribe(),
            webhooks: context.services.parts.webhooks.receiver(),
            notices: context.notices.subscribe(),
            turns: context.state.clock().changes(),
            clock: context.state.clock().clone(),
            replayed: HashSet::new(),
            is_over: false,
            _place: place,
        };
        if let Some(last) = last {
            subscriber.replay(context, last);
        }
        subscriber
    }

    /// Queues the requests that a client has missed, oldest first.
    fn replay(&mut self, context: &Context, last: u64) {
        let filter = Filter {
            after: Some(last),
            ..Filter::default()
        };
        let page = context.journal.page(&filter, REPLAYED);
        if page.total > page.exchanges.len() {
            let text = format!(
                "{} older requests are left out",
                page.total - page.exchanges.len()
            );
            self.ready.push_back(Event::default().comment(text));
        }
        for exchange in page.exchanges.iter().rev().filter(|one| one.ended) {
            self.replayed.insert(exchange.id);
            self.ready.push_back(of_request(exchange));
        }
    }

    fn into_stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut subscriber| async move {
            let event = subscriber.next().await?;
            Some((Ok(event), subscriber))
        })
    }

    async fn next(&mut self) -> Option<Event> {
        if let Some(event) = self.ready.pop_front() {
            return Some(event);
        }
        if self.is_over {
            return None;
        }
        let quiet = Instant::now() + KEEP_ALIVE;
        loop {
            tokio::select! {
                // A fault and a webhook come before the request that they belong to.
                biased;
                fault = self.faults.recv() => match fault {
                    Ok(fault) => return Some(event("fault", &fault.to_json())),
                    Err(error) => return self.lagged(error),
                },
                webhook = self.webhooks.recv() => match webhook {
                    Ok(webhook) => return Some(event("webhook", &webhook.to_json())),
                    Err(error) => return self.lagged(error),
                },
                notice = self.notices.recv() => match notice {
                    Ok(notice) => return Some(event(notice.name, &notice.data)),
                    Err(error) => return self.lagged(error),
                },
                turned = self.turns.changed() => match turned {
                    Ok(()) => return Some(event("clock", &clock::shown(&self.clock))),
                    Err(_) => return None,
                },
                ended = self.requests.next() => match ended? {
                    Ok(exchange) if self.replayed.remove(&exchange.id) => {}
                    Ok(exchange) => return Some(of_request(&exchange)),
                    Err(Missed(count)) => return Some(self.cut_off(count)),
                },
                () = sleep_until(quiet) => return Some(Event::default().comment("keep-alive")),
            }
        }
    }

    fn lagged(&mut self, error: RecvError) -> Option<Event> {
        match error {
            RecvError::Lagged(count) => Some(self.cut_off(count)),
            RecvError::Closed => None,
        }
    }

    /// Ends the stream of a client that reads too slowly.
    fn cut_off(&mut self, missed: u64) -> Event {
        self.is_over = true;
        Event::default().comment(format!("cut off: {missed} events were not read in time"))
    }
}

fn of_request(exchange: &Exchange) -> Event {
    Event::default()
        .event("request")
        .id(exchange.id.to_string())
        .data(exchange.summary().to_string())
}

fn event(name: &str, data: &Value) -> Event {
    Event::default().event(name).data(data.to_string())
}
