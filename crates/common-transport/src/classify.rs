//! What an answer means for those who would repeat the call.

use bytes::Bytes;
use http::Response;

use crate::verdict::{BodyClaim, Verdict};

/// Says what an answer means for a repeat; services differ in it.
///
/// Closures implement it: `|response: &Response<Bytes>| None`.
pub trait Classify: Send + Sync {
    /// What `response` means; none where it is a success, or the operation alone can tell.
    fn classify(&self, response: &Response<Bytes>) -> Option<Verdict>;
}

impl<F> Classify for F
where
    F: Fn(&Response<Bytes>) -> Option<Verdict> + Send + Sync,
{
    fn classify(&self, response: &Response<Bytes>) -> Option<Verdict> {
        self(response)
    }
}

/// The default: as the [table](crate::verdict) has it, by the status, and for a 429 and a 503 by whether the body is
/// the page of a limiter in front of the application (acceptance rows R20, N91).
#[derive(Debug, Clone, Copy, Default)]
pub struct ByStatus;

impl Classify for ByStatus {
    fn classify(&self, response: &Response<Bytes>) -> Option<Verdict> {
        failure(response, BodyClaim::of_body)
    }
}

/// As [`ByStatus`], for a service that documents no rate limit: no refusal proves that a call was not processed, so
/// only idempotent operations are repeated (acceptance rows N91, U53).
#[derive(Debug, Clone, Copy, Default)]
pub struct AssumeProcessed;

impl Classify for AssumeProcessed {
    fn classify(&self, response: &Response<Bytes>) -> Option<Verdict> {
        failure(response, |body| BodyClaim::of_body(body).without_limiter())
    }
}

fn failure(response: &Response<Bytes>, claim: fn(&[u8]) -> BodyClaim) -> Option<Verdict> {
    let status = response.status();
    (!status.is_success()).then(|| Verdict::of_answer(status, claim(response.body())))
}
