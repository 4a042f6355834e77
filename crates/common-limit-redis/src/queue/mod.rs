//! The calls of this process that wait for one host and class, with the lock around the keeper.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::Duration,
};

use common_transport::{
    Error, ErrorKind, Priority,
    limit::{Acquire, Permit, Ticket, Waiters},
};
use tokio::{
    sync::{Notify, watch},
    time::Instant,
};

use crate::{
    Away,
    driver::Member,
    keeper::{Keeper, Refusal},
    terms::{Micros, Terms},
    wait::Wait,
};

mod feedback;
mod task;

/// A start that comes late by less does not delay all later ones.
const CATCH_UP: Duration = Duration::from_millis(2);

/// The queue of one host and class.
pub(crate) struct Queue {
    core: Mutex<Core>,
    /// Wakes the task.
    changed: Notify,
    /// Whether the task runs.
    is_driven: watch::Sender<bool>,
    interval: Duration,
    member: Member,
}

/// The data behind the lock. Callers wake the wakers that the methods return after they have released the lock.
struct Core {
    keeper: Keeper,
    /// The begin of the time in which the keeper counts.
    origin: Instant,
    waiters: Waiters,
    is_closed: bool,
    /// The last failure of an ask.
    failure: Option<String>,
}

/// The next action of a waiter.
pub(crate) enum Turn {
    Start(Permit),
    Refused(Error),
    Wait,
}

impl Queue {
    pub(crate) fn new(
        member: Member,
        terms: Terms,
        away: Away,
        at_most: Option<NonZeroU32>,
    ) -> Self {
        Self {
            core: Mutex::new(Core {
                keeper: Keeper::new(terms, away, at_most),
                origin: Instant::now(),
                waiters: Waiters::default(),
                is_closed: false,
                failure: None,
            }),
            changed: Notify::new(),
            is_driven: watch::Sender::new(false),
            interval: Duration::from_secs(1) / u32::try_from(terms.cap).unwrap_or(u32::MAX),
            member,
        }
    }

    pub(crate) fn member(&self) -> &Member {
        &self.member
    }

    pub(crate) fn waiting(&self) -> usize {
        self.lock().waiters.len()
    }

    pub(crate) fn acquire(
        self: Arc<Self>,
        priority: Priority,
        deadline: Option<Instant>,
    ) -> Acquire {
        let instant = Instant::now();
        let mut core = self.lock();
        let now = core.time(instant);
        if core.is_closed {
            return Acquire::ready(Err(closed()));
        }
        let is_in_time = deadline.is_none_or(|deadline| instant <= deadline);
        if is_in_time
            && core.waiters.is_empty()
            && let Some(number) = core.keeper.start(now)
        {
            core.waiters.count_start_at_once(priority);
            drop(core);
            return Acquire::ready(Ok(Permit::new(self, number)));
        }
        if let Some(error) = core.refusal(now) {
            return Acquire::ready(Err(error));
        }
        let ahead = core.waiters.ahead_of_new(priority);
        let wait =
            self.interval.saturating_sub(CATCH_UP) * u32::try_from(ahead).unwrap_or(u32::MAX);
        if deadline.is_some_and(|deadline| {
            deadline.saturating_duration_since(instant) < wait || !is_in_time
        }) {
            return Acquire::ready(Err(core.too_late(now, ahead)));
        }
        let ticket = core.waiters.join(priority);
        drop(core);
        self.changed.notify_one();
        Acquire::waiting(Wait::new(self, ticket, deadline))
    }

    /// Asks whether it is the turn of a waiter. If not, `waker` is called when that may change.
    pub(crate) fn turn(
        self: &Arc<Self>,
        ticket: Ticket,
        deadline: Option<Instant>,
        waker: &Waker,
    ) -> Turn {
        let instant = Instant::now();
        let mut core = self.lock();
        let now = core.time(instant);
        let is_in_time = deadline.is_none_or(|deadline| instant <= deadline);
        if is_in_time
            && core.waiters.is_head(ticket)
            && let Some(number) = core.keeper.start(now)
        {
            core.waiters.start(ticket);
            let next = core.head(now);
            drop(core);
            next.into_iter().for_each(Waker::wake);
            self.changed.notify_one();
            return Turn::Start(Permit::new(self.clone(), number));
        }
        let ahead = core.waiters.ahead_of(ticket);
        let is_late = deadline.is_some_and(|deadline| deadline <= instant);
        let refusal = match core.refusal(now) {
            None if is_late => Some(core.too_late(now, ahead)),
            refusal => refusal,
        };
        match refusal {
            Some(error) => {
                let next = core.remove(ticket, now);
                drop(core);
                next.into_iter().for_each(Waker::wake);
                Turn::Refused(error)
            }
            None => {
                core.waiters.wake_by(ticket, waker);
                Turn::Wait
            }
        }
    }

    /// Removes a waiter that gives up. After its turn there is nothing left to give up.
    pub(crate) fn leave(&self, ticket: Ticket) {
        let mut core = self.lock();
        let now = core.time(Instant::now());
        let next = core.remove(ticket, now);
        drop(core);
        next.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Core> {
        // Nothing panics under the lock, and the keeper stays consistent even if a holder panicked.
        self.core.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Core {
    fn time(&self, instant: Instant) -> Micros {
        let since = instant.saturating_duration_since(self.origin);
        Micros::try_from(since.as_micros()).unwrap_or(Micros::MAX)
    }

    /// The waker of the next to start, if it can start now.
    fn head(&mut self, now: Micros) -> Option<Waker> {
        let can_start = !self.waiters.is_empty() && self.keeper.can_start(now);
        self.waiters.head().filter(|_| can_start)
    }

    fn all(&self) -> Vec<Waker> {
        self.waiters.wakers(self.waiters.len())
    }

    /// Removes a waiter; returns the waker of the next to start, if that has changed.
    fn remove(&mut self, ticket: Ticket, now: Micros) -> Option<Waker> {
        let was_head = self.waiters.is_head(ticket);
        self.waiters.remove(ticket);
        if was_head { self.head(now) } else { None }
    }

    fn refusal(&self, now: Micros) -> Option<Error> {
        if self.is_closed {
            return Some(closed());
        }
        Some(match self.keeper.refusal(now)? {
            Refusal::OtherTerms => Error::invalid_input(
                "limits",
                "another process uses this key of Redis with other settings (caps, ages, spread)",
            ),
            Refusal::NeverReached => self
                .unreachable("Redis was never reached, so it is unknown who else uses this limit"),
            Refusal::Away => self.unreachable(
                "Redis does not answer, and there is no share of the limit to go on with",
            ),
        })
    }

    fn too_late(&self, now: Micros, ahead: usize) -> Error {
        let message = if self.keeper.is_store_slow(now) {
            "Redis takes longer to answer than a permit may be old (`permit_age`), so that nothing starts".to_owned()
        } else {
            format!(
                "the shared rate limit asks for a wait ({ahead} calls of this process ahead) longer than the deadline"
            )
        };
        Error::new(ErrorKind::Timeout, message).with_retryable(false)
    }

    fn unreachable(&self, message: &str) -> Error {
        let failure = self.failure.as_deref().unwrap_or("no answer in time");
        Error::new(ErrorKind::Connect, format!("{message}: {failure}"))
    }
}

/// The refusal of a limiter that was closed.
pub(crate) fn closed() -> Error {
    Error::new(ErrorKind::Connect, "the limiter on Redis is closed").with_retryable(false)
}
