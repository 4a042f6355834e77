//! Removal of credentials from stored and shown data.

use crate::credential::is_credential;
use common_transport::Mask;
use http::{HeaderMap, HeaderName, HeaderValue};

/// Replacement for the secret in the first bytes of a body.
const MASK: &[u8] = b"***";

/// From this many bytes on, a beginning of the secret at the end of the data is masked too.
const CUT: usize = 4;

/// Returns the headers without those that carry credentials, and without values that hold `secret` in any spelling.
pub(super) fn without_credentials(headers: HeaderMap, secret: &str, mask: &Mask) -> HeaderMap {
    let is_harmless = |name: &HeaderName, value: &HeaderValue| {
        !value.is_sensitive()
            && !is_credential(name.as_str())
            && (secret.is_empty() || find(value.as_bytes(), secret.as_bytes()).is_none())
            && mask.bytes(value.as_bytes()).is_none()
    };
    let mut kept = HeaderMap::with_capacity(headers.len());
    // `HeaderMap` yields a name only with the first of its values.
    let mut current = None;
    for (name, value) in headers {
        current = name.or(current);
        if let Some(name) = current.as_ref().filter(|name| is_harmless(name, &value)) {
            kept.append(name.clone(), value);
        }
    }
    kept
}

/// Returns at most `limit` bytes of the beginning, with the secret masked. `bytes` should hold [`needed`] bytes, so
/// that a secret across the limit is found.
pub(super) fn masked(bytes: &[u8], secret: &[u8], limit: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < bytes.len().min(limit) {
        let rest = &bytes[at..];
        if !secret.is_empty() && rest.starts_with(secret) {
            out.extend_from_slice(MASK);
            at += secret.len();
        } else if rest.len() >= CUT && secret.starts_with(rest) {
            // The sender broke off inside of the secret.
            out.extend_from_slice(MASK);
            break;
        } else {
            out.push(rest[0]);
            at += 1;
        }
    }
    out.truncate(limit);
    out
}

/// Number of bytes of a body that [`masked`] needs. A byte of the secret takes up to six in another spelling (`\u002d`).
pub(super) fn needed(limit: usize, secret: &[u8]) -> usize {
    limit.saturating_add(secret.len().saturating_mul(6))
}

/// Returns the position of `wanted`. Header values are short, so a simple search is enough.
fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    // H3, X7
    #[test]
    fn h3_headers_that_carry_credentials_are_left_out() {
        let sensitive = {
            let mut value = HeaderValue::from_static("1");
            value.set_sensitive(true);
            value
        };
        let mut headers = HeaderMap::new();
        for name in [
            "authorization",
            "proxy-authorization",
            "cookie",
            "x-api-key",
            "x-auth-token",
            "php-auth-pw",
        ] {
            headers.insert(name, HeaderValue::from_static("hidden"));
        }
        headers.append(
            "x-original-uri",
            HeaderValue::from_static("/hooks/path-secret-1"),
        );
        headers.append("x-original-uri", HeaderValue::from_static("/elsewhere"));
        headers.insert("x-marked", sensitive);
        headers.insert("content-type", HeaderValue::from_static("text/plain"));
        let kept = without_credentials(headers, "path-secret-1", &Mask::default());
        let mut shown: Vec<_> = kept
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
            .collect();
        shown.sort_unstable();
        assert_eq!(
            shown,
            [
                ("content-type", "text/plain"),
                ("x-original-uri", "/elsewhere")
            ]
        );
    }

    // H3, X7: at every place of the secret, and at every place where the bytes end.
    #[test]
    fn h3_the_first_bytes_never_hold_the_secret() {
        let secret = b"path-secret-1";
        for before in 0..40 {
            let text = [&vec![b'.'; before][..], secret, b" and more"].concat();
            for end in 0..=text.len() {
                let shown = masked(&text[..end], secret, 32);
                assert!(shown.len() <= 32);
                assert!(find(&shown, &secret[..CUT]).is_none(), "{shown:?}");
            }
        }
        assert_eq!(masked(b"abc", b"", 2), b"ab");
        assert_eq!(masked(b"a path-secret-1 b", secret, 32), b"a *** b");
    }
}
