//! Points in time and ages, as operators write them.

use std::{fmt, str::FromStr, time::Duration};

use shopwire::durable::{Clock, Timestamp};

const EXAMPLES: &str = "90s, 15m, 12h, 30d";

const NO_AGE: &str = "it is no number with a unit";

/// An age: a number and a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Age(Duration);

impl Age {
    /// The time that long before another one.
    pub(crate) fn before(self, time: Timestamp) -> Timestamp {
        time.before(self.0)
    }

    pub(crate) fn duration(self) -> Duration {
        self.0
    }

    pub(crate) fn times(self, factor: u32) -> Self {
        Self(self.0.saturating_mul(factor))
    }
}

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let seconds = match text.char_indices().next_back() {
            Some((end, 's')) => (&text[..end], 1),
            Some((end, 'm')) => (&text[..end], 60),
            Some((end, 'h')) => (&text[..end], 3_600),
            Some((end, 'd')) => (&text[..end], 86_400),
            _ => return Err(format!("{NO_AGE}: {EXAMPLES}")),
        };
        let number: Option<u32> = seconds.0.parse().ok();
        number
            .map(|number| Self(Duration::from_secs(u64::from(number) * seconds.1)))
            .ok_or_else(|| format!("{NO_AGE}: {EXAMPLES}"))
    }
}

/// A point in time, written as such or as an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    At(Timestamp),
    Ago(Age),
}

impl Moment {
    pub(crate) fn time(self) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(age) => age.before(now()),
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(age) = text.parse() {
            return Ok(Self::Ago(age));
        }
        let time: Result<jiff::Timestamp, _> = text.parse();
        time.map(|time| Self::At(Timestamp::from_millis(time.as_millisecond())))
            .map_err(|_| {
                format!(
                    "it is neither a time with its zone, as 2026-05-21T10:00:00Z, nor an age: {EXAMPLES}"
                )
            })
    }
}

/// The wall time.
pub(crate) fn now() -> Timestamp {
    Clock::system().wall()
}

/// A time as RFC 3339 in UTC, to the millisecond.
pub(crate) struct Shown(pub(crate) Timestamp);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0.as_millis()) {
            Ok(time) => write!(f, "{time:.3}"),
            Err(_) => f.write_str("an impossible time"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // D16
    #[test]
    fn d16_ages_and_times_are_read() {
        for (text, seconds) in [
            ("90s", 90),
            ("15m", 900),
            ("12h", 43_200),
            ("30d", 2_592_000),
            ("0d", 0),
        ] {
            assert_eq!(
                text.parse(),
                Ok(Age(Duration::from_secs(seconds))),
                "{text}"
            );
        }
        for text in ["", "d", "1", "1w", "-1d", "1.5h", "99999999999d", "й", "1й"] {
            assert!(text.parse::<Age>().is_err(), "{text}");
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
        let time = Timestamp::from_millis(1_000);
        assert_eq!("1970-01-01T00:00:01Z".parse(), Ok(Moment::At(time)));
        assert_eq!("1970-01-01T02:00:01+02:00".parse(), Ok(Moment::At(time)));
        assert!("1970-01-01T00:00:01".parse::<Moment>().is_err());
        assert_eq!(Shown(time).to_string(), "1970-01-01T00:00:01.000Z");
    }
}
