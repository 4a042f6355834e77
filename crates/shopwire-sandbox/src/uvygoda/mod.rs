//! Uvygoda, emulated: one endpoint, the method in a header, PHP's shapes in the answers.

mod account;
mod cards;
mod catalog;
mod event;
mod failure;
mod markup;
mod rpc;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use bytes::Bytes;
use http::{Request, Response};

use crate::background::Background;
use crate::callbacks::Callbacks;
use crate::fault::Faults;
use crate::options::{Moderation, Options};
use crate::outbound::Outbound;
use crate::random;
use crate::requests::Requests;
use crate::schema::Description;
use crate::server::Server;
use crate::service::Service;
use account::Account;
use cards::{Cards, Stage};
use event::Poster;

pub use event::Event;

/// The emulated Uvygoda: one seller with a token, cards and a webhook.
pub struct Uvygoda {
    server: Server,
    market: Arc<Market>,
}

/// The state behind the server.
struct Market {
    options: Options,
    description: Description,
    account: Mutex<Account>,
    cards: Mutex<Cards>,
    poster: Poster,
    background: Background,
    /// Moderation goes on in the background, and must not keep the market alive.
    weak: Weak<Market>,
}

impl Uvygoda {
    pub(crate) async fn start(options: &Options) -> io::Result<Self> {
        let faults = Faults::default();
        let background = Background::new();
        let poster = Poster::start(&background, Outbound::new(options.hosts), faults.clone());
        let market = Arc::new_cyclic(|weak| Market {
            options: options.clone(),
            description: Description::bundled(include_str!("../../openapi/uvygoda.json")),
            account: Mutex::new(Account::new(
                "seller@example.com",
                random::token(12),
                random::token(32),
            )),
            cards: Mutex::new(Cards::default()),
            poster,
            background,
            weak: weak.clone(),
        });
        let server = Server::start(
            options.uvygoda_port,
            faults,
            Arc::new(Front(market.clone())),
        )
        .await?;
        Ok(Self { server, market })
    }

    pub(crate) async fn stop(&self) {
        self.server.stop().await;
        self.market.background.stop();
    }

    /// Base URL, without a slash at the end; the endpoint is `/local/api/api.php` below it.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The seller's login.
    pub fn login(&self) -> String {
        self.market.account().login().to_owned()
    }

    /// The seller's password, different in every sandbox.
    pub fn password(&self) -> String {
        self.market.account().password().to_owned()
    }

    /// The token that is valid now: one is issued from the start, `getToken` replaces it (U14).
    pub fn token(&self) -> String {
        self.market.account().token().to_owned()
    }

    /// The faults that wait for their request or event.
    pub fn faults(&self) -> &Faults {
        self.server.faults()
    }

    /// What was received.
    pub fn requests(&self) -> &Requests {
        self.server.requests()
    }

    /// What became of the webhook events.
    pub fn callbacks(&self) -> &Callbacks {
        self.market.poster.callbacks()
    }

    /// Posts an event to the webhook that `setWebHook` named, once and after the events before it.
    /// Without a webhook the event is gone (U24).
    pub fn emit(&self, event: Event) {
        self.market.emit(event);
    }

    /// Ends the moderation of a card: moves it to a stage (`PUBLIC`, `AWAITING`, `END`, `DRAFT`,
    /// `MODERATION`) and posts the event. False when there is no such card or stage.
    pub fn moderate(&self, product_id: u64, stage: &str) -> bool {
        match stage.parse() {
            Ok(stage) => self.market.enter(product_id, stage),
            Err(()) => false,
        }
    }

    /// How many cards there are.
    pub fn card_count(&self) -> usize {
        self.market.cards().len()
    }

    /// A card as JSON with everything the seller wrote: the service itself does not show it (U34).
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

impl Market {
    fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cards(&self) -> MutexGuard<'_, Cards> {
        self.cards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn emit(&self, event: Event) {
        let body = event.render(&self.cards());
        self.poster.post(body);
    }

    /// Moves a card to a stage and tells the seller.
    fn enter(&self, product_id: u64, stage: Stage) -> bool {
        let is_known = self.cards().enter(product_id, stage);
        if is_known {
            self.emit(Event::product_status(product_id, stage.as_str()));
        }
        is_known
    }

    /// Sends a card to moderation, which ends by itself or by hand.
    fn moderate(&self, product_id: u64) {
        self.enter(product_id, Stage::Moderation);
        if self.options.moderation == Moderation::Manual {
            return;
        }
        let (weak, pace) = (self.weak.clone(), self.options.pace);
        self.background.spawn(async move {
            tokio::time::sleep(pace).await;
            let Some(market) = weak.upgrade() else { return };
            let is_waiting = market
                .cards()
                .find(product_id)
                .is_some_and(|card| card.stage == Stage::Moderation);
            if is_waiting {
                market.enter(product_id, Stage::Public);
            }
        });
    }
}

/// The market as the server sees it.
struct Front(Arc<Market>);

impl Service for Front {
    fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        rpc::answer(&self.0, &request)
    }
}

#[cfg(test)]
mod tests;
