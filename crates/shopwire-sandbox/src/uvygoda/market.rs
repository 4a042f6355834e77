//! The market behind the server: its seller, the cards and their moderation.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use jiff::Timestamp;
use serde_json::Value;

use super::account::Account;
use super::cards::{Cards, Stage};
use super::event::Event;
use super::poster::Poster;
use crate::background::Background;
use crate::clock::{Clock, later};
use crate::fault::Faults;
use crate::invalid::Invalid;
use crate::options::{Moderation, Options};
use crate::origin::Origin;
use crate::parts::Parts;
use crate::random::Random;
use crate::schema::Description;
use crate::webhooks::{NewWebhook, Webhook};

/// The parsed description.
static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| Description::bundled(crate::bundled::UVYGODA));

/// The state of the market.
pub(crate) struct Market {
    pub(super) options: Options,
    pub(super) description: &'static Description,
    pub(super) clock: Clock,
    pub(super) origin: Origin,
    account: Mutex<Account>,
    cards: Mutex<Cards>,
    pub(super) poster: Poster,
    pub(super) background: Background,
    /// The moderations under way, which a reset ends.
    pub(super) moderations: Background,
    /// Moderation runs in the background, and must not keep the market alive.
    weak: Weak<Market>,
}

impl Market {
    pub(super) fn new(faults: Faults, options: &Options, parts: &Parts) -> Arc<Self> {
        let background = Background::new();
        let poster = Poster::start(&background, parts.webhooks.clone(), faults);
        let origin = &parts.origin;
        Arc::new_cyclic(|weak| Market {
            options: options.clone(),
            description: &DESCRIPTION,
            clock: origin.clock.clone(),
            account: Mutex::new(account(origin, origin.seed())),
            cards: Mutex::new(Cards::default()),
            poster,
            background,
            moderations: Background::new(),
            origin: origin.clone(),
            weak: weak.clone(),
        })
    }

    pub(super) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn cards(&self) -> MutexGuard<'_, Cards> {
        self.cards.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn emit(&self, event: Event) {
        let name = event.name();
        let body = event.render(&self.cards());
        self.poster.post(name, body);
    }

    /// Posts an event by hand, to the webhook or to another address.
    pub(super) fn send(&self, order: NewWebhook) -> Result<Webhook, Invalid> {
        let Some(url) = order.url.or_else(|| self.poster.hook()) else {
            return Err(Invalid::new(
                "url",
                "is missing, and setWebHook has not set a webhook",
            ));
        };
        self.poster.webhooks().check_address(&url)?;
        let body = match order.body {
            Some(Value::String(text)) => text,
            Some(value) => value.to_string(),
            None => {
                let cards = self.cards();
                let example = Event::example(&order.event, &cards);
                let missing = || Invalid::new("body", "is missing: there is no example of it");
                example.ok_or_else(missing)?.render(&cards)
            }
        };
        Ok(self
            .poster
            .post_to(url, &order.event, order.content_type, body))
    }

    /// Moves a card to a stage and posts the event to the seller.
    pub(super) fn enter(&self, product_id: u64, stage: Stage) -> bool {
        let is_known = self.cards().enter(product_id, stage);
        if is_known {
            self.emit(Event::product_status(product_id, stage.as_str()));
        }
        is_known
    }

    /// Sends a card to moderation, which ends by itself or by hand.
    pub(super) fn moderate(&self, product_id: u64) {
        if self.options.uvygoda.moderation == Moderation::Manual {
            self.enter(product_id, Stage::Moderation);
            return;
        }
        let until = later(self.clock.timestamp(), self.options.pace);
        if self.cards().moderate(product_id, until) {
            let event = Event::product_status(product_id, Stage::Moderation.as_str());
            self.emit(event);
            self.follow(product_id, until);
        }
    }

    /// Lets the background end a card's moderation at this time.
    pub(super) fn follow(&self, product_id: u64, until: Timestamp) {
        let (weak, timer) = (self.weak.clone(), self.clock.timer(until));
        self.moderations.spawn(async move {
            let _turn = timer.await;
            let Some(market) = weak.upgrade() else { return };
            // A card that was moved by hand, or sent again, is not moderated by this timer.
            let is_waiting = market
                .cards()
                .find(product_id)
                .is_some_and(|card| card.moderated_until() == Some(until));
            if is_waiting {
                market.enter(product_id, Stage::Public);
            }
        });
    }
}

/// The seller with the keys of the sandbox, and tokens from a seed.
pub(super) fn account(origin: &Origin, seed: u64) -> Account {
    let mut keys = origin.keys("uvygoda");
    let (password, token) = (keys.token(12), keys.token(32));
    let random = Random::new(seed, "uvygoda");
    Account::new("seller@example.com", password, token, random)
}
