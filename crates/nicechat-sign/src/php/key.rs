//! Keys of PHP's arrays and how `ksort` compares them.

use core::cmp::Ordering;

use super::number::{Number, Trailing, is_space, parse};

/// The PHP version whose comparison of integer keys with text keys applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    /// PHP 8.2 and later: as values compare.
    Php82,
    /// PHP 7 to 8.1: a text counts as the number it starts with, or 0.
    Php7,
}

/// A key, with the numbers that its comparisons need.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key<'a> {
    /// A decimal integer text that PHP turned into an integer key.
    Int(i64),
    Text {
        text: &'a [u8],
        /// The number, if the whole text is numeric.
        number: Option<Number>,
        /// The number to compare with integer keys: PHP 7 to 8.1 takes that of a prefix.
        against_int: Option<Number>,
    },
}

impl<'a> Key<'a> {
    pub(super) fn new(text: &'a str, rules: Rules) -> Self {
        if let Some(value) = integer(text) {
            return Self::Int(value);
        }
        let text = text.as_bytes();
        if !may_be_numeric(text) {
            return Self::Text {
                text,
                number: None,
                against_int: None,
            };
        }
        let number = parse(text, Trailing::Space);
        let against_int = match rules {
            Rules::Php82 => number,
            Rules::Php7 => parse(text, Trailing::Anything),
        };
        Self::Text {
            text,
            number,
            against_int,
        }
    }

    /// The comparison of `ksort`. It is neither transitive nor free of ties.
    pub(super) fn compare(&self, other: &Self, rules: Rules) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (
                Self::Text {
                    text: a, number: x, ..
                },
                Self::Text {
                    text: b, number: y, ..
                },
            ) => compare_texts((a, *x), (b, *y)),
            (
                Self::Int(int),
                Self::Text {
                    text, against_int, ..
                },
            ) => compare_int(*int, text, *against_int, rules),
            (
                Self::Text {
                    text, against_int, ..
                },
                Self::Int(int),
            ) => compare_int(*int, text, *against_int, rules).reverse(),
        }
    }
}

/// The integer that PHP makes of an array key: canonical decimal text that fits 64 bits.
pub(crate) fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = match digits.as_bytes() {
        [b'0'] => text.len() == 1,
        [b'1'..=b'9', ..] => digits.len() <= 19,
        _ => false,
    };
    if canonical { text.parse().ok() } else { None }
}

/// Whether the text may be a number. A fast check that rules out the usual field names; a false
/// "yes" costs only time.
pub(super) fn may_be_numeric(text: &[u8]) -> bool {
    text.first().is_some_and(|&byte| {
        byte.is_ascii_digit() || matches!(byte, b'.' | b'+' | b'-') || is_space(byte)
    })
}

/// Two texts compare as numbers if both are numeric, else by bytes.
fn compare_texts((a, x): (&[u8], Option<Number>), (b, y): (&[u8], Option<Number>)) -> Ordering {
    let (Some(x), Some(y)) = (x, y) else {
        return a.cmp(b);
    };
    match (x, y) {
        (Number::Int(x), Number::Int(y)) => x.cmp(&y),
        (Number::Int(_), Number::Float { overflow: 1, .. }) => Ordering::Less,
        (Number::Int(_), Number::Float { overflow: -1, .. }) => Ordering::Greater,
        (Number::Float { overflow: 1, .. }, Number::Int(_)) => Ordering::Greater,
        (Number::Float { overflow: -1, .. }, Number::Int(_)) => Ordering::Less,
        (Number::Int(x), Number::Float { value, .. }) => compare_floats(to_float(x), value),
        (Number::Float { value, .. }, Number::Int(y)) => compare_floats(value, to_float(y)),
        (
            Number::Float {
                value: x,
                overflow: side,
            },
            Number::Float {
                value: y,
                overflow: other,
            },
        ) => {
            // Equal only because digits were lost: the texts decide.
            let lost = side != 0 && side == other && x - y == 0.0;
            if lost || x == y && x.is_infinite() {
                a.cmp(b)
            } else {
                compare_floats(x, y)
            }
        }
    }
}

/// An integer key against a text key.
fn compare_int(int: i64, text: &[u8], number: Option<Number>, rules: Rules) -> Ordering {
    match (number, rules) {
        (Some(Number::Int(value)), _) => int.cmp(&value),
        (Some(Number::Float { value, .. }), _) => compare_floats(to_float(int), value),
        (None, Rules::Php7) => int.cmp(&0),
        (None, Rules::Php82) => alloc::format!("{int}").as_bytes().cmp(text),
    }
}

fn compare_floats(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

#[expect(clippy::cast_precision_loss, reason = "PHP loses the same digits")]
fn to_float(int: i64) -> f64 {
    int as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n21_only_canonical_decimal_text_is_an_integer_key() {
        for (text, value) in [
            ("0", Some(0)),
            ("10", Some(10)),
            ("-5", Some(-5)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("-0", None),
            ("010", None),
            ("+1", None),
            ("", None),
            ("-", None),
            ("1a", None),
            ("1 ", None),
            ("10000000000000000000", None),
        ] {
            assert_eq!(integer(text), value, "{text:?}");
        }
    }
}
