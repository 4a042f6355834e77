//! The emulated Uvygoda: one endpoint, the method in a header, PHP's shapes in the answers.

mod account;
mod cards;
mod catalog;
mod event;
mod failure;
mod generated;
mod market;
mod markup;
mod poster;
mod reasons;
mod rpc;
mod saved;
mod whole;

use std::fmt;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response};

use crate::fault::Faults;
use crate::invalid::Invalid;
use crate::journal::Notes;
use crate::names::ServiceName;
use crate::options::Options;
use crate::parts::Parts;
use crate::requests::Requests;
use crate::server::Server;
use crate::service::Service;
use crate::webhooks::{Callbacks, NewWebhook, Webhook};
use market::Market;

pub(crate) use market::Market as State;
pub(crate) use saved::Saved;

pub use event::Event;

/// The emulated Uvygoda: one seller with a token, cards and a webhook.
pub struct Uvygoda {
    server: Server,
    market: Arc<Market>,
    callbacks: Callbacks,
}

impl Uvygoda {
    /// The OpenAPI 3.1 description of Uvygoda, as JSON. The sandbox checks requests by it.
    pub const OPENAPI: &'static str = crate::bundled::UVYGODA;

    pub(crate) async fn start(options: &Options, parts: &Parts) -> io::Result<Self> {
        let faults = parts.faults(ServiceName::Uvygoda);
        let market = Market::new(faults.clone(), options, parts);
        let requests = parts.requests(ServiceName::Uvygoda);
        let front = Arc::new(Front(market.clone()));
        let server = Server::start(options.uvygoda.port, faults, requests, front).await?;
        let callbacks = Callbacks::new(parts.webhooks.clone(), ServiceName::Uvygoda);
        Ok(Self {
            server,
            market,
            callbacks,
        })
    }

    /// The state, for the parts of the sandbox.
    pub(crate) fn state(&self) -> &Arc<Market> {
        &self.market
    }

    pub(crate) async fn stop(&self) {
        self.server.stop().await;
        self.market.background.stop();
        self.market.moderations.stop();
    }

    /// Returns the base URL, without a trailing slash. The endpoint is `/local/api/api.php` below it.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Returns the seller's login.
    pub fn login(&self) -> String {
        self.market.account().login().to_owned()
    }

    /// Returns the seller's password, which is different in every sandbox.
    pub fn password(&self) -> String {
        self.market.account().password().to_owned()
    }

    /// Returns the valid token. A token exists from the start, and `getToken` replaces it.
    pub fn token(&self) -> String {
        self.market.account().token().to_owned()
    }

    /// Returns the faults.
    pub fn faults(&self) -> &Faults {
        self.server.faults()
    }

    /// Returns the requests that were received.
    pub fn requests(&self) -> &Requests {
        self.server.requests()
    }

    /// Returns the counters of webhook events.
    pub fn callbacks(&self) -> &Callbacks {
        &self.callbacks
    }

    /// Posts an event by hand.
    pub(crate) fn send(&self, order: NewWebhook) -> Result<Webhook, Invalid> {
        self.market.send(order)
    }

    /// Posts an event to the webhook that `setWebHook` has set, once, after earlier events. Without a webhook the
    /// event is dropped.
    pub fn emit(&self, event: Event) {
        self.market.emit(event);
    }

    /// Moves a card to a stage (`PUBLIC`, `AWAITING`, `END`, `DRAFT`, `MODERATION`), which ends its moderation, and
    /// posts the event. Returns false when there is no such card or stage.
    pub fn moderate(&self, product_id: u64, stage: &str) -> bool {
        match stage.parse() {
            Ok(stage) => self.market.enter(product_id, stage),
            Err(()) => false,
        }
    }

    /// Returns the number of cards.
    pub fn card_count(&self) -> usize {
        self.market.cards().len()
    }

    /// Returns a card as JSON with all fields that the seller wrote, which the service itself does not return.
    pub fn card(&self, product_id: u64) -> Option<String> {
        self.market
            .cards()
            .find(product_id)
            .map(|card| card.to_json().to_string())
    }
}

impl fmt::Debug for Uvygoda {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uvygoda")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// The service in front of the market.
struct Front(Arc<Market>);

impl Service for Front {
    fn operation(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<&'static str> {
        rpc::operation(&self.0, method, path, headers)
    }

    fn answer(&self, request: Request<Bytes>, notes: &mut Notes) -> Response<Bytes> {
        rpc::answer(&self.0, &request, notes)
    }
}

#[cfg(test)]
mod tests;
