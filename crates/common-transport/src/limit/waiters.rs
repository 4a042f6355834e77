//! The waiters of one queue in two classes of priority, and whose turn it is.

use std::{collections::BTreeMap, fmt, task::Waker};

use crate::Priority;

/// Starts with high priority in a row, after which a waiting call of low priority is next.
const HIGH_IN_A_ROW: usize = 3;

/// The waiters of one queue, for limiters that serve them in the order of [`Priority`].
///
/// It has no lock, clock or timer. The limiter keeps it behind its lock, asks for the [head](Self::head), and says who
/// starts.
///
/// ```
/// use common_transport::{Priority, limit::Waiters};
///
/// let mut waiters = Waiters::default();
/// let export = waiters.join(Priority::Low);
/// let checkout = waiters.join(Priority::High);
/// assert!(waiters.is_head(checkout));
/// waiters.start(checkout);
/// assert!(waiters.is_head(export));
/// ```
#[derive(Default)]
pub struct Waiters {
    high: Class,
    low: Class,
    /// Number of waiters in both.
    len: usize,
    next_number: u64,
    /// Starts with high priority while calls of low priority waited, since the last start with low priority. Kept while
    /// no call of low priority waits, so that calls that give up early and come back still get their share.
    passed: usize,
}

/// Waiters of one priority by number; the first entry has waited longest.
type Class = BTreeMap<u64, Waker>;

/// The place of a waiter in [`Waiters`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    pub(super) priority: Priority,
    /// Unique in its queue, in the order of joining.
    pub(super) number: u64,
}

impl Waiters {
    /// Whether there are no waiters.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the number of waiters of both priorities.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns the number of waiters with this priority.
    pub fn waiting(&self, priority: Priority) -> usize {
        self.class(priority).len()
    }

    /// Adds a waiter. Nothing wakes it before [`wake_by`](Self::wake_by).
    pub fn join(&mut self, priority: Priority) -> Ticket {
        let number = self.next_number;
        self.next_number += 1;
        self.len += 1;
        let class = self.class_mut(priority);
        class.insert(number, Waker::noop().clone());
        Ticket { priority, number }
    }

    /// Removes a waiter that gives up. One that is not there any more is no error.
    pub fn remove(&mut self, ticket: Ticket) {
        let removed = self.class_mut(ticket.priority).remove(&ticket.number);
        self.len -= usize::from(removed.is_some());
    }

    /// Whether this waiter is the next to start.
    pub fn is_head(&self, ticket: Ticket) -> bool {
        let first = self.class(ticket.priority).keys().next();
        first == Some(&ticket.number) && ticket.priority == self.turn()
    }

    /// Returns the waker of the next to start.
    pub fn head(&self) -> Option<Waker> {
        self.class(self.turn()).values().next().cloned()
    }

    /// Sets the waker of a waiter.
    pub fn wake_by(&mut self, ticket: Ticket, waker: &Waker) {
        if let Some(left) = self.class_mut(ticket.priority).get_mut(&ticket.number) {
            left.clone_from(waker);
        }
    }

    /// Returns the wakers of `count` waiters, that of the next to start first.
    pub fn wakers(&self, count: usize) -> Vec<Waker> {
        let turn = self.turn();
        let first = self.class(turn).values();
        let others = self.class(other(turn)).values();
        first.chain(others).take(count).cloned().collect()
    }

    /// Removes a waiter that starts, and counts its start. Both may change who is next.
    pub fn start(&mut self, ticket: Ticket) {
        self.remove(ticket);
        match ticket.priority {
            Priority::High if self.low.is_empty() => {}
            Priority::High => self.passed += 1,
            Priority::Low => self.passed = 0,
        }
    }

    /// Counts a start with this priority of a call that found no waiters.
    #[inline]
    pub fn count_start_at_once(&mut self, priority: Priority) {
        if priority == Priority::Low {
            self.passed = 0;
        }
    }

    /// Returns the number of waiters that start before one who joins now, unless others join or leave.
    pub fn ahead_of_new(&self, priority: Priority) -> usize {
        self.before(priority, self.class(priority).len())
    }

    /// Returns the number of waiters that start before this one, unless others join or leave.
    pub fn ahead_of(&self, ticket: Ticket) -> usize {
        let earlier = self.class(ticket.priority).range(..ticket.number);
        self.before(ticket.priority, earlier.count())
    }

    /// Returns the number of waiters that start before one with `earlier` waiters before it in its own class.
    fn before(&self, priority: Priority, earlier: usize) -> usize {
        let others = match priority {
            Priority::High => (self.passed + earlier) / HIGH_IN_A_ROW,
            Priority::Low => (HIGH_IN_A_ROW * (earlier + 1)).saturating_sub(self.passed),
        };
        earlier + others.min(self.class(other(priority)).len())
    }

    /// The priority of the next to start.
    fn turn(&self) -> Priority {
        let is_low = self.high.is_empty() || self.passed >= HIGH_IN_A_ROW;
        if is_low && !self.low.is_empty() {
            Priority::Low
        } else {
            Priority::High
        }
    }

    fn class(&self, priority: Priority) -> &Class {
        match priority {
            Priority::High => &self.high,
            Priority::Low => &self.low,
        }
    }

    fn class_mut(&mut self, priority: Priority) -> &mut Class {
        match priority {
            Priority::High => &mut self.high,
            Priority::Low => &mut self.low,
        }
    }
}

impl fmt::Debug for Waiters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiters")
            .field("high", &self.high.len())
            .field("low", &self.low.len())
            .finish_non_exhaustive()
    }
}

fn other(priority: Priority) -> Priority {
    match priority {
        Priority::High => Priority::Low,
        Priority::Low => Priority::High,
    }
}

#[cfg(test)]
mod tests;
