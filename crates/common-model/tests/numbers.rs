//! Typed numbers against exact arithmetic on their digits: a number is read as what it is, or not at all.

use common_model::{Decimal, from_json};
use proptest::prelude::*;

/// Sign, digits without zeros at either end, and the power of ten of the last digit; nothing of a zero.
fn exact(text: &str) -> Option<(bool, String, i64)> {
    let (text, is_negative) = match text.strip_prefix('-') {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0').trim_end_matches('0');
    let zeros = all.len() - all.trim_end_matches('0').len();
    let power = exponent.parse::<i64>().unwrap() - fraction.len() as i64 + zeros as i64;
    (!digits.is_empty()).then(|| (is_negative, digits.to_owned(), power))
}

/// Whether a decimal can hold it: 96 bits, of which up to 28 digits stand behind the point.
fn is_decimal(number: &Option<(bool, String, i64)>) -> bool {
    let Some((_, digits, power)) = number else {
        return true;
    };
    let length = digits.len() as i64 + (*power).max(0);
    let whole = || format!("{digits}{}", "0".repeat((*power).max(0) as usize));
    *power >= -28 && length <= 29 && whole().parse::<u128>().unwrap() < 1 << 96
}

fn number() -> impl Strategy<Value = String> {
    let digits = prop_oneof![
        "[1-9][0-9]{0,35}",
        "[1-9]0{0,40}",
        "0",
        Just("79228162514264337593543950335".to_owned()),
        Just("79228162514264337593543950336".to_owned()),
        Just("9223372036854775807".to_owned()),
        Just("18446744073709551616".to_owned()),
    ];
    let fraction = prop_oneof!["", "\\.[0-9]{1,40}", "\\.0{1,40}", "\\.0{20,30}[1-9]"];
    let exponent = prop_oneof!["", "[eE][-+]?[0-9]{1,2}", "[eE]-?[0-9]{3,18}"];
    ("-?", digits, fraction, exponent)
        .prop_map(|(sign, digits, fraction, exponent)| sign + &digits + &fraction + &exponent)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(20_000) })]

    // H14, RE18
    #[test]
    fn h14_a_decimal_is_the_number_that_was_written(text in number()) {
        let came = exact(&text);
        for json in [text.clone(), format!("\"{text}\"")] {
            match from_json::<Decimal>(&json) {
                Ok(read) => prop_assert_eq!(&exact(&read.to_string()), &came, "{}", json),
                Err(_) => prop_assert!(!is_decimal(&came), "refused: {}", json),
            }
        }
        let value: common_model::Value = text.parse().unwrap();
        prop_assert_eq!(value.as_number().unwrap().as_decimal(), from_json::<Decimal>(&text).ok());
        prop_assert_eq!(value.to_string(), text);
    }

    // H14
    #[test]
    fn h14_an_integer_is_the_number_that_was_written(text in number()) {
        let came = exact(&text);
        for json in [text.clone(), format!("\"{text}\"")] {
            match from_json::<i64>(&json) {
                Ok(read) => prop_assert_eq!(&exact(&read.to_string()), &came, "{}", json),
                Err(_) => {
                    let in_range = is_decimal(&came)
                        && from_json::<Decimal>(&json).is_ok_and(|number| {
                            number.is_integer() && i64::try_from(number).is_ok()
                        });
                    prop_assert!(!in_range, "refused: {}", json);
                }
            }
        }
    }

    // H14
    #[test]
    fn h14_serde_json_agrees_on_what_an_integer_is(number in any::<i128>(), width in 1_u32..128) {
        let number = number >> width;
        let text = number.to_string();
        prop_assert_eq!(from_json::<i64>(&text).ok(), serde_json::from_str::<i64>(&text).ok());
        prop_assert_eq!(from_json::<u64>(&text).ok(), serde_json::from_str::<u64>(&text).ok());
        prop_assert_eq!(from_json::<u8>(&text).ok(), serde_json::from_str::<u8>(&text).ok());
    }
}
