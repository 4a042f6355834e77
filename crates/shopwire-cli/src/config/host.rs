//! A mere host in the place of an address.

/// Whether the text is a host, perhaps with a port: short words of small letters, a dot or `localhost`. Keys and
/// passwords do not look like this.
pub(super) fn is_host(text: &str) -> bool {
    const LONGEST: usize = 40;
    let (host, port) = text.split_once(':').unwrap_or((text, ""));
    let is_word = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    let is_host = host == "localhost" || (host.contains('.') && host.split('.').all(is_word));
    text.len() <= LONGEST
        && is_host
        && port.len() <= 5
        && port.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_host;

    // C14, H13
    #[test]
    fn c14_a_host_is_told_from_what_may_be_a_secret() {
        for host in [
            "demo.retailcrm.ru",
            "localhost",
            "localhost:8080",
            "my-shop.example:443",
        ] {
            assert!(is_host(host), "{host}");
        }
        for text in [
            "hunter2",
            "hunter2.example",
            "KFNW44NF3ACMY8Y9",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig",
            "user:pass@demo.example",
            "demo.example:pass",
            "demo.example/?key=x",
            "word",
            "",
        ] {
            assert!(!is_host(text), "{text}");
        }
    }
}
