//! The `Retry-After` header: seconds or a date.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{
    HeaderMap,
    header::{DATE, RETRY_AFTER},
};

use super::http_date;

/// Nobody is believed who asks for more than an hour.
const LONGEST: Duration = Duration::from_secs(3600);

/// How long the server wants to be left alone.
///
/// A date is read against the answer's own `Date`, so that a wrong clock on either side does no harm;
/// without one, against this machine's clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => until(http_date::seconds(text)?, headers),
    };
    Some(wait.min(LONGEST))
}

fn until(then: u64, headers: &HeaderMap) -> Duration {
    let now = headers
        .get(DATE)
        .and_then(|value| http_date::seconds(value.to_str().ok()?))
        .or_else(|| Some(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs()))
        .unwrap_or(then);
    Duration::from_secs(then.saturating_sub(now))
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
        for broken in ["-1", "soon", "1.5", ""] {
            assert_eq!(read(broken, None), None, "{broken}");
        }
    }

    #[test]
    fn r20_retry_after_as_a_date_counts_from_the_servers_own_clock() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(read("Sun, 06 Nov 1994 08:50:07 GMT", Some(date)), Some(30));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:00 GMT", Some(date)), Some(0));
        assert_eq!(read("Sun, 06 Nov 1994 08:50:07 GMT", None), Some(0));
    }
}
