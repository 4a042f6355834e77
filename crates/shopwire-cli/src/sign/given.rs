//! The signature to check, in any of its usual forms.

use std::str::FromStr as _;

use nicechat_sign::Signature;

use super::{
    encoding,
    variant::{Kind, Mistake, mistake},
};
use crate::failure::Failure;

/// A pasted signature.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) signature: Signature,
    /// Mistakes in its form; services compare text.
    pub(super) mistakes: Vec<Mistake>,
}

impl Given {
    /// Reads hexadecimal digits in either case, and Base64.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        if let Some(given) = Self::hex(text).or_else(|| Self::base64(text)) {
            return Ok(given);
        }
        let is_hex = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = match text.len() {
            32 => "MD5",
            40 => "SHA-1",
            96 => "SHA-384",
            128 => "SHA-512",
            length => {
                return Err(Failure::usage(format_args!(
                    "--verify: a signature is 64 hexadecimal digits; these are {length} characters"
                )));
            }
        };
        match is_hex {
            true => Err(Failure::new(format_args!(
                "the signature is wrong: {} digits are those of {hash}, and SHA-256 has 64",
                text.len()
            ))),
            false => Err(Failure::usage(
                "--verify: a signature is 64 hexadecimal digits",
            )),
        }
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
        let mut given = Self::hex(std::str::from_utf8(&decoded).ok()?)?;
        given.mistakes.push(mistake(
            Kind::Digits,
            "with its hexadecimal digits in Base64 once more",
        ));
        Some(given)
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
            let given = Given::parse(text).expect(text);
            assert_eq!((given.signature, given.mistakes.len()), (hex, 1), "{text}");
        }
        for text in ["", "abc", "zz", "////", &"z".repeat(64)] {
            assert!(Given::parse(text).is_err(), "{text}");
        }
    }
}
