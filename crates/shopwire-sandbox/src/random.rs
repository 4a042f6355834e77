//! Random keys and tokens for a sandbox, without a dependency.

use std::hash::{BuildHasher, RandomState};

/// Returns 64 bits that differ between calls and between starts. They are not cryptographically secure: the keys and
/// tokens are used on loopback only, and end with the sandbox.
pub(crate) fn bits() -> u64 {
    RandomState::new().hash_one(0_u8)
}

/// Returns a random text of letters and digits.
pub(crate) fn token(length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    (0..length)
        .map(|_| char::from(ALPHABET[(bits() % 32) as usize]))
        .collect()
}

/// Returns a random UUID (version 4).
pub(crate) fn uuid() -> String {
    let (high, low) = (bits(), bits());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n75_a_token_is_a_uuid() {
        let one = uuid();
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&one[14..15], "4");
        assert_ne!(one, uuid());
        assert_eq!(token(20).len(), 20);
    }
}
