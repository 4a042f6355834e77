//! What an answer means for those who would repeat the call.

use bytes::Bytes;
use http::{Response, StatusCode};

/// Tells a throttled answer from a failed one; services differ in it.
///
/// Closures implement it: `|response: &Response<Bytes>| Verdict::Final`.
pub trait Classify: Send + Sync {
    /// What `response` means for a repeat.
    fn classify(&self, response: &Response<Bytes>) -> Verdict;
}

impl<F> Classify for F
where
    F: Fn(&Response<Bytes>) -> Verdict + Send + Sync,
{
    fn classify(&self, response: &Response<Bytes>) -> Verdict {
        self(response)
    }
}

/// What an answer means for a repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// The service has answered: a repeat would change nothing.
    Final,
    /// Refused by a rate limit before it was processed: any operation may be repeated.
    Throttled,
    /// Refused, and not certain to be unprocessed: only idempotent operations may be repeated.
    ThrottledAmbiguous,
    /// The service or a proxy failed: only idempotent operations may be repeated.
    Transient,
}

/// The default: by the status, and for a 503 by the page (acceptance rows R20, N91).
///
/// | status | verdict |
/// |---|---|
/// | 429 | `Throttled` |
/// | 503 with the text `Service Temporarily Unavailable` in the first KiB | `Throttled` |
/// | other 503 | `ThrottledAmbiguous` |
/// | 408, 500, 502, 504 and other 5xx but 501 and 505 | `Transient` |
/// | anything else | `Final` |
#[derive(Debug, Clone, Copy, Default)]
pub struct ByStatus;

impl Classify for ByStatus {
    fn classify(&self, response: &Response<Bytes>) -> Verdict {
        match response.status() {
            StatusCode::TOO_MANY_REQUESTS => Verdict::Throttled,
            StatusCode::SERVICE_UNAVAILABLE if is_limiter_page(response.body()) => {
                Verdict::Throttled
            }
            StatusCode::SERVICE_UNAVAILABLE => Verdict::ThrottledAmbiguous,
            StatusCode::NOT_IMPLEMENTED | StatusCode::HTTP_VERSION_NOT_SUPPORTED => Verdict::Final,
            StatusCode::REQUEST_TIMEOUT => Verdict::Transient,
            status if status.is_server_error() => Verdict::Transient,
            _ => Verdict::Final,
        }
    }
}

/// As [`ByStatus`], for a service that documents no rate limit: no refusal proves that a call was not processed, so
/// only idempotent operations are repeated (acceptance rows N91, U53).
#[derive(Debug, Clone, Copy, Default)]
pub struct AssumeProcessed;

impl Classify for AssumeProcessed {
    fn classify(&self, response: &Response<Bytes>) -> Verdict {
        match ByStatus.classify(response) {
            Verdict::Throttled => Verdict::ThrottledAmbiguous,
            verdict => verdict,
        }
    }
}

/// The page a front proxy's limiter answers with, before any application has seen the request.
fn is_limiter_page(body: &[u8]) -> bool {
    const PAGE: &[u8] = b"service temporarily unavailable";
    body[..body.len().min(1024)]
        .windows(PAGE.len())
        .any(|window| window.eq_ignore_ascii_case(PAGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, body: &'static str) -> Verdict {
        let response = Response::builder()
            .status(status)
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        ByStatus.classify(&response)
    }

    #[test]
    fn r20_a_503_is_surely_unprocessed_only_with_the_limiters_page() {
        assert_eq!(
            verdict(503, "<h1>503 Service Temporarily Unavailable</h1>"),
            Verdict::Throttled
        );
        assert_eq!(
            verdict(503, "{\"maintenance\":1}"),
            Verdict::ThrottledAmbiguous
        );
        assert_eq!(verdict(429, ""), Verdict::Throttled);
    }

    #[test]
    fn n91_u53_without_a_limit_no_refusal_is_safe() {
        for (status, expected) in [
            (429, Verdict::ThrottledAmbiguous),
            (503, Verdict::ThrottledAmbiguous),
            (500, Verdict::Transient),
            (404, Verdict::Final),
        ] {
            let body = Bytes::from_static(b"503 Service Temporarily Unavailable");
            let response = Response::builder().status(status).body(body).unwrap();
            assert_eq!(AssumeProcessed.classify(&response), expected, "{status}");
        }
    }

    #[test]
    fn n91_50x_is_transient_and_4xx_is_final() {
        for status in [408, 500, 502, 504, 520] {
            assert_eq!(verdict(status, ""), Verdict::Transient, "{status}");
        }
        for status in [200, 400, 401, 404, 409, 460, 501, 505] {
            assert_eq!(verdict(status, ""), Verdict::Final, "{status}");
        }
    }
}
