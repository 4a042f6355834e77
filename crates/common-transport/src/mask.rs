//! Secrets that come back: a service may quote the key it was sent, and its words end up in errors and logs.

use std::borrow::Cow;

use crate::Secret;

/// What stands in place of a secret.
pub(crate) const HIDDEN: &str = "[hidden]";

/// Shorter texts than this are no secrets worth the name, and would blot out ordinary words.
const SHORTEST: usize = 4;

/// Secrets, in every spelling in which a text may quote them: as they are, in a URL, in JSON, in HTML, in any case.
///
/// A client hides its own in every error. This is for whoever shows what a service said by other ways.
///
/// ```
/// use common_transport::Mask;
///
/// let mask = Mask::new(["key/1".into()]);
/// assert_eq!(mask.text("wrong key KEY%2F1"), "wrong key [hidden]");
/// assert_eq!(Mask::HIDDEN, "[hidden]");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Mask {
    /// In small letters, longest first: one spelling may hold another one.
    spellings: Vec<Secret>,
}

impl Mask {
    /// What stands in place of a secret.
    pub const HIDDEN: &str = HIDDEN;

    /// The secrets to hide. Texts of fewer than four characters are not looked for: they stand everywhere.
    pub fn new(secrets: impl IntoIterator<Item = Secret>) -> Self {
        let spellings = secrets
            .into_iter()
            .filter(|secret| secret.expose().trim().len() >= SHORTEST)
            .flat_map(|secret| spellings(secret.expose().trim()));
        let mut mask = Self {
            spellings: spellings.collect(),
        };
        mask.sort();
        mask
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spellings.is_empty()
    }

    /// Both masks as one.
    pub(crate) fn and(&self, more: &[Secret]) -> Self {
        let mut both = Self::new(more.iter().cloned());
        both.spellings.extend(self.spellings.iter().cloned());
        both.sort();
        both
    }

    fn sort(&mut self) {
        self.spellings.sort_by(|a, b| {
            let length = |secret: &Secret| secret.expose().len();
            length(b).cmp(&length(a)).then(a.expose().cmp(b.expose()))
        });
        self.spellings.dedup_by(|a, b| a.expose() == b.expose());
    }

    /// The text without the secrets, whatever the case of their letters.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.bytes(text.as_bytes()) {
            // Spellings are whole characters, so what is left is too.
            Some(shown) => Cow::Owned(String::from_utf8_lossy(&shown).into_owned()),
            None => Cow::Borrowed(text),
        }
    }

    /// The same for a text that was cut: the beginning of a secret at its end is hidden too.
    pub(crate) fn cut_text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let masked = self.text(text);
        let Some(start) = self.half_at_end(&masked) else {
            return masked;
        };
        Cow::Owned(format!("{}{HIDDEN}", &masked[..start]))
    }

    /// The bytes without the secrets; none when there is no secret in them.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let lower = bytes.to_ascii_lowercase();
        let mut shown = Vec::new();
        let (mut at, mut kept) = (0, 0);
        while at < lower.len() {
            let Some(length) = self.length_at(&lower[at..]) else {
                at += 1;
                continue;
            };
            shown.extend_from_slice(&bytes[kept..at]);
            shown.extend_from_slice(HIDDEN.as_bytes());
            at += length;
            kept = at;
        }
        (kept > 0).then(|| [&shown, &bytes[kept..]].concat())
    }

    /// The length of the secret that begins here.
    fn length_at(&self, lower: &[u8]) -> Option<usize> {
        let mut spellings = self.spellings.iter().map(|secret| secret.expose());
        spellings
            .find(|spelling| lower.starts_with(spelling.as_bytes()))
            .map(str::len)
    }

    /// Where the longest beginning of a secret starts with which the text ends.
    fn half_at_end(&self, text: &str) -> Option<usize> {
        let lower = text.to_ascii_lowercase();
        let starts = self.spellings.iter().filter_map(|secret| {
            let longest = (secret.expose().len() - 1).min(lower.len());
            (SHORTEST..=longest)
                .rev()
                .map(|length| lower.len() - length)
                .find(|start| {
                    secret
                        .expose()
                        .as_bytes()
                        .starts_with(&lower.as_bytes()[*start..])
                })
        });
        starts.min()
    }
}

/// As it is, in a URL or a form, in JSON as PHP and as others write it, and in HTML.
fn spellings(secret: &str) -> Vec<Secret> {
    let spelled = [
        secret.to_owned(),
        each(secret, percent),
        each(secret, percent).replace("%20", "+"),
        each(secret, |c, out| json(c, false, out)),
        each(secret, |c, out| json(c, true, out)),
        each(secret, |c, out| html(c, "&#39;", out)),
        each(secret, |c, out| html(c, "&#039;", out)),
    ];
    spelled
        .into_iter()
        .map(|text| Secret::new(text.to_ascii_lowercase()))
        .collect()
}

fn each(secret: &str, spell: impl Fn(char, &mut String)) -> String {
    let mut out = String::new();
    secret.chars().for_each(|c| spell(c, &mut out));
    out
}

fn percent(c: char, out: &mut String) {
    if c.is_ascii_alphanumeric() || "-._~".contains(c) {
        return out.push(c);
    }
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        out.push_str(&format!("%{byte:02x}"));
    }
}

/// PHP escapes slashes and everything beyond ASCII.
fn json(c: char, as_php: bool, out: &mut String) {
    match c {
        '"' | '\\' => out.extend(['\\', c]),
        '/' if as_php => out.push_str("\\/"),
        c if as_php && !c.is_ascii() => {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
        c => out.push(c),
    }
}

fn html(c: char, apostrophe: &str, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str(apostrophe),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(secret: &str) -> Mask {
        Mask::new([Secret::new(secret)])
    }

    // H13
    #[test]
    fn h13_a_secret_is_hidden_in_every_spelling() {
        let mask = mask("K/е\"y &'1");
        for quoted in [
            "K/е\"y &'1",
            "k/е\"Y &'1",
            "K%2F%D0%B5%22y%20%26%271",
            "k%2f%d0%b5%22y+%26%271",
            r#"K/е\"y &'1"#,
            r#"K\/\u0435\"y &'1"#,
            "K/е&quot;y &amp;&#39;1",
            "K/е&quot;y &amp;&#039;1",
        ] {
            let text = format!("Ключ {quoted}{quoted} неверен");
            let shown = mask.text(&text);
            assert_eq!(shown, "Ключ [hidden][hidden] неверен", "{quoted}");
        }
        let plain = "no secret, but K/ and е";
        assert!(matches!(mask.text(plain), Cow::Borrowed(_)));
    }

    // H13
    #[test]
    fn h13_half_a_secret_at_a_cut_is_hidden() {
        let mask = mask("0123456789abcdef");
        assert_eq!(mask.cut_text("key=0123456789abcde"), "key=[hidden]");
        assert_eq!(mask.cut_text("key=0123"), "key=[hidden]");
        assert_eq!(mask.cut_text("key=012"), "key=012");
        assert_eq!(mask.cut_text("key=0123456789abcdef"), "key=[hidden]");
    }

    // H13
    #[test]
    fn h13_what_is_too_short_to_be_a_secret_hides_no_words() {
        assert_eq!(mask("id").text("the id is wrong"), "the id is wrong");
        assert!(mask(" \n").is_empty());
    }

    // H13
    #[test]
    fn h13_several_secrets_are_hidden_the_longest_first() {
        let mask = Mask::new([Secret::new("abcd"), Secret::new("abcd-efgh")]);
        assert_eq!(mask.text("x abcd-efgh abcd"), "x [hidden] [hidden]");
        assert!(!format!("{mask:?}").contains("abcd"));
    }
}
