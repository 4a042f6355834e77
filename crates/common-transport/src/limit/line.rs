//! Who is next: the queue of one key, without clock, lock or timer, so that every interleaving of its
//! callers can be tried.

use std::{collections::BTreeMap, num::NonZeroU32, task::Waker};

use super::{Outcome, nanos::Nanos, pace::Pace};

/// The queue of one key. All times are counted from the limiter's beginning.
///
/// Whoever calls a method passes on the wakers that it gives back, after letting go of the lock.
pub(super) struct Line {
    pace: Pace,
    /// By ticket, so the first entry is the head.
    queue: BTreeMap<u64, Waker>,
    next_ticket: u64,
}

/// What joining brings.
#[derive(Debug, PartialEq)]
pub(super) enum Join {
    /// A place; nothing can start before `begin`.
    Wait { ticket: u64, begin: Nanos },
    /// The deadline comes before `begin`, or is past.
    TooLate { begin: Nanos, ahead: usize },
}

/// What it is a waiter's turn to do.
pub(super) enum Turn {
    /// To start now, with the number of the permit; the place is given up.
    Start { number: u64, next: Option<Waker> },
    /// To wait until then, or to be woken before.
    Head { begin: Nanos },
    /// To wait to be woken.
    Behind,
    /// To give up: the deadline comes before `begin`, or is past. The place is given up.
    TooLate {
        begin: Nanos,
        ahead: usize,
        next: Option<Waker>,
    },
}

impl Line {
    pub(super) fn new(cap: NonZeroU32) -> Self {
        Self {
            pace: Pace::new(cap),
            queue: BTreeMap::new(),
            next_ticket: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }

    /// Starts at once, when nobody waits and nothing holds; gives the number of the permit.
    pub(super) fn start(&mut self, now: Nanos) -> Option<u64> {
        let is_free = self.queue.is_empty() && self.pace.earliest(now) <= now;
        is_free.then(|| self.pace.start(now))
    }

    /// Joins the queue.
    pub(super) fn join(&mut self, now: Nanos, deadline: Option<Nanos>) -> Join {
        let earliest = self.pace.earliest(now);
        let ahead = self.queue.len();
        let begin = earliest + self.pace.interval() * ahead as u64;
        if deadline.is_some_and(|deadline| deadline < begin.max(now)) {
            return Join::TooLate { begin, ahead };
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.queue.insert(ticket, Waker::noop().clone());
        Join::Wait { ticket, begin }
    }

    /// Asks whether it is the turn of `ticket`; if not, `waker` is called when it may be.
    pub(super) fn turn(
        &mut self,
        ticket: u64,
        now: Nanos,
        deadline: Option<Nanos>,
        waker: &Waker,
    ) -> Turn {
        let begin = self.pace.earliest(now);
        if deadline.is_some_and(|deadline| deadline < begin.max(now)) {
            let ahead = self.queue.range(..ticket).count();
            let next = self.leave(ticket);
            return Turn::TooLate { begin, ahead, next };
        }
        let is_head = self.queue.range(..ticket).next().is_none();
        if is_head && begin <= now {
            let number = self.pace.start(now);
            let next = self.leave(ticket);
            return Turn::Start { number, next };
        }
        if let Some(left) = self.queue.get_mut(&ticket) {
            left.clone_from(waker);
        }
        if is_head {
            Turn::Head { begin }
        } else {
            Turn::Behind
        }
    }

    /// Gives a place up; the waker is that of the new head, if there is one by that.
    pub(super) fn leave(&mut self, ticket: u64) -> Option<Waker> {
        let was_head = self.queue.keys().next() == Some(&ticket);
        self.queue.remove(&ticket);
        if was_head { self.head() } else { None }
    }

    /// An attempt has ended; the wakers are those of all who have to ask again.
    pub(super) fn end(&mut self, number: u64, now: Nanos, outcome: Outcome) -> Vec<Waker> {
        let woken = match outcome {
            Outcome::Answered => {
                self.pace.answered(number, now);
                1
            }
            Outcome::Throttled { retry_after } => {
                let retry_after = retry_after.map(Nanos::from);
                self.pace.throttled(number, now, retry_after);
                // Everyone asks whether the new wait still fits the deadline.
                usize::MAX
            }
            Outcome::Lost => 0,
        };
        if self.queue.is_empty() {
            return Vec::new();
        }
        self.queue.values().take(woken).cloned().collect()
    }

    fn head(&self) -> Option<Waker> {
        self.queue.values().next().cloned()
    }
}

#[cfg(test)]
mod interleavings;
