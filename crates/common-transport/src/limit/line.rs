//! The queue of one key, without clock, lock or timer, so that tests can try every interleaving of its callers.

use std::{num::NonZeroU32, task::Waker};

use super::{
    PermitOutcome,
    nanos::Nanos,
    pace::{Pace, UNKNOWN},
    waiters::{Ticket, Waiters},
};
use crate::Priority;

/// The queue of one key. All times are counted from the limiter's beginning.
///
/// After releasing the lock, the caller of a method must wake the waiters that the method returns.
pub(super) struct Line {
    cap: NonZeroU32,
    pace: Pace,
    waiters: Waiters,
}

/// The result of joining.
#[derive(Debug, PartialEq)]
pub(super) enum Join {
    /// A place.
    Wait { ticket: Ticket },
    /// The deadline has passed, or comes before the wait would end.
    TooLate(TooLate),
}

/// The next action of a waiter.
pub(super) enum Turn {
    /// Start now, with this permit number; the waiter has left the queue.
    Start { number: u64, next: Option<Waker> },
    /// Ask again at this time, or earlier when woken.
    Head { look: Nanos },
    /// Wait to be woken.
    Behind,
    /// Give up; the waiter has left the queue.
    TooLate { why: TooLate, next: Option<Waker> },
}

/// The reason why a deadline comes too early.
#[derive(Debug, PartialEq)]
pub(super) struct TooLate {
    /// Length of the wait; `None` if it depends on requests that have not left yet.
    pub(super) wait: Option<Nanos>,
    pub(super) ahead: usize,
}

impl TooLate {
    /// Whether a start at `begin`, and no earlier than `now`, would be after its deadline.
    fn of(begin: Nanos, now: Nanos, deadline: Option<Nanos>) -> bool {
        deadline.is_some_and(|deadline| match begin {
            UNKNOWN => deadline <= now,
            begin => deadline < begin.max(now),
        })
    }

    fn new(begin: Nanos, now: Nanos, ahead: usize) -> Self {
        let wait = (begin != UNKNOWN).then(|| begin - now);
        Self { wait, ahead }
    }
}

impl Line {
    pub(super) fn new(cap: NonZeroU32) -> Self {
        Self {
            cap,
            pace: Pace::new(cap),
            waiters: Waiters::default(),
        }
    }

    /// Forgets all starts; waiters keep their places.
    pub(super) fn restart(&mut self) {
        self.pace = Pace::starting_with(self.cap, self.pace.next_number());
    }

    pub(super) fn len(&self) -> usize {
        self.waiters.len()
    }

    /// Starts at once, if the queue is empty and nothing delays the start; returns the permit number.
    pub(super) fn start(&mut self, priority: Priority, now: Nanos) -> Option<u64> {
        let is_free = self.waiters.is_empty() && self.pace.earliest(now) <= now;
        is_free.then(|| {
            self.waiters.count_start_at_once(priority);
            self.pace.start(now)
        })
    }

    /// Joins the queue.
    pub(super) fn join(&mut self, priority: Priority, now: Nanos, deadline: Option<Nanos>) -> Join {
        let ahead = self.waiters.ahead_of_new(priority);
        let begin = self.pace.earliest(now) + self.pace.interval() * ahead as u64;
        if TooLate::of(begin, now, deadline) {
            return Join::TooLate(TooLate::new(begin, now, ahead));
        }
        let ticket = self.waiters.join(priority);
        Join::Wait { ticket }
    }

    /// Returns the next action of the waiter with `ticket`. If it must wait, `waker` is called when that may change.
    pub(super) fn turn(
        &mut self,
        ticket: Ticket,
        now: Nanos,
        deadline: Option<Nanos>,
        waker: &Waker,
    ) -> Turn {
        let begin = self.pace.earliest(now);
        if TooLate::of(begin, now, deadline) {
            let why = TooLate::new(begin, now, self.waiters.ahead_of(ticket));
            let next = self.leave(ticket);
            return Turn::TooLate { why, next };
        }
        let is_head = self.waiters.is_head(ticket);
        if is_head && begin <= now {
            self.waiters.start(ticket);
            let number = self.pace.start(now);
            let next = self.waiters.head();
            return Turn::Start { number, next };
        }
        self.waiters.wake_by(ticket, waker);
        if !is_head {
            return Turn::Behind;
        }
        // The head is woken when a held request has left, but not at its deadline, so it must look then.
        let look = deadline.map_or(begin, |deadline| deadline.min(begin));
        Turn::Head { look }
    }

    /// Removes a waiter; returns the waker of the new head, if the head has changed.
    pub(super) fn leave(&mut self, ticket: Ticket) -> Option<Waker> {
        let was_head = self.waiters.is_head(ticket);
        self.waiters.remove(ticket);
        if was_head { self.waiters.head() } else { None }
    }

    /// Records that a transport holds the request of this start.
    pub(super) fn held(&mut self, number: u64, now: Nanos) {
        self.pace.held(number, now);
    }

    /// Records that the request of this start leaves; returns the waker of the head, which must ask again.
    pub(super) fn sent(&mut self, number: u64, now: Nanos) -> Option<Waker> {
        self.pace.sent(number, now);
        self.waiters.head()
    }

    /// Records the end of an attempt; returns how many waiters, from the head on, must ask again.
    pub(super) fn end(&mut self, number: u64, now: Nanos, outcome: PermitOutcome) -> usize {
        let woken = match outcome {
            PermitOutcome::Answered => {
                self.pace.answered(number, now);
                1
            }
            PermitOutcome::Throttled { retry_after } => {
                let retry_after = retry_after.map(Nanos::from);
                self.pace.throttled(number, now, retry_after);
                // All waiters check whether the new wait still fits their deadlines.
                usize::MAX
            }
            PermitOutcome::Unsent => {
                self.pace.unsent(number);
                1
            }
            // A held request may still leave: a connection has it in its queue.
            PermitOutcome::Lost => 0,
        };
        woken.min(self.waiters.len())
    }

    /// Returns the wakers of the first `count` waiters.
    pub(super) fn wakers(&self, count: usize) -> Vec<Waker> {
        self.waiters.wakers(count)
    }
}

#[cfg(test)]
mod interleavings;
#[cfg(test)]
mod tests;
