//! Looks: reading the store without changing it.

use std::time::Duration;

use crate::{
    Cursor, Effect, EffectId, EffectState, Error, Event, EventId, EventState, Failure, Limits,
    Timestamp, limits::check_rows,
};

/// A question to a store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Look {
    /// One event with its content. The answer is [`Page::Event`].
    Event(EventId),
    /// Events in the order of their ids, without content. The answer is [`Page::Events`].
    Events {
        /// Only of this source.
        source: Option<String>,
        /// Only in this state.
        state: Option<EventState>,
        /// Only with larger ids.
        after: Option<EventId>,
        /// Maximum number of events.
        at_most: u32,
    },
    /// One effect with its content. The answer is [`Page::Effect`].
    Effect(EffectId),
    /// Effects in the order of their ids, without content. The answer is [`Page::Effects`].
    Effects {
        /// Only of this account.
        account: Option<String>,
        /// Only in this state.
        state: Option<EffectState>,
        /// Only with larger ids.
        after: Option<EffectId>,
        /// Maximum number of effects.
        at_most: u32,
    },
    /// One cursor. The answer is [`Page::Cursors`] with at most one.
    Cursor(String),
    /// Cursors in the order of their names. The answer is [`Page::Cursors`].
    Cursors {
        /// Only with names after this one.
        after: Option<String>,
        /// Maximum number of cursors.
        at_most: u32,
    },
    /// Counts and ages. The answer is [`Page::Totals`].
    Totals,
}

impl Look {
    /// Checks the number of rows, for authors of engines.
    ///
    /// # Errors
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) for too many rows.
    pub fn check(&self, limits: &Limits) -> Result<(), Error> {
        match self {
            Self::Events { at_most, .. }
            | Self::Effects { at_most, .. }
            | Self::Cursors { at_most, .. } => check_rows("rows of the look", *at_most, limits),
            _ => Ok(()),
        }
    }
}

/// Answer to a [`Look`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Page {
    /// An event, `None` if no event has this id.
    Event(Option<Box<EventDetails>>),
    /// Events. There may be more if it has as many as were asked for.
    Events(Vec<EventSummary>),
    /// An effect, `None` if no effect has this id.
    Effect(Option<Box<EffectDetails>>),
    /// Effects. There may be more if it has as many as were asked for.
    Effects(Vec<EffectSummary>),
    /// Cursors.
    Cursors(Vec<Cursor>),
    /// Counts and ages.
    Totals(Totals),
}

/// An event without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSummary {
    /// Number in the store.
    pub id: EventId,
    /// Name of the source with its account.
    pub source: String,
    /// Id that the source gave to the event.
    pub event_id: Option<String>,
    /// State.
    pub state: EventState,
    /// Wall time of the append.
    pub received_at: Timestamp,
    /// Wall time of the end.
    pub ended_at: Option<Timestamp>,
    /// The earlier event with an equal body.
    pub repeat_of: Option<EventId>,
    /// The event of which this one is a replay.
    pub replay_of: Option<EventId>,
    /// Size of the body in bytes.
    pub body_bytes: u64,
    /// Number of failures.
    pub failures: u32,
    /// The last failure's reason.
    pub last_failure: Option<String>,
}

/// An event with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventDetails {
    /// The event without its content.
    pub summary: EventSummary,
    /// Content, `None` if it was purged or erased.
    pub event: Option<Event>,
    /// Failures, the first one first.
    pub failures: Vec<Failure>,
}

/// An effect without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectSummary {
    /// Number in the store.
    pub id: EffectId,
    /// Name of the service with its account.
    pub account: String,
    /// Name of the operation.
    pub operation: String,
    /// State.
    pub state: EffectState,
    /// Wall time of the intent.
    pub intended_at: Timestamp,
    /// Wall time of the last change.
    pub changed_at: Timestamp,
    /// Number of attempts that were about to send.
    pub attempts: u32,
    /// The service's id of the object, where it landed.
    pub object: Option<String>,
    /// The edit that this one sends once more.
    pub repeat_of: Option<EffectId>,
    /// The last failure's reason.
    pub last_failure: Option<String>,
}

/// An effect with its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectDetails {
    /// The effect without its content.
    pub summary: EffectSummary,
    /// Content, `None` if it was erased.
    pub effect: Option<Effect>,
    /// Failures, the first one first.
    pub failures: Vec<Failure>,
}

/// Counts and ages of a store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Sources in the order of their names.
    pub sources: Vec<SourceTotals>,
    /// Accounts in the order of their names.
    pub accounts: Vec<AccountTotals>,
    /// Size of SQLite's log in bytes.
    pub log_bytes: Option<u64>,
    /// For how long an open snapshot has held the engine back: SQLite cannot shorten its log, PostgreSQL cannot vacuum.
    /// `None` if no snapshot does.
    pub oldest_snapshot: Option<Duration>,
    /// Wall time at which the store was last noticed or told to be a restored backup.
    pub restored_at: Option<Timestamp>,
}

/// Counts and ages of a source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceTotals {
    /// Name of the source with its account.
    pub source: String,
    /// Events that wait or are being handled.
    pub pending: u64,
    /// Events that wait for a person.
    pub dead: u64,
    /// Wall time of the append of the oldest pending event.
    pub oldest_pending: Option<Timestamp>,
    /// The last failure's reason.
    pub last_failure: Option<String>,
}

/// Counts of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountTotals {
    /// Name of the service with its account.
    pub account: String,
    /// Effects that are ready or sending.
    pub open: u64,
    /// Effects whose fate is unknown.
    pub unknown: u64,
    /// Effects that wait for a person.
    pub parked: u64,
    /// Effects that happened more than once.
    pub doubled: u64,
}
