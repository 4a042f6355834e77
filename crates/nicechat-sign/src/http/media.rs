//! Media types with their parameters. Those that readers take differently are refused.

use alloc::vec::Vec;

use crate::error::Ambiguity;

/// A media type whose parameters all readers take alike.
pub(super) struct MediaType<'a> {
    pub(super) essence: &'a str,
    parameters: Vec<(&'a str, &'a str)>,
}

impl<'a> MediaType<'a> {
    /// Refuses parameters that readers take differently: one that occurs twice, one in parts or in
    /// another encoding (`charset*0`, `charset*`), an escape in quotes, text that is not a parameter.
    pub(super) fn parse(text: &'a str) -> Result<Self, Ambiguity> {
        let (essence, mut rest) = essence(text);
        let mut parameters: Vec<(&str, &str)> = Vec::new();
        while let Some(after) = rest.strip_prefix(';') {
            let after = after.trim_start_matches(OWS);
            if after.is_empty() || after.starts_with(';') {
                rest = after;
                continue;
            }
            let (name, value) = after.split_once('=').ok_or(Ambiguity::Parameters)?;
            let (value, tail) = value_of(value).ok_or(Ambiguity::Parameters)?;
            let is_known = parameters
                .iter()
                .any(|(known, _)| known.eq_ignore_ascii_case(name));
            let is_one_of_many = parameters.len() == MAX_PARAMETERS;
            if is_known || is_one_of_many || !is_token(name) || name.contains('*') {
                return Err(Ambiguity::Parameters);
            }
            parameters.push((name, value));
            rest = tail.trim_start_matches(OWS);
        }
        match rest.is_empty() {
            true => Ok(Self {
                essence,
                parameters,
            }),
            false => Err(Ambiguity::Parameters),
        }
    }

    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&'a str> {
        let mut parameters = self.parameters.iter();
        let found = parameters.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }

    /// Refuses another charset than UTF-8.
    pub(super) fn check_charset(&self) -> Result<(), Ambiguity> {
        match self.parameter("charset") {
            Some(charset) if !is_utf8(charset) => Err(Ambiguity::Charset),
            _ => Ok(()),
        }
    }
}

/// The type without its parameters, and the parameters with the `;` before them.
pub(super) fn essence(text: &str) -> (&str, &str) {
    let end = text.find(';').unwrap_or(text.len());
    (text[..end].trim_matches(OWS), &text[end..])
}

/// Whether a name of a charset means UTF-8.
pub(crate) fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim();
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Whether the text is a valid name of a parameter or of a header.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token_byte)
}

const OWS: [char; 2] = [' ', '\t'];

/// Maximum number of parameters; no known sender writes more.
const MAX_PARAMETERS: usize = 16;

/// The value at the beginning, without its quotes, and what follows it.
fn value_of(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (value, tail) = quoted.split_once('"')?;
        let is_plain = !value.contains('\\') && !value.chars().any(char::is_control);
        return is_plain.then_some((value, tail));
    }
    let end = text.find([';', ' ', '\t']).unwrap_or(text.len());
    let (value, tail) = text.split_at(end);
    // Some senders write these characters in boundaries without quotes, and readers take them
    // alike.
    let is_allowed = |byte: u8| is_token_byte(byte) || b"=/:?()@".contains(&byte);
    value.bytes().all(is_allowed).then_some((value, tail))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(text: &str) -> Option<Vec<(&str, &str)>> {
        MediaType::parse(text).ok().map(|media| media.parameters)
    }

    // H12
    #[test]
    fn h12_parameters_are_read_with_and_without_quotes() {
        assert_eq!(parameters("a/b"), Some(Vec::new()));
        assert_eq!(parameters("a/b;"), Some(Vec::new()));
        assert_eq!(
            parameters("a/b ;\tx=1;; y=\"a;b=c\" ;z=a=b/c").unwrap(),
            [("x", "1"), ("y", "a;b=c"), ("z", "a=b/c")]
        );
    }

    // H12
    #[test]
    fn h12_parameters_with_two_readings_are_refused() {
        for text in [
            "a/b; x=1; x=1",
            "a/b; x=1; X=2",
            "a/b; x",
            "a/b; =1",
            "a/b; x =1",
            "a/b; x=\"1",
            "a/b; x=\"1\"2",
            "a/b; x=\"a\\\"b\"",
            "a/b; x=1 y=2",
            "a/b; x=1, c/d; y=2",
            "a/b; x*=utf-8''1",
            "a/b; x*0=1; x*1=2",
            "a/b; x=\u{e9}",
        ] {
            assert_eq!(parameters(text), None, "{text}");
        }
    }
}
