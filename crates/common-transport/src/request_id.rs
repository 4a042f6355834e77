//! Ids of requests in the logs of a service.

use http::{HeaderMap, HeaderValue};

/// Response headers that may hold the service's id of the request, the best known first.
const HEADERS: [&str; 11] = [
    "x-request-id",
    "request-id",
    "x-amzn-requestid",
    "x-amzn-request-id",
    "x-amz-request-id",
    "x-ms-request-id",
    "x-correlation-id",
    "x-trace-id",
    "x-amzn-trace-id",
    "x-amz-cf-id",
    "cf-ray",
];

/// Maximum length of an id in bytes. Longer values are ignored.
const LONGEST: usize = 256;

/// Returns the service's id of the request from the headers of the response.
///
/// It reads the first of these headers that is present: `x-request-id`, `request-id`, `x-amzn-requestid`,
/// `x-amzn-request-id`, `x-amz-request-id`, `x-ms-request-id`, `x-correlation-id`, `x-trace-id`, `x-amzn-trace-id`,
/// `x-amz-cf-id`, `cf-ray`. Values that are empty, longer than 256 bytes or not visible ASCII are skipped.
///
/// ```
/// use common_transport::request_id;
/// use http::{HeaderMap, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(request_id(&headers), None);
/// headers.insert("cf-ray", HeaderValue::from_static("8f1-KBP"));
/// headers.insert("x-request-id", HeaderValue::from_static("r-1"));
/// assert_eq!(request_id(&headers), Some("r-1"));
/// ```
pub fn request_id(headers: &HeaderMap) -> Option<&str> {
    text(value(headers)?)
}

/// The same as a header value, which is cheap to keep.
pub(crate) fn value(headers: &HeaderMap) -> Option<&HeaderValue> {
    // Most responses have fewer headers than the table has rows.
    let mut best: Option<(usize, &HeaderValue)> = None;
    for (name, value) in headers {
        let Some(place) = HEADERS.iter().position(|known| *known == name.as_str()) else {
            continue;
        };
        if best.is_none_or(|(other, _)| place < other) && text(value).is_some() {
            best = Some((place, value));
        }
    }
    best.map(|(_, value)| value)
}

pub(crate) fn text(value: &HeaderValue) -> Option<&str> {
    let text = value.to_str().ok()?.trim();
    (!text.is_empty() && text.len() <= LONGEST).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let value = |text: &str| HeaderValue::from_bytes(text.as_bytes()).unwrap();
        let pairs = pairs.iter();
        pairs
            .map(|(name, text)| (name.parse().unwrap(), value(text)))
            .collect()
    }

    #[test]
    fn c6_the_id_is_that_of_the_first_header_of_the_table() {
        for (place, name) in HEADERS.into_iter().enumerate() {
            for other in &HEADERS[place + 1..] {
                for pairs in [[(*other, "b"), (name, "a")], [(name, "a"), (*other, "b")]] {
                    assert_eq!(request_id(&headers(&pairs)), Some("a"), "{pairs:?}");
                }
                let unread = headers(&[(name, "\u{e9}"), (*other, "b")]);
                assert_eq!(request_id(&unread), Some("b"));
            }
        }
    }

    #[test]
    fn c6_what_is_no_id_is_passed_over() {
        let long = "x".repeat(LONGEST + 1);
        for text in ["", " ", "\u{444}", &long] {
            assert_eq!(
                request_id(&headers(&[("x-request-id", text)])),
                None,
                "{text}"
            );
        }
        assert_eq!(request_id(&headers(&[("content-type", "r-1")])), None);
        let longest = "x".repeat(LONGEST);
        let kept = headers(&[("x-request-id", &longest)]);
        assert_eq!(request_id(&kept), Some(&*longest));
    }
}
