//! Who is next: the queue of one key, without clock, lock or timer, so that every interleaving of its
//! callers can be tried.

use std::{collections::BTreeMap, num::NonZeroU32, task::Waker};

use super::{
    PermitOutcome,
    nanos::Nanos,
    pace::{Pace, UNKNOWN},
};

/// The queue of one key. All times are counted from the limiter's beginning.
///
/// Whoever calls a method wakes those that have to ask again, after letting go of the lock.
pub(super) struct Line {
    cap: NonZeroU32,
    pace: Pace,
    /// By ticket, so the first entry is the head.
    queue: BTreeMap<u64, Waker>,
    next_ticket: u64,
}

/// What joining brings.
#[derive(Debug, PartialEq)]
pub(super) enum Join {
    /// A place.
    Wait { ticket: u64 },
    /// The deadline comes before the wait is over, or is past.
    TooLate(TooLate),
}

/// What it is a waiter's turn to do.
pub(super) enum Turn {
    /// To start now, with the number of the permit; the place is given up.
    Start { number: u64, next: Option<Waker> },
    /// To ask again then, or when it is woken before.
    Head { look: Nanos },
    /// To wait to be woken.
    Behind,
    /// To give up. The place is given up.
    TooLate { why: TooLate, next: Option<Waker> },
}

/// Why a deadline comes too early.
#[derive(Debug, PartialEq)]
pub(super) struct TooLate {
    /// How long the wait would be; none when it hangs on requests that have not left yet.
    pub(super) wait: Option<Nanos>,
    pub(super) ahead: usize,
}

impl TooLate {
    /// Whether what can start at `begin`, and no earlier than `now`, would start after its deadline.
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
            queue: BTreeMap::new(),
            next_ticket: 0,
        }
    }

    /// Forgets what was started; those that wait keep their places.
    pub(super) fn restart(&mut self) {
        self.pace = Pace::starting_with(self.cap, self.pace.next_number());
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
        let ahead = self.queue.len();
        let begin = self.pace.earliest(now) + self.pace.interval() * ahead as u64;
        if TooLate::of(begin, now, deadline) {
            return Join::TooLate(TooLate::new(begin, now, ahead));
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.queue.insert(ticket, Waker::noop().clone());
        Join::Wait { ticket }
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
        if TooLate::of(begin, now, deadline) {
            let why = TooLate::new(begin, now, self.queue.range(..ticket).count());
            let next = self.leave(ticket);
            return Turn::TooLate { why, next };
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
        if !is_head {
            return Turn::Behind;
        }
        // The head is woken when one that is held has left; nobody wakes it at its deadline.
        let look = deadline.map_or(begin, |deadline| deadline.min(begin));
        Turn::Head { look }
    }

    /// Gives a place up; the waker is that of the new head, if there is one by that.
    pub(super) fn leave(&mut self, ticket: u64) -> Option<Waker> {
        let was_head = self.queue.keys().next() == Some(&ticket);
        self.queue.remove(&ticket);
        if was_head { self.head() } else { None }
    }

    /// A transport holds the request of this start.
    pub(super) fn held(&mut self, number: u64, now: Nanos) {
        self.pace.held(number, now);
    }

    /// The request of this start leaves; the waker is that of the head, which has to ask again.
    pub(super) fn sent(&mut self, number: u64, now: Nanos) -> Option<Waker> {
        self.pace.sent(number, now);
        self.head()
    }

    /// An attempt has ended; gives how many of those that wait have to ask again, from the head on.
    pub(super) fn end(&mut self, number: u64, now: Nanos, outcome: PermitOutcome) -> usize {
        let woken = match outcome {
            PermitOutcome::Answered => {
                self.pace.answered(number, now);
                1
            }
            PermitOutcome::Throttled { retry_after } => {
                let retry_after = retry_after.map(Nanos::from);
                self.pace.throttled(number, now, retry_after);
                // Everyone asks whether the new wait still fits the deadline.
                usize::MAX
            }
            PermitOutcome::Unsent => {
                self.pace.unsent(number);
                1
            }
            // One that is held may leave yet: a connection has it in its queue.
            PermitOutcome::Lost => 0,
        };
        woken.min(self.queue.len())
    }

    /// The wakers of so many of those that wait.
    pub(super) fn wakers(&self, count: usize) -> Vec<Waker> {
        self.queue.values().take(count).cloned().collect()
    }

    fn head(&self) -> Option<Waker> {
        self.queue.values().next().cloned()
    }
}

#[cfg(test)]
mod interleavings;
