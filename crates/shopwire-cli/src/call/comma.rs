//! Numbers with a comma, as people write them in many languages.

use common_model::{Value as Json, from_json};
use common_transport::Error;

/// Adds to the error of a number the reason: its comma, or its spaces.
pub(super) fn explained(error: Error, params: &str) -> Error {
    let Some(path) = error.field().map(str::to_owned) else {
        return error;
    };
    let json: Json = from_json(params).unwrap_or_default();
    let text = value(&json, &path).and_then(Json::as_str);
    // "1,2" is no integer with a comma: perhaps two of them.
    let is_meant = |plain: &String| !(plain.contains('.') && error.message().contains("integer"));
    match text.and_then(plain).filter(is_meant) {
        Some(plain) => Error::invalid_input(
            path,
            format!(
                "{}: write it with a point and without spaces, as in {plain}",
                error.message()
            ),
        ),
        None => error,
    }
}

/// The number that was meant, in JSON; `None` if the text is no number with a comma or with spaces.
fn plain(text: &str) -> Option<String> {
    let is_space = |letter: &char| letter.is_whitespace() || *letter == '\u{202f}';
    let digits: String = text
        .trim()
        .chars()
        .filter(|letter| !is_space(letter))
        .collect();
    // "1,234.50" and "1,234,567": the commas part thousands.
    let plain = match (digits.matches(',').count(), digits.contains('.')) {
        (1, false) => digits.replace(',', "."),
        _ => digits.replace(',', ""),
    };
    let is_changed = plain != text.trim();
    let is_number = || matches!(from_json(&plain), Ok(Json::Number(_)));
    (is_changed && is_number()).then_some(plain)
}

/// The value under a path like `order.items[0].initialPrice`.
fn value<'j>(json: &'j Json, path: &str) -> Option<&'j Json> {
    path.split('.').try_fold(json, |json, part| {
        let mut parts = part.split('[');
        let name = parts.next().filter(|name| !name.is_empty());
        let member = match name {
            Some(name) => json.get(name)?,
            None => json,
        };
        parts.try_fold(member, |json, index| {
            let index: usize = index.strip_suffix(']')?.parse().ok()?;
            json.as_array()?.get(index)
        })
    })
}

#[cfg(test)]
mod tests {
    use common_transport::Error;

    use super::{explained, plain};

    // C14
    #[test]
    fn c14_a_whole_number_is_not_advised_to_have_a_point() {
        let of = |params| explained(Error::invalid_input("ids", "expected an integer"), params);
        let list = of(r#"{"ids":"1,2"}"#);
        assert!(!list.to_string().contains("as in"), "{list}");
        let spaced = of(r#"{"ids":"1 500"}"#);
        assert!(spaced.to_string().contains("as in 1500"), "{spaced}");
    }

    // C14
    #[test]
    fn c14_numbers_with_a_comma_are_told_from_other_texts() {
        for (text, meant) in [
            ("10,5", Some("10.5")),
            ("1 500,50", Some("1500.50")),
            ("1\u{a0}500", Some("1500")),
            ("1\u{202f}500,5", Some("1500.5")),
            ("1,234.50", Some("1234.50")),
            ("1,234,567", Some("1234567")),
            ("-3,5", Some("-3.5")),
            ("10.5", None),
            ("ten", None),
            ("a,b", None),
            ("", None),
            (",", None),
        ] {
            assert_eq!(plain(text).as_deref(), meant, "{text}");
        }
    }
}
