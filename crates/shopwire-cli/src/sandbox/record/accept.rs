//! Codings of answers that a recording can expand.

use http::{HeaderMap, HeaderValue, header::ACCEPT_ENCODING};

/// Codings that this program reads.
const READ: [&str; 4] = ["gzip", "x-gzip", "deflate", "identity"];

/// Leaves only codings that can be expanded, if the client names any. A service that used another would answer bytes that cannot be masked.
pub(super) fn narrow(headers: &mut HeaderMap) {
    let mut all = Vec::new();
    for value in headers.get_all(ACCEPT_ENCODING) {
        all.extend(value.to_str().unwrap_or_default().split(','));
    }
    let is_read = |coding: &&str| {
        let name = coding.split(';').next().unwrap_or_default().trim();
        READ.iter().any(|read| read.eq_ignore_ascii_case(name))
    };
    // Without the header services do not code their answers.
    if all.iter().all(|coding| is_read(&coding.trim())) {
        return;
    }
    let kept: Vec<&str> = all.into_iter().map(str::trim).filter(is_read).collect();
    let kept = match kept.is_empty() {
        true => "identity".to_owned(),
        false => kept.join(", "),
    };
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        headers.insert(ACCEPT_ENCODING, kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s7_only_codings_that_can_be_masked_are_asked_for() {
        for (asked, sent) in [
            ("gzip, deflate, br, zstd", "gzip, deflate"),
            ("br;q=1.0, gzip;q=0.5", "gzip;q=0.5"),
            ("gzip;q=1.0, identity; q=0.5", "gzip;q=1.0, identity; q=0.5"),
            ("*", "identity"),
            ("br", "identity"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(asked));
            narrow(&mut headers);
            assert_eq!(headers[ACCEPT_ENCODING], sent, "{asked}");
        }
        let mut none = HeaderMap::new();
        narrow(&mut none);
        assert!(none.is_empty());
    }
}
