//! The signature to explain, in any of its usual forms.

use core::fmt;
use core::str::FromStr;

use crate::Signature;

use super::{
    encoding,
    variant::{Kind, Mistake, mistake},
};

/// A signature as it was received: hexadecimal digits in either case, or Base64.
#[derive(Clone, Debug)]
pub struct Received {
    pub(super) signature: Signature,
    /// Mistakes in its form; services compare text.
    pub(super) mistakes: Vec<Mistake>,
}

/// A text that is no SHA-256 in any form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASignature {
    length: usize,
    other_hash: Option<&'static str>,
}

impl NotASignature {
    /// The hash whose number of hexadecimal digits the text has: `MD5`.
    pub fn other_hash(&self) -> Option<&'static str> {
        self.other_hash
    }
}

impl fmt::Display for NotASignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.length;
        match self.other_hash {
            Some(hash) => write!(
                f,
                "a signature is 64 hexadecimal digits; {length} are those of {hash}, or the signature was cut"
            ),
            None => match length {
                32 | 40 | 96 | 128 => f.write_str("a signature is 64 hexadecimal digits"),
                _ => write!(
                    f,
                    "a signature is 64 hexadecimal digits; these are {length} characters"
                ),
            },
        }
    }
}

impl core::error::Error for NotASignature {}

impl FromStr for Received {
    type Err = NotASignature;

    fn from_str(text: &str) -> Result<Self, NotASignature> {
        let text = text.trim();
        if let Some(received) = Self::bare(text).or_else(|| Self::prefixed(text)) {
            return Ok(received);
        }
        let is_hex = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = match text.len() {
            32 => Some("MD5"),
            40 => Some("SHA-1"),
            96 => Some("SHA-384"),
            128 => Some("SHA-512"),
            _ => None,
        };
        Err(NotASignature {
            length: text.len(),
            other_hash: hash.filter(|_| is_hex),
        })
    }
}

impl Received {
    /// The signature.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    fn bare(text: &str) -> Option<Self> {
        Self::hex(text).or_else(|| Self::base64(text))
    }

    /// Reads a signature behind a word that other services put before theirs.
    fn prefixed(text: &str) -> Option<Self> {
        const PREFIXES: [&str; 5] = ["sha256=", "sha256:", "sha256 ", "0x", "bearer "];
        let (prefix, rest) = PREFIXES.iter().find_map(|prefix| {
            let (before, rest) = text.split_at_checked(prefix.len())?;
            before
                .eq_ignore_ascii_case(prefix)
                .then_some((before, rest))
        })?;
        let mut received = Self::bare(rest)?;
        let told = format!("with `{prefix}` before the digits");
        received.mistakes.push(mistake(Kind::Digits, told));
        Some(received)
    }

    fn hex(text: &str) -> Option<Self> {
        let signature = Signature::from_str(&text.to_ascii_lowercase()).ok()?;
        let is_upper = text.bytes().any(|byte| byte.is_ascii_uppercase());
        let upper = || {
            mistake(
                Kind::Digits,
                "with its digits in upper case (hexadecimal has to be lower case)",
            )
        };
        Some(Self {
            signature,
            mistakes: is_upper.then(upper).into_iter().collect(),
        })
    }

    /// Reads Base64 of the 32 bytes or of the 64 digits, perhaps copied from a query.
    fn base64(text: &str) -> Option<Self> {
        let decoded = encoding::base64(&encoding::percent_decoded(text.as_bytes()))?;
        if let Ok(bytes) = <[u8; 32]>::try_from(decoded.as_slice()) {
            let text = "in Base64 in place of hexadecimal digits";
            return Some(Self {
                signature: Signature::from_bytes(bytes),
                mistakes: vec![mistake(Kind::Digits, text)],
            });
        }
        let mut received = Self::hex(std::str::from_utf8(&decoded).ok()?)?;
        received.mistakes.push(mistake(
            Kind::Digits,
            "with its hexadecimal digits in Base64 once more",
        ));
        Some(received)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // F20
    #[test]
    fn f20_base64_of_all_sorts_is_read() {
        // Bytes 251 to 255 and so on: `+` and `/` in it.
        let bytes: [u8; 32] = std::array::from_fn(|at| 255 - at as u8);
        let hex = Signature::from_bytes(bytes);
        for text in [
            "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=",
            "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA",
            "__79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eA",
            "%2F%2F79%2FPv6%2Bfj39vX08%2FLx8O%2Fu7ezr6uno5%2Bbl5OPi4eA%3D",
        ] {
            let received = Received::from_str(text).expect(text);
            assert_eq!(
                (received.signature, received.mistakes.len()),
                (hex, 1),
                "{text}"
            );
        }
        for text in ["", "abc", "zz", "////", &"z".repeat(64)] {
            assert!(Received::from_str(text).is_err(), "{text}");
        }
    }
}
