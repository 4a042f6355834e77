//! An exchange as lines of text for a terminal, without credentials.

use std::fmt::Write as _;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::cut::cut;
use super::exchange::Exchange;

/// Bytes of a query or body that are shown.
const SHOWN: usize = 400;

/// The values of parameters and members that are credentials, in a query, a form or JSON.
static CREDENTIALS: LazyLock<Regex> = LazyLock::new(|| {
    let names = "apiKey|api_key|_key|_sign|_sing|token|pass|password|secret";
    let pattern = format!(
        r#"(?i)((?:^|[?&])(?:{names})=|"(?:{names})"\s*:\s*")(?:[^&"\s\\]|\\.)*|(name="(?:{names})"\r?\n\r?\n)[^\r\n]*"#
    );
    Regex::new(&pattern).expect("a pattern")
});

impl Exchange {
    /// Returns one line: number, service, method, path, status and the first reason.
    ///
    /// ```text
    /// #17 nicechat POST /marketplaces/v1/products/ 401 signature: x-api-sign: … (1 more)
    /// ```
    pub fn line(&self) -> String {
        let mut line = format!(
            "#{} {} {} {}",
            self.id, self.service, self.method, self.path
        );
        if let Some(rpc) = &self.rpc {
            let _ = write!(line, " {rpc}");
        }
        match self.status {
            Some(status) => {
                let _ = write!(line, " {status}");
            }
            None => line.push_str(" no answer"),
        }
        if let Some(first) = self.reasons.first() {
            let _ = write!(line, " {first}");
        }
        if self.reason_count > 1 {
            let _ = write!(line, " ({} more)", self.reason_count - 1);
        }
        printable(&line)
    }

    /// Returns further lines: the query, the beginning of the body, and all reasons if there are several. Values of
    /// `apiKey`, signatures, tokens and passwords are replaced by `***`.
    pub fn details(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut add = |name: &str, text: &str| {
            if !text.is_empty() {
                lines.push(printable(&format!("  {name}: {}", masked(text))));
            }
        };
        add("query", &self.query);
        let body = &self.request.body;
        match body.text() {
            Some(text) => add("body", text),
            None => add("body", &format!("{} bytes that are not text", body.size())),
        }
        if self.reasons.len() > 1 {
            for reason in &self.reasons {
                lines.push(printable(&format!("  {reason}")));
            }
        }
        lines
    }
}

/// The beginning of a text, without the values of credentials.
fn masked(text: &str) -> String {
    // A credential that is cut in two is masked as well, and masking may make the text shorter.
    let text = CREDENTIALS.replace_all(cut(text, 4 * SHOWN), "$1$2***");
    let shown = cut(&text, SHOWN);
    let dots = if shown.len() < text.len() { "…" } else { "" };
    format!("{shown}{dots}")
}

/// A text without control characters, which a terminal would obey.
fn printable(text: &str) -> String {
    let is_odd = |letter: char| letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}');
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match is_odd(letter) {
            true => out.extend(letter.escape_debug()),
            false => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s2_credentials_are_masked_in_every_form() {
        for (text, shown) in [
            ("apiKey=AB12&limit=20", "apiKey=***&limit=20"),
            ("limit=20&apiKey=AB12", "limit=20&apiKey=***"),
            ("_key=k&_sign=0f&title=a", "_key=***&_sign=***&title=a"),
            ("a=1&_sing=0f", "a=1&_sing=***"),
            (
                r#"{"LOGIN":"a@b.c","PASS": "p\"w"}"#,
                r#"{"LOGIN":"a@b.c","PASS": "***"}"#,
            ),
            (
                "name=\"_key\"\r\n\r\nAB12\r\n--x",
                "name=\"_key\"\r\n\r\n***\r\n--x",
            ),
            ("monkey=1&tokens=2", "monkey=1&tokens=2"),
        ] {
            assert_eq!(masked(text), shown);
        }
        let long = format!("apiKey={}", "x".repeat(10_000));
        assert_eq!(masked(&long), "apiKey=***");
        let long = masked(&"é".repeat(1000));
        assert_eq!(long.len(), SHOWN + '…'.len_utf8());
    }

    #[test]
    fn s2_a_peer_cannot_write_to_the_terminal() {
        assert_eq!(
            printable("a\u{1b}[2J\r\nb\u{9b}"),
            "a\\u{1b}[2J\\r\\nb\\u{9b}"
        );
    }
}
