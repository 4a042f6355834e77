//! The kind of a body, by its `Content-Type`.

use alloc::borrow::ToOwned;
use alloc::string::String;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use super::media::{MediaType, essence};
use crate::error::Ambiguity;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The kinds of body, as the service tells them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// No `Content-Type`.
    Unnamed,
    Json,
    Form,
    Multipart {
        boundary: String,
    },
    /// One of these kinds, with a `Content-Type` that leaves its bytes more than one reading.
    Ambiguous(Ambiguity),
    Other,
}

impl Content {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(CONTENT_TYPE).iter();
        let value = match (values.next(), values.next()) {
            (None, _) => return Self::Unnamed,
            (Some(value), None) => value.to_str().unwrap_or_default(),
            (Some(_), Some(_)) => return Self::Other,
        };
        let (essence, _) = essence(value);
        let is = |known: &str| essence.eq_ignore_ascii_case(known);
        let (is_json, is_form) = (is("application/json"), is(FORM));
        if !is_json && !is_form && !is("multipart/form-data") {
            return Self::Other;
        }
        let media = MediaType::parse(value).and_then(|media| {
            media.check_charset()?;
            Ok(media)
        });
        match media {
            Err(ambiguity) => Self::Ambiguous(ambiguity),
            Ok(_) if is_json => Self::Json,
            Ok(_) if is_form => Self::Form,
            Ok(media) => boundary(&media).map_or(Self::Other, |boundary| Self::Multipart {
                boundary: boundary.to_owned(),
            }),
        }
    }
}

/// A boundary of the characters that RFC 2046 allows; no line end is among them.
fn boundary<'a>(media: &MediaType<'a>) -> Option<&'a str> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
    media.parameter("boundary").filter(|boundary| {
        (1..=70).contains(&boundary.len())
            && !boundary.ends_with(' ')
            && boundary.bytes().all(is_allowed)
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(value: &'static str) -> Content {
        Content::of(
            &[(CONTENT_TYPE, HeaderValue::from_static(value))]
                .into_iter()
                .collect(),
        )
    }

    #[test]
    fn n6_the_three_kinds_of_body_are_told_apart() {
        assert_eq!(Content::of(&HeaderMap::new()), Content::Unnamed);
        assert_eq!(of("application/json"), Content::Json);
        assert_eq!(of("Application/JSON; charset=utf-8"), Content::Json);
        assert_eq!(
            of("application/x-www-form-urlencoded;charset=UTF-8"),
            Content::Form
        );
        for value in [
            "multipart/form-data; boundary=b1",
            "multipart/form-data; charset=utf-8; Boundary=\"b1\"",
        ] {
            assert_eq!(
                of(value),
                Content::Multipart {
                    boundary: "b1".into()
                }
            );
        }
        for value in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\"b \"",
            "multipart/form-data; boundary=b|1",
            "text/plain",
            "text/plain; charset=utf-16",
            "",
        ] {
            assert_eq!(of(value), Content::Other, "{value}");
        }
    }

    // H12
    #[test]
    fn h12_what_leaves_two_readings_is_said() {
        for (parameters, ambiguity) in [
            ("charset=windows-1251", Ambiguity::Charset),
            ("Charset=\"UTF-16\"", Ambiguity::Charset),
            ("charset=", Ambiguity::Charset),
            ("charset=us-ascii", Ambiguity::Charset),
            ("boundary=b; charset=utf-7", Ambiguity::Charset),
            ("charset=utf-8; charset=utf-16", Ambiguity::Parameters),
            ("charset=utf-8; CHARSET=utf-8", Ambiguity::Parameters),
            ("charset*=utf-8''utf-16", Ambiguity::Parameters),
            ("boundary=a; boundary=b", Ambiguity::Parameters),
            ("boundary=a; Boundary=a", Ambiguity::Parameters),
            ("boundary=\"a\\\"\"", Ambiguity::Parameters),
            (
                "boundary=a, multipart/form-data; boundary=b",
                Ambiguity::Parameters,
            ),
        ] {
            for essence in ["application/json", FORM, "multipart/form-data"] {
                let value = alloc::format!("{essence}; {parameters}");
                let value = HeaderValue::from_str(&value).unwrap();
                let headers = [(CONTENT_TYPE, value)].into_iter().collect();
                assert_eq!(
                    Content::of(&headers),
                    Content::Ambiguous(ambiguity),
                    "{essence}; {parameters}"
                );
            }
        }
        assert_eq!(of("application/json; charset=UTF8"), Content::Json);
        assert_eq!(of("application/json; charset=\"utf-8\""), Content::Json);
    }

    #[test]
    fn n31_two_content_types_are_none() {
        let value = HeaderValue::from_static("application/json");
        let mut headers = HeaderMap::new();
        headers.append(CONTENT_TYPE, value.clone());
        headers.append(CONTENT_TYPE, value);
        assert_eq!(Content::of(&headers), Content::Other);
    }
}
