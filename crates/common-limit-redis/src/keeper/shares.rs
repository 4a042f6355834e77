//! The share of a process that cannot reach the store.

use super::{Keeper, Known};
use crate::{Away, terms::Micros};

impl Keeper {
    /// Returns the time from which the process may use its own share.
    pub(super) fn own_share_from(&self) -> Option<Micros> {
        self.lost_since
            .map(|since| since + self.terms.own_share_after())
    }

    /// Returns the places of the own share, if the process may use them now.
    pub(super) fn share(&self, now: Micros) -> Option<i64> {
        if self.away == Away::Refuse || self.own_share_from()? > now {
            return None;
        }
        let share = match self.kept(now) {
            Some(known) => known.share,
            None => self.terms.cap / i64::from(self.at_most?.get()),
        };
        Some(share).filter(|share| *share > 0)
    }

    /// Returns the last answer, unless it is so old that the store may have given away the share of this process.
    pub(super) fn kept(&self, now: Micros) -> Option<Known> {
        // The store gives it away after `forget`; by then all that was started on it has to be a window old.
        let margin = self.terms.window + self.terms.guard + self.terms.window / 2;
        let is_kept = |known: &Known| now < known.at + self.terms.forget - margin;
        self.known.filter(is_kept)
    }

    pub(super) fn next_on_share(&self, share: i64) -> Option<Micros> {
        self.own_share
            .next(share - self.started.late(), &self.terms)
    }
}
