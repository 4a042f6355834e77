//! Numeric texts, as PHP recognises them.

/// A numeric text, as PHP's comparison sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// A decimal integer of 64 bits.
    Int(i64),
    /// Anything else numeric. `overflow` is the side on which an integer left 64 bits, else 0.
    Float { value: f64, overflow: i8 },
}

/// The text allowed after the number: any (`1a`), or white space only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trailing {
    Space,
    Anything,
}

/// Maximum number of digits that can fit 64 bits, and the smallest positive number that does not
/// fit.
const LONG_DIGITS: usize = 19;
const LIMIT: &[u8] = b"9223372036854775808";

/// Reads a number with leading white space and a sign. `None`: the text is not numeric.
pub(super) fn parse(text: &[u8], trailing: Trailing) -> Option<Number> {
    let text = &text[count(text, is_space)..];
    let negative = text.first() == Some(&b'-');
    let unsigned = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let zeros = unsigned + count(&text[unsigned..], |byte| byte == b'0');
    let digits = count(&text[zeros..], |byte| byte.is_ascii_digit());
    let end = zeros + digits;
    let has_digits = end > unsigned;
    let overflow = match (digits > LONG_DIGITS, negative) {
        (false, _) => 0,
        (true, true) => -1,
        (true, false) => 1,
    };
    let fraction = text.get(end) == Some(&b'.');
    let starts = has_digits || fraction && text.get(end + 1).is_some_and(u8::is_ascii_digit);
    if !starts {
        return None;
    }
    if fraction || overflow != 0 || exponent(&text[end..]) > 0 {
        let end = float_end(text, end);
        check_trailing(&text[end..], trailing)?;
        return Some(Number::Float {
            value: to_f64(&text[..end]),
            overflow,
        });
    }
    // An `e` with a sign and no digits moves PHP's cursor onto the sign.
    let cursor = match text[end..] {
        [b'e' | b'E', b'+' | b'-', ..] => end + 1,
        _ => end,
    };
    check_trailing(&text[cursor..], trailing)?;
    if digits == LONG_DIGITS && exceeds(&text[cursor - digits..], negative) {
        let end = float_end(text, end);
        let overflow = if negative { -1 } else { 1 };
        return Some(Number::Float {
            value: to_f64(&text[..end]),
            overflow,
        });
    }
    let magnitude = text[zeros..end].iter().fold(0_u64, |sum, digit| {
        sum.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'))
    });
    let magnitude = magnitude.cast_signed();
    Some(Number::Int(if negative {
        magnitude.wrapping_neg()
    } else {
        magnitude
    }))
}

/// The end of the float whose integer digits end at `end`.
fn float_end(text: &[u8], mut end: usize) -> usize {
    if text.get(end) == Some(&b'.') {
        end += 1;
        end += count(&text[end..], |byte| byte.is_ascii_digit());
    }
    end + exponent(&text[end..])
}

/// The length of an exponent with at least one digit, else 0.
fn exponent(text: &[u8]) -> usize {
    let sign = match text {
        [b'e' | b'E', b'+' | b'-', ..] => 2,
        [b'e' | b'E', ..] => 1,
        _ => return 0,
    };
    match count(&text[sign..], |byte| byte.is_ascii_digit()) {
        0 => 0,
        digits => sign + digits,
    }
}

fn check_trailing(rest: &[u8], trailing: Trailing) -> Option<()> {
    (trailing == Trailing::Anything || rest.iter().copied().all(is_space)).then_some(())
}

/// PHP compares the text from the digits to its end, not only the digits: white space after
/// `-9223372036854775808` makes it overflow.
fn exceeds(text: &[u8], negative: bool) -> bool {
    let text = text.split(|&byte| byte == 0).next().unwrap_or(text);
    !(text < LIMIT || text == LIMIT && negative)
}

fn to_f64(text: &[u8]) -> f64 {
    core::str::from_utf8(text)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(f64::NAN)
}

fn count(text: &[u8], accept: impl Fn(u8) -> bool) -> usize {
    text.iter()
        .position(|&byte| !accept(byte))
        .unwrap_or(text.len())
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn float(value: f64) -> Option<Number> {
        Some(Number::Float { value, overflow: 0 })
    }

    const fn beyond(value: f64, overflow: i8) -> Option<Number> {
        Some(Number::Float { value, overflow })
    }

    #[test]
    fn n21_whole_texts_are_numbers_as_in_php() {
        for (text, number) in [
            ("0", Some(Number::Int(0))),
            ("-0", Some(Number::Int(0))),
            ("+007", Some(Number::Int(7))),
            (
                " \t\n\r\u{b}\u{c}12 \t\n\r\u{b}\u{c}",
                Some(Number::Int(12)),
            ),
            ("9223372036854775807", Some(Number::Int(i64::MAX))),
            ("-9223372036854775808", Some(Number::Int(i64::MIN))),
            ("0009223372036854775807", Some(Number::Int(i64::MAX))),
            (
                "9223372036854775808",
                beyond(9_223_372_036_854_775_808.0, 1),
            ),
            (
                "-9223372036854775809",
                beyond(-9_223_372_036_854_775_808.0, -1),
            ),
            (
                "-9223372036854775808 ",
                beyond(-9_223_372_036_854_775_808.0, -1),
            ),
            ("10000000000000000000", beyond(1e19, 1)),
            ("-10000000000000000000.5e1", beyond(-1e20, -1)),
            ("1.", float(1.0)),
            (".5", float(0.5)),
            ("-.5", float(-0.5)),
            ("1.5e3", float(1500.0)),
            ("1e+2", float(100.0)),
            ("1E-2 ", float(0.01)),
            ("1.e1", float(10.0)),
            ("1e400", float(f64::INFINITY)),
        ] {
            assert_eq!(parse(text.as_bytes(), Trailing::Space), number, "{text:?}");
            assert_eq!(
                parse(text.as_bytes(), Trailing::Anything),
                number,
                "{text:?}"
            );
        }
    }

    #[test]
    fn n21_prefixes_are_numbers_in_the_old_comparison_alone() {
        for (text, number) in [
            ("1a", Some(Number::Int(1))),
            ("-2 b", Some(Number::Int(-2))),
            ("1e", Some(Number::Int(1))),
            ("1e+", Some(Number::Int(1))),
            ("1.5.5", float(1.5)),
            ("1e2e3", float(100.0)),
            ("1.5e-", float(1.5)),
            ("0x1A", Some(Number::Int(0))),
            // The cursor stands one off, and the check of the size with it.
            (
                "9223372036854775809e-x",
                Some(Number::Int(-9_223_372_036_854_775_807)),
            ),
            (
                "9223372036854775809e",
                beyond(9_223_372_036_854_775_808.0, 1),
            ),
        ] {
            assert_eq!(parse(text.as_bytes(), Trailing::Space), None, "{text:?}");
            assert_eq!(
                parse(text.as_bytes(), Trailing::Anything),
                number,
                "{text:?}"
            );
        }
    }

    #[test]
    fn n21_other_texts_are_no_numbers() {
        for text in [
            "", " ", "a", ".", "-", "+", "--1", "+-1", "e1", ".e1", "-.", "\u{a0}1", "INF",
        ] {
            assert_eq!(parse(text.as_bytes(), Trailing::Anything), None, "{text:?}");
        }
    }
}
