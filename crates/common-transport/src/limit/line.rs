//! Who is next: the queue of one key, without clock, lock or timer, so that every interleaving of its
//! callers can be tried.

use std::{collections::BTreeMap, num::NonZeroU32, task::Waker, time::Duration};

use super::{Outcome, pace::Pace};

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
    /// The right to start now, with the number of the permit.
    Start(u64),
    /// A place; nothing can start before `begin`.
    Wait { ticket: u64, begin: Duration },
    /// The deadline comes before `begin`.
    TooLate { begin: Duration, ahead: usize },
}

/// What it is a waiter's turn to do.
pub(super) enum Turn {
    /// To start now, with the number of the permit; the place is given up.
    Start { number: u64, next: Option<Waker> },
    /// To wait until then, or to be woken before.
    Head { begin: Duration },
    /// To wait to be woken.
    Behind,
    /// To give up: the deadline comes before `begin`. The place is given up.
    TooLate {
        begin: Duration,
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

    /// Joins the queue, or starts at once when nobody waits and nothing holds.
    pub(super) fn join(&mut self, now: Duration, deadline: Option<Duration>) -> Join {
        let earliest = self.pace.earliest(now);
        if self.queue.is_empty() && earliest <= now {
            return Join::Start(self.pace.start(now));
        }
        let ahead = self.queue.len();
        let gaps = u32::try_from(ahead).unwrap_or(u32::MAX);
        let begin = earliest.saturating_add(self.pace.interval().saturating_mul(gaps));
        if deadline.is_some_and(|deadline| deadline < begin) {
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
        now: Duration,
        deadline: Option<Duration>,
        waker: &Waker,
    ) -> Turn {
        let begin = self.pace.earliest(now);
        if deadline.is_some_and(|deadline| deadline < begin) {
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
    pub(super) fn end(&mut self, number: u64, now: Duration, outcome: Outcome) -> Vec<Waker> {
        match outcome {
            Outcome::Answered => {
                self.pace.answered(number, now);
                self.head().into_iter().collect()
            }
            Outcome::Throttled { retry_after } => {
                self.pace.throttled(number, now, retry_after);
                // Everyone asks whether the new wait still fits the deadline.
                self.queue.values().cloned().collect()
            }
            Outcome::Lost => Vec::new(),
        }
    }

    fn head(&self) -> Option<Waker> {
        self.queue.values().next().cloned()
    }
}

#[cfg(test)]
mod interleavings;
