//! The rule: what the end of an attempt means for the next one.

use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::{Classify, Error, Idempotency, Verdict, limit::retry_after};

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

pub(super) fn judge(
    result: &Result<Response<Bytes>, Error>,
    idempotency: Idempotency,
    classify: &dyn Classify,
) -> End {
    match result {
        Ok(response) => judge_answer(response, classify.classify(response), idempotency),
        Err(error) => {
            let ambiguous = error.may_have_landed();
            End {
                ambiguous,
                repeatable: error.is_retryable() && may_repeat(ambiguous, idempotency),
                retry_after: None,
            }
        }
    }
}

fn judge_answer(response: &Response<Bytes>, verdict: Verdict, idempotency: Idempotency) -> End {
    let (transient, ambiguous) = match verdict {
        Verdict::Final => (false, false),
        Verdict::Throttled => (true, false),
        Verdict::ThrottledAmbiguous | Verdict::Transient => (true, true),
    };
    End {
        ambiguous,
        repeatable: transient && may_repeat(ambiguous, idempotency),
        retry_after: transient.then(|| retry_after(response.headers())).flatten(),
    }
}

/// The one sentence everything here is about.
fn may_repeat(ambiguous: bool, idempotency: Idempotency) -> bool {
    !ambiguous || idempotency == Idempotency::Idempotent
}
