//! The market behind the server: its seller, the cards and their moderation.

use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use super::account::Account;
use super::cards::{Cards, Stage};
use super::event::{Event, Poster};
use crate::background::Background;
use crate::fault::Faults;
use crate::options::{Moderation, Options};
use crate::outbound::Outbound;
use crate::random;
use crate::schema::Description;

/// The parsed description.
static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| Description::bundled(crate::bundled::UVYGODA));

/// The state of the market.
pub(super) struct Market {
    pub(super) options: Options,
    pub(super) description: &'static Description,
    pub(super) account: Mutex<Account>,
    pub(super) cards: Mutex<Cards>,
    pub(super) poster: Poster,
    pub(super) background: Background,
    /// Moderation runs in the background, and must not keep the market alive.
    weak: Weak<Market>,
}

impl Market {
    pub(super) fn new(faults: Faults, options: &Options) -> Arc<Self> {
        let background = Background::new();
        let poster = Poster::start(&background, Outbound::new(options.hosts), faults);
        Arc::new_cyclic(|weak| Market {
            options: options.clone(),
            description: &DESCRIPTION,
            account: Mutex::new(Account::new(
                "seller@example.com",
                random::token(12),
                random::token(32),
            )),
            cards: Mutex::new(Cards::default()),
            poster,
            background,
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
        let body = event.render(&self.cards());
        self.poster.post(body);
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
        self.enter(product_id, Stage::Moderation);
        if self.options.uvygoda.moderation == Moderation::Manual {
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
