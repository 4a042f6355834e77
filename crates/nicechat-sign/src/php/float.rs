//! Floats as PHP prints them into a query: 14 significant digits (ini `precision`).

use alloc::format;
use alloc::string::String;

const PRECISION: usize = 14;

/// The text of a float before url-encoding: `10`, `0.0001`, `1.0E-5`, `1.0E+25`, `-0`, `INF`,
/// `NAN`.
pub(crate) fn format(value: f64) -> String {
    if value.is_nan() {
        return "NAN".into();
    }
    if value.is_infinite() {
        return if value.is_sign_negative() {
            "-INF"
        } else {
            "INF"
        }
        .into();
    }
    // `d.ddddddddddddde±x`, rounded exactly.
    let scientific = format!("{:.*e}", PRECISION - 1, value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = if keeps_zeros(value) {
        &digits
    } else {
        digits.trim_end_matches('0')
    };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    match usize::try_from(exponent) {
        Ok(exponent) if exponent < PRECISION => {
            let whole = exponent + 1;
            if digits.len() > whole {
                format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
            } else {
                format!("{sign}{digits:0<whole$}")
            }
        }
        Err(_) if exponent >= -4 => {
            let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
            format!("{sign}0.{zeros}{digits}")
        }
        _ => {
            let (first, rest) = digits.split_at(1);
            let rest = if rest.is_empty() { "0" } else { rest };
            format!("{sign}{first}.{rest}E{exponent:+}")
        }
    }
}

/// PHP finds the digits of a fifteen-digit integer one by one, and stops at a tie: zeros found before
/// it stay.
fn keeps_zeros(value: f64) -> bool {
    (1e14..1e15).contains(&value.abs()) && value.abs() % 100.0 == 5.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n21_floats_have_fourteen_significant_digits() {
        for (value, text) in [
            (10.0, "10"),
            (0.0, "0"),
            (-0.0, "-0"),
            (-12.5, "-12.5"),
            (0.123_456_789_012_345_6, "0.12345678901235"),
            (0.1 + 0.2, "0.3"),
            (1e25, "1.0E+25"),
            (1e-4, "0.0001"),
            (0.001_25, "0.00125"),
            (1e-5, "1.0E-5"),
            (99_999_999_999_999.0, "99999999999999"),
            (99_999_999_999_999.5, "1.0E+14"),
            (1e14, "1.0E+14"),
            (123_456_789_012_345_680.0, "1.2345678901235E+17"),
            // A tie behind a zero, and its neighbours.
            (651_214_970_831_805.0, "6.5121497083180E+14"),
            (-100_000_000_000_005.0, "-1.0000000000000E+14"),
            (100_000_000_000_004.0, "1.0E+14"),
            (100_000_000_000_006.0, "1.0000000000001E+14"),
            (100_000_000_000_015.0, "1.0000000000002E+14"),
            (100_000_000_000_025.0, "1.0000000000002E+14"),
            (123_456_789_012_395.0, "1.234567890124E+14"),
            (999_999_999_999_995.0, "1.0E+15"),
            (1_000_000_000_000_050.0, "1.0E+15"),
            (10_000_000_000_000.5, "10000000000000"),
            (5e-324, "4.9406564584125E-324"),
            (f64::MAX, "1.7976931348623E+308"),
            (f64::INFINITY, "INF"),
            (f64::NEG_INFINITY, "-INF"),
            (f64::NAN, "NAN"),
        ] {
            assert_eq!(format(value), text);
        }
    }
}
