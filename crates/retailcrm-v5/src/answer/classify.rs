//! What an answer means for a repeat.

use bytes::Bytes;
use common_transport::{ByStatus, Classify, Verdict};
use http::Response;

use super::envelope;

/// Tells the limiter's page from the service's own words (acceptance row R20).
///
/// Over the limit the service answers 503 "Service Temporarily Unavailable", before the request is processed:
/// anything may be repeated then. A 429 or 503 whose body is the service's JSON envelope was perhaps processed
/// in part: only what is idempotent is repeated. The rest is as [`ByStatus`] says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Throttling;

impl Classify for Throttling {
    fn classify(&self, response: &Response<Bytes>) -> Verdict {
        match ByStatus.classify(response) {
            Verdict::Throttled if envelope::is_object(response.body()) => {
                Verdict::ThrottledAmbiguous
            }
            verdict => verdict,
        }
    }
}
