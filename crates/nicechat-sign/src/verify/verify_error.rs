//! The reasons to refuse a request.

use alloc::format;
use core::fmt;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

use crate::error::Ambiguity;

/// The reason that a request was refused. Holds no part of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyError {
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Unauthorized,
    Method,
    Path,
    UnknownPath,
    TooLarge,
    MediaType,
    Malformed,
    /// By the headers of the request or a part, the body has more than one reading.
    Ambiguous(Ambiguity),
    #[cfg(feature = "tower")]
    Replayed,
    #[cfg(feature = "tower")]
    Unavailable,
}

impl VerifyError {
    pub(crate) const UNAUTHORIZED: Self = Self::new(Kind::Unauthorized);

    pub(crate) const fn new(kind: Kind) -> Self {
        Self { kind }
    }

    /// Whether key or signature is missing, duplicate, unknown or wrong: 401. The rejection does
    /// not tell these apart, so that it does not reveal which keys exist.
    ///
    /// # Troubleshooting
    /// Compare the dialect, the parameter names and the query rule of client and server. Sign the
    /// path as it is sent, with its last slash and its percent-encoding. The debug event of the
    /// [`Verifier`](super::Verifier) names what was tried.
    pub fn is_unauthorized(&self) -> bool {
        self.kind == Kind::Unauthorized
    }

    /// Whether the body is longer than [`Verifier::max_body`](super::Verifier::max_body): 413.
    pub fn is_too_large(&self) -> bool {
        self.kind == Kind::TooLarge
    }

    /// Whether the request has more than one reading, or cannot be read: 400.
    pub fn is_malformed(&self) -> bool {
        matches!(self.kind, Kind::Malformed | Kind::Path) || self.ambiguity().is_some()
    }

    /// Whether bodies of this content type cannot be verified, or a charset other than UTF-8 is
    /// declared: 415.
    pub fn is_unsupported(&self) -> bool {
        let is_charset = self.kind == Kind::Ambiguous(Ambiguity::Charset);
        self.kind == Kind::MediaType || is_charset
    }

    /// The reason for more than one reading; a charset counts as unsupported, not malformed.
    fn ambiguity(&self) -> Option<Ambiguity> {
        match self.kind {
            Kind::Ambiguous(ambiguity) if ambiguity != Ambiguity::Charset => Some(ambiguity),
            _ => None,
        }
    }

    /// Whether the same signed request was seen before within the replay window: 409.
    #[cfg(feature = "tower")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
    pub fn is_replayed(&self) -> bool {
        self.kind == Kind::Replayed
    }

    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        match self.kind {
            Kind::Unauthorized => StatusCode::UNAUTHORIZED,
            Kind::Method => StatusCode::METHOD_NOT_ALLOWED,
            Kind::Path | Kind::Malformed => StatusCode::BAD_REQUEST,
            Kind::UnknownPath => StatusCode::NOT_FOUND,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::MediaType | Kind::Ambiguous(Ambiguity::Charset) => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Kind::Ambiguous(_) => StatusCode::BAD_REQUEST,
            #[cfg(feature = "tower")]
            Kind::Replayed => StatusCode::CONFLICT,
            #[cfg(feature = "tower")]
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The text for the client.
    pub fn description(&self) -> &'static str {
        match self.kind {
            Kind::Unauthorized => "Access token or signature is non-valid",
            Kind::Method => "Method is not allowed",
            Kind::Path => "Path is not acceptable",
            Kind::UnknownPath => "Object not found",
            Kind::TooLarge => "Body is too large",
            Kind::MediaType => "Content type is not supported",
            Kind::Malformed => "Body is not acceptable",
            Kind::Ambiguous(Ambiguity::Charset) => "Charset is not supported, send UTF-8",
            Kind::Ambiguous(Ambiguity::Nested) => "Nested multipart is not supported",
            Kind::Ambiguous(Ambiguity::TransferEncoding) => {
                "Transfer encoding of a part is not supported"
            }
            Kind::Ambiguous(Ambiguity::Parameters) => "Parameters of content type are ambiguous",
            #[cfg(feature = "tower")]
            Kind::Replayed => "Request was received before",
            #[cfg(feature = "tower")]
            Kind::Unavailable => "Keys cannot be looked up now",
        }
    }

    /// The response in the service's envelope.
    pub fn to_response(&self) -> Response<Bytes> {
        let status = self.status();
        let body = format!(
            r#"{{"status":"error","code":{},"description":"{}"}}"#,
            status.as_u16(),
            self.description(),
        );
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = status;
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(CONTENT_TYPE, json);
        response
    }
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Unauthorized => "key or signature is missing, unknown or wrong",
            Kind::Method => "the method is not allowed",
            Kind::Path => "the path could be taken for a path and a body",
            Kind::UnknownPath => "the path is not known",
            Kind::TooLarge => "the body is longer than allowed",
            Kind::MediaType => "the content type cannot be verified",
            Kind::Malformed => "the body cannot be read in exactly one way",
            Kind::Ambiguous(ambiguity) => ambiguity.describe(),
            #[cfg(feature = "tower")]
            Kind::Replayed => "the request was received before",
            #[cfg(feature = "tower")]
            Kind::Unavailable => "the key store failed",
        })
    }
}

impl core::error::Error for VerifyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_is_of_one_sort() {
        for (kind, sorts) in [
            (Kind::Unauthorized, [true, false, false]),
            (Kind::TooLarge, [false, true, false]),
            (Kind::Path, [false, false, true]),
            (Kind::Malformed, [false, false, true]),
            (Kind::Method, [false; 3]),
            (Kind::MediaType, [false; 3]),
            (Kind::Ambiguous(Ambiguity::Charset), [false; 3]),
            (Kind::Ambiguous(Ambiguity::Nested), [false, false, true]),
            (
                Kind::Ambiguous(Ambiguity::TransferEncoding),
                [false, false, true],
            ),
            (Kind::Ambiguous(Ambiguity::Parameters), [false, false, true]),
        ] {
            let rejection = VerifyError::new(kind);
            let said = [
                rejection.is_unauthorized(),
                rejection.is_too_large(),
                rejection.is_malformed(),
            ];
            assert_eq!(said, sorts, "{rejection}");
            assert!(!rejection.to_string().is_empty());
        }
    }

    #[cfg(feature = "tower")]
    #[test]
    fn n31_only_a_replayed_request_is_one() {
        assert!(VerifyError::new(Kind::Replayed).is_replayed());
        assert!(!VerifyError::new(Kind::Unavailable).is_replayed());
    }

    #[test]
    fn n32_the_answer_is_the_documented_one() {
        let response = VerifyError::UNAUTHORIZED.to_response();
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(
            response.body(),
            r#"{"status":"error","code":401,"description":"Access token or signature is non-valid"}"#
        );
    }
}
