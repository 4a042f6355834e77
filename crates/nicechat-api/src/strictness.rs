//! Repair of answers like the samples in the service's documentation, which are not quite JSON.

use std::borrow::Cow;

use bytes::Bytes;
use common_model::{Options, lenient::Lenient, utf8};
use http::Response;

/// The handling of an answer that is not strict JSON. A byte order mark is always skipped.
// N38
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Strictness {
    /// Refuse the answer.
    #[default]
    Strict,
    /// Accept the faults of the documentation's samples: a missing opening brace, a comma after the
    /// last member, a missing comma between two lines.
    Lenient,
}

impl Strictness {
    /// Returns the answer for decoding, with its body repaired where the setting allows it.
    ///
    /// For callers with their own HTTP stack; the client does this itself.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use common_transport::Operation;
    /// use nicechat_api::{Strictness, categories};
    ///
    /// let sample = "\"status\": \"ok\",\n\"code\": 204,\n\"description\": \"Accepted\",\n}";
    /// let response = || http::Response::new(Bytes::from(sample));
    /// let delete = categories::Delete::new("ID-10");
    /// assert!(delete.decode(Strictness::Strict.apply(response())).is_err());
    /// assert_eq!(delete.decode(Strictness::Lenient.apply(response())).unwrap().code, Some(204));
    /// ```
    pub fn apply(self, response: Response<Bytes>) -> Response<Bytes> {
        if self == Self::Strict {
            return response;
        }
        response.map(|body| mend(&body, &Options::new()).map_or(body, Bytes::from))
    }

    /// Lets the operation repair the body when it decodes it, as the client does, within the time
    /// limit that [`Decoding::attach_until`](common_api::Decoding::attach_until) sets.
    pub fn attach(self, response: &mut Response<Bytes>) {
        if self == Self::Lenient {
            common_api::mend_first(response, mend);
        }
    }
}

/// The repaired body; `None` if it needs no repair or cannot be repaired.
fn mend(body: &[u8], options: &Options<'_>) -> Option<Vec<u8>> {
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

/// Number of characters read between two checks of the time limit.
const STEP: usize = 8 * 1024;

/// Puts a comma between a value and the key on the next line. `None` when the time limit has passed.
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
    use common_transport::Operation;

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
            list.decode(Strictness::Strict.apply(response(SAMPLE)))
                .unwrap_err()
                .is_decode()
        );
        let answer = list
            .decode(Strictness::Lenient.apply(response(SAMPLE)))
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
            let came = Strictness::Lenient.apply(response(body));
            assert_eq!(came.body(), body);
        }
    }
}
