//! Repairs JSON as the service's documentation prints it.

use std::borrow::Cow;

use common_model::{Options, lenient::Lenient, utf8};

/// Repairs an answer that looks like the samples of the service's documentation: without the opening brace, with a
/// comma after the last member, without one between two lines. Used by
/// [`Strictness::Lenient`](common_api::Strictness::Lenient).
///
/// ```
/// use bytes::Bytes;
/// use common_transport::Operation;
/// use nicechat_api::{Strictness, categories, repair};
///
/// let sample = "\"status\": \"ok\",\n\"code\": 204,\n\"description\": \"Accepted\",\n}";
/// let response = || http::Response::new(Bytes::from(sample));
/// let delete = categories::Delete::new("ID-10");
/// assert!(delete.decode(Strictness::Strict.apply(response(), repair)).is_err());
/// assert_eq!(delete.decode(Strictness::Lenient.apply(response(), repair)).unwrap().code, Some(204));
/// ```
// N38
pub fn repair(body: &[u8], options: &Options<'_>) -> Option<Vec<u8>> {
    let text = utf8(body).ok()?;
    let text = text.trim_start_matches('\u{feff}').trim();
    let braced = match text.starts_with('"') {
        true => Cow::Owned(format!("{{{text}")),
        false => Cow::Borrowed(text),
    };
    if !braced.starts_with('{') {
        return None;
    }
    let separated = with_missing_commas(&braced, options)?;
    let lenient = Lenient::new().trailing_commas();
    let clean = lenient.repair_with(separated.as_bytes(), options).ok()?;
    Some(clean.into_owned())
}

/// How many characters are looked at between two questions whether to stop.
const STEP: usize = 8 * 1024;

/// Puts a comma between a value and the key that follows it on another line. None when it is time to stop.
fn with_missing_commas(text: &str, options: &Options<'_>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    let mut escaped = false;
    for (place, letter) in text.chars().enumerate() {
        if place % STEP == 0 && options.says_stop() {
            return None;
        }
        if letter == '"' && !in_string && ends_with_a_value_and_a_line(&out) {
            out.truncate(out.trim_end().len());
            out.push_str(",\n");
        }
        if letter == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && letter == '\\' && !escaped;
        out.push(letter);
    }
    Some(out)
}

fn ends_with_a_value_and_a_line(text: &str) -> bool {
    let trimmed = text.trim_end();
    let space = &text[trimmed.len()..];
    let is_value =
        trimmed.ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '"' | '}' | ']'));
    is_value && space.contains('\n')
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use common_api::Strictness;
    use common_transport::Operation;
    use http::Response;

    use super::*;
    use crate::orders;

    const SAMPLE: &str = r#"
"status": "ok",
"code": 200,
"description": "Accepted",
"result": {
"count": 1,
"next": null,
"results": [
{
"id": 30,
"deal": {"num": "o-11 \"x\"", "products": [{"qty": 1,},],},
"contacts": {
"shipping_address": {
"Address": "Address row, 1"
"City": "Kyiv",
"Floor": 3
"POST/ZIP": "11111",
}
}
}
]
}
}"#;

    fn response(body: &'static str) -> Response<Bytes> {
        Response::new(Bytes::from_static(body.as_bytes()))
    }

    #[test]
    fn n38_the_documents_sample_is_read_by_option_alone() {
        let list = orders::List::new();
        assert!(
            list.decode(Strictness::Strict.apply(response(SAMPLE), repair))
                .unwrap_err()
                .is_decode()
        );
        let answer = list
            .decode(Strictness::Lenient.apply(response(SAMPLE), repair))
            .unwrap();
        let page = answer.result.unwrap();
        let contacts = page.results.as_ref().unwrap()[0].contacts.as_ref().unwrap();
        let address = contacts.shipping_address.as_ref().unwrap();
        let keys: Vec<_> = address.keys().collect();
        assert_eq!(keys, ["Address", "City", "Floor", "POST/ZIP"]);
    }

    #[test]
    fn n38_strict_json_and_html_stay_as_they_are() {
        for body in [
            r#"{"a": "x\"\ny", "b": [1, {"c": "}"}]}"#,
            "<html>\"x\"</html>",
            "",
            "[1]",
        ] {
            let came = Strictness::Lenient.apply(response(body), repair);
            assert_eq!(came.body(), body);
        }
    }
}
