//! The budget of memory for decoding.
//!
//! Every allocation for the value counts: the growth of lists and maps, boxes, texts. Memory is charged before it is
//! taken, so that a hostile text is refused in time.

use super::Reader;
use crate::Error;

/// Overhead of an allocation in bytes.
const ALLOCATION: usize = 16;

/// Bytes of temporary memory for each key while repeated keys are searched for.
const SEEN_KEY: usize = 72;

impl Reader<'_> {
    /// Charges memory that is about to be taken for the value, in bytes.
    ///
    /// # Errors
    /// The memory exceeds the budget: [`Error::is_budget`].
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

    /// Charges a text that gets its own allocation; `length` is in bytes.
    ///
    /// # Errors
    /// As [`charge`](Self::charge).
    #[doc(hidden)]
    #[inline]
    pub fn charge_text(&mut self, length: usize) -> Result<(), Error> {
        // A text has at most `isize::MAX` bytes, so the sum is no larger than its type.
        self.charge(length + ALLOCATION)
    }

    /// Charges the growth of a list by one item.
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

    /// Checks that the budget has room for a search for repeated keys, without charging it: that memory is
    /// temporary.
    pub(crate) fn room_to_settle(&mut self, keys: usize) -> Result<(), Error> {
        match keys.saturating_mul(SEEN_KEY) <= self.room {
            true => Ok(()),
            false => Err(self.too_much()),
        }
    }

    /// Spends the rest of the budget, so that later charges fail as well.
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
