//! The keys of the pages of a walk.

use std::collections::VecDeque;

/// Maximum number of keys.
const MOST: usize = 64;

/// The keys of the pages of a walk, by the number of the page. A key is what a request needs to ask for the page: its
/// address, or a cursor.
///
/// The last 64 keys are kept: a walk goes back no further.
///
/// ```
/// use common_api::PageKeys;
///
/// let mut keys = PageKeys::starting_at(7, "a");
/// keys.push("b");
/// assert_eq!((keys.oldest(), keys.get(8)), (7, Some(&"b")));
/// assert!(keys.is_last(8) && !keys.is_last(7));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageKeys<K> {
    oldest: u64,
    kept: VecDeque<K>,
}

/// No keys; the first one is that of page 1.
impl<K> Default for PageKeys<K> {
    fn default() -> Self {
        Self {
            oldest: 1,
            kept: VecDeque::new(),
        }
    }
}

impl<K> PageKeys<K> {
    /// The key of this page alone.
    #[must_use]
    pub fn starting_at(page: u64, key: K) -> Self {
        Self {
            oldest: page,
            kept: VecDeque::from([key]),
        }
    }

    /// The key of this page, if it is kept.
    pub fn get(&self, page: u64) -> Option<&K> {
        let place = page.checked_sub(self.oldest)?;
        self.kept.get(usize::try_from(place).ok()?)
    }

    /// Adds the key of the page behind the last one.
    pub fn push(&mut self, key: K) {
        self.kept.push_back(key);
        if self.kept.len() > MOST {
            self.kept.pop_front();
            self.oldest += 1;
        }
    }

    /// Number of the first page whose key is kept.
    pub fn oldest(&self) -> u64 {
        self.oldest
    }

    /// Whether no key of a page behind this one is kept.
    pub fn is_last(&self, page: u64) -> bool {
        let behind = self.oldest.saturating_add(self.kept.len() as u64);
        page.saturating_add(1) >= behind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // C1
    #[test]
    fn c1_the_last_keys_are_kept_by_the_numbers_of_their_pages() {
        let mut keys = PageKeys::default();
        assert_eq!((keys.oldest(), keys.get(1)), (1, None));
        for page in 1..=100_u64 {
            assert!(keys.is_last(page));
            keys.push(page);
            assert!(keys.is_last(page) && (page == 1 || !keys.is_last(page - 1)));
        }
        assert_eq!(keys.oldest(), 37);
        for page in 0..200 {
            let expected = (37..=100).contains(&page).then_some(page);
            assert_eq!(keys.get(page).copied(), expected);
        }
    }

    // C1
    #[test]
    fn c1_keys_may_start_at_the_last_number_of_all() {
        let keys = PageKeys::starting_at(u64::MAX, "a");
        assert_eq!(keys.get(u64::MAX), Some(&"a"));
        assert!(keys.is_last(u64::MAX));
    }
}
