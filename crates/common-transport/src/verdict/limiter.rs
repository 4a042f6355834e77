//! The page of a rate limiter.
//!
//! nginx and servers built on it answer 503 or 429 with a page of their own, before the application sees the
//! request. Such a page proves that the call had no effect, so the call is repeated. Any other page with the same
//! words proves nothing: an application, or another proxy behind the limiter, may have written it after the effect.
//! So a page counts as the limiter's only if it shows nothing but the limiter's words and the name of the server.

/// Texts of limiters in lower case, and the status that may stand before each: nginx with 503 and with 429.
const TEXTS: [(&str, &str); 2] = [
    ("503", "service temporarily unavailable"),
    ("429", "too many requests"),
];

/// Servers that sign their pages, in lower case. A version may follow after a slash.
const SERVERS: [&str; 5] = ["nginx", "openresty", "angie", "tengine", "freenginx"];

/// Longest page of a limiter in bytes. nginx pads its pages with comments to some 600 bytes.
const LONGEST: usize = 4096;

/// Whether a body shows nothing but a limiter's text.
pub(super) fn is_limiter_page(body: &[u8]) -> bool {
    let Some(text) = Some(body)
        .filter(|body| body.len() <= LONGEST)
        .and_then(|body| std::str::from_utf8(body).ok())
    else {
        return false;
    };
    let mut shown = shown(text).peekable();
    shown.peek().is_some()
        && shown.clone().any(|part| is_limiters(&part))
        && shown.all(|part| is_limiters(&part) || is_server(&part))
}

/// Iterates over the texts between the tags of a page, in lower case and with single spaces. Comments are left out.
/// An unterminated tag is shown as text.
fn shown(text: &str) -> impl Iterator<Item = String> + Clone {
    let mut rest = Some(text);
    let parts = std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some((part, tag)) = text.split_once('<') else {
            return Some(text);
        };
        let end = if tag.starts_with("!--") { "-->" } else { ">" };
        // An unterminated tag is shown, so that the page is not taken for the limiter's.
        let Some((_, after)) = tag.split_once(end) else {
            return Some(text);
        };
        rest = Some(after);
        Some(part)
    });
    parts
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|part| !part.is_empty())
        .map(|part| part.to_lowercase())
}

fn is_limiters(part: &str) -> bool {
    TEXTS.iter().any(|(status, words)| {
        let rest = part.strip_prefix(status).map_or(part, str::trim_start);
        rest.trim_end_matches(['.', '!']) == *words
    })
}

fn is_server(part: &str) -> bool {
    let (name, version) = part.split_once('/').unwrap_or((part, ""));
    let mut of_version = version.bytes();
    SERVERS.contains(&name) && of_version.all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[cfg(test)]
mod tests {
    use super::is_limiter_page;

    const NGINX: &str = "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n<hr><center>nginx/1.24.0</center>\r\n</body>\r\n</html>\r\n";

    // H6, R20
    #[test]
    fn h6_r20_the_limiters_page_says_that_and_nothing_else() {
        let padded = format!(
            "{NGINX}{}",
            "<!-- a padding to disable MSIE and Chrome friendly error page -->\r\n".repeat(6)
        );
        for page in [
            NGINX,
            &padded,
            "503 Service Temporarily Unavailable",
            "Service Temporarily Unavailable\n",
            "<h1>429 Too Many Requests</h1>",
            "Too Many Requests.",
            "<html><head><title>429 Too Many Requests</title></head><body><center><h1>429 Too Many Requests</h1></center><hr><center>openresty</center></body></html>",
            "<!DOCTYPE html>\n<title>\n  429   Too Many\n  Requests </title>",
        ] {
            assert!(is_limiter_page(page.as_bytes()), "{page}");
        }
    }

    // H6, R20
    #[test]
    fn h6_r20_a_page_that_says_more_is_not_the_limiters() {
        for page in [
            "<!DOCTYPE html><title>My CRM</title><p>Order 17 was saved. The mail gateway answered: too many requests.</p>",
            "Deadlock while writing history (order saved). Upstream said: service temporarily unavailable",
            "<title>Antifraud</title>Too many requests from this user; order 17 kept for review",
            "<title>504 Gateway Time-out</title><!-- 503 Service Temporarily Unavailable -->",
            "<title>503 Service Temporarily Unavailable</title><p>Order 17 was saved</p>",
            "<title>503 Service Temporarily Unavailable</title><script>x</script>",
            "<?xml version=\"1.0\"?><error>too many requests: order stored</error>",
            "<title>429 Too Many Requests</title><p title=\"too many requests",
            "<h1>502 Bad Gateway</h1><hr><center>nginx</center>",
            "nginx",
            "nginx/1.24.0 (order saved)",
            "500 Too Many Requests",
            "<!-- too many requests -->",
            "",
            " ",
        ] {
            assert!(!is_limiter_page(page.as_bytes()), "{page}");
        }
        let long = format!("Too Many Requests{}", " ".repeat(4096));
        assert!(!is_limiter_page(long.as_bytes()));
        assert!(!is_limiter_page(b"Too Many Requests\xff"));
    }

    // H6, R20: with one word more at any place, it is another page.
    #[test]
    fn h6_r20_one_word_more_anywhere_makes_another_page() {
        for (at, _) in NGINX.match_indices('>') {
            let page = format!("{}saved{}", &NGINX[..=at], &NGINX[at + 1..]);
            assert!(!is_limiter_page(page.as_bytes()), "{page}");
        }
    }
}
