//! Effects: calls of services that are meant to happen, and how sure we are that they did.

#[cfg(any(feature = "sqlite", feature = "postgres"))]
#[cfg_attr(not(feature = "sqlite"), allow(dead_code))]
pub(crate) mod machine;

use std::{fmt, time::Duration};

use bytes::Bytes;

use crate::{Key, Later, Retry};

/// Number of an effect in its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId(pub i64);

impl fmt::Display for EffectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whether an effect may be sent again after an ambiguous attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repeat {
    /// The service has a unique key and refuses a second object. The effect is sent again after a look found nothing.
    UniqueKey,
    /// The effect sets values and can be sent any number of times. After an ambiguous attempt, the newest edit of the
    /// key is sent once more when the wait is over, because the ambiguous attempt may land late.
    Edit,
    /// The effect has no key at the service. It is never sent again: if a look finds nothing, it is parked.
    Never,
    /// The effect has no key at the service, and is still sent again after a look found nothing.
    ///
    /// It can be doubled if an attempt lands later than the wait, or if a process sleeps between its last check and
    /// the send.
    AfterLook,
}

/// An effect that is meant to happen.
///
/// ```
/// use common_durable::{NewEffect, Repeat};
///
/// let effect = NewEffect::new("retailcrm:main", "orders.create", r#"{"externalId":"17"}"#, Repeat::UniqueKey)
///     .key("order-17")
///     .natural_key("main/17");
/// assert_eq!(effect.operation, "orders.create");
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewEffect {
    /// Name of the service with its account. Workers claim by it.
    pub account: String,
    /// Name of the operation.
    pub operation: String,
    /// Parameters of the operation, unchanged.
    pub params: Bytes,
    /// Whether it may be sent again.
    pub repeat: Repeat,
    /// Key of order: effects of an account with the same key are sent one after another.
    pub key: Option<Key>,
    /// By what a look finds the object at the service.
    pub natural_key: Option<String>,
    /// Keys by which the effect can be erased, besides its key of order.
    pub erasure_keys: Vec<Key>,
    /// Time between the end of an ambiguous attempt and the look, in which a late attempt may still land. Five
    /// minutes unless set: no service states it.
    pub wait: Duration,
    /// Whether later effects of the key wait while this one is parked. They wait unless set.
    pub later: Later,
}

impl NewEffect {
    /// Makes an effect of an account.
    pub fn new(
        account: impl Into<String>,
        operation: impl Into<String>,
        params: impl Into<Bytes>,
        repeat: Repeat,
    ) -> Self {
        Self {
            account: account.into(),
            operation: operation.into(),
            params: params.into(),
            repeat,
            key: None,
            natural_key: None,
            erasure_keys: Vec::new(),
            wait: Duration::from_secs(300),
            later: Later::Wait,
        }
    }

    /// Sets the key of order. An effect without a key is sent independently of all others.
    #[must_use]
    pub fn key(mut self, key: impl Into<Key>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Sets by what a look finds the object.
    #[must_use]
    pub fn natural_key(mut self, key: impl Into<String>) -> Self {
        self.natural_key = Some(key.into());
        self
    }

    /// Adds a key by which the effect can be erased.
    #[must_use]
    pub fn erase_by(mut self, key: impl Into<Key>) -> Self {
        self.erasure_keys.push(key.into());
        self
    }

    /// Sets the time between the end of an ambiguous attempt and the look.
    #[must_use]
    pub fn wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    /// Sets whether later effects of the key wait while this one is parked.
    #[must_use]
    pub fn later(mut self, later: Later) -> Self {
        self.later = later;
        self
    }
}

impl fmt::Debug for NewEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewEffect")
            .field("account", &self.account)
            .field("operation", &self.operation)
            .field("params_bytes", &self.params.len())
            .field("repeat", &self.repeat)
            .finish_non_exhaustive()
    }
}

/// State of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EffectState {
    /// It is to be sent. No attempt of it can still land.
    Ready,
    /// An attempt may be on its way. This state is on disk before the first byte is sent.
    Sending,
    /// An attempt ended ambiguously. Only a look or a person leads on.
    Unknown,
    /// It happened.
    Landed,
    /// The service refused it for good.
    Refused,
    /// A person must decide whether it happened.
    Parked,
    /// It happened more than once.
    Doubled,
    /// A person ended it, or it was erased.
    Buried,
}

impl EffectState {
    /// All states, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Ready,
        Self::Sending,
        Self::Unknown,
        Self::Landed,
        Self::Refused,
        Self::Parked,
        Self::Doubled,
        Self::Buried,
    ];

    /// The number by which engines store the state.
    pub const fn number(self) -> i16 {
        self as i16
    }

    /// Returns the state of a number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.get(usize::try_from(number).ok()?).copied()
    }

    /// The name, as operators read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::Landed => "landed",
            Self::Refused => "refused",
            Self::Parked => "parked",
            Self::Doubled => "doubled",
            Self::Buried => "buried",
        }
    }

    /// Whether a worker still has to do something.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Ready | Self::Sending | Self::Unknown)
    }
}

/// How an attempt or a look ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// It happened. `object` is the service's id of the object.
    Landed {
        /// The service's id of the object.
        object: Option<String>,
    },
    /// The service refused it for good.
    Refused {
        /// Why, for operators.
        reason: String,
    },
    /// The attempt provably had no effect: it was not sent, or was throttled before processing.
    NotSent {
        /// Why, for operators.
        reason: String,
        /// When it is tried again.
        retry: Retry,
    },
    /// The attempt may have landed.
    Ambiguous {
        /// Why, for operators.
        reason: String,
    },
    /// The look found nothing.
    Absent,
    /// The look itself failed.
    NotSeen {
        /// Why, for operators.
        reason: String,
        /// When the next look is due.
        retry: Retry,
    },
    /// There is an object that may be ours or not. A person must decide.
    Unclear {
        /// Why, for operators.
        reason: String,
    },
    /// The look found more than one object of ours.
    Doubled {
        /// Which, for operators.
        reason: String,
    },
}

/// A person's decision about an effect that is parked, unknown, doubled or refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// It happened.
    Landed {
        /// The service's id of the object.
        object: Option<String>,
    },
    /// It is to be sent again: a second effect on purpose if the first one landed.
    Again,
    /// It is not wanted any more.
    Bury,
}

/// A stored effect with its content.
#[derive(Clone, PartialEq, Eq)]
pub struct Effect {
    /// Number in the store.
    pub id: EffectId,
    /// Name of the service with its account.
    pub account: String,
    /// Name of the operation.
    pub operation: String,
    /// Parameters of the operation, unchanged.
    pub params: Bytes,
    /// Whether it may be sent again.
    pub repeat: Repeat,
    /// By what a look finds the object at the service.
    pub natural_key: Option<String>,
    /// Time between the end of an ambiguous attempt and the look.
    pub wait: Duration,
    /// The edit that this one sends once more.
    pub repeat_of: Option<EffectId>,
}

impl fmt::Debug for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Effect")
            .field("id", &self.id)
            .field("account", &self.account)
            .field("operation", &self.operation)
            .field("params_bytes", &self.params.len())
            .field("repeat", &self.repeat)
            .field("repeat_of", &self.repeat_of)
            .finish_non_exhaustive()
    }
}
