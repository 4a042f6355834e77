//! The callback that announces the end of an import.

use std::fmt;

use common_model::{Encode, Map, Value};
use common_transport::{Error, ErrorKind, Secret, form};
use http::StatusCode;
use subtle::ConstantTimeEq;

use crate::FeedCallback;

/// How large a callback may be.
const MAX_BODY: usize = 64 * 1024;

impl FeedCallback {
    /// Reads what the service posts: flat fields, urlencoded or multipart, none of them sure to
    /// come (acceptance rows N81, N82, N85). Fields that are not known stay in `extra`.
    ///
    /// ```
    /// use nicechat_api::FeedCallback;
    ///
    /// let body = b"updated=2017-05-24T14%3A59%3A12.728011&imported_elements_count=392";
    /// let callback = FeedCallback::parse("application/x-www-form-urlencoded", body).unwrap();
    /// assert_eq!(callback.imported_elements_count, Some(392));
    /// assert_eq!(callback.updated.unwrap().offset_seconds(), None, "the service sends no zone");
    /// ```
    ///
    /// # Errors
    /// The body is no form, or a field is not of its type: [`Error::is_decode`].
    pub fn parse(content_type: &str, body: &[u8]) -> Result<Self, Error> {
        let fields = form::fields(content_type, body)
            .ok_or_else(|| Error::new(ErrorKind::Decode, "the callback is no form"))?;
        let fields = fields
            .into_iter()
            .map(|(name, text)| (name, Value::from(text)));
        let json = common_model::to_json(&fields.collect::<Map<Value>>() as &dyn Encode);
        common_model::from_json_strict(&json).map_err(|error| {
            let field = error.path().to_owned();
            Error::new(ErrorKind::Decode, error.message().to_owned())
                .with_field(field)
                .with_source(error)
        })
    }
}

/// Takes callbacks posted to an address with a secret in its path: the service signs nothing
/// (acceptance row N84).
///
/// Store what it returns, answer 2xx only then (N83), and ask for the result to confirm it.
///
/// ```
/// use nicechat_api::feed::CallbackReceiver;
///
/// let receiver = CallbackReceiver::new("path-secret-1");
/// let form = Some("application/x-www-form-urlencoded");
/// let callback = receiver.receive("path-secret-1", form, b"imported_elements_count=392").unwrap();
/// assert_eq!(callback.imported_elements_count, Some(392));
/// assert_eq!(receiver.receive("guess", form, b"").unwrap_err().status(), 404);
/// ```
#[derive(Debug, Clone)]
pub struct CallbackReceiver {
    token: Secret,
}

impl CallbackReceiver {
    /// A receiver for the address that ends in this secret.
    pub fn new(path_token: impl Into<Secret>) -> Self {
        Self {
            token: path_token.into(),
        }
    }

    /// Reads a callback; `path_token` is the secret segment of the path it was posted to. A body
    /// without a content type is read as urlencoded.
    ///
    /// # Errors
    /// [`CallbackRejection::status`] is what to answer with.
    pub fn receive(
        &self,
        path_token: &str,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Result<FeedCallback, CallbackRejection> {
        let expected = self.token.expose().as_bytes();
        if expected.is_empty() || !bool::from(path_token.as_bytes().ct_eq(expected)) {
            return Err(CallbackRejection(Reason::Token));
        }
        if body.len() > MAX_BODY {
            return Err(CallbackRejection(Reason::TooLarge));
        }
        let content_type = content_type.unwrap_or("application/x-www-form-urlencoded");
        FeedCallback::parse(content_type, body)
            .map_err(|error| CallbackRejection(Reason::Unreadable(error)))
    }
}

/// Why a callback was not taken.
#[derive(Debug)]
pub struct CallbackRejection(Reason);

#[derive(Debug)]
enum Reason {
    Token,
    TooLarge,
    Unreadable(Error),
}

impl CallbackRejection {
    /// What to answer: 404 for another path (a stranger learns nothing), 413 above 64 KiB, 400 for
    /// what is no form.
    pub fn status(&self) -> StatusCode {
        match self.0 {
            Reason::Token => StatusCode::NOT_FOUND,
            Reason::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Reason::Unreadable(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for CallbackRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Reason::Token => "the path is not the receiver's",
            Reason::TooLarge => "the callback is too large",
            Reason::Unreadable(_) => "the callback cannot be read",
        })
    }
}

impl std::error::Error for CallbackRejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Reason::Unreadable(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";

    #[test]
    fn n81_every_field_is_optional_and_unknown_ones_stay() {
        let empty = FeedCallback::parse(FORM, b"").unwrap();
        assert_eq!(empty, FeedCallback::default());
        let body = b"state=success&imported_elements_count=392&pushed=&site=7";
        let callback = FeedCallback::parse(FORM, body).unwrap();
        assert_eq!(callback.state, Some(crate::FeedState::Success));
        assert_eq!(callback.imported_elements_count, Some(392));
        assert_eq!(callback.pushed, None);
        assert_eq!(
            callback.extra.get("site").and_then(Value::as_str),
            Some("7")
        );
    }

    #[test]
    fn n82_a_time_without_a_zone_has_none() {
        let callback = FeedCallback::parse(FORM, b"updated=2017-05-24T14:59:12.728011").unwrap();
        let updated = callback.updated.unwrap();
        assert_eq!(updated.as_str(), "2017-05-24T14:59:12.728011");
        assert_eq!(updated.offset_seconds(), None);
    }

    #[test]
    fn n85_urlencoded_and_multipart_say_the_same() {
        let multipart =
            b"--x\r\nContent-Disposition: form-data; name=\"state\"\r\n\r\nfailed\r\n--x--\r\n";
        let by_multipart =
            FeedCallback::parse("multipart/form-data; boundary=x", multipart).unwrap();
        let by_form = FeedCallback::parse(FORM, b"state=failed").unwrap();
        assert_eq!(by_multipart, by_form);
    }

    #[test]
    fn n84_another_path_learns_nothing() {
        let receiver = CallbackReceiver::new("secret-1");
        for token in ["", "secret-2", "secret-11"] {
            assert_eq!(
                receiver
                    .receive(token, None, b"state=success")
                    .unwrap_err()
                    .status(),
                404
            );
        }
        assert!(CallbackReceiver::new("").receive("", None, b"").is_err());
        assert!(receiver.receive("secret-1", None, b"state=success").is_ok());
        assert!(!format!("{receiver:?}").contains("secret-1"));
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_field() {
        let receiver = CallbackReceiver::new("s");
        let rejection = receiver
            .receive("s", Some(FORM), b"imported_elements_count=many")
            .unwrap_err();
        assert_eq!(rejection.status(), 400);
        let source = std::error::Error::source(&rejection).unwrap().to_string();
        assert!(source.contains("imported_elements_count"), "{source}");
        assert_eq!(
            receiver
                .receive("s", Some("text/plain"), b"x")
                .unwrap_err()
                .status(),
            400
        );
        let large = vec![b'x'; MAX_BODY + 1];
        assert_eq!(
            receiver
                .receive("s", Some(FORM), &large)
                .unwrap_err()
                .status(),
            413
        );
    }
}
