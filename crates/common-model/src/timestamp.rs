//! Points in time as services write them, with or without an offset.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{
    Absent, Decode, Encode, Error, Reader, Writer,
    civil::{DateTime, Moment},
};

/// A date and time, with an optional fraction of a second and an optional offset. It is displayed and written as the
/// text it came as.
///
/// It reads `Y-m-d`, a space or `T`, `H:i`, and optionally seconds, a fraction, and `Z`, `+03:00`, `+0300` or `+03`.
/// Two timestamps are equal when their civil times and their offsets are equal.
///
/// ```
/// use common_model::Timestamp;
///
/// let at: Timestamp = "2017-05-21 10:26:03.475537+00:00".parse()?;
/// assert_eq!(at.civil().minute(), 26);
/// assert_eq!(at.offset_seconds(), Some(0));
/// assert_eq!(at.to_string(), "2017-05-21 10:26:03.475537+00:00");
/// assert_eq!(at, "2017-05-21T10:26:03.475537Z".parse()?);
/// # Ok::<(), common_model::Error>(())
/// ```
// N71, N78, RE14
#[derive(Clone)]
pub struct Timestamp {
    text: Box<str>,
    moment: Moment,
}

impl Timestamp {
    /// Builds a timestamp without an offset: `2024-05-21 10:26:03`.
    #[must_use]
    pub fn from_civil(civil: DateTime) -> Self {
        let text = format!("{} {}", civil.date(), civil.time()).into();
        Self {
            text,
            moment: Moment {
                at: civil,
                offset: None,
            },
        }
    }

    /// Builds a timestamp with an offset east of Greenwich in seconds, truncated to whole minutes:
    /// `2024-05-21T10:26:03+03:00`.
    ///
    /// # Errors
    /// The offset is 24 hours or more.
    pub fn with_offset(civil: DateTime, offset_seconds: i32) -> Result<Self, Error> {
        let (minutes, sign) = (
            offset_seconds.unsigned_abs() / 60,
            if offset_seconds < 0 { '-' } else { '+' },
        );
        let offset = format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60);
        format!("{}T{}{offset}", civil.date(), civil.time()).parse()
    }

    /// Returns the date and time as written, without applying the offset.
    #[must_use]
    pub fn civil(&self) -> DateTime {
        self.moment.at
    }

    /// Returns the offset east of Greenwich in seconds, if the text has one.
    #[must_use]
    pub fn offset_seconds(&self) -> Option<i32> {
        self.moment.offset
    }

    /// Returns the instant, or `None` without an offset, since the zone is then unknown.
    #[must_use]
    pub fn to_system_time(&self) -> Option<SystemTime> {
        let seconds =
            self.moment.at.duration_since(epoch()).as_secs() - i64::from(self.moment.offset?);
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let start = if seconds < 0 {
            UNIX_EPOCH.checked_sub(whole)?
        } else {
            UNIX_EPOCH.checked_add(whole)?
        };
        let nanoseconds = u64::try_from(self.moment.at.subsec_nanosecond()).ok()?;
        start.checked_add(Duration::from_nanos(nanoseconds))
    }

    /// Returns the original text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn epoch() -> DateTime {
    DateTime::constant(1970, 1, 1, 0, 0, 0, 0)
}

/// Builds a timestamp in UTC: `2024-05-21T10:26:03Z`. Times after the year 9999 are cut to its end.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let jiff = jiff::Timestamp::try_from(time).unwrap_or(jiff::Timestamp::MAX);
        let civil = jiff::tz::Offset::UTC.to_datetime(jiff);
        let text = format!("{}T{}Z", civil.date(), civil.time()).into();
        Self {
            text,
            moment: Moment {
                at: civil,
                offset: Some(0),
            },
        }
    }
}

impl From<DateTime> for Timestamp {
    fn from(civil: DateTime) -> Self {
        Self::from_civil(civil)
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match Moment::parse(text) {
            Some(moment) => Ok(Self {
                text: text.into(),
                moment,
            }),
            None => Err(Error::new(EXPECTED, 0)),
        }
    }
}

const EXPECTED: &str = "expected a date and time, perhaps with an offset";

/// The beginning of the year 0.
impl Default for Timestamp {
    fn default() -> Self {
        Self::from_civil(DateTime::default())
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.moment == other.moment
    }
}

impl Eq for Timestamp {}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Decode for Timestamp {
    const ABSENT: Absent = Absent::EMPTY.or(Absent::ZERO_DATE);

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let start = reader.start();
        let text = reader.string()?;
        reader.charge_text(text.len())?;
        match Moment::parse(&text) {
            Some(moment) => Ok(Self {
                text: text.into(),
                moment,
            }),
            None => Err(Error::new(EXPECTED, start)),
        }
    }
}

impl Encode for Timestamp {
    fn encode(&self, out: &mut Writer) {
        out.string(&self.text);
    }
}
