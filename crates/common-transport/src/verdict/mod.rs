//! What is known of a call that failed: one table for every status, every claim of an envelope and every end of a
//! connection.
//!
//! A [`Verdict`] answers three questions. What kind of failure is it? May the call have had its effect all the same?
//! Is the failure one of the moment, so that the same call may succeed later? Retry, the clients of all services and
//! the command read their answers here and nowhere else.
//!
//! # By the status of an answer
//!
//! | status | kind | may have landed | of the moment |
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
//! # By what the body claims beside it
//!
//! | claim | what it changes |
//! |---|---|
//! | [`LimiterPage`](BodyClaim::LimiterPage) with 429 or 503 | has not landed: the limiter stands in front of the application |
//! | [`Failure`](BodyClaim::Failure) with 2xx | a refusal by the service: kind service, has not landed |
//! | [`Failure`](BodyClaim::Failure) that names a status, with 2xx or 400 | kind, and with 2xx all else, as that status has it |
//! | [`Failure`](BodyClaim::Failure) that names a status, with any other | may have landed where one of the two says so |
//! | [`Success`](BodyClaim::Success) without 2xx | may have landed: the two contradict each other |
//! | anything else | nothing |
//!
//! # By the end of the connection
//!
//! | end | kind | may have landed | of the moment |
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
//! A read ([`Metadata::is_read`](crate::Metadata::is_read)) changes nothing, so nothing of it can land, whatever the
//! row says. What is of the moment may be repeated if it has not landed, or if the operation is
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

/// What is known of a call that failed; see the [module](self).
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
    /// What kind of failure it is.
    pub kind: ErrorKind,
    /// Whether a call that changes something may have had its effect all the same.
    pub may_have_landed: bool,
    /// Whether the failure is of the moment: the same call may succeed later.
    pub is_transient: bool,
}

impl Verdict {
    /// An answer that came whole, and cannot be read.
    pub const UNREADABLE: Self = Self::new(ErrorKind::Decode, true, false);

    /// A row of one's own.
    pub const fn new(kind: ErrorKind, may_have_landed: bool, is_transient: bool) -> Self {
        Self {
            kind,
            may_have_landed,
            is_transient,
        }
    }

    /// What an answer means that is no success, by its status and by what its body claims.
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
                // A 400 says nothing in particular.
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

    /// Whether an operation of this idempotency may be repeated without doubling its effect, and with a chance.
    pub fn may_repeat(self, idempotency: Idempotency) -> bool {
        self.is_transient && (!self.may_have_landed || idempotency == Idempotency::Idempotent)
    }

    /// The same with another kind: for services whose texts say more than the status does.
    #[must_use]
    pub const fn of_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }
}

/// A success by its status, a failure by its envelope.
fn refusal(named: Option<u16>) -> Verdict {
    match named {
        Some(named @ 400..=599) => statuses::row_of(named),
        // A refusal in the name of a status that is none.
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
