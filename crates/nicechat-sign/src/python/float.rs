//! Floats as Python prints them: the shortest digits that read back.

use alloc::format;
use alloc::string::String;

/// `10.0`, `0.0001`, `1e-05`, `1e+16`, `inf`, `nan`.
pub(crate) fn format(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value.is_sign_negative() {
            "-inf"
        } else {
            "inf"
        }
        .into();
    }
    let scientific = shortest(value);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    match usize::try_from(exponent) {
        Ok(whole) if whole < 16 => {
            // As many decimals as the shortest digits leave behind the point, but at least one.
            let decimals = digits(mantissa).saturating_sub(whole + 1).max(1);
            format!("{value:.decimals$}")
        }
        Err(_) if exponent >= -4 => {
            let decimals = digits(mantissa) - 1 + exponent.unsigned_abs() as usize;
            format!("{value:.decimals$}")
        }
        _ => {
            // A sign and at least two digits.
            format!("{mantissa}e{exponent:+03}")
        }
    }
}

/// The shortest digits that read back, in scientific form. Where two texts of that length are
/// equally near Python takes the even one.
fn shortest(value: f64) -> String {
    let shortest = format!("{value:e}");
    let decimals = digits(shortest.split('e').next().unwrap_or_default()) - 1;
    let even = format!("{value:.decimals$e}");
    if even.parse() == Ok(value) {
        even
    } else {
        shortest
    }
}

fn digits(mantissa: &str) -> usize {
    mantissa.bytes().filter(u8::is_ascii_digit).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n20_floats_are_the_shortest_text() {
        for (value, text) in [
            (10.0, "10.0"),
            (-0.0, "-0.0"),
            (0.123_456_789_012_345_6, "0.1234567890123456"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e15, "1000000000000000.0"),
            (1_234_567_890_123_456.7, "1234567890123456.8"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            // Halfway between two texts: the even one.
            (1_461_268_564_908_107.0 + 0.25, "1461268564908107.2"),
            (1_461_268_564_908_107.0 + 0.75, "1461268564908107.8"),
            (2_f64.powi(-44), "5.684341886080802e-14"),
            (-1.5e16, "-1.5e+16"),
            (1e25, "1e+25"),
            (1e-4, "0.0001"),
            (0.000_123, "0.000123"),
            (1e-5, "1e-05"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(format(value), text);
        }
    }
}
