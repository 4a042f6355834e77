//! The cells of a column as bytes, so that they can be put aside in a file: 0 for a null, or 1 and the value.
//!
//! A text is its length in four bytes and its bytes. Other values have a fixed width.

use common_model::{from_json, parse_decimal};
use jiff::{Timestamp, civil, tz::TimeZone};

use super::schema::SCALE;
use crate::rows::Kind;

/// Memory that a column keeps for its next cells.
const KEPT: usize = 64 << 10;

pub(super) struct Cells {
    kind: Kind,
    bytes: Vec<u8>,
}

/// Whether a value is in its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Kept,
    /// One of the shapes that PHP writes for nothing.
    Empty,
    /// The column cannot hold it.
    Misfit,
}

impl Cells {
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            bytes: Vec::new(),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(KEPT);
    }

    pub(super) fn push_null(&mut self) {
        self.bytes.push(0);
    }

    /// Adds a JSON value, or null in place of one that does not fit.
    pub(super) fn push(&mut self, json: &str) -> Fit {
        let fit = self.try_push(json).unwrap_or(Fit::Misfit);
        if fit != Fit::Kept {
            self.push_null();
        }
        fit
    }

    /// Adds a value; `None` for one that the column cannot hold.
    fn try_push(&mut self, json: &str) -> Option<Fit> {
        if let Kind::Text | Kind::Json | Kind::Other = self.kind {
            match json.starts_with('"') && self.kind == Kind::Text {
                true => self.push_text(&from_json::<String>(json).ok()?)?,
                false => self.push_text(json)?,
            }
            return Some(Fit::Kept);
        }
        let text: String = match json.starts_with('"') {
            true => from_json(json).ok()?,
            false => json.to_owned(),
        };
        if text.is_empty() {
            return Some(Fit::Empty);
        }
        match self.kind {
            Kind::Date => self.push_bytes(&days(&text)?.to_le_bytes()),
            Kind::Double => {
                let number: f64 = text.parse().ok()?;
                self.push_bytes(&Some(number).filter(|it| it.is_finite())?.to_le_bytes());
            }
            Kind::Boolean => self.push_bytes(&[u8::from(text.parse::<bool>().ok()?)]),
            // The file has them in this order too.
            Kind::Decimal => self.push_bytes(&scaled(&text)?.to_be_bytes()),
            _ => self.push_bytes(&whole(self.kind, &text)?.to_le_bytes()),
        }
        Some(Fit::Kept)
    }

    fn push_text(&mut self, text: &str) -> Option<()> {
        let length = u32::try_from(text.len()).ok()?;
        self.push_bytes(&length.to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
        Some(())
    }

    fn push_bytes(&mut self, value: &[u8]) {
        self.bytes.push(1);
        self.bytes.extend_from_slice(value);
    }
}

/// An integer, or a time in microseconds.
fn whole(kind: Kind, text: &str) -> Option<i64> {
    match kind {
        Kind::DateTime => {
            let time: civil::DateTime = text.parse().ok()?;
            let time = TimeZone::UTC.to_timestamp(time).ok()?;
            Some(time.as_microsecond())
        }
        Kind::Instant => Some(text.parse::<Timestamp>().ok()?.as_microsecond()),
        Kind::Time => {
            let time: civil::Time = text.parse().ok()?;
            let since = time.duration_since(civil::Time::midnight());
            i64::try_from(since.as_micros()).ok()
        }
        _ => text.parse().ok(),
    }
}

/// Days since 1970.
fn days(text: &str) -> Option<i32> {
    let date: civil::Date = text.parse().ok()?;
    let since = date.duration_since(civil::Date::constant(1970, 1, 1));
    i32::try_from(since.as_hours() / 24).ok()
}

/// A decimal in units of its last digit.
fn scaled(text: &str) -> Option<i128> {
    let number = parse_decimal("", text).ok()?.normalize();
    let missing = SCALE.checked_sub(number.scale())?;
    number.mantissa().checked_mul(10_i128.pow(missing))
}
