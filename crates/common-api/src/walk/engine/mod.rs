//! The decisions of a walk, without IO.

use std::{
    collections::VecDeque,
    hash::{BuildHasher as _, RandomState},
};

mod ahead;
mod finish;
mod follow;
mod notes;

use super::{
    ListEnd, NoProgress, PageInfo,
    page::Read,
    progress::{Advance, Progress},
    seen::SeenRows,
};

/// How much a walk does to be sure that it skipped nothing.
///
/// None gives a row out twice. What was skipped in simulations (`tests/walk` of this crate), in 10,000 walks of each
/// kind over lists of up to 80 rows, most of them so restless that rows change between any two requests:
///
/// | between two requests | `OnHints` | `BothSides` | `Always` |
/// |---|---|---|---|
/// | rows come, or rows go | 0 rows | 0 rows | 0 rows |
/// | rows change places | 0 rows | 0 rows | 0 rows |
/// | rows come, go and move at once, also so that the total stays | 51 rows in 41 walks | 0 rows | 0 rows |
///
/// And the requests for each page, by how often a list of the last kind changed. In one of four walks the rows that
/// were given out left the list as well.
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
    /// Pages are read again where something hints that rows have moved: a total that changed, a row that was seen. A
    /// list of up to 32 pages that changed meanwhile is read once more, unless rows came in front and nothing else
    /// happened. A list at rest costs one request a page, and so does one that grows in front.
    ///
    /// It skips a row only if, between two requests, a row of the pages that were read vanishes and another one comes
    /// behind the page that is read next, so that the total stays what it was; and if nothing else makes the walk read
    /// that page again.
    OnHints,
    /// Each boundary between two pages is looked at from both sides, so that a change is found also where no total
    /// tells of it. A last page that is full is read twice as well: the service may have counted before or
    /// after a row slid. A list of up to 32 pages that changed meanwhile is read once more.
    ///
    /// A list at rest costs three requests for two pages by number, two for each page along links, and one for
    /// a list of one page that is not full. It cannot be done with fewer: see the [module](super).
    #[default]
    BothSides,
    /// As `BothSides`, page by page, and the whole list is read twice more. A list at rest costs about four requests a
    /// page.
    Always,
}

/// What a walk wants next.
#[derive(Debug, PartialEq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a client has to do all that a walk may want"
)]
pub enum Step<P> {
    /// Ask for the page of this number, and give the answer to [`Walk::read`].
    Ask(u64),
    /// Give this page to the caller: of its rows those that are marked.
    Give(P, Vec<bool>),
    /// All rows have been given out.
    End,
}

/// A walk over numbered pages: see the [module](super) for what it promises. `P` is a page as the caller
/// knows it; the walk keeps it until it is to be given out, and knows of it the identities of the rows.
#[derive(Debug)]
pub struct Walk<P> {
    care: Care,
    hasher: RandomState,
    /// Pages below are never asked for.
    floor: u64,
    ask: u64,
    ended: bool,
    /// All rows up to the end of this page, as it was read, have been seen.
    front: Option<Read>,
    held: Option<Held<P>>,
    /// The page behind the next one, read before it.
    ahead: Option<Ahead<P>>,
    /// Whether a page was read ahead whose answer had another total than the front.
    is_ahead_dropped: bool,
    /// Whether the front was read before the page before it, and not again since.
    is_front_early: bool,
    /// Whether the front was read twice in a row.
    is_front_confirmed: bool,
    ready: VecDeque<(P, Vec<bool>)>,
    seen: SeenRows,
    given: u64,
    /// The rows that answers of this pass hold and that were set aside.
    aside: u64,
    /// The highest number that was walked over.
    highest: u64,
    /// The most rows on a page.
    size: u64,
    /// The rows that came in front of the walk in this pass: it will not meet them.
    passed_by: u64,
    /// Pages up to this one have been looked at again after a loss.
    looked_back: u64,
    guarded: u32,
    /// How often the list was found shorter than before.
    losses: u64,
    /// Whether the list changed in this pass.
    changed: bool,
    /// Whether it changed otherwise than by rows that came in front.
    is_mixed: bool,
    /// Which row stood on which page, as one sum over this pass, and over the one before.
    trail: [u64; 2],
    /// The highest number of this pass.
    reached: u64,
    /// Where the list ended when last an answer said so.
    end: ListEnd,
    pass: u32,
    given_before_pass: u64,
    same_pages: u32,
    progress: Progress,
}

/// A page that was read before it was known to follow what the walk has seen.
#[derive(Debug)]
struct Held<P> {
    read: Read,
    page: P,
    /// What the page before it was when the walk came by.
    before: Read,
    /// Pages that were read since.
    age: u32,
    /// Whether one of them told of a change.
    disturbed: bool,
}

/// A page that was read before the page before it.
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

    /// Starts at another page. Pages before it are not asked for, so rows that slide to them are lost.
    #[must_use]
    pub fn from_page(mut self, page: u64) -> Self {
        self.floor = page.max(1);
        self.ask = self.floor;
        self
    }

    /// How much is done to be sure.
    #[must_use]
    pub fn care(mut self, care: Care) -> Self {
        self.care = care;
        self
    }

    /// Says that pages below this one can no longer be asked for.
    pub fn forget_below(&mut self, page: u64) {
        self.floor = self.floor.max(page);
    }

    /// The number of the page from which another walk can go on: no page behind it was given out. None at the end.
    pub fn position(&self) -> Option<u64> {
        let next = self
            .front
            .as_ref()
            .map_or(self.ask, |front| front.number.saturating_add(1));
        (!self.ended).then_some(self.ask.min(next))
    }

    /// What is to be done now. It stays the same until it is done, so a request that failed is repeated.
    pub fn step(&mut self) -> Step<P> {
        match self.ready.pop_front() {
            Some((page, fresh)) => Step::Give(page, fresh),
            None if self.ended => Step::End,
            None => Step::Ask(self.ask),
        }
    }

    /// Takes the answer to [`Step::Ask`]: the page, the identity of each of its rows in their order, and
    /// what it says of the list.
    ///
    /// # Errors
    /// When the walk gets nowhere. It stands where it stood before the page.
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
