//! Claims: a worker takes due work with a lease.

use std::{fmt, time::Duration};

use bytes::Bytes;

use crate::{
    Effect, EffectTicket, Error, ErrorKind, Event, Failure, Limits, Ticket, Timestamp,
    limits::check_rows,
};

/// Whether later work of the same key waits for work that is dead or parked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(clippy::exhaustive_enums)]
pub enum Later {
    /// Later work of the key goes on.
    #[default]
    Pass,
    /// Later work of the key waits until a person has decided.
    Wait,
}

/// The queue that a claim takes work from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Queue {
    /// Events of a source.
    Events(String),
    /// Effects of an account.
    Effects(String),
}

impl Queue {
    /// Name of the source or account.
    pub fn name(&self) -> &str {
        match self {
            Self::Events(name) | Self::Effects(name) => name,
        }
    }
}

/// A request of a worker for due work.
///
/// A claim never takes two pieces of work of one key, and no work of a key that another worker holds.
///
/// ```
/// use std::time::Duration;
/// use common_durable::{Claim, Later};
///
/// let claim = Claim::events("uvygoda:shop-1")
///     .at_most(10)
///     .lease(Duration::from_secs(30))
///     .most_claims(20)
///     .later(Later::Wait);
/// assert_eq!(claim.at_most, 10);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// Where the work is taken from.
    pub queue: Queue,
    /// Maximum number of deliveries. 1 unless set.
    pub at_most: u32,
    /// Time until another worker may claim the same work, unless the lease is renewed. One minute unless set.
    pub lease: Duration,
    /// Number of claims after which an event is dead and an effect is parked. 25 unless set.
    pub most_claims: u32,
    /// Whether later events of a key wait for a dead event. They pass unless set. An effect brings its own choice.
    pub later: Later,
}

impl Claim {
    /// Claims one event of a source for a minute.
    pub fn events(source: impl Into<String>) -> Self {
        Self::of(Queue::Events(source.into()))
    }

    /// Claims one effect of an account for a minute.
    pub fn effects(account: impl Into<String>) -> Self {
        Self::of(Queue::Effects(account.into()))
    }

    fn of(queue: Queue) -> Self {
        Self {
            queue,
            at_most: 1,
            lease: Duration::from_secs(60),
            most_claims: 25,
            later: Later::Pass,
        }
    }

    /// Sets the maximum number of deliveries.
    #[must_use]
    pub fn at_most(mut self, number: u32) -> Self {
        self.at_most = number;
        self
    }

    /// Sets the length of the lease.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Sets the number of claims after which an event is dead.
    #[must_use]
    pub fn most_claims(mut self, number: u32) -> Self {
        self.most_claims = number;
        self
    }

    /// Sets whether later events of a key wait for a dead event.
    #[must_use]
    pub fn later(mut self, later: Later) -> Self {
        self.later = later;
        self
    }
}

impl Claim {
    /// Checks the claim, for authors of engines.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`] for too many deliveries, [`ErrorKind::InvalidInput`] for an empty lease.
    pub fn check(&self, limits: &Limits) -> Result<(), Error> {
        check_rows("deliveries of the claim", self.at_most, limits)?;
        if self.lease.as_millis() == 0 {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "lease: it is shorter than a millisecond",
            ));
        }
        Ok(())
    }
}

/// One piece of claimed work.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claimed {
    /// An event, of [`Claim::events`].
    Event(Delivery),
    /// An effect, of [`Claim::effects`].
    Effect(EffectDelivery),
}

/// An event that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Permission to end the delivery.
    pub ticket: Ticket,
    /// The event.
    pub event: Event,
    /// Failures of earlier claims, the first one first.
    pub failures: Vec<Failure>,
}

/// The task of a worker that claimed an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Task {
    /// Commit [`Send`](crate::Step::Send), then send the effect.
    Send,
    /// Look the object up at the service: an earlier attempt ended ambiguously. Do not send.
    Look,
}

/// An effect that a worker holds.
#[derive(Clone, PartialEq, Eq)]
pub struct EffectDelivery {
    /// Permission to send and settle the effect.
    pub ticket: EffectTicket,
    /// The effect.
    pub effect: Effect,
    /// The worker's task.
    pub task: Task,
    /// Note that the last [`Send`](crate::Step::Send) left for a look.
    pub note: Bytes,
    /// Latest time at which the last attempt could begin to send.
    pub send_by: Option<Timestamp>,
    /// Failures of earlier attempts, the first one first.
    pub failures: Vec<Failure>,
}

impl fmt::Debug for EffectDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EffectDelivery")
            .field("ticket", &self.ticket)
            .field("effect", &self.effect)
            .field("task", &self.task)
            .field("send_by", &self.send_by)
            .finish_non_exhaustive()
    }
}
