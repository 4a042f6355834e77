//! Path templates, in which each `{param}` is replaced by one percent-encoded segment.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Error;

/// All characters except RFC 3986's unreserved ones.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Fills a template. Each value becomes exactly one segment, whatever characters it holds.
///
/// ```
/// let path = common_transport::path::expand("/orders/{externalId}/edit", |_| Some("a/1 б".into()));
/// assert_eq!(path.unwrap(), "/orders/a%2F1%20%D0%B1/edit");
/// ```
///
/// # Errors
/// A parameter has no value, an empty one, or one that URLs resolve (`.` and `..`). The error names it.
// N3, RE8
pub fn expand(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, Error> {
    let mut path = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        path.push_str(before);
        let value = value(name).unwrap_or_default();
        if matches!(value.as_str(), "" | "." | "..") {
            return Err(Error::invalid_input(
                name,
                "a path parameter needs a value that can stand in a path",
            ));
        }
        path.extend(utf8_percent_encode(&value, SEGMENT));
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n3_a_value_is_one_segment() {
        let path = expand("/products/{id}/", |_| Some("ID/1?x#y %".into())).unwrap();
        assert_eq!(path, "/products/ID%2F1%3Fx%23y%20%25/");
    }

    #[test]
    fn a_value_that_would_vanish_is_refused_by_name() {
        for value in ["", ".", ".."] {
            let error = expand("/a/{id}/", |_| Some(value.into())).unwrap_err();
            assert!(
                error.is_invalid_input() && error.to_string().contains("id"),
                "{error}"
            );
        }
    }
}
