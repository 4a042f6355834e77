//! What PHP takes for true.

use common_model::{Kind, Reader};

/// Texts that mean no, in small letters.
const NO: [&str; 8] = ["", "false", "n", "no", "off", "none", "null", "f"];

/// Longer texts are no words that mean no, nor zeros that anybody writes.
const LONGEST_NO: usize = 1024;

/// Whether a flag says yes, given as JSON: as PHP reads it, and where PHP would take a text that means no for yes
/// (`"false"`, `"N"`, `"0.0"`), as it is meant.
///
/// | value | yes |
/// |---|---|
/// | `true`, a number but 0, a list or an object with something in it | yes |
/// | a text, unless it is one of those below | yes |
/// | `false`, `null`, `0`, `0.0`, `-0`, `[]`, `{}` | no |
/// | a text of white space; of a number that is 0; `false`, `n`, `no`, `off`, `f`, `null`, `none` in any case | no |
///
/// What is no JSON says no.
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
    // No text that means no is long, and a long one may be very long.
    if text.len() > LONGEST_NO {
        return true;
    }
    let text = text.trim().to_lowercase();
    !NO.contains(&&*text) && !is_zero(&text)
}

/// No digit but 0 before the exponent; words are no numbers.
fn is_zero(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(|value| value == 0.0)
}
