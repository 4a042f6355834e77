//! What a body claims.

use super::limiter::is_limiter_page;

/// How much of a body is looked at to tell whether it is markup of a page.
const LOOKED_AT: usize = 1024;

/// What the body of an answer claims of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BodyClaim {
    /// It is the service's envelope, and says success.
    Success,
    /// It is the service's envelope, and says failure; with the HTTP status that it names, if it names one.
    Failure(Option<u16>),
    /// A web page: of a proxy, a firewall, a service that knows no such account.
    Page,
    /// The page of a rate limiter that stands in front of the application and lets nothing through: it says that and
    /// nothing else.
    LimiterPage,
    /// There is no body.
    Empty,
    /// Something else: a text, JSON that is no envelope of the service, half a body.
    Foreign,
}

impl BodyClaim {
    /// What a body is that holds no envelope: one of the last four.
    ///
    /// JSON is never the limiter's page, whatever its texts say: an application has written it.
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

    /// The same for a service that documents no rate limit: no page proves there that a call was not processed.
    #[must_use]
    pub fn without_limiter(self) -> Self {
        match self {
            Self::LimiterPage => Self::Page,
            other => other,
        }
    }
}

/// XML without HTML in it is no web page.
fn is_markup_of_a_page(body: &[u8]) -> bool {
    !body.starts_with(b"<?xml") || has(body, b"<html")
}

fn has(body: &[u8], text: &[u8]) -> bool {
    let mut windows = body[..body.len().min(LOOKED_AT)].windows(text.len());
    windows.any(|window| window.eq_ignore_ascii_case(text))
}
