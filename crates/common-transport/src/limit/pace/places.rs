//! The requests that count under the cap: those that have left, in their order of departure, and those that have
//! not.

use std::collections::VecDeque;

use super::Nanos;

/// Age after which a request delays nothing, however slow its answer was.
pub(super) const FORGOTTEN: Nanos = Nanos::from_secs(2);

/// Number of requests that are kept without checking their age.
const CROWD: usize = 64;

/// Distance from its usual place within which a request is searched for. Connections that open slowly change the
/// order.
const NEARBY: usize = 256;

/// The places under one cap.
///
/// Each permit takes a place. A transport that supports it reports that it holds a request, and later that the
/// request leaves. With any other transport a request counts as left when its permit is granted.
#[derive(Debug)]
pub(super) struct Places {
    cap: usize,
    /// Number of requests from which old ones are removed.
    crowd: usize,
    /// Requests that have not left yet, in the order in which they were held.
    held: Vec<Held>,
    /// Requests that have left, oldest first: all that may still count, and with a large cap a few more.
    left: VecDeque<Left>,
}

/// A request that a transport holds.
#[derive(Debug)]
struct Held {
    number: u64,
    since: Nanos,
}

/// A request that has left.
#[derive(Debug)]
pub(super) struct Left {
    number: u64,
    /// Time at which its head was written; without reports, time of its permit.
    pub(super) at: Nanos,
    /// Time from then to its answer; [`Nanos::MAX`] before the answer.
    took: Nanos,
    /// Whether a transport reported its departure.
    is_told: bool,
}

impl Left {
    /// Returns the time to its answer, if the answer has come.
    pub(super) fn took(&self) -> Option<Nanos> {
        (self.took != Nanos::MAX).then_some(self.took)
    }

    /// Records its answer.
    pub(super) fn answered(&mut self, now: Nanos) -> Nanos {
        self.took = now - self.at;
        self.took
    }
}

impl Places {
    pub(super) fn new(cap: usize) -> Self {
        Self {
            cap,
            crowd: CROWD.min(cap),
            held: Vec::new(),
            left: VecDeque::new(),
        }
    }

    fn len(&self) -> usize {
        self.left.len() + self.held.len()
    }

    /// Returns how many requests must stop counting before another one may start.
    pub(super) fn surplus(&self) -> usize {
        (self.len() + 1).saturating_sub(self.cap)
    }

    /// Returns the `count` oldest requests that have left, or `None` if fewer have left.
    pub(super) fn oldest(&self, count: usize) -> Option<impl Iterator<Item = &Left>> {
        (count <= self.left.len()).then(|| self.left.iter().take(count))
    }

    /// Returns the last request that has left.
    pub(super) fn last(&self) -> Option<&Left> {
        self.left.back()
    }

    /// Returns the time since which the latest held request is held.
    pub(super) fn last_held(&self) -> Option<Nanos> {
        self.held.last().map(|held| held.since)
    }

    /// Adds the request of a granted permit, which counts from now on.
    pub(super) fn take(&mut self, number: u64, now: Nanos) {
        if self.len() >= self.crowd {
            self.make_room(now);
        }
        self.push(number, now, false);
    }

    fn push(&mut self, number: u64, at: Nanos, is_told: bool) {
        self.left.push_back(Left {
            number,
            at,
            took: Nanos::MAX,
            is_told,
        });
    }

    /// Removes requests that no longer count.
    #[cold]
    fn make_room(&mut self, now: Nanos) {
        let passed = self.surplus().min(self.left.len());
        self.left.drain(..passed);
        if self.crowd == self.cap {
            return;
        }
        let is_old = |first: &Left| first.at + FORGOTTEN < now;
        while self.left.front().is_some_and(is_old) {
            self.left.pop_front();
        }
        if self.len() >= self.crowd {
            self.crowd = self.cap.min(self.crowd.saturating_mul(2));
        }
    }

    /// Records that a transport holds the request: it no longer counts as left. A request that has left already, or
    /// is not known any more, is sent a second time under its permit, and takes another place.
    pub(super) fn hold(&mut self, number: u64, now: Nanos) {
        let found = self.left.iter().rposition(|left| left.number == number);
        let first = found.filter(|index| !self.left[*index].is_told);
        let since = match first.and_then(|index| self.left.remove(index)) {
            Some(left) => left.at,
            None => now,
        };
        self.held.push(Held { number, since });
    }

    /// Records that a held request leaves; returns false when it is not held.
    #[inline]
    pub(super) fn leave(&mut self, number: u64, now: Nanos) -> bool {
        let was_held = self.release(number);
        if was_held {
            self.push(number, now, true);
        }
        was_held
    }

    /// Frees the place of a request that has not left, and will not leave.
    pub(super) fn withdraw(&mut self, number: u64) {
        if self.release(number) {
            return;
        }
        let untold = |left: &Left| left.number == number && !left.is_told;
        if let Some(index) = self.left.iter().rposition(untold) {
            self.left.remove(index);
        }
    }

    /// Removes a request from the held ones; returns false when it is not held.
    #[inline]
    fn release(&mut self, number: u64) -> bool {
        !self.held.is_empty() && self.release_one(number)
    }

    fn release_one(&mut self, number: u64) -> bool {
        let index = self.held.iter().position(|held| held.number == number);
        index.map(|index| self.held.remove(index)).is_some()
    }

    /// Finds a request that has left, unless it was removed.
    pub(super) fn find(&mut self, number: u64) -> Option<&mut Left> {
        // Usually they have left in the order of their permits.
        let last = self.left.len().checked_sub(1)?;
        let behind = self.left[last].number.saturating_sub(number);
        let usual = last.saturating_sub(usize::try_from(behind).unwrap_or(last));
        if self.left[usual].number == number {
            Some(&mut self.left[usual])
        } else {
            self.find_near(usual, number)
        }
    }

    #[cold]
    fn find_near(&mut self, usual: usize, number: u64) -> Option<&mut Left> {
        let nearby = usual.saturating_sub(NEARBY)..(usual + NEARBY).min(self.left.len());
        let mut nearby = self.left.range_mut(nearby);
        nearby.find(|left| left.number == number)
    }

    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.len()
    }
}
