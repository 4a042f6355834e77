//! Percent-encodings that clients use, and Base64.

/// A way to encode the bytes of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// PHP's `urlencode`: `+`, `%2A`, `%7E`.
    Php,
    /// PHP's `rawurlencode`: `%20`, `%2A`, `~`.
    Rfc3986,
    /// `encodeURIComponent`: `%20`, `*`, `~`.
    JavaScript,
    /// `URLSearchParams`: `+`, `*`, `%7E`.
    Browser,
    /// Like [`Php`](Self::Php), with lower-case digits.
    LowerDigits,
    /// No encoding.
    None,
}

impl Encoding {
    /// The encodings that escape all special characters.
    pub(super) const CLIENTS: [Self; 3] = [Self::Php, Self::Rfc3986, Self::JavaScript];

    /// Encodes bytes; letters beyond ASCII need it for all but [`None`](Self::None).
    pub(super) fn encode(self, bytes: &[u8]) -> Vec<u8> {
        if self == Self::None {
            return bytes.to_vec();
        }
        let mut out = Vec::with_capacity(bytes.len() * 3);
        for &byte in bytes {
            if byte.is_ascii_alphanumeric() || self.bare().contains(&byte) {
                out.push(byte);
            } else if byte == b' ' && self.has_plus() {
                out.push(b'+');
            } else if self == Self::LowerDigits {
                out.extend(format!("%{byte:02x}").bytes());
            } else {
                out.extend(format!("%{byte:02X}").bytes());
            }
        }
        out
    }

    const fn bare(self) -> &'static [u8] {
        match self {
            Self::Php | Self::LowerDigits | Self::None => b"-_.",
            Self::Rfc3986 => b"-_.~",
            Self::JavaScript => b"-_.~!*'()",
            Self::Browser => b"-_.*",
        }
    }

    fn has_plus(self) -> bool {
        !matches!(self, Self::Rfc3986 | Self::JavaScript)
    }
}

/// Decodes the text of a form: `+` is a space.
pub(super) fn form_decoded(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decoded(&spaced)
}

/// Decodes `%XX` to its byte; other text is unchanged.
pub(super) fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let digits = tail
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let is_hex = |digits: &&str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let byte = digits
            .filter(is_hex)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .filter(|_| first == b'%');
        bytes.push(byte.unwrap_or(first));
        rest = match byte {
            Some(_) => &tail[2..],
            None => tail,
        };
    }
    bytes
}

/// Decodes Base64 with the standard or the URL alphabet, with or without `=` at the end.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let text = text
        .strip_suffix(b"==")
        .or_else(|| text.strip_suffix(b"="))
        .unwrap_or(text);
    let mut bytes = Vec::with_capacity(text.len());
    for group in text.chunks(4) {
        let mut bits = 0_u32;
        for letter in group {
            bits = bits << 6 | sextet(*letter)?;
        }
        let [_, first, second, third] = (bits << (6 * (4 - group.len()))).to_be_bytes();
        match group.len() {
            4 => bytes.extend([first, second, third]),
            3 => bytes.extend([first, second]),
            2 => bytes.push(first),
            _ => return None,
        }
    }
    Some(bytes)
}

fn sextet(letter: u8) -> Option<u32> {
    let value = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n17_each_encoding_is_its_languages() {
        let text = "a b*~!é".as_bytes();
        for (encoding, encoded) in [
            (Encoding::Php, "a+b%2A%7E%21%C3%A9"),
            (Encoding::Rfc3986, "a%20b%2A~%21%C3%A9"),
            (Encoding::JavaScript, "a%20b*~!%C3%A9"),
            (Encoding::Browser, "a+b*%7E%21%C3%A9"),
            (Encoding::LowerDigits, "a+b%2a%7e%21%c3%a9"),
        ] {
            let out = encoding.encode(text);
            assert_eq!(String::from_utf8_lossy(&out), encoded);
            assert_eq!(form_decoded(&out), text, "{encoding:?}");
        }
        assert_eq!(percent_decoded(b"%2%zz%4"), b"%2%zz%4");
    }
}
