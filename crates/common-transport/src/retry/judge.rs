//! The rule that decides whether another attempt follows.

use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::{Classify, Error, Idempotency, limit::retry_after};

/// Number of attempts of a call, in the extensions of a response that took more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attempts(
    /// At least 1.
    pub u32,
);

impl Attempts {
    /// The number of attempts that led to a response.
    pub fn of<B>(response: &Response<B>) -> Self {
        response.extensions().get().copied().unwrap_or(Self(1))
    }
}

/// Extension of a response without success whose call may still have had its effect.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ambiguous;

/// The end of an attempt.
pub(super) struct End {
    /// Whether the server may have processed it without confirmation.
    pub(super) ambiguous: bool,
    /// Whether a retry may help without doubling an effect.
    pub(super) repeatable: bool,
    /// The wait in the response's `Retry-After`.
    pub(super) retry_after: Option<Duration>,
}

impl End {
    /// The end with a final response.
    const ANSWERED: Self = Self {
        ambiguous: false,
        repeatable: false,
        retry_after: None,
    };
}

/// Looks an end up in the [table](crate::verdict). Its part about landing applies to calls with an effect.
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
