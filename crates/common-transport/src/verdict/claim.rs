//! Claims of answer bodies about the outcome of a call.

use super::limiter::is_limiter_page;

/// Bytes of a body that are searched for a page's markup.
const LOOKED_AT: usize = 1024;

/// The claim of an answer's body about the outcome of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyClaim {
    /// The service's envelope reports success.
    Success,
    /// The service's envelope reports failure, and may name an HTTP status.
    Failure(Option<u16>),
    /// A web page: of a proxy, a firewall, or a service that does not know the account.
    Page,
    /// The page of a rate limiter in front of the application, which has not passed the request on. It shows the
    /// limiter's words and nothing else.
    LimiterPage,
    /// There is no body.
    Empty,
    /// Any other body: a text, JSON without the service's envelope, half a body.
    Foreign,
}

impl BodyClaim {
    /// Classifies a body without an envelope, as one of the last four claims.
    ///
    /// JSON is never a limiter's page, even with a limiter's words: an application has written it.
    pub fn of_body(body: &[u8]) -> Self {
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let body = body.trim_ascii();
        match body.first() {
            None => Self::Empty,
            Some(b'{' | b'[' | b'"') => Self::Foreign,
            Some(_) if is_limiter_page(body) => Self::LimiterPage,
            Some(b'<') if is_markup_of_a_page(body) => Self::Page,
            Some(_) => Self::Foreign,
        }
    }

    /// Converts the claim for a service that documents no rate limit: there, no page proves that a call was not
    /// processed.
    #[must_use]
    pub fn without_limiter(self) -> Self {
        match self {
            Self::LimiterPage => Self::Page,
            other => other,
        }
    }
}

/// Whether a body is markup of a web page. XML without HTML is not.
fn is_markup_of_a_page(body: &[u8]) -> bool {
    !body.starts_with(b"<?xml") || has(body, b"<html")
}

fn has(body: &[u8], text: &[u8]) -> bool {
    let mut windows = body[..body.len().min(LOOKED_AT)].windows(text.len());
    windows.any(|window| window.eq_ignore_ascii_case(text))
}
