//! Keys: of what events and effects keep their order, and by what they are erased.

use std::fmt;

use sha2::{Digest, Sha256};

/// A key of order or of erasure, such as an order's number or a customer's phone.
///
/// Keys can be personal data. A store keeps only a hash of a key with the store's own salt, so a key cannot be read
/// back. `Debug` does not show it.
///
/// ```
/// use common_durable::Key;
///
/// let key = Key::new("+380501112233");
/// assert_eq!(format!("{key:?}"), "Key(..)");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key(String);

impl Key {
    /// Makes a key. Keys are equal if their bytes are equal: normalise phones and e-mail addresses first.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the key is the empty text, which is a key like any other.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the hash that an engine stores in place of the key: 16 bytes of SHA-256 over the salt and the key.
    pub fn digest(&self, salt: &[u8]) -> [u8; 16] {
        shortened(Sha256::new().chain_update(salt).chain_update(&self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Key {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

fn shortened(hash: Sha256) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d6_digests_depend_on_key_and_salt() {
        let key = Key::new("a");
        assert_eq!(key.digest(b"1"), Key::from("a").digest(b"1"));
        assert_ne!(key.digest(b"1"), key.digest(b"2"));
        assert_ne!(key.digest(b"1"), Key::new("b").digest(b"1"));
    }
}
