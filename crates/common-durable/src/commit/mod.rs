//! A commit is a value: a list of steps that happen together or not at all.

mod check;
mod done;
mod statement;

use std::{fmt, time::Duration};

use bytes::Bytes;

pub use done::{Appended, Done, Erased, Purged};
pub use statement::{Statement, Value};

use crate::{
    CursorMove, Decision, EffectId, EffectTicket, End, EventId, Key, Later, NewEffect, NewEvent,
    Position, Retry, Ticket, Timestamp,
};

/// One step of a [`Commit`].
#[derive(Clone)]
#[non_exhaustive]
pub enum Step {
    /// Appends an event.
    Append(NewEvent),
    /// Ends a delivery: the event was handled.
    Finish(Ticket),
    /// Ends a delivery: it failed and is to be delivered again. After the last allowed claim the event is dead.
    Retry {
        /// The delivery.
        ticket: Ticket,
        /// When the event is due again.
        retry: Retry,
        /// Why, for operators.
        reason: String,
    },
    /// Ends a delivery: the event cannot be handled and waits for a person.
    Dead {
        /// The delivery.
        ticket: Ticket,
        /// Why, for operators.
        reason: String,
        /// Whether later events of the key wait.
        later: Later,
    },
    /// Makes a lease as long as given, from now on.
    Renew(Ticket, Duration),
    /// Delivers an event again, for a person. See [`Commit::replay`].
    Replay(EventId),
    /// Delivers dead events of a source again that were received since a time. See [`Commit::replay_since`].
    ReplaySince {
        /// Name of the source.
        source: String,
        /// Wall time of the earliest append.
        since: Timestamp,
        /// Maximum number of events.
        at_most: u32,
    },
    /// Ends an event that is pending or dead, for a person. It frees a key that the event held.
    Bury {
        /// The event.
        event: EventId,
        /// Why, for operators.
        reason: String,
    },
    /// Removes old finished and buried events. See [`Commit::purge`].
    Purge {
        /// Bodies and headers of events that ended before this wall time are removed.
        bodies_before: Timestamp,
        /// Ids of events that ended before this wall time are forgotten. It is not later than `bodies_before`.
        ids_before: Timestamp,
        /// Maximum number of events that this step removes.
        at_most: u32,
    },
    /// Erases everything of a key. See [`Commit::erase`].
    Erase(Key),
    /// Moves a cursor.
    MoveCursor(CursorMove),
    /// Records an effect that is meant to happen.
    Intend(NewEffect),
    /// Records that the first byte of an effect is about to be sent. See [`Commit::send`].
    Send {
        /// The effect.
        ticket: EffectTicket,
        /// Time after this commit in which the attempt may begin to send.
        within: Duration,
        /// Note for a later look, such as the highest id before the attempt.
        note: Bytes,
    },
    /// Ends an attempt or a look.
    Settle(EffectTicket, End),
    /// Makes a lease of an effect as long as given, from now on.
    RenewEffect(EffectTicket, Duration),
    /// Decides about an effect, for a person.
    Decide(EffectId, Decision),
    /// Makes all effects that are ready or sending unknown, because the store was restored from a backup.
    Restored,
    /// Runs a statement of the caller's own in the same transaction.
    Own(Statement),
}

/// A list of steps that happen together or not at all.
///
/// The value can be tried again whole, and it can share a sync with other commits. The order of the steps is the order
/// of their results. Steps of different keys may be carried out in another order, so a step must not depend on the
/// effect of an earlier step of another kind.
///
/// ```
/// use common_durable::{Commit, NewEvent, Position, Statement, Value};
///
/// let commit = Commit::new()
///     .append(NewEvent::new("nicechat:main", "{}").key("order-17"))
///     .move_cursor("orders", None, Position::new("17"))
///     .own(
///         Statement::new(
///             "insert into seen (id) values ($1)",
///             "insert into seen (id) values ($1)",
///         )
///         .arg(17)
///         .rows(1),
///     );
/// assert_eq!(commit.steps().len(), 3);
/// ```
#[derive(Clone, Default)]
pub struct Commit {
    steps: Vec<Step>,
}

impl Commit {
    /// Makes an empty commit.
    pub fn new() -> Self {
        Self::default()
    }

    /// The steps.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Adds a step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Appends an event. Its result is [`Done::Appended`].
    #[must_use]
    pub fn append(self, event: NewEvent) -> Self {
        self.step(Step::Append(event))
    }

    /// Ends a delivery: the event was handled.
    #[must_use]
    pub fn finish(self, ticket: Ticket) -> Self {
        self.step(Step::Finish(ticket))
    }

    /// Ends a delivery: it failed and is to be delivered again. Its key waits until then. After the last allowed claim
    /// the event is dead.
    #[must_use]
    pub fn retry(self, ticket: Ticket, retry: Retry, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        self.step(Step::Retry {
            ticket,
            retry,
            reason,
        })
    }

    /// Ends a delivery: the event cannot be handled and waits for a person.
    #[must_use]
    pub fn dead(self, ticket: Ticket, reason: impl Into<String>, later: Later) -> Self {
        let reason = reason.into();
        self.step(Step::Dead {
            ticket,
            reason,
            later,
        })
    }

    /// Makes a lease as long as given, from now on.
    #[must_use]
    pub fn renew(self, ticket: Ticket, lease: Duration) -> Self {
        self.step(Step::Renew(ticket, lease))
    }

    /// Delivers a finished, dead or buried event again. Its result is [`Done::Replayed`].
    ///
    /// The event is delivered as a new event at the end of its key, with `replay_of`. A dead event is buried by it. A
    /// dead event that holds its key is not copied: it is delivered again in its own place, before the events that wait
    /// for it.
    #[must_use]
    pub fn replay(self, event: EventId) -> Self {
        self.step(Step::Replay(event))
    }

    /// Replays at most `at_most` dead events of a source that were received since a wall time, in their order. Its
    /// result is [`Done::Replayed`]. There may be more if it has as many.
    #[must_use]
    pub fn replay_since(self, source: impl Into<String>, since: Timestamp, at_most: u32) -> Self {
        let source = source.into();
        self.step(Step::ReplaySince {
            source,
            since,
            at_most,
        })
    }

    /// Ends an event that is pending or dead. It frees a key that the event held.
    #[must_use]
    pub fn bury(self, event: EventId, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        self.step(Step::Bury { event, reason })
    }

    /// Removes at most `at_most` events that ended before the times given. Its result is [`Done::Purged`].
    ///
    /// Only finished and buried events are removed, never pending or dead ones. Small portions with pauses between them
    /// leave the disk to the senders: 20 at a time is a good size, and three times as long as the commit took, at least
    /// 10 ms, a good pause.
    #[must_use]
    pub fn purge(self, bodies_before: Timestamp, ids_before: Timestamp, at_most: u32) -> Self {
        self.step(Step::Purge {
            bodies_before,
            ids_before,
            at_most,
        })
    }

    /// Erases bodies, headers, reasons, parameters and results of all events and effects with this key of order
    /// or of erasure. Open ones are buried. Its result is [`Done::Erased`].
    ///
    /// The data is unreadable through the store at once. It leaves the file later, and it stays in backups and at the
    /// services.
    #[must_use]
    pub fn erase(self, key: impl Into<Key>) -> Self {
        self.step(Step::Erase(key.into()))
    }

    /// Moves a cursor. `from` is where it must stand, `None` if it must not exist yet. If it stands elsewhere, nothing
    /// of the commit happens.
    #[must_use]
    pub fn move_cursor(
        self,
        name: impl Into<String>,
        from: Option<Position>,
        to: Position,
    ) -> Self {
        let name = name.into();
        self.step(Step::MoveCursor(CursorMove { name, from, to }))
    }

    /// Records an effect that is meant to happen. Its result is [`Done::Intended`].
    #[must_use]
    pub fn intend(self, effect: NewEffect) -> Self {
        self.step(Step::Intend(effect))
    }

    /// Records that the first byte of an effect is about to be sent. The caller sends only after this commit succeeded,
    /// and only while `within` has not passed since, by a monotonic clock.
    #[must_use]
    pub fn send(self, ticket: EffectTicket, within: Duration, note: impl Into<Bytes>) -> Self {
        let note = note.into();
        self.step(Step::Send {
            ticket,
            within,
            note,
        })
    }

    /// Ends an attempt or a look. Its result is [`Done::Settled`].
    #[must_use]
    pub fn settle(self, ticket: EffectTicket, end: End) -> Self {
        self.step(Step::Settle(ticket, end))
    }

    /// Makes a lease of an effect as long as given, from now on.
    #[must_use]
    pub fn renew_effect(self, ticket: EffectTicket, lease: Duration) -> Self {
        self.step(Step::RenewEffect(ticket, lease))
    }

    /// Decides about an effect that is parked, unknown, doubled or refused. Its result is [`Done::Decided`].
    ///
    /// An effect that is to be sent again keeps its place if its key waits for it. Otherwise it is buried, and a copy
    /// is sent at the end of its key.
    #[must_use]
    pub fn decide(self, effect: EffectId, decision: Decision) -> Self {
        self.step(Step::Decide(effect, decision))
    }

    /// Makes all effects that are ready or sending unknown. Its result is [`Done::Restored`].
    #[must_use]
    pub fn restored(self) -> Self {
        self.step(Step::Restored)
    }

    /// Runs a statement of the caller's own in the same transaction. Its result is [`Done::Ran`].
    #[must_use]
    pub fn own(self, statement: Statement) -> Self {
        self.step(Step::Own(statement))
    }
}

impl From<Step> for Commit {
    fn from(step: Step) -> Self {
        Self { steps: vec![step] }
    }
}

impl fmt::Debug for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.steps).finish()
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Step {
    /// Name of the kind of step, for messages.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Append(_) => "append",
            Self::Finish(_) => "finish",
            Self::Retry { .. } => "retry",
            Self::Dead { .. } => "dead",
            Self::Renew(..) => "renew",
            Self::Replay(_) => "replay",
            Self::ReplaySince { .. } => "replay since",
            Self::Bury { .. } => "bury",
            Self::Purge { .. } => "purge",
            Self::Erase(_) => "erase",
            Self::MoveCursor(_) => "move cursor",
            Self::Intend(_) => "intend",
            Self::Send { .. } => "send",
            Self::Settle(..) => "settle",
            Self::RenewEffect(..) => "renew effect",
            Self::Decide(..) => "decide",
            Self::Restored => "restored",
            Self::Own(_) => "own",
        }
    }
}
