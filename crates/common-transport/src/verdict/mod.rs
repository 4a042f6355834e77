//! The classification of failed calls: one table for every status, every claim of an envelope and every end of a
//! connection.
//!
//! A [`Verdict`] answers three questions. What is the kind of the failure? May the call have taken effect ("landed")
//! nevertheless? Is the failure transient, so that the same call may succeed later? Retry, the clients of all
//! services and the command-line program use this table only.
//!
//! # By the status of an answer
//!
//! | status | kind | may have landed | transient |
//! |---|---|---|---|
//! | 1xx, also 101 | service | yes | no |
//! | 2xx that cannot be read | decode | yes | no |
//! | 3xx | service | yes | no |
//! | 401 | auth | no | no |
//! | 403 | access denied | no | no |
//! | 404, 405 | not found | no | no |
//! | 408 | service | yes | yes |
//! | 409 | conflict | no | no |
//! | 429 | throttled | yes | yes |
//! | 444, 499 | validation | yes | no |
//! | 460 | partial | yes | no |
//! | other 4xx | validation | no | no |
//! | 501, 505 | service | yes | no |
//! | 503 | throttled | yes | yes |
//! | other 5xx | service | yes | yes |
//! | 600 and above | service | yes | no |
//!
//! # By the claim of the body
//!
//! | claim | effect on the row |
//! |---|---|
//! | [`LimiterPage`](BodyClaim::LimiterPage) with 429 or 503 | has not landed: the limiter stands in front of the application |
//! | [`Failure`](BodyClaim::Failure) with 2xx | a refusal by the service: kind service, has not landed |
//! | [`Failure`](BodyClaim::Failure) that names a status, with 2xx or 400 | the kind of the named status; with 2xx its whole row |
//! | [`Failure`](BodyClaim::Failure) that names a status, with any other | may have landed if either of the two rows says so |
//! | [`Success`](BodyClaim::Success) without 2xx | may have landed: the two contradict each other |
//! | anything else | nothing |
//!
//! # By the end of the connection
//!
//! | end | kind | may have landed | transient |
//! |---|---|---|---|
//! | [`NoConnection`](End::NoConnection) | connect | no | yes |
//! | [`Refused`](End::Refused) | connect | no | no |
//! | [`Unsent`](End::Unsent), [`Unprocessed`](End::Unprocessed) | transport | no | yes |
//! | [`Lost`](End::Lost), [`CutOff`](End::CutOff), [`Foreign`](End::Foreign) | transport | yes | yes |
//! | [`BodyUnsent`](End::BodyUnsent) / [`BodyBroke`](End::BodyBroke) | transport | no / yes | no |
//! | [`LateUnsent`](End::LateUnsent) / [`Late`](End::Late) | timeout | no / yes | yes |
//! | [`TooLarge`](End::TooLarge) | body limit | yes | no |
//!
//! # By the operation
//!
//! A read ([`Metadata::is_read`](crate::Metadata::is_read)) changes nothing, so it never counts as landed. A
//! transient failure may be repeated if the call has not landed, or if the operation is
//! [idempotent](crate::Idempotency): [`Verdict::may_repeat`].

mod claim;
mod ends;
mod limiter;
mod moved;
mod statuses;
#[cfg(test)]
mod tests;

use http::StatusCode;

pub use claim::BodyClaim;
pub use ends::End;
pub use moved::moved_to;

use crate::{ErrorKind, Idempotency};

/// The classification of a failed call; see the [module](self).
///
/// ```
/// use common_transport::{ErrorKind, Idempotency, verdict::{BodyClaim, Verdict}};
/// use http::StatusCode;
///
/// let verdict = Verdict::of_answer(StatusCode::BAD_GATEWAY, BodyClaim::Page);
/// assert_eq!(verdict.kind, ErrorKind::Service);
/// assert!(verdict.may_have_landed && verdict.is_transient);
/// assert!(verdict.may_repeat(Idempotency::Idempotent));
/// assert!(!verdict.may_repeat(Idempotency::NonIdempotent));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Verdict {
    /// The kind of the failure.
    pub kind: ErrorKind,
    /// Whether a call that changes data may have taken effect.
    pub may_have_landed: bool,
    /// Whether the failure is transient: the same call may succeed later.
    pub is_transient: bool,
}

impl Verdict {
    /// The verdict on a complete answer that cannot be read.
    pub const UNREADABLE: Self = Self::new(ErrorKind::Decode, true, false);

    /// Builds a verdict that is not in the table.
    pub const fn new(kind: ErrorKind, may_have_landed: bool, is_transient: bool) -> Self {
        Self {
            kind,
            may_have_landed,
            is_transient,
        }
    }

    /// Returns the verdict on an answer that is not a success, by its status and the claim of its body.
    pub fn of_answer(status: StatusCode, claim: BodyClaim) -> Self {
        let row = statuses::row_of(status.as_u16());
        match claim {
            BodyClaim::LimiterPage if is_throttling(status) => Self {
                may_have_landed: false,
                ..row
            },
            BodyClaim::Failure(named) if status.is_success() => refusal(named),
            BodyClaim::Failure(Some(named @ 400..=599)) => {
                let said = statuses::row_of(named);
                // A 400 has no specific meaning.
                let is_bare = status == StatusCode::BAD_REQUEST;
                Self {
                    kind: if is_bare { said.kind } else { row.kind },
                    may_have_landed: row.may_have_landed || said.may_have_landed,
                    is_transient: row.is_transient || (is_bare && said.is_transient),
                }
            }
            BodyClaim::Success => Self {
                may_have_landed: true,
                ..row
            },
            _ => row,
        }
    }

    /// Whether an operation of this idempotency may be repeated: without doubling its effect, and with a chance of
    /// success.
    pub fn may_repeat(self, idempotency: Idempotency) -> bool {
        self.is_transient && (!self.may_have_landed || idempotency == Idempotency::Idempotent)
    }

    /// Replaces the kind, for services whose messages are more specific than the status.
    #[must_use]
    pub const fn of_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }
}

/// The verdict on a success status with a failure in its envelope.
fn refusal(named: Option<u16>) -> Verdict {
    match named {
        Some(named @ 400..=599) => statuses::row_of(named),
        // The envelope names a number that is not an error status.
        Some(_) => Verdict::new(ErrorKind::Service, true, false),
        None => Verdict::new(ErrorKind::Service, false, false),
    }
}

fn is_throttling(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE
    )
}
