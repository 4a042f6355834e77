//! The next page of a walk, and its end.

use super::{ListEnd, NoProgress, Walk};

/// Maximum number of further passes.
const PASSES: u32 = 6;

/// Maximum number of pages of a short list. A short list that changed meanwhile is read once more, since that costs
/// little, unless the only changes were new rows in front.
const SHORT: u64 = 32;

impl<P> Walk<P> {
    pub(super) fn advance(&mut self) -> Result<(), NoProgress> {
        let Some(front) = &self.front else {
            return Ok(());
        };
        // The end as of the read of the front: rows that slid to that page since then come after it.
        let end = match front.meta.end {
            ListEnd::Unknown => self.end,
            end => end,
        };
        let is_last = match end {
            ListEnd::AtPage(last) => front.stand() >= last,
            ListEnd::Here => true,
            ListEnd::Further => false,
            ListEnd::Unknown => self.ready.is_empty(),
        };
        let may_go_ahead = self.may_go_ahead(front, end);
        match front.number.checked_add(1).filter(|_| !is_last) {
            Some(next) => self.ask = next.saturating_add(u64::from(may_go_ahead)),
            None if self.is_end_unsure(front) => self.ask = front.number,
            None => return self.finish(),
        }
        Ok(())
    }

    /// Ends the walk, or begins another pass when rows may be missing.
    fn finish(&mut self) -> Result<(), NoProgress> {
        let lacks_rows = self.lacks_rows();
        let found = self.given - self.given_before_pass;
        let is_at_rest = !self.changed && self.trail[0] == self.trail[1];
        let again = match self.pass {
            0 => lacks_rows || self.is_restless() || self.is_short_and_mixed(),
            1 if lacks_rows => true,
            _ => !is_at_rest && (lacks_rows || found > 0 || self.is_restless()),
        };
        if again && self.pass < PASSES && !self.seen.has_forgotten() {
            self.pass += 1;
            self.given_before_pass = self.given;
            self.ask = self.floor;
            (self.front, self.held, self.ahead) = (None, None, None);
            self.is_front_early = false;
            self.changed = false;
            self.passed_by = 0;
            self.aside = 0;
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

    fn is_short_and_mixed(&self) -> bool {
        self.is_mixed && self.highest <= SHORT
    }

    /// Whether the list counts more rows than were returned, added in front or set aside. A count that does not fit the
    /// number of pages is ignored.
    fn lacks_rows(&self) -> bool {
        let Some(front) = &self.front else {
            return false;
        };
        let (Some(count), ListEnd::AtPage(pages)) = (front.meta.total_count, self.end) else {
            return false;
        };
        self.floor == 1
            && pages > 1
            && self.size > 0
            && count.div_ceil(self.size) == pages
            && self
                .given
                .saturating_add(self.passed_by)
                .saturating_add(self.aside)
                < count
    }
}
