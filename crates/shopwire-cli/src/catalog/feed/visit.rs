//! Describes what a reader tells while it reads.

use std::io;

use super::{Category, Offer, Shop, rules::RuleId};

/// A fault of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) rule: RuleId,
    /// The line, from 1; 0 is the feed as a whole.
    pub(crate) line: u64,
    /// The id of the offer.
    pub(crate) offer: Option<String>,
    /// Describes what is wrong, with the value.
    pub(crate) detail: String,
}

/// Describes what a visitor wants to see of the offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Offers {
    /// All of them.
    Read,
    /// None: they are passed over.
    Skipped,
}

/// Takes the parts of a feed, in the order of the feed. An error ends the reading.
pub(crate) trait Visit {
    /// Describes what is known about the shop: before the first category or offer, and again at the end if there was more.
    fn shop(&mut self, _shop: &Shop, _line: u64) -> io::Result<()> {
        Ok(())
    }

    /// A category.
    fn category(&mut self, _category: Category, _line: u64) -> io::Result<()> {
        Ok(())
    }

    /// An offer.
    fn offer(&mut self, _offer: Offer, _line: u64) -> io::Result<()> {
        Ok(())
    }

    /// An offer was passed over.
    fn passed(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// A fault in the text of the feed.
    fn fault(&mut self, fault: Fault) -> io::Result<()>;
}

/// How a reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// At the end of the feed.
    Complete,
    /// Before its end, at a fault that was told.
    Stopped,
}
