//! Pagination by page number.

use serde_json::{Value, json};

use super::answer::Failure;
use super::call::Call;

/// The page sizes of all lists.
pub(crate) const SIZES: &[usize] = &[20, 50, 100];

/// The page sizes of the stock: the vendor's own modules ask for 250 there, and nowhere else.
pub(crate) const STOCK_SIZES: &[usize] = &[20, 50, 100, 250];

/// The requested page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    limit: usize,
    number: usize,
}

impl Page {
    /// Reads the page. `limit` must be one of the sizes, `page` counts from 1.
    pub(crate) fn read(call: &Call, sizes: &[usize]) -> Result<Self, Failure> {
        let limit = match call.text("limit") {
            None => 20,
            Some(text) => text
                .parse()
                .ok()
                .filter(|limit| sizes.contains(limit))
                .ok_or_else(|| {
                    Failure::input("limit", "The value you selected is not a valid choice.")
                })?,
        };
        let number = match call.text("page") {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                // The block says it back: a number that PHP's integers have.
                .filter(|&number| (1..=usize::MAX / 2).contains(&number))
                .ok_or_else(|| {
                    Failure::input("page", "This value should be greater than or equal to 1.")
                })?,
        };
        Ok(Self { limit, number })
    }

    /// Returns the requested page size.
    pub(crate) fn limit(self) -> usize {
        self.limit
    }

    /// Returns the rows of this page, or no rows after the last page.
    pub(crate) fn cut<T>(self, rows: impl IntoIterator<Item = T>) -> Vec<T> {
        let before = self.limit.saturating_mul(self.number - 1);
        rows.into_iter().skip(before).take(self.limit).collect()
    }

    /// Builds the `pagination` block for this total number of rows. `limit` is the requested size.
    pub(crate) fn block(self, total: usize) -> Value {
        json!({
            "limit": self.limit,
            "totalCount": total,
            "currentPage": self.number,
            "totalPageCount": total.div_ceil(self.limit),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::protocol::php;

    fn asked(query: &str, sizes: &[usize]) -> Result<Page, Failure> {
        Page::read(
            &Call {
                query: php::parse(query.as_bytes()),
                ..Call::default()
            },
            sizes,
        )
    }

    #[test]
    fn r21_r22_r23_the_block_counts_pages_from_one() {
        let page = asked("", SIZES).unwrap();
        assert_eq!(
            page.block(1583),
            json!({"limit": 20, "totalCount": 1583, "currentPage": 1, "totalPageCount": 80})
        );
        let last = asked("page=80", SIZES).unwrap();
        assert_eq!(last.cut(0..1583), [1580, 1581, 1582]);
        assert!(asked("page=81", SIZES).unwrap().cut(0..1583).is_empty());
        assert_eq!(page.block(0)["totalPageCount"], 0);
    }

    #[test]
    fn re9_only_the_offered_sizes_are_taken() {
        for wrong in [
            "limit=30",
            "limit=0",
            "limit=x",
            "limit=250",
            "page=0",
            "page=9223372036854775808",
            "page=18446744073709551615",
            "page=-1",
            "page=a",
        ] {
            assert!(asked(wrong, SIZES).is_err(), "{wrong}");
        }
        assert!(asked("limit=250", STOCK_SIZES).is_ok());
        assert!(asked("page=9223372036854775807&limit=100", SIZES).is_ok());
        assert_eq!(
            asked("limit=30", SIZES).unwrap_err().summary(),
            "limit: The value you selected is not a valid choice."
        );
    }
}
