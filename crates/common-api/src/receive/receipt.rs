//! Receipts: a store's confirmation that it has an event.

use std::{
    collections::hash_map::RandomState,
    fmt,
    hash::BuildHasher,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// An id of one delivery. The receiver draws it before it first calls the store, so that a store that retries can
/// recognize the delivery.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptId([u8; 16]);

impl ReceiptId {
    /// Draws a new id of 128 bits. It is unique, but can be guessed.
    #[must_use]
    pub fn random() -> Self {
        // Keyed once for the process by randomness of the operating system.
        static KEYS: LazyLock<[RandomState; 2]> =
            LazyLock::new(|| [RandomState::new(), RandomState::new()]);
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let [high, low] = KEYS.each_ref().map(|key| u128::from(key.hash_one(number)));
        Self((high << 64 | low).to_be_bytes())
    }

    /// Builds an id from the bytes of [`to_bytes`](Self::to_bytes).
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Returns the 16 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }
}

/// Writes 32 hexadecimal digits.
impl fmt::Display for ReceiptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for ReceiptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiptId({self})")
    }
}

/// A store's confirmation that it has the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The id of the event in the store. For a removed repeat ([`Kept::Before`]) it is the id of the delivery that
    /// was kept.
    pub id: ReceiptId,
    /// The last event of the same source with an equal body within the store's window, if there is one. It is a
    /// hint: both events are kept, since two different changes may look the same.
    pub repeat_of: Option<ReceiptId>,
    /// Whether this delivery was kept, or an earlier one.
    pub kept: Kept,
}

/// The delivery of an event that a store keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it was kept now or before")]
pub enum Kept {
    /// This delivery was kept.
    Now,
    /// An earlier delivery with the same event id of the source was kept, and this one was not.
    Before,
}

impl Receipt {
    /// Builds a receipt of a delivery that was kept.
    #[must_use]
    pub const fn new(id: ReceiptId) -> Self {
        Self {
            id,
            repeat_of: None,
            kept: Kept::Now,
        }
    }

    /// Builds a receipt of a repeat: the delivery `id` with the same event id was kept earlier.
    #[must_use]
    pub const fn kept_before(id: ReceiptId) -> Self {
        Self {
            id,
            repeat_of: None,
            kept: Kept::Before,
        }
    }

    /// Sets the last event with an equal body.
    #[must_use]
    pub const fn repeat_of(mut self, earlier: Option<ReceiptId>) -> Self {
        self.repeat_of = earlier;
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    // D3
    #[test]
    fn d3_receipt_ids_differ_and_survive_a_store() {
        let ids: HashSet<ReceiptId> = (0..10_000).map(|_| ReceiptId::random()).collect();
        assert_eq!(ids.len(), 10_000);
        let id = ReceiptId::from_bytes([0xab; 16]);
        assert_eq!(ReceiptId::from_bytes(id.to_bytes()), id);
        assert_eq!(id.to_string(), "ab".repeat(16));
    }
}
