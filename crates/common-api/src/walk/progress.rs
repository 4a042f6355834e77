//! Detection of walks that make no progress.

use std::fmt;

/// Number of pages in a row that may bring nothing new while the list does not grow.
const BARREN: u32 = 64;

/// The same while the list grows: new rows in front push old ones to some later pages, but not to so many.
const BARREN_WHILE_GROWING: u32 = 4 * BARREN;

/// Number of reads for each page of a list that is walked a second time.
const AGAIN: u64 = 16;

/// Number of pages in a row that may be read while the number of remaining pages does not fall. A list with more
/// pages left may grow for as many more.
const STALLED: u64 = 256;

/// The reason why a walk makes no progress.
///
/// The walk keeps its position. Asking again continues it, for as many pages as it took to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoProgress {
    /// Many pages in a row brought no new row.
    NothingNew,
    /// The list grows as fast as it is read.
    EndRecedes,
    /// The service returns the same page under several numbers.
    SamePage,
}

impl fmt::Display for NoProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the walk makes no progress: ")?;
        match self {
            Self::NothingNew => write!(f, "{BARREN} pages or more in a row brought nothing new"),
            Self::EndRecedes => f.write_str("the list grows as fast as it is read"),
            Self::SamePage => f.write_str("the service gives the same page again and again"),
        }
    }
}

impl std::error::Error for NoProgress {}

/// The effect of one page on the walk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Advance {
    /// Whether it holds a new row.
    pub(super) is_new: bool,
    /// Number of rows that were given out before it.
    pub(super) given: u64,
    /// Whether it holds the same rows as the page before it.
    pub(super) is_same: bool,
    /// Whether the list has grown since the page before it.
    pub(super) has_grown: bool,
    /// Number of pages after it, if the service tells.
    pub(super) remaining: Option<u64>,
    /// Number of pages that are read a second time on purpose, if this is one of them: old rows are expected then.
    pub(super) again: Option<u64>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    barren: u32,
    /// Pages since the last row that was given out, including those during which the list grew and those whose new
    /// rows did not follow the known ones.
    since_given: u32,
    given: u64,
    fewest: Option<u64>,
    stalled: u64,
    /// Number of pages that were read a second time.
    again: u64,
}

impl Progress {
    pub(super) fn note(&mut self, page: Advance) -> Result<(), NoProgress> {
        if page.given > self.given {
            (self.given, self.since_given) = (page.given, 0);
        }
        if let Some(pages) = page.again.filter(|_| !page.is_new) {
            self.again += 1;
            if self.again
                > pages
                    .saturating_mul(AGAIN)
                    .saturating_add(u64::from(BARREN))
            {
                self.again = 0;
                return Err(NoProgress::NothingNew);
            }
        } else {
            self.since_given += 1;
            // Growth explains old rows on a page, but not a page that equals the previous one.
            match page.is_new {
                true => self.barren = 0,
                false => self.barren += u32::from(!page.has_grown || page.is_same),
            }
        }
        if self.barren >= BARREN || self.since_given >= BARREN_WHILE_GROWING {
            (self.barren, self.since_given) = (0, 0);
            return Err(NoProgress::NothingNew);
        }
        self.note_remaining(page.remaining)
    }

    fn note_remaining(&mut self, remaining: Option<u64>) -> Result<(), NoProgress> {
        let Some(remaining) = remaining else {
            return Ok(());
        };
        if self.fewest.is_none_or(|fewest| remaining < fewest) {
            self.fewest = Some(remaining);
            self.stalled = 0;
            return Ok(());
        }
        self.stalled += 1;
        if self.stalled >= STALLED.max(self.fewest.unwrap_or_default()) {
            self.stalled = 0;
            return Err(NoProgress::EndRecedes);
        }
        Ok(())
    }

    /// Starts over for a walk that begins again at the first page.
    pub(super) fn restart(&mut self) {
        *self = Self::default();
    }
}
