//! Requests that share their hash with another request, and are refused before the check of the
//! signature.
//!
//! Nothing separates path, body and method in the hash. The rules here make the split unique: a path
//! ends with a slash and holds neither `=` nor `&`; a body is empty, one JSON document, or a
//! canonical form, which never ends with a slash and whose fields can be found again in it.

use crate::{Dialect, Form, Value};

/// Whether the path cannot be read as a shorter path and the start of a body.
pub(super) fn path_is_plain(path: &str) -> bool {
    let bytes = path.as_bytes();
    path.starts_with('/')
        && path.ends_with('/')
        && (0..bytes.len()).all(|at| match bytes[at] {
            b'%' => {
                bytes[at + 1..]
                    .iter()
                    .take(2)
                    .filter(|b| b.is_ascii_hexdigit())
                    .count()
                    == 2
            }
            byte => byte.is_ascii_alphanumeric() || b"/-._~!$'()*+,;:@".contains(&byte),
        })
}

/// Whether the canonical form of these fields can come from no other fields.
pub(super) fn form_is_unambiguous(dialect: Dialect, form: &Form) -> bool {
    match dialect {
        // Percent-encoding keeps every separator apart.
        Dialect::Php | Dialect::Php81 | Dialect::Prose => true,
        Dialect::Python => form.iter().all(|(key, value)| {
            let key_is_plain = !key.contains(['&', '=', '/', '{', '[', '"']);
            let value_is_plain = match value {
                // Behind an `&` an `=` would start another field.
                Value::Text(text) => text.split('&').skip(1).all(|part| !part.contains('=')),
                _ => false,
            };
            key_is_plain && value_is_plain
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n31_paths_that_could_hold_a_body_are_refused() {
        for path in [
            "/",
            "/a/",
            "/marketplaces/v1/products/ID-1/",
            "/a/%D0%A2%2f/",
            "/a~b/c:d@e/",
        ] {
            assert!(path_is_plain(path), "{path}");
        }
        for path in [
            "", "a/", "/a", "/a=b/", "/a&b/", "/{}/", "/a%2/", "/%zz/", "/a%/", "/a b/", "/é/",
            "/\"/",
        ] {
            assert!(!path_is_plain(path), "{path}");
        }
    }

    #[test]
    fn n31_python_forms_that_collide_are_refused() {
        let python = |key: &str, value: &str| {
            form_is_unambiguous(Dialect::Python, &Form::new().with(key, value))
        };
        assert!(python("title", "A & B / C"));
        assert!(python("title", "A=B/C & D"));
        assert!(python("", ""));
        assert!(!python("title", "A&b=c"));
        assert!(!python("title", "A & B&c="));
        for key in ["a&b", "a=b", "ID-1/title", "{\"a\"", "[", "\""] {
            assert!(!python(key, "x"), "{key}");
            assert!(form_is_unambiguous(
                Dialect::Php,
                &Form::new().with(key, "x")
            ));
        }
    }
}
