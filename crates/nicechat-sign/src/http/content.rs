//! What the `Content-Type` says of a body.

use alloc::borrow::ToOwned;
use alloc::string::String;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// The kinds of body that the service knows (N6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// No `Content-Type`.
    Unnamed,
    Json,
    Form,
    Multipart {
        boundary: String,
    },
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
        let (essence, parameters) = value.split_once(';').unwrap_or((value, ""));
        let essence = essence.trim();
        if essence.eq_ignore_ascii_case("application/json") {
            Self::Json
        } else if essence.eq_ignore_ascii_case(FORM) {
            Self::Form
        } else if essence.eq_ignore_ascii_case("multipart/form-data") {
            boundary(parameters).map_or(Self::Other, |boundary| Self::Multipart { boundary })
        } else {
            Self::Other
        }
    }
}

fn boundary(parameters: &str) -> Option<String> {
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        if !name.trim().eq_ignore_ascii_case("boundary") {
            return None;
        }
        let value = value.trim();
        let value = value
            .strip_prefix('"')
            .and_then(|v| v.strip_suffix('"'))
            .unwrap_or(value);
        (!value.is_empty() && value.len() <= 70 && !value.contains('"')).then(|| value.to_owned())
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
            "text/plain",
            "",
        ] {
            assert_eq!(of(value), Content::Other, "{value}");
        }
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
