//! The market as a whole: reset, seed, snapshot, and a look inside.

use serde_json::Value;

use super::account::Account;
use super::cards::{Card, Cards};
use super::generated;
use super::market::{self, Market};
use super::saved::Saved;
use crate::entities::{Entities, RowQuery, Rows};
use crate::invalid::Invalid;
use crate::plan::UvygodaPlan;

impl Market {
    /// Puts everything back to the start, with generated data by a plan. Tokens come from the seed.
    pub(crate) fn restart(&self, seed: u64, plan: Option<&UvygodaPlan>) {
        let account = market::account(&self.origin, seed);
        let cards = plan.map(|plan| generated::cards(plan, seed));
        self.replace(account, cards.unwrap_or_default(), None);
    }

    /// Holds the data still, and gives it as a snapshot has it.
    pub(crate) fn saved(&self) -> (Saved, impl Sized + use<'_>) {
        let (account, cards) = (self.account(), self.cards());
        let (password, token, random) = account.saved();
        let saved = Saved {
            password,
            token,
            random,
            webhook: self.poster.hook(),
            cards: cards.iter().cloned().collect(),
        };
        (saved, (account, cards))
    }

    /// Reads the data of a snapshot.
    pub(crate) fn read(&self, saved: Saved) -> Result<Loaded, Invalid> {
        let login = self.account().login();
        let account = Account::new(login, saved.password, saved.token, saved.random);
        let cards = Cards::of(saved.cards).map_err(|index| {
            Invalid::new(format!("uvygoda.cards[{index}].id"), "is there twice")
        })?;
        Ok(Loaded {
            account,
            cards,
            webhook: saved.webhook,
        })
    }

    /// Replaces all data. Moderations go on where the snapshot left them.
    pub(crate) fn load(&self, loaded: Loaded) {
        self.replace(loaded.account, loaded.cards, loaded.webhook);
        let waiting: Vec<_> = {
            let cards = self.cards();
            let waiting = cards.iter();
            waiting
                .filter_map(|card| Some((card.id(), card.moderated_until()?)))
                .collect()
        };
        for (id, until) in waiting {
            self.follow(id, until);
        }
    }

    fn replace(&self, account: Account, cards: Cards, webhook: Option<String>) {
        let (mut own, mut own_cards) = (self.account(), self.cards());
        self.moderations.restart();
        *own = account;
        *own_cards = cards;
        self.poster.replace_hook(webhook);
    }
}

/// The data of a snapshot that was read and can be loaded.
pub(crate) struct Loaded {
    account: Account,
    cards: Cards,
    webhook: Option<String>,
}

impl Entities for Market {
    fn counts(&self) -> Vec<(String, usize)> {
        vec![("cards".to_owned(), self.cards().len())]
    }

    fn rows(&self, entity: &str, query: &RowQuery) -> Option<Rows> {
        let cards: Vec<Value> = match entity {
            "cards" => self.cards().iter().map(Card::to_json).collect(),
            _ => return None,
        };
        Some(query.cut(cards.iter()))
    }

    fn row(&self, entity: &str, id: &str) -> Option<Value> {
        let id = id.parse().ok().filter(|_| entity == "cards")?;
        self.cards().find(id).map(Card::to_json)
    }

    /// The market keeps none.
    fn history(&self, _: &str, _: &str) -> Option<Vec<Value>> {
        None
    }
}
