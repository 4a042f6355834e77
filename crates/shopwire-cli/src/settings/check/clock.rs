//! The difference between the service's clock and this one.

use http::{HeaderMap, header::DATE};
use shopwire::durable::Timestamp;

use super::report::State;

/// The largest difference that is not told as a warning, in seconds. Clocks that are kept by the network are closer.
const USUAL: i64 = 5;

/// The service's clock less this one, in seconds; `None` without a date. `sent` and `came` are times of this clock.
///
/// The date has whole seconds, so a difference of less than one counts as 0.
pub(super) fn difference(headers: &HeaderMap, sent: Timestamp, came: Timestamp) -> Option<i64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let date = jiff::fmt::rfc2822::parse(date).ok()?.timestamp();
    let date = date.as_millisecond();
    // The second of the date lies between sending and receiving, if both clocks are right.
    let (first, last) = (date - came.as_millis(), date + 999 - sent.as_millis());
    let nearest = if first > 0 { first } else { last.min(0) };
    Some(nearest / 1000)
}

/// The state and the text of a difference.
pub(super) fn told(difference: Option<i64>) -> (State, String) {
    let Some(difference) = difference else {
        return (State::Warning, "the answer has no date".to_owned());
    };
    let state = match difference.abs() > USUAL {
        true => State::Warning,
        false => State::Good,
    };
    let text = match difference {
        0 => "the clocks agree".to_owned(),
        more if more > 0 => format!("this clock is {more} s behind the service's"),
        less => format!("this clock is {} s ahead of the service's", less.abs()),
    };
    (state, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    // J7
    #[test]
    fn j7_the_difference_of_the_clocks_is_in_whole_seconds() {
        let mut headers = HeaderMap::new();
        assert_eq!(
            difference(
                &headers,
                Timestamp::from_millis(0),
                Timestamp::from_millis(0)
            ),
            None
        );
        headers.insert(
            DATE,
            "Thu, 01 Jan 1970 00:01:40 GMT".parse().expect("a date"),
        );
        let at = |sent: i64, came: i64| {
            let (sent, came) = (Timestamp::from_millis(sent), Timestamp::from_millis(came));
            difference(&headers, sent, came)
        };
        for (sent, came, expected) in [
            (100_100, 100_200, 0),
            (100_999, 101_100, 0),
            (99_500, 100_000, 0),
            (90_000, 90_400, 9),
            (105_999, 106_400, -5),
            (3_700_000, 3_700_001, -3_599),
        ] {
            assert_eq!(at(sent, came), Some(expected), "{sent}");
        }
        assert_eq!(told(Some(0)).0, State::Good);
        assert_eq!(told(Some(-5)).0, State::Good);
        assert_eq!(
            told(Some(-6)),
            (
                State::Warning,
                "this clock is 6 s ahead of the service's".to_owned()
            )
        );
        assert_eq!(
            told(Some(9)),
            (
                State::Warning,
                "this clock is 9 s behind the service's".to_owned()
            )
        );
    }
}
