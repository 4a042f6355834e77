//! The callback that announces the end of an import.

use common_api::{form, read_fields};
use common_transport::{Error, ErrorKind};

use crate::feeds::FeedCallback;

impl FeedCallback {
    /// Reads the body of a callback: flat fields, urlencoded or multipart, all of them optional.
    /// Unknown fields stay in `extra`.
    ///
    /// ```
    /// use nicechat_api::feeds::FeedCallback;
    ///
    /// let body = b"updated=2017-05-24T14%3A59%3A12.728011&imported_elements_count=392";
    /// let callback = FeedCallback::parse("application/x-www-form-urlencoded", body).unwrap();
    /// assert_eq!(callback.imported_elements_count, Some(392));
    /// assert_eq!(callback.updated.unwrap().offset_seconds(), None, "the service sends no zone");
    /// ```
    ///
    /// # Errors
    /// The body is not a form, or a field is not of its type: [`Error::is_decode`].
    pub fn parse(content_type: &str, body: &[u8]) -> Result<Self, Error> {
        let fields = form::fields(content_type, body)
            .ok_or_else(|| Error::new(ErrorKind::Decode, "the callback is no form"))?;
        let mut callback = Self::default();
        read_fields(fields, &|_| false, &mut callback)?;
        Ok(callback)
    }
}

#[cfg(test)]
mod tests {
    use common_model::Value;

    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";

    #[test]
    fn n81_every_field_is_optional_and_unknown_ones_stay() {
        let empty = FeedCallback::parse(FORM, b"").unwrap();
        assert_eq!(empty, FeedCallback::default());
        let body = b"state=success&imported_elements_count=392&pushed=&site=7";
        let callback = FeedCallback::parse(FORM, body).unwrap();
        assert_eq!(callback.state, Some(crate::feeds::FeedState::Success));
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
    fn n81_what_cannot_be_read_is_refused_with_the_field() {
        let error = FeedCallback::parse(FORM, b"imported_elements_count=many").unwrap_err();
        assert!(error.is_decode());
        assert_eq!(error.field(), Some("imported_elements_count"));
        assert!(FeedCallback::parse("text/plain", b"x").is_err());
    }
}
