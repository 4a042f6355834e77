//! What decoding holds is counted against a budget of memory.
//!
//! Counted is what is asked of the allocator for the value: the growth of lists and maps, boxes, texts.
//! Each is charged before it is taken, so that a hostile text is refused and not obeyed.

use super::Reader;
use crate::Error;

/// What an allocation costs beside its bytes.
const ALLOCATION: usize = 16;

/// What a look for keys that come twice takes for each key, while it lasts.
const SEEN_KEY: usize = 72;

impl Reader<'_> {
    /// Counts memory that is about to be taken for the value.
    ///
    /// # Errors
    /// The budget does not allow it: [`Error::is_budget`].
    #[doc(hidden)]
    #[inline]
    pub fn charge(&mut self, bytes: usize) -> Result<(), Error> {
        let (room, is_over) = self.room.overflowing_sub(bytes);
        self.room = room;
        match is_over {
            false => Ok(()),
            true => Err(self.too_much()),
        }
    }

    /// Counts a text of its own.
    ///
    /// # Errors
    /// As [`charge`](Self::charge).
    #[doc(hidden)]
    #[inline]
    pub fn charge_text(&mut self, length: usize) -> Result<(), Error> {
        // A text has at most `isize::MAX` bytes, so the sum is no larger than its type.
        self.charge(length + ALLOCATION)
    }

    /// Counts the growth of a list that gets one more item.
    ///
    /// # Errors
    /// As [`charge`](Self::charge).
    #[doc(hidden)]
    #[inline]
    pub fn charge_growth<T>(&mut self, items: &Vec<T>) -> Result<(), Error> {
        if items.len() < items.capacity() {
            return Ok(());
        }
        match items.capacity() {
            0 => self.charge(const { first_items(size_of::<T>()).saturating_mul(size_of::<T>()) }),
            capacity => self.growth(capacity, size_of::<T>()),
        }
    }

    /// As `Vec` grows: to twice what it had, and to a few items at least.
    #[inline(never)]
    fn growth(&mut self, capacity: usize, size: usize) -> Result<(), Error> {
        self.charge(capacity.max(first_items(size)).saturating_mul(size))
    }

    /// Makes sure that there is room for a look for repeated keys, which gives its memory back.
    pub(crate) fn room_to_settle(&mut self, keys: usize) -> Result<(), Error> {
        match keys.saturating_mul(SEEN_KEY) <= self.room {
            true => Ok(()),
            false => Err(self.too_much()),
        }
    }

    /// The end: whatever is asked for afterwards is too much as well.
    #[cold]
    #[inline(never)]
    fn too_much(&mut self) -> Error {
        self.room = 0;
        Error::budget(self.at)
    }
}

/// For how many items of this size a `Vec` makes room at first.
const fn first_items(size: usize) -> usize {
    match size {
        0..=1 => 8,
        2..=1024 => 4,
        _ => 1,
    }
}
