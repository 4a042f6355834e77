//! Where a walk goes on, and when it has come to its end.

use super::{ListEnd, NoProgress, Walk};

/// How often the walk begins again at most.
const PASSES: u32 = 6;

/// A list of so few pages is read once more when it changed meanwhile, unless rows came in front and nothing else
/// happened: that costs little.
const SHORT: u64 = 32;

impl<P> Walk<P> {
    pub(super) fn advance(&mut self) -> Result<(), NoProgress> {
        let Some(front) = &self.front else {
            return Ok(());
        };
        // As the list was when the front was read: what has slid to it since then is behind it.
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

    /// The end is reached: is all there that the list counts?
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

    /// Whether the list counts more rows than were given out, came in front or were set aside. A count that does not fit the number of
    /// pages is not believed.
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
