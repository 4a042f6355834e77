//! The market in a snapshot.

use serde::{Deserialize, Serialize};

use super::cards::Card;
use crate::random::Random;

/// The data of a market, as a snapshot has it.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Saved {
    pub(super) password: String,
    pub(super) token: String,
    pub(super) random: Random,
    /// The URL for events.
    pub(super) webhook: Option<String>,
    pub(super) cards: Vec<Card>,
}
