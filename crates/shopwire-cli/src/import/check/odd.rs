//! Values that the service takes, and that are probably not those of the shop: phones without digits, and ids that a
//! spreadsheet has made numbers.

use common_model::Value;

const NO_DIGIT: &str = "it has no digit";

const SCIENTIFIC: &str =
    "it is written as a spreadsheet writes a long number, whose last digits are lost";

/// The reason why a member of this name is odd, and the shape of its value, which is not told itself.
pub(super) fn found(path: &str, value: &Value) -> Option<(&'static str, String)> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_phone = is_phone(path);
    if is_phone && !text.is_empty() && !text.contains(|letter: char| letter.is_numeric()) {
        return Some((NO_DIGIT, shape(&text)));
    }
    let is_odd = (is_phone || is_code(path)) && is_scientific(&text);
    is_odd.then(|| (SCIENTIFIC, shape(&text)))
}

/// `phone`, `additionalPhone`, `phones[0].number`.
fn is_phone(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    path.ends_with("phone") || (path.contains("phones[") && path.ends_with("].number"))
}

/// Whether the values of the member name something.
fn is_code(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
    let endings = ["id", "code", "number", "article", "barcode"];
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Whether a text is like `3,80501E+11`.
fn is_scientific(text: &str) -> bool {
    let are_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.to_ascii_uppercase();
    let Some((head, exponent)) = text.split_once("E+") else {
        return false;
    };
    let (first, rest) = head.split_once([',', '.']).unwrap_or((head, "0"));
    first.len() == 1 && are_digits(first) && are_digits(rest) && are_digits(exponent)
}

/// The text with each digit as 9 and each letter as x.
fn shape(text: &str) -> String {
    let letters = text.chars().take(30).map(|letter| match letter {
        'E' | 'e' if is_scientific(text) => letter,
        letter if letter.is_numeric() => '9',
        letter if letter.is_alphabetic() => 'x',
        letter => letter,
    });
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // J5
    #[test]
    fn j5_what_a_spreadsheet_has_made_of_a_phone_or_an_id_is_odd() {
        for (path, text, wanted) in [
            ("phone", "3,80501E+11", Some("9,99999E+99")),
            ("phones[0].number", "3.80501e+11", Some("9.99999e+99")),
            ("additionalPhone", "call Ann", Some("xxxx xxx")),
            ("externalId", "4E+12", Some("9E+99")),
            ("items[0].offer.xmlId", "4,82E+12", Some("9,99E+99")),
            ("phone", "", None),
            ("phone", "+380501112233", None),
            ("number", "none", None),
            ("externalId", "1E5", None),
            ("externalId", "12E+3", None),
            ("managerComment", "3,80501E+11", None),
        ] {
            let found = found(path, &Value::from(text));
            assert_eq!(
                found.map(|(_, shape)| shape).as_deref(),
                wanted,
                "{path} {text}"
            );
        }
    }
}
