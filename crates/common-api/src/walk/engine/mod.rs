//! The decisions of a walk, without IO.

use std::{
    collections::VecDeque,
    hash::{BuildHasher as _, RandomState},
};

mod ahead;
mod earlier;
mod finish;
mod follow;
mod notes;

use earlier::Earlier;

use super::{
    ListEnd, NoProgress, PageInfo,
    page::Read,
    progress::{Advance, Progress},
    seen::SeenRows,
};

/// The effort of a walk against skipped rows.
///
/// At every level, no row is returned twice. The following table has the rows skipped in simulations (`tests/walk` of
/// this crate): 10,000 walks of each kind over lists of up to 80 rows. In most of these lists, rows change between any
/// two requests.
///
/// | between two requests | `OnHints` | `BothSides` | `Always` |
/// |---|---|---|---|
/// | rows come, or rows go | 0 rows | 0 rows | 0 rows |
/// | rows change places | 0 rows | 0 rows | 0 rows |
/// | rows come, go and move at once, also so that the total stays | 51 rows in 41 walks | 0 rows | 0 rows |
///
/// The next table has the number of requests for each page, by the frequency of changes in a list of the last kind. In
/// one of four walks, rows that had been returned left the list as well.
///
/// | the list changes in so many of 100 gaps | `OnHints` | `BothSides` | `Always` |
/// |---|---|---|---|
/// | 0 | 1.9 | 2.3 | 3.2 |
/// | 5 | 3.0 | 4.0 | 5.0 |
/// | 20 | 5.9 | 6.8 | 7.1 |
/// | 50 | 7.2 | 7.7 | 7.6 |
/// | 100 | 8.2 | 8.4 | 8.3 |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Care {
    /// Pages are read again when there is a hint that rows have moved: a changed total, or a row that was seen before.
    /// A list of up to 32 pages that changed meanwhile is read once more, unless the only changes were new rows in
    /// front. A list at rest costs one request a page, and so does a list that grows in front.
    ///
    /// It skips a row only if two changes between two requests keep the total the same: a row on a page that was read
    /// is removed, and another one is added after the page that is read next. And it skips the row only if nothing else
    /// makes the walk read the earlier page again.
    OnHints,
    /// Each boundary between two pages is checked from both sides, so that a change is found even when no total shows
    /// it. A last page that is full is read twice as well: the service may have counted before or after a row slid. A
    /// list of up to 32 pages that changed meanwhile is read once more.
    ///
    /// A list at rest costs three requests for two numbered pages, or two for each linked page. A list of one page that
    /// is not full costs one. No walk can do it with fewer: see the [module](super).
    #[default]
    BothSides,
    /// Each boundary is checked as by `BothSides`, but page by page, and the whole list is read twice more. A list at
    /// rest costs about four requests a page.
    Always,
}

/// The next step of a walk.
#[derive(Debug, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a client has to do all that a walk may want"
)]
pub enum Step<P> {
    /// Request the page of this number, and pass the response to [`Walk::read`].
    Ask(u64),
    /// Return the rows of this page whose mark is `true`.
    Give(P, Vec<bool>),
    /// All rows have been returned.
    End,
}

/// A walk over numbered pages. The [module](super) has its promises. `P` is the caller's type of a page. The walk keeps
/// a page until it is returned, and uses only the identities of its rows.
#[derive(Debug)]
pub struct Walk<P> {
    care: Care,
    hasher: RandomState,
    /// Pages with lower numbers are never requested.
    floor: u64,
    /// Describes what is left of the walk that this one continues.
    earlier: Option<Earlier>,
    ask: u64,
    ended: bool,
    /// All rows up to the end of this page, as it was read, have been seen.
    front: Option<Read>,
    held: Option<Held<P>>,
    /// The page after the next page, read before that page.
    ahead: Option<Ahead<P>>,
    /// Whether a page that was read ahead was dropped, since its total differed from the total of the front.
    is_ahead_dropped: bool,
    /// Whether the front was read before the previous page, and not again since.
    is_front_early: bool,
    /// Whether the front was read twice in a row.
    is_front_confirmed: bool,
    ready: VecDeque<(P, Vec<bool>)>,
    seen: SeenRows,
    given: u64,
    /// Number of rows in responses of this pass that were set aside.
    aside: u64,
    /// The highest page number that the front has reached.
    highest: u64,
    /// Highest number of rows seen on a page.
    size: u64,
    /// Number of rows that were added in front of the walk in this pass. The walk will not read them.
    passed_by: u64,
    /// Pages up to this one have been read again after a loss.
    looked_back: u64,
    guarded: u32,
    /// Number of changes found other than new rows in front.
    losses: u64,
    /// Whether the list changed in this pass.
    changed: bool,
    /// Whether it changed by more than new rows in front.
    is_mixed: bool,
    /// Sums of the hashes of all pairs of page and row: of this pass, and of the previous pass.
    trail: [u64; 2],
    /// The highest page number of this pass.
    reached: u64,
    /// The end of the list according to the last response that had it.
    end: ListEnd,
    pass: u32,
    given_before_pass: u64,
    same_pages: u32,
    progress: Progress,
}

/// A page that was read before it was known to follow the rows seen so far.
#[derive(Debug)]
struct Held<P> {
    read: Read,
    page: P,
    /// The previous page, as it was read before this one.
    before: Read,
    /// Number of pages that were read since.
    age: u32,
    /// Whether one of them showed a change.
    disturbed: bool,
}

/// A page that was read before the previous page.
#[derive(Debug)]
struct Ahead<P> {
    read: Read,
    page: P,
}

impl<P> Default for Walk<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P> Walk<P> {
    /// A walk from the first page.
    pub fn new() -> Self {
        Self {
            care: Care::default(),
            hasher: RandomState::new(),
            floor: 1,
            earlier: None,
            ask: 1,
            ended: false,
            front: None,
            held: None,
            ahead: None,
            is_ahead_dropped: false,
            is_front_early: false,
            is_front_confirmed: false,
            ready: VecDeque::new(),
            seen: SeenRows::default(),
            given: 0,
            aside: 0,
            highest: 0,
            size: 0,
            passed_by: 0,
            looked_back: 0,
            guarded: 0,
            losses: 0,
            changed: false,
            is_mixed: false,
            trail: [0; 2],
            reached: 0,
            end: ListEnd::Unknown,
            pass: 0,
            given_before_pass: 0,
            same_pages: 0,
            progress: Progress::default(),
        }
    }

    /// Starts at another page. Pages before it are not requested, so rows that slide to them are missed.
    #[must_use]
    pub fn from_page(mut self, page: u64) -> Self {
        self.floor = page.max(1);
        self.ask = self.floor;
        self
    }

    /// Sets the effort against skipped rows.
    #[must_use]
    pub fn care(mut self, care: Care) -> Self {
        self.care = care;
        self
    }

    /// Tells the walk that pages with lower numbers can no longer be requested.
    pub fn forget_below(&mut self, page: u64) {
        self.floor = self.floor.max(page);
    }

    /// The number of the page from which another walk can continue: no later page has been returned. `None` at the end.
    pub fn position(&self) -> Option<u64> {
        let next = self
            .front
            .as_ref()
            .map_or(self.ask, |front| front.number.saturating_add(1));
        (!self.ended).then_some(self.ask.min(next))
    }

    /// The next step. It stays the same until it is done, so a failed request is repeated.
    pub fn step(&mut self) -> Step<P> {
        match self.ready.pop_front() {
            Some((page, fresh)) => Step::Give(page, fresh),
            None if self.ended => Step::End,
            None => Step::Ask(self.ask),
        }
    }

    /// Takes the response to [`Step::Ask`]: the page, the identities of its rows in order, and the information in the
    /// response about the list.
    ///
    /// # Errors
    /// The walk makes no progress. It keeps the position from before this page.
    pub fn read<I: AsRef<str>>(
        &mut self,
        page: P,
        identities: impl IntoIterator<Item = Option<I>>,
        meta: PageInfo,
    ) -> Result<(), NoProgress> {
        let hash = |identity: Option<I>| identity.map(|text| self.hasher.hash_one(text.as_ref()));
        let read = Read {
            number: self.ask,
            rows: identities.into_iter().map(hash).collect(),
            meta,
        };
        if self.begins_too_late(&read) {
            self.go_back();
            return Ok(());
        }
        self.note_progress(&read)?;
        self.note_sizes(&read);
        if self.is_ahead(&read) {
            self.keep_ahead(read, page);
            return Ok(());
        }
        self.note_changes(&read);
        if let Some(held) = &mut self.held {
            held.age += 1;
            held.disturbed |= !read.has_totals_of(&held.read);
        }
        if self.follows(&read) {
            self.accept(read, page);
            self.accept_held();
            self.ahead = None;
            self.advance()
        } else {
            self.step_back(read, page);
            Ok(())
        }
    }
}
