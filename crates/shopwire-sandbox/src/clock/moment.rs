//! A time in the formats of NiceChat.

use jiff::{Timestamp, tz::TimeZone};

/// A moment in UTC, with microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(Timestamp);

impl From<Timestamp> for Moment {
    fn from(time: Timestamp) -> Self {
        Self(time)
    }
}

impl Moment {
    /// `2017-05-24T14:31:24.337680+00:00`.
    pub(crate) fn with_offset(self) -> String {
        format!("{}+00:00", self.without_zone())
    }

    /// `2017-05-24T14:59:12.728011`.
    pub(crate) fn without_zone(self) -> String {
        self.strftime("%Y-%m-%dT%H:%M:%S.%6f")
    }

    /// `2017-05` as NiceChat's media directories are named: without a leading zero.
    pub(crate) fn month(self) -> String {
        self.strftime("%Y-%-m")
    }

    fn strftime(self, format: &str) -> String {
        self.0.to_zoned(TimeZone::UTC).strftime(format).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n78_n82_the_forms_of_a_moment() {
        let moment = Moment("2017-05-24T14:31:24.33768Z".parse().expect("a timestamp"));
        assert_eq!(moment.with_offset(), "2017-05-24T14:31:24.337680+00:00");
        assert_eq!(moment.without_zone(), "2017-05-24T14:31:24.337680");
        assert_eq!(moment.month(), "2017-5");
    }
}
