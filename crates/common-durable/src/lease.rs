//! Leases: who may end a piece of work, proven by a random token.

use std::fmt;

use crate::{EffectId, EventId, Later};

/// A fencing token: 128 random bits, drawn anew for each claim.
///
/// Tokens are random and never counted: a claim need not be synced, so a counter could give one number twice after a
/// power cut.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token([u8; 16]);

impl Token {
    /// Draws a token from the operating system.
    ///
    /// # Panics
    /// If the operating system has no random numbers.
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system gives random numbers");
        Self(bytes)
    }

    /// Makes a token of bytes that an engine stored.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, as an engine stores them.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({:02x}{:02x}..)", self.0[0], self.0[1])
    }
}

/// The content of a ticket, for authors of engines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The lane of the work: one per key.
    pub lane: i64,
    /// The token of the claim.
    pub token: Token,
    /// How often the work was claimed, with this claim.
    pub claims: u32,
    /// Number of claims after which the work is dead.
    pub most_claims: u32,
    /// Whether later work of the same key waits for dead work.
    pub later: Later,
}

/// Permission to end the delivery of an event. It is valid until another claim takes the event over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    event: EventId,
    lease: Lease,
}

impl Ticket {
    /// Makes a ticket, for authors of engines.
    pub const fn new(event: EventId, lease: Lease) -> Self {
        Self { event, lease }
    }

    /// The event.
    pub const fn event(&self) -> EventId {
        self.event
    }

    /// The lease, for authors of engines.
    pub const fn lease(&self) -> &Lease {
        &self.lease
    }
}

/// Permission to send an effect, to look it up, and to settle it. It is valid until another claim takes it over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EffectTicket {
    effect: EffectId,
    lease: Lease,
}

impl EffectTicket {
    /// Makes a ticket, for authors of engines.
    pub const fn new(effect: EffectId, lease: Lease) -> Self {
        Self { effect, lease }
    }

    /// The effect.
    pub const fn effect(&self) -> EffectId {
        self.effect
    }

    /// The lease, for authors of engines.
    pub const fn lease(&self) -> &Lease {
        &self.lease
    }
}
