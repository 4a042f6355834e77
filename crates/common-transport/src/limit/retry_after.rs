//! The `Retry-After` header: seconds or a date.

use std::time::{Duration, SystemTime};

use http::{
    HeaderMap, HeaderName,
    header::{DATE, RETRY_AFTER},
};
use httpdate::parse_http_date;

/// Longest accepted wait; a longer one is shortened to it.
const LONGEST: Duration = Duration::from_secs(3600);

/// Returns the wait that the server asks for.
///
/// A date is compared with the answer's own `Date`, so that a wrong clock on either side does no harm. Without that
/// header it is compared with this machine's clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, RETRY_AFTER)?;
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        // A number that does not fit.
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => LONGEST,
        Err(_) => until(parse_http_date(text).ok()?, headers),
    };
    Some(wait.min(LONGEST))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a date without the answer's own Date can only be read against the wall clock"
)]
fn until(then: SystemTime, headers: &HeaderMap) -> Duration {
    let date = text(headers, DATE).and_then(|date| parse_http_date(date).ok());
    let now = date.unwrap_or_else(SystemTime::now);
    then.duration_since(now).unwrap_or_default()
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(retry_after: &str, date: Option<&str>) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        if let Some(date) = date {
            headers.insert(DATE, date.parse().unwrap());
        }
        super::retry_after(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn r20_retry_after_in_seconds() {
        assert_eq!(read("7", None), Some(7));
        assert_eq!(read(" 0 ", None), Some(0));
        assert_eq!(read("99999999999", None), Some(3600));
        assert_eq!(read("99999999999999999999", None), Some(3600));
        for broken in ["-1", "soon", "1.5", "", "Sun, 06 Nov 1994 08:49 GMT"] {
            assert_eq!(read(broken, None), None, "{broken}");
        }
    }

    #[test]
    fn r20_retry_after_as_a_date_counts_from_the_servers_own_clock() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        // The three forms of RFC 9110, section 5.6.7.
        for then in [
            "Sun, 06 Nov 1994 08:50:07 GMT",
            "Sunday, 06-Nov-94 08:50:07 GMT",
            "Sun Nov  6 08:50:07 1994",
        ] {
            assert_eq!(read(then, Some(date)), Some(30), "{then}");
        }
        assert_eq!(read("Sun, 06 Nov 1994 08:49:00 GMT", Some(date)), Some(0));
        assert_eq!(read("Sun, 06 Nov 1994 08:50:07 GMT", None), Some(0));
    }
}
