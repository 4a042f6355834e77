//! The decisions of a walk, without IO.

use std::{
    collections::VecDeque,
    hash::{BuildHasher, RandomState},
};

use super::{
    End, Meta, NoProgress,
    page::Read,
    progress::{Advance, Progress},
    seen::Seen,
};

/// How many pages before a loss are read a second time: rows of theirs may have been lost unseen.
const LOOK_BACK: u64 = 8;

/// How many page boundaries after a loss are looked at from both sides.
const GUARDED: u32 = 8;

/// A list that loses rows more often than once in so many pages is restless.
const PAGES_PER_LOSS: u64 = 16;

/// How often the walk begins again at most.
const PASSES: u32 = 6;

/// How much a walk does to be sure that it skipped nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Care {
    /// Pages are read again where something hints that rows have moved. A list at rest costs one request a page.
    #[default]
    OnHints,
    /// Every page boundary is looked at from both sides, and the whole list is read twice more. A list at rest costs
    /// about four requests a page.
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
    ready: VecDeque<(P, Vec<bool>)>,
    seen: Seen,
    given: u64,
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
    /// Which row stood on which page, as one sum over this pass, and over the one before.
    trail: [u64; 2],
    /// The highest number of this pass.
    reached: u64,
    /// Where the list ended when last an answer said so.
    end: End,
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
            ready: VecDeque::new(),
            seen: Seen::default(),
            given: 0,
            highest: 0,
            size: 0,
            passed_by: 0,
            looked_back: 0,
            guarded: 0,
            losses: 0,
            changed: false,
            trail: [0; 2],
            reached: 0,
            end: End::Unknown,
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

    /// The number of the page that will be asked for; none at the end.
    pub fn position(&self) -> Option<u64> {
        (!self.ended).then_some(self.ask)
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
        meta: Meta,
    ) -> Result<(), NoProgress> {
        let hash = |identity: Option<I>| identity.map(|text| self.hasher.hash_one(text.as_ref()));
        let read = Read {
            number: self.ask,
            rows: identities.into_iter().map(hash).collect(),
            meta,
        };
        self.note_progress(&read)?;
        self.note_sizes(&read);
        self.note_changes(&read);
        if let Some(held) = &mut self.held {
            held.age += 1;
            held.disturbed |= !read.has_totals_of(&held.read);
        }
        if self.follows(&read) {
            self.accept(read, page);
            self.accept_held();
            self.advance()
        } else {
            self.step_back(read, page);
            Ok(())
        }
    }

    fn note_progress(&mut self, read: &Read) -> Result<(), NoProgress> {
        let front = self.front.as_ref();
        match front {
            Some(front) if front.number == read.number => {}
            Some(front) if read.has_rows_of(front) => self.same_pages += 1,
            _ => self.same_pages = 0,
        }
        self.progress.note(Advance {
            is_new: self.is_new(read),
            has_grown: front.is_some_and(|front| read.rows_gained_since(front) > 0),
            remaining: match (read.meta.end, read.meta.total_count) {
                (End::AtPage(last), _) => Some(last.saturating_sub(read.number)),
                // Where pages are not counted, rows are.
                (_, Some(rows)) if rows > self.given => Some(rows - self.given),
                _ => None,
            },
            is_second_pass: self.pass > 0,
        })
    }

    fn is_new(&self, read: &Read) -> bool {
        let is_first = read.number > self.highest;
        let mut rows = read.rows.iter();
        rows.any(|row| row.map_or(is_first, |row| !self.seen.contains(row)))
    }

    fn note_sizes(&mut self, read: &Read) {
        self.size = self.size.max(read.rows.len() as u64);
        if read.meta.end != End::Unknown {
            self.end = read.meta.end;
        }
    }

    fn note_changes(&mut self, read: &Read) {
        let Some(front) = &self.front else { return };
        self.changed |= !read.has_totals_of(front);
        let gained = read.rows_gained_since(front);
        let came_in_front = gained > 0 && self.has_seen(read);
        let is_unexplained = !read.has_totals_of(front) && !came_in_front;
        self.losses += u64::from(is_unexplained);
        if came_in_front {
            self.passed_by += gained;
        }
    }

    fn is_restless(&self) -> bool {
        self.care == Care::Always
            || (self.losses > 0 && self.losses * PAGES_PER_LOSS >= self.highest)
    }

    /// Whether no row can stand between what was seen and this page: it begins the list, it holds a row that was
    /// seen, or nothing hints that the list has changed since the page before.
    fn follows(&self, read: &Read) -> bool {
        let Some(front) = &self.front else {
            return true;
        };
        if read.number <= self.floor || read.has_no_identity() || self.has_seen(read) {
            return true;
        }
        let is_guarded = self.is_restless() || self.guarded > 0;
        read.number == front.number + 1 && read.has_totals_of(front) && !is_guarded
    }

    fn has_seen(&self, read: &Read) -> bool {
        let mut rows = read.rows.iter().flatten();
        rows.any(|row| self.seen.contains(*row))
    }

    /// Moves the front to this page.
    fn accept(&mut self, read: Read, page: P) {
        let is_first = read.number > self.highest;
        let seen = &mut self.seen;
        let mut fresh = |row: &Option<u64>| row.map_or(is_first, |row| seen.insert(row));
        let fresh: Vec<bool> = read.rows.iter().map(&mut fresh).collect();
        let new = fresh.iter().filter(|is_new| **is_new).count();
        self.given += new as u64;
        if read.number > self.reached {
            self.reached = read.number;
            let places = read
                .rows
                .iter()
                .map(|row| self.hasher.hash_one((read.number, row)));
            self.trail[0] = places.fold(self.trail[0], u64::wrapping_add);
        }
        self.highest = self.highest.max(read.number);
        if new > 0 {
            self.ready.push_back((page, fresh));
        }
        self.front = Some(read);
    }

    /// Goes on with the page that was held back when the one before it, read again, shows that it follows.
    fn accept_held(&mut self) {
        let Some(front) = &self.front else { return };
        let Some(held) = self.held.take() else { return };
        if held.read.number != front.number + 1 {
            // The walk is still on its way there.
            self.held = (held.read.number > front.number).then_some(held);
            return;
        }
        let overlaps = self.has_seen(&held.read);
        let is_quiet = !self.is_restless() && !held.disturbed;
        // The page before ended with the same row before and after the held one was read.
        let dips = held.read.rows_lost_since(&held.before, 1) > 0
            && front.rows_lost_since(&held.read, 1) == 0
            && !front.has_totals_of(&held.read);
        let is_bracketed = held.age == 1 && front.ends_like(&held.before) && !dips;
        if overlaps || is_quiet || is_bracketed {
            self.guarded = self.guarded.saturating_sub(1);
            if held.disturbed {
                self.guarded = self.guarded.max(1);
            }
            self.accept(held.read, held.page);
        }
    }

    /// Rows may stand between the front and this page: goes back to where they are.
    fn step_back(&mut self, read: Read, page: P) {
        let Some(front) = &self.front else { return };
        let lost = read.rows_lost_since(front, self.size);
        let pages = lost.div_ceil(self.size.max(1)).max(1);
        let mut target = read.number.saturating_sub(pages);
        if lost > 0 {
            let unchecked = self.looked_back + 1;
            target = target.min(unchecked.max(read.number.saturating_sub(LOOK_BACK)));
            self.looked_back = self.looked_back.max(read.number - 1);
            self.guarded = GUARDED;
        }
        self.ask = target.clamp(self.floor, read.number.saturating_sub(1).max(self.floor));
        if front.number + 1 == read.number {
            self.held = Some(Held {
                before: front.clone(),
                read,
                page,
                age: 0,
                disturbed: false,
            });
        }
    }

    fn advance(&mut self) -> Result<(), NoProgress> {
        let Some(front) = &self.front else {
            return Ok(());
        };
        // As the list was when the front was read: what has slid to it since then is behind it.
        let end = match front.meta.end {
            End::Unknown => self.end,
            end => end,
        };
        let is_last = match end {
            End::AtPage(last) => front.stand() >= last,
            End::Here => true,
            End::Further => false,
            End::Unknown => self.ready.is_empty(),
        };
        if is_last {
            return self.finish();
        }
        self.ask = front.number + 1;
        Ok(())
    }

    /// The end is reached: is all there that the list counts?
    fn finish(&mut self) -> Result<(), NoProgress> {
        let lacks_rows = self.lacks_rows();
        let found = self.given - self.given_before_pass;
        let is_at_rest = !self.changed && self.trail[0] == self.trail[1];
        let again = match self.pass {
            0 => lacks_rows || self.is_restless(),
            1 if lacks_rows => true,
            _ => !is_at_rest && (lacks_rows || found > 0 || self.is_restless()),
        };
        if again && self.pass < PASSES && !self.seen.has_forgotten() {
            self.pass += 1;
            self.given_before_pass = self.given;
            self.ask = self.floor;
            (self.front, self.held) = (None, None);
            self.changed = false;
            self.passed_by = 0;
            self.trail = [0, self.trail[0]];
            self.reached = 0;
            self.progress.restart();
            return Ok(());
        }
        if self.same_pages > 1 || (lacks_rows && self.same_pages > 0) {
            return Err(NoProgress::SamePage);
        }
        self.ended = true;
        Ok(())
    }

    /// Whether the list counts more rows than were given out or came in front. A count that does not fit the number of pages is not
    /// believed.
    fn lacks_rows(&self) -> bool {
        let Some(front) = &self.front else {
            return false;
        };
        let (Some(count), End::AtPage(pages)) = (front.meta.total_count, self.end) else {
            return false;
        };
        self.floor == 1
            && pages > 1
            && self.size > 0
            && count.div_ceil(self.size) == pages
            && self.given + self.passed_by < count
    }
}
