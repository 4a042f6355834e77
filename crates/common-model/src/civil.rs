//! Dates and times without a zone, as the types of `jiff`.
//!
//! | type | written as | also read |
//! |---|---|---|
//! | [`Date`] | `2024-05-21` | a midnight after it |
//! | [`DateTime`] | `2024-05-21 10:26:03` | `T` in between, no seconds, parts of a second, no time, an offset |
//! | [`Time`] | `10:26:03` | no seconds, parts of a second |
//!
//! An offset after a [`DateTime`] is not applied: the value is the local time as written. (A
//! [`Timestamp`](crate::Timestamp) keeps the offset.) A date of zeros, `0000-00-00`, means no value: the
//! field becomes `None`, and is written as it came.
//!
//! ```
//! use common_model::{civil, from_json, to_json};
//!
//! let at: civil::DateTime = from_json(r#""2024-05-21T10:26""#)?;
//! assert_eq!(at.hour(), 10);
//! assert_eq!(to_json(&at), r#""2024-05-21 10:26:00""#);
//! # Ok::<(), common_model::Error>(())
//! ```
// R5, R6, RE14

pub use jiff::civil::{Date, DateTime, Time};

use crate::{Absent, Decode, Encode, Error, Reader, Writer, reader::Marks};

const DATES: Absent = Absent::EMPTY.or(Absent::ZERO_DATE);

impl Decode for Date {
    const ABSENT: Absent = DATES;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        read(
            reader,
            "expected a date: Y-m-d",
            |text| text.len() == 10,
            |text| {
                let moment = Moment::parse(text)?;
                let midnight = moment.at.time() == Time::midnight();
                (midnight && moment.offset.is_none()).then(|| moment.at.date())
            },
        )
    }
}

impl Encode for Date {
    fn encode(&self, out: &mut Writer) {
        out.date(*self);
    }
}

impl Decode for DateTime {
    const ABSENT: Absent = DATES;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let usual = |text: &str| {
            text.len() == 19 && text.as_bytes()[10] == b' ' && text.as_bytes()[16] == b':'
        };
        read(
            reader,
            "expected a date and time: Y-m-d H:i:s",
            usual,
            |text| Moment::parse(text).map(|moment| moment.at),
        )
    }
}

impl Encode for DateTime {
    fn encode(&self, out: &mut Writer) {
        out.date_time(self.date(), self.time());
    }
}

impl Decode for Time {
    const ABSENT: Absent = Absent::EMPTY;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let usual = |text: &str| text.len() == 8;
        read(reader, "expected a time: H:i:s or H:i", usual, |text| {
            Scan(text.as_bytes())
                .time()
                .filter(|(_, rest)| rest.0.is_empty())
                .map(|(time, _)| time)
        })
    }
}

impl Encode for Time {
    fn encode(&self, out: &mut Writer) {
        out.time(*self);
    }
}

/// Reads a string by `parse`. A text that is not in the `usual` form is marked, since writing would change
/// it.
fn read<T>(
    reader: &mut Reader<'_>,
    expected: &'static str,
    usual: fn(&str) -> bool,
    parse: fn(&str) -> Option<T>,
) -> Result<T, Error> {
    let start = reader.start();
    if !reader.is_at_string() {
        return Err(reader.expected(expected.trim_start_matches("expected ")));
    }
    let text = reader.string()?;
    if !usual(&text) {
        reader.mark(Marks::FORM);
    }
    parse(&text).ok_or_else(|| Error::new(expected, start))
}

/// Whether two texts are the same date and time, or the same time, in different forms.
pub(crate) fn same(left: &str, right: &str) -> bool {
    match (Moment::parse(left), Moment::parse(right)) {
        (Some(left), Some(right)) => left.at == right.at,
        (None, None) => {
            let left = Scan(left.as_bytes()).time();
            left.is_some()
                && left.map(|(time, _)| time) == Scan(right.as_bytes()).time().map(|(time, _)| time)
        }
        _ => false,
    }
}

/// A date and time as written, with its offset in seconds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) at: DateTime,
    pub(crate) offset: Option<i32>,
}

impl Moment {
    /// Parses `Y-m-d`, then optionally a space or `T`, `H:i`, seconds with a fraction, and an offset.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, rest) = Scan(text.as_bytes()).date()?;
        let rest = match rest.0 {
            [] => {
                return Some(Self {
                    at: date.to_datetime(Time::midnight()),
                    offset: None,
                });
            }
            [b' ' | b'T' | b't', rest @ ..] => Scan(rest),
            _ => return None,
        };
        let (time, rest) = rest.time()?;
        let offset = if rest.0.is_empty() {
            None
        } else {
            Some(rest.offset()?)
        };
        Some(Self {
            at: date.to_datetime(time),
            offset,
        })
    }
}

/// The unread rest of a text.
#[derive(Clone, Copy)]
struct Scan<'a>(&'a [u8]);

impl Scan<'_> {
    fn date(self) -> Option<(Date, Self)> {
        let (year, rest) = self.number(4)?;
        let (month, rest) = rest.after(b'-')?.number(2)?;
        let (day, rest) = rest.after(b'-')?.number(2)?;
        let date = Date::new(
            i16::try_from(year).ok()?,
            i8::try_from(month).ok()?,
            i8::try_from(day).ok()?,
        );
        Some((date.ok()?, rest))
    }

    fn time(self) -> Option<(Time, Self)> {
        let (hour, rest) = self.number(2)?;
        let (minute, mut rest) = rest.after(b':')?.number(2)?;
        let (mut second, mut nanosecond) = (0, 0);
        if let Some(after) = rest.after(b':') {
            (second, rest) = after.number(2)?;
            if let Some(after) = rest.after(b'.') {
                (nanosecond, rest) = after.fraction()?;
            }
        }
        let time = Time::new(
            i8::try_from(hour).ok()?,
            i8::try_from(minute).ok()?,
            i8::try_from(second).ok()?,
            nanosecond,
        );
        Some((time.ok()?, rest))
    }

    /// Reads a fraction of a second in nanoseconds, truncated after the ninth digit.
    fn fraction(self) -> Option<(i32, Self)> {
        let length = self
            .0
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let (digits, rest) = self.0.split_at(length);
        let nine = digits
            .iter()
            .copied()
            .chain(std::iter::repeat(b'0'))
            .take(9);
        let nanoseconds = nine.fold(0, |number, digit| number * 10 + i32::from(digit - b'0'));
        (length > 0).then_some((nanoseconds, Self(rest)))
    }

    /// Reads `Z`, `+03:00`, `+0300` or `+03` up to the end of the text; returns seconds.
    fn offset(self) -> Option<i32> {
        let (sign, rest) = match self.0 {
            [b'Z' | b'z'] => return Some(0),
            [b'+', rest @ ..] => (1, Self(rest)),
            [b'-', rest @ ..] => (-1, Self(rest)),
            _ => return None,
        };
        let (hours, rest) = rest.number(2)?;
        let (minutes, rest) = match rest.after(b':').unwrap_or(rest) {
            rest if rest.0.is_empty() => (0, rest),
            rest => rest.number(2)?,
        };
        (rest.0.is_empty() && hours < 24 && minutes < 60).then(|| {
            let minutes = hours * 60 + minutes;
            sign * i32::from(minutes) * 60
        })
    }

    fn number(self, digits: usize) -> Option<(u16, Self)> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        let number = number.iter().try_fold(0_u16, |number, byte| {
            byte.is_ascii_digit()
                .then(|| number * 10 + u16::from(byte - b'0'))
        });
        Some((number?, Self(rest)))
    }

    fn after(self, byte: u8) -> Option<Self> {
        match self.0 {
            [first, rest @ ..] if *first == byte => Some(Self(rest)),
            _ => None,
        }
    }
}
