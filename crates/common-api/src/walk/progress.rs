//! Whether a walk gets anywhere.

use std::fmt;

/// How many pages in a row may bring nothing new while the list does not grow.
const BARREN: u32 = 64;

/// How many may whatever the list grows by: rows that come in front push old ones to some pages, not to so many.
const BARREN_WHILE_GROWING: u32 = 4 * BARREN;

/// How often pages may be read while a list is walked over a second time, for each of its pages.
const AGAIN: u64 = 16;

/// How many pages in a row may be read while no fewer pages remain than before. A list that has more pages left
/// may grow for as many more.
const STALLED: u64 = 256;

/// A walk that gets nowhere: it says how.
///
/// The walk stands where it stood: asking again goes on, for as many pages as it took to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoProgress {
    /// Page after page brings no row that was not seen before.
    NothingNew,
    /// The list grows as fast as it is read.
    EndRecedes,
    /// The service gives the same page under several numbers.
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

/// What one page did for the walk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Advance {
    /// It holds a row that was not seen before.
    pub(super) is_new: bool,
    /// The rows that were given out before it.
    pub(super) given: u64,
    /// It holds the same rows as the page before it.
    pub(super) is_same: bool,
    /// The list has grown since the page before.
    pub(super) has_grown: bool,
    /// The pages behind it, where the service says so.
    pub(super) remaining: Option<u64>,
    /// It is read a second time on purpose, with so many others: old rows are what is expected.
    pub(super) again: Option<u64>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    barren: u32,
    /// Pages since the last row that was given out: also those among which the list grew, and those whose new rows
    /// did not follow what was seen.
    since_given: u32,
    given: u64,
    fewest: Option<u64>,
    stalled: u64,
    /// Pages that were read a second time.
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
            // Growth explains old rows on a page, and no page that is the one before it.
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

    /// The walk begins again at the first page.
    pub(super) fn restart(&mut self) {
        *self = Self::default();
    }
}
