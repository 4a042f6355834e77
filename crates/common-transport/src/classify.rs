//! Classification of answers for retries.

use bytes::Bytes;
use http::Response;

use crate::verdict::{BodyClaim, Verdict};

/// A classifier of answers for retries; services differ in it.
///
/// Closures implement it: `|response: &Response<Bytes>| None`.
pub trait Classify: Send + Sync {
    /// Returns the verdict on `response`, or `None` if it is a success or only the operation can tell.
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

/// The default classifier. It uses the [table](crate::verdict) by status. For a 429 and a 503 it also checks whether
/// the body is the page of a limiter in front of the application.
// R20, N91
#[derive(Debug, Clone, Copy, Default)]
pub struct ByStatus;

impl Classify for ByStatus {
    fn classify(&self, response: &Response<Bytes>) -> Option<Verdict> {
        failure(response, BodyClaim::of_body)
    }
}

/// A classifier like [`ByStatus`], for a service that documents no rate limit. No refusal proves that a call was not
/// processed, so only idempotent operations are repeated.
// N91, U53
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
