//! Numbers, dates and times, written without `Display`.

use jiff::civil::{Date, Time};
use rust_decimal::Decimal;

use super::Writer;

/// As many zeros as a decimal has places at most.
const ZEROS: &str = "0000000000000000000000000000";

impl Writer {
    /// Writes an integer of any width.
    #[inline]
    pub(crate) fn digits(&mut self, value: impl itoa::Integer) {
        self.out.push_str(itoa::Buffer::new().format(value));
    }

    /// Writes a decimal with all its places, as `Display` does.
    pub(crate) fn decimal(&mut self, value: &Decimal) {
        let Ok(mantissa) = u64::try_from(value.mantissa().unsigned_abs()) else {
            return self.display(value);
        };
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(mantissa);
        let places = value.scale() as usize;
        if value.is_sign_negative() {
            self.out.push('-');
        }
        match digits.len().checked_sub(places) {
            _ if places == 0 => self.out.push_str(digits),
            Some(whole @ 1..) => {
                self.out.push_str(&digits[..whole]);
                self.out.push('.');
                self.out.push_str(&digits[whole..]);
            }
            _ => {
                self.out.push_str("0.");
                self.out.push_str(&ZEROS[..places - digits.len()]);
                self.out.push_str(digits);
            }
        }
    }

    /// Writes `"2024-05-21"`.
    pub(crate) fn date(&mut self, date: Date) {
        let mut text = *b"\"0000-00-00\"";
        if put_date(&mut text, date) {
            self.ascii(&text);
        } else {
            self.quoted(&date);
        }
    }

    /// Writes `"2024-05-21 10:26:03"`, with a fraction if there is one.
    pub(crate) fn date_time(&mut self, date: Date, time: Time) {
        let mut text = *b"\"0000-00-00 00:00:00\"";
        put_time(&mut text, 12, time);
        if time.subsec_nanosecond() == 0 && put_date(&mut text, date) {
            self.ascii(&text);
        } else {
            self.quoted(&format_args!("{date} {time}"));
        }
    }

    /// Writes `"10:26:03"`.
    pub(crate) fn time(&mut self, time: Time) {
        let mut text = *b"\"00:00:00\"";
        put_time(&mut text, 1, time);
        match time.subsec_nanosecond() {
            0 => self.ascii(&text),
            _ => self.quoted(&time),
        }
    }

    #[inline]
    fn ascii(&mut self, text: &[u8]) {
        // It is ASCII, so the check never fails.
        self.out.push_str(str::from_utf8(text).unwrap_or_default());
    }
}

/// Writes a date after the first quote. Returns false if the year does not have four digits.
#[inline]
fn put_date(text: &mut [u8], date: Date) -> bool {
    let Ok(year @ 0..=9999) = u16::try_from(date.year()) else {
        return false;
    };
    put(text, 1, year / 100);
    put(text, 3, year % 100);
    put(text, 6, date.month().unsigned_abs().into());
    put(text, 9, date.day().unsigned_abs().into());
    true
}

#[inline]
fn put_time(text: &mut [u8], at: usize, time: Time) {
    put(text, at, time.hour().unsigned_abs().into());
    put(text, at + 3, time.minute().unsigned_abs().into());
    put(text, at + 6, time.second().unsigned_abs().into());
}

/// Writes two digits.
#[inline]
fn put(text: &mut [u8], at: usize, number: u16) {
    text[at] = b'0' + (number / 10) as u8;
    text[at + 1] = b'0' + (number % 10) as u8;
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, DateTime, Time};
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    use crate::to_json;

    #[test]
    fn decimals_at_the_edges_are_written_as_they_display() {
        for text in [
            "0",
            "-0",
            "0.00",
            "-0.0",
            "0.0000000000000000000000000001",
            "-1.5",
            "12.50",
            "18446744073709551615",
            "18446744073709551616",
            "79228162514264337593543950335",
            "-7.9228162514264337593543950335",
        ] {
            let decimal: Decimal = text.parse().unwrap();
            for decimal in [decimal, -decimal] {
                assert_eq!(to_json(&decimal), decimal.to_string());
            }
        }
    }

    proptest! {
        #[test]
        fn numbers_are_written_as_they_display(mantissa in any::<i64>(), shift in 0_u32..64, scale in 0_u32..=28) {
            let mantissa = mantissa >> shift;
            let decimal = Decimal::new(mantissa, scale);
            prop_assert_eq!(to_json(&decimal), decimal.to_string());
            let wide = decimal * Decimal::from(3_000_000_019_i64);
            prop_assert_eq!(to_json(&wide), wide.to_string());
            prop_assert_eq!(to_json(&mantissa), mantissa.to_string());
            prop_assert_eq!(to_json(&(mantissa as u8)), (mantissa as u8).to_string());
            prop_assert_eq!(to_json(&(mantissa as u64)), (mantissa as u64).to_string());
        }

        #[test]
        fn dates_and_times_are_written_as_they_display(
            year in -9999_i16..=9999, month in 1_i8..=12, day in 1_i8..=28,
            hour in 0_i8..24, minute in 0_i8..60, second in 0_i8..60, parts in prop::sample::select(vec![0, 0, 5, 120_000_000]),
        ) {
            let (date, time) = (Date::constant(year, month, day), Time::constant(hour, minute, second, parts));
            prop_assert_eq!(to_json(&date), format!("\"{date}\""));
            prop_assert_eq!(to_json(&DateTime::from_parts(date, time)), format!("\"{date} {time}\""));
            prop_assert_eq!(to_json(&time), format!("\"{time}\""));
        }
    }
}
