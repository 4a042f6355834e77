//! A point in time as services write it, with or without an offset.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{
    Absent, Decode, Encode, Error, Reader, Writer,
    civil::{DateTime, Moment},
};

/// A date-time with perhaps parts of a second and an offset; displays and writes the text it came as
/// (acceptance rows N71, N78, RE14).
///
/// Read are `Y-m-d`, a space or `T`, `H:i`, seconds, a fraction, and `Z`, `+03:00`, `+0300` or `+03`.
/// Two of them are equal when the civil time and the offset are.
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
#[derive(Clone)]
pub struct Timestamp {
    text: Box<str>,
    moment: Moment,
}

impl Timestamp {
    /// A civil time without an offset: `2024-05-21 10:26:03`.
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

    /// A civil time and its offset east of Greenwich in seconds, of which whole minutes count:
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

    /// The date and time as written, the offset not applied.
    #[must_use]
    pub fn civil(&self) -> DateTime {
        self.moment.at
    }

    /// The offset east of Greenwich in seconds, if one was written.
    #[must_use]
    pub fn offset_seconds(&self) -> Option<i32> {
        self.moment.offset
    }

    /// The instant; none without an offset, for then the zone is not known.
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

    /// The text it came as.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn epoch() -> DateTime {
    DateTime::constant(1970, 1, 1, 0, 0, 0, 0)
}

/// In UTC: `2024-05-21T10:26:03Z`. Times beyond the year 9999 are cut to its end.
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
