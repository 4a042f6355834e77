//! Truth of JSON values, as PHP sees it.

use common_model::{Kind, Reader};

/// Texts that mean no, in lower case.
const NO: [&str; 8] = ["", "false", "n", "no", "off", "none", "null", "f"];

/// Longest text in bytes that is checked for meaning no; longer zeros do not occur.
const LONGEST_NO: usize = 1024;

/// Whether a flag, given as JSON, means yes. Flags are read as PHP does. Texts that mean no, but are true in PHP
/// (`"false"`, `"N"`, `"0.0"`), mean no here.
///
/// | value | yes |
/// |---|---|
/// | `true`, a number other than 0, a list or object that is not empty | yes |
/// | a text other than those below | yes |
/// | `false`, `null`, `0`, `0.0`, `-0`, `[]`, `{}` | no |
/// | a blank text, a number that is 0, or `false`, `n`, `no`, `off`, `f`, `null`, `none` in any case | no |
///
/// A text that is not JSON means no.
pub fn is_true(json: &str) -> bool {
    let mut reader = Reader::new(json);
    match reader.peek() {
        Ok(Kind::Bool) => reader.bool().unwrap_or(false),
        Ok(Kind::Number) => reader.number().is_ok_and(|number| !is_zero(number)),
        Ok(Kind::String) => reader.string().is_ok_and(|text| is_yes(&text)),
        // Anything between the brackets is an element.
        Ok(Kind::Array | Kind::Object) => {
            let inner = json.trim().get(1..).unwrap_or_default().trim_start();
            !inner.starts_with([']', '}'])
        }
        _ => false,
    }
}

fn is_yes(text: &str) -> bool {
    // All texts that mean no are short, and others may be very long.
    if text.len() > LONGEST_NO {
        return true;
    }
    let text = text.trim().to_lowercase();
    !NO.contains(&&*text) && !is_zero(&text)
}

/// Whether all digits before the exponent are 0. Words are not numbers.
fn is_zero(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(|value| value == 0.0)
}
