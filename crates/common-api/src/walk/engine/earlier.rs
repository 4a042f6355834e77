//! The start of a walk that continues another one, whose rows are known.

use std::hash::BuildHasher as _;

use super::{Read, Walk};

/// The walk that is continued.
#[derive(Debug, Clone, Copy)]
pub(super) struct Earlier {
    /// The lowest page that can be requested.
    lowest: u64,
    /// Number of pages to go back next.
    step: u64,
}

impl<P> Walk<P> {
    /// Continues a walk whose rows are known: those of [`note_known`](Self::note_known). They are not returned again.
    ///
    /// The walk begins one page before its start. While the first page that it reads has no known row, it goes back
    /// further, but not below page `lowest`. So rows that slid to earlier pages between the two walks are found.
    #[must_use]
    pub fn continue_over(mut self, lowest: u64) -> Self {
        let lowest = lowest.max(1);
        if self.floor > lowest {
            self.earlier = Some(Earlier { lowest, step: 1 });
            self.go_back();
        }
        self
    }

    /// Records a row that an earlier walk has returned.
    pub fn note_known(&mut self, identity: &str) {
        let is_new = self.seen.insert(self.hasher.hash_one(identity));
        self.given += u64::from(is_new);
    }

    /// Whether unseen rows may stand before the first page of this walk.
    pub(super) fn begins_too_late(&self, read: &Read) -> bool {
        let can_go_back = self
            .earlier
            .is_some_and(|earlier| self.floor > earlier.lowest);
        can_go_back && self.front.is_none() && !read.has_no_identity() && !self.has_seen(read)
    }

    pub(super) fn go_back(&mut self) {
        if let Some(Earlier { lowest, step }) = self.earlier {
            self.floor = self.floor.saturating_sub(step).max(lowest);
            self.ask = self.floor;
            self.earlier = Some(Earlier {
                lowest,
                step: step.saturating_mul(2),
            });
        }
    }
}
