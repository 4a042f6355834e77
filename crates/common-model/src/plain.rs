//! Plain spellings of numbers, without an exponent: `1` for `1e0` and `1.0`.

/// Most digits of a plain spelling; a longer one is not made.
const MOST: i64 = 64;

/// Returns the same number without an exponent and without a fraction of zeros. Returns `None` when that would take
/// too many digits, or when the text is not a JSON number.
///
/// Digits are neither lost nor added: `10.50` keeps its zero, `1e-3` is `0.001`.
pub(crate) fn plain(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
        None => (unsigned, 0_i64),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let shown = (-MOST..=MOST).contains(&point) && digits.len() <= 2 * MOST.unsigned_abs() as usize;
    shown.then(|| place(sign, &digits, point))
}

/// Writes the digits with the point after `point` of them; `point` may lie outside of the digits.
fn place(sign: &str, digits: &str, point: i64) -> String {
    let before = usize::try_from(-point).unwrap_or(0);
    let padded = format!("{}{digits}", "0".repeat(before));
    let point = usize::try_from(point).unwrap_or(0);
    let whole = padded.get(..point).unwrap_or(&padded);
    let missing = point.saturating_sub(padded.len());
    let whole = format!("{whole}{}", "0".repeat(missing));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = padded.get(point..).unwrap_or_default();
    let is_whole = fraction.bytes().all(|digit| digit == b'0');
    match (is_whole, whole) {
        (true, "0") => "0".to_owned(),
        (true, whole) => format!("{sign}{whole}"),
        (false, whole) => format!("{sign}{whole}.{fraction}"),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    // F7
    #[test]
    fn f7_a_number_has_one_plain_spelling() {
        for (written, expected) in [
            ("1", "1"),
            ("1.0", "1"),
            ("1e0", "1"),
            ("1.00E+0", "1"),
            ("10e-1", "1"),
            ("0.1e1", "1"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("0e5", "0"),
            ("10.50", "10.50"),
            ("1e-3", "0.001"),
            ("-12.5e3", "-12500"),
            ("1.25e1", "12.5"),
            (
                "123456789012345678901234567890",
                "123456789012345678901234567890",
            ),
        ] {
            assert_eq!(plain(written).as_deref(), Some(expected), "{written}");
        }
    }

    // F7, H14
    #[test]
    fn f7_what_has_too_many_digits_stays_as_it_is() {
        let long = "1".repeat(1_000);
        for odd in [
            "1e400",
            "1e-400",
            "1e99999999999999999999",
            &long,
            "x",
            "",
            "-",
            "1e",
        ] {
            assert_eq!(plain(odd), None, "{odd}");
        }
    }
}
