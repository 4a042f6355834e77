//! Results of the steps of a commit.

use crate::{EffectId, EffectState, EventId};

/// Result of one step. A commit that succeeded has one for each of its steps, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Done {
    /// The step was carried out and has no result of its own.
    Applied,
    /// Of an append.
    Appended(Appended),
    /// Of a retry: whether the event was out of claims and is dead now.
    Retried {
        /// Whether the event is dead.
        is_dead: bool,
    },
    /// Of a replay: the events that will be delivered, the earliest first.
    Replayed(Vec<EventId>),
    /// Of a purge.
    Purged(Purged),
    /// Of an erasure.
    Erased(Erased),
    /// Of an intent.
    Intended(EffectId),
    /// Of a settlement: the state of the effect afterwards.
    Settled(EffectState),
    /// Of a decision: the effect that counts from now on, and its state. It is another effect than the one decided
    /// about if it was sent to the end of its key.
    Decided {
        /// The effect.
        effect: EffectId,
        /// Its state.
        state: EffectState,
    },
    /// Of [`restored`](crate::Commit::restored): number of effects that are unknown now.
    Restored(u64),
    /// Of an own statement: number of rows that it changed.
    Ran(u64),
}

/// Whether an appended event was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Appended {
    /// It was stored.
    Stored {
        /// The event.
        event: EventId,
        /// An earlier event of the same source and key with an equal body.
        repeat_of: Option<EventId>,
    },
    /// It was stored before, by its id.
    Known {
        /// The stored event.
        event: EventId,
    },
    /// An event with the same id and **another body** was stored before. This one was not stored. Append it again
    /// without the source's id if it is to be kept.
    Differs {
        /// The stored event.
        event: EventId,
    },
}

impl Appended {
    /// The stored event.
    pub const fn event(&self) -> EventId {
        match self {
            Self::Stored { event, .. } | Self::Known { event } | Self::Differs { event } => *event,
        }
    }
}

/// Numbers of rows that one purge removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Events whose body and headers were removed.
    pub bodies: u32,
    /// Events whose ids were forgotten.
    pub ids: u32,
    /// Whether there may be more to purge.
    pub has_more: bool,
}

/// Numbers of things that were erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Erased {
    /// Events.
    pub events: u64,
    /// Effects.
    pub effects: u64,
}
