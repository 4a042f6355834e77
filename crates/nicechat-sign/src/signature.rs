//! The 32 bytes of a signature and their text.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use subtle::ConstantTimeEq;

/// A SHA-256 signature. Its text is 64 lower-case hexadecimal digits.
///
/// Comparing two signatures takes the same time wherever they differ.
// N13, N31
#[derive(Clone, Copy)]
pub struct Signature([u8; 32]);

impl Signature {
    /// Creates a signature from its 32 raw bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 raw bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether the two are equal, in constant time.
    pub fn verify(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }

    /// The hexadecimal text as bytes, without an allocation.
    pub fn to_hex(&self) -> [u8; 64] {
        let mut text = [0; 64];
        for (pair, byte) in text.as_chunks_mut().0.iter_mut().zip(self.0) {
            *pair = [letter(byte >> 4), letter(byte & 15)];
        }
        text
    }
}

/// Computed without a table, so that the compiler vectorises it.
const fn letter(nibble: u8) -> u8 {
    let letters = if nibble > 9 { b'a' - b'0' - 10 } else { 0 };
    b'0' + nibble + letters
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.verify(other)
    }
}

impl Eq for Signature {}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = self.to_hex();
        f.pad(core::str::from_utf8(&hex).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

impl From<Signature> for String {
    fn from(signature: Signature) -> Self {
        signature
            .to_hex()
            .iter()
            .map(|&byte| char::from(byte))
            .collect()
    }
}

/// An error for a text that is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidSignature(());

impl fmt::Display for InvalidSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a signature is 64 lower-case hexadecimal digits")
    }
}

impl core::error::Error for InvalidSignature {}

impl FromStr for Signature {
    type Err = InvalidSignature;

    fn from_str(text: &str) -> Result<Self, InvalidSignature> {
        let text: &[u8; 64] = text
            .as_bytes()
            .try_into()
            .map_err(|_| InvalidSignature(()))?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? * 16 + digit(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

fn digit(byte: u8) -> Result<u8, InvalidSignature> {
    match byte {
        b'0'..=b'9' => Ok(byte - b'0'),
        b'a'..=b'f' => Ok(byte - b'a' + 10),
        _ => Err(InvalidSignature(())),
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn n13_text_is_64_lower_case_digits() {
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::try_from(at * 8 + 7).unwrap();
        }
        let signature = Signature::from_bytes(bytes);
        let text = signature.to_string();
        assert_eq!(
            text,
            "070f171f272f373f474f575f676f777f878f979fa7afb7bfc7cfd7dfe7eff7ff"
        );
        assert_eq!(text.parse(), Ok(signature));
        assert_eq!(String::from(signature), text);
        assert_eq!(format!("{signature:?}"), format!("Signature({text})"));
        let error = text.to_uppercase().parse::<Signature>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "a signature is 64 lower-case hexadecimal digits"
        );
        assert!(text[1..].parse::<Signature>().is_err());
        assert!(format!("{text}0").parse::<Signature>().is_err());
        assert!(text.replace('0', "g").parse::<Signature>().is_err());
        assert!(text.replace('0', "/").parse::<Signature>().is_err());
        assert!(text.replace('0', "`").parse::<Signature>().is_err());
    }

    #[test]
    fn n31_every_bit_counts() {
        let signature = Signature::from_bytes([0x5a; 32]);
        for bit in 0..256 {
            let mut other = *signature.as_bytes();
            other[bit / 8] ^= 1 << (bit % 8);
            assert!(!signature.verify(&Signature::from_bytes(other)));
            assert_ne!(signature, Signature::from_bytes(other));
        }
        assert!(signature.verify(&signature.clone()));
    }
}
