//! What a walk notes of each page: whether it gets on, and how the list changes.

use super::{Advance, Care, ListEnd, NoProgress, Read, Walk};

impl<P> Walk<P> {
    pub(super) fn note_progress(&mut self, read: &Read) -> Result<(), NoProgress> {
        let front = self.front.as_ref();
        match front {
            Some(front) if front.number == read.number => {}
            // A list that grows by a whole page repeats one as well, and its totals tell.
            Some(front) if read.has_rows_of(front) => {
                self.same_pages += u32::from(read.has_totals_of(front));
            }
            _ => self.same_pages = 0,
        }
        self.progress.note(Advance {
            is_new: self.is_new(read),
            given: self.given,
            is_same: front
                .is_some_and(|front| front.number != read.number && read.has_rows_of(front)),
            has_grown: front.is_some_and(|front| read.rows_gained_since(front) > 0),
            remaining: match (read.meta.end, read.meta.total_count) {
                (ListEnd::AtPage(last), _) => Some(last.saturating_sub(read.number)),
                // Where pages are not counted, rows are.
                (_, Some(rows)) if rows > self.given => Some(rows - self.given),
                _ => None,
            },
            // Behind what was walked over before, old rows are not what is expected.
            again: (self.pass > 0 && read.number <= self.highest)
                .then(|| (self.highest - self.floor.min(self.highest)).saturating_add(1)),
        })
    }

    fn is_new(&self, read: &Read) -> bool {
        let is_first = read.number > self.highest;
        let mut rows = read.rows.iter();
        rows.any(|row| row.map_or(is_first, |row| !self.seen.contains(row)))
    }

    pub(super) fn note_sizes(&mut self, read: &Read) {
        self.size = self.size.max(read.rows_in_all());
        if read.meta.end != ListEnd::Unknown {
            self.end = read.meta.end;
        }
    }

    pub(super) fn note_changes(&mut self, read: &Read) {
        let Some(front) = &self.front else { return };
        let was_dropped = std::mem::take(&mut self.is_ahead_dropped);
        if read.has_totals_of(front) {
            let is_other = read.number == front.number && read.rows != front.rows;
            let overlaps = read.number > self.highest && self.has_seen(read);
            let is_told = is_other || overlaps || was_dropped;
            if self.care != Care::OnHints && self.pass == 0 && is_told {
                self.note_hidden_change();
            }
            return;
        }
        self.changed = true;
        let gained = read.rows_gained_since(front);
        let came_in_front = gained > 0 && self.has_seen(read);
        self.losses += u64::from(!came_in_front);
        // Rows that come in front push as many seen ones to the next page. Others hint at more than the total tells.
        // A row that came at the end while another one moved to the front looks the same: who is careful trusts neither.
        let pushed =
            self.care == Care::OnHints && read.comes_after(front) && self.seen_on(read) == gained;
        self.is_mixed |= !(came_in_front && pushed);
        if came_in_front {
            self.passed_by = self.passed_by.saturating_add(gained);
        }
    }

    /// Rows have moved, and no total tells of it.
    pub(super) fn note_hidden_change(&mut self) {
        self.changed = true;
        self.is_mixed = true;
        self.losses += 1;
        self.guarded = self.guarded.max(super::follow::GUARDED);
    }
}
