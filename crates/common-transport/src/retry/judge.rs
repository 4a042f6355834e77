//! The rule: what the end of an attempt means for the next one.

use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::{Classify, Error, Idempotency, limit::retry_after};

/// How many attempts a call took; in the extensions of its answer when it took more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attempts(
    /// At least 1.
    pub u32,
);

impl Attempts {
    /// The attempts that an answer took.
    pub fn of<B>(response: &Response<B>) -> Self {
        response.extensions().get().copied().unwrap_or(Self(1))
    }
}

/// In the extensions of an answer when the call may have had its effect although the answer is no success.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ambiguous;

/// How an attempt ended.
pub(super) struct End {
    /// Whether the server may have processed it without saying so.
    pub(super) ambiguous: bool,
    /// Whether a repeat may help, and doubles nothing.
    pub(super) repeatable: bool,
    /// What the server asks for.
    pub(super) retry_after: Option<Duration>,
}

impl End {
    /// With an answer that settles everything.
    const ANSWERED: Self = Self {
        ambiguous: false,
        repeatable: false,
        retry_after: None,
    };
}

/// Reads the [table](crate::verdict) for an end; what it says of landing counts for calls that change something.
pub(super) fn judge(
    result: &Result<Response<Bytes>, Error>,
    idempotency: Idempotency,
    classify: &dyn Classify,
) -> End {
    let verdict = match result {
        Ok(response) => classify.classify(response),
        Err(error) => Some(error.verdict()),
    };
    let Some(verdict) = verdict else {
        return End::ANSWERED;
    };
    let answer = result.as_ref().ok().filter(|_| verdict.is_transient);
    End {
        ambiguous: verdict.may_have_landed,
        repeatable: verdict.may_repeat(idempotency),
        retry_after: answer.and_then(|answer| retry_after(answer.headers())),
    }
}
