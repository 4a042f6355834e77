//! The order of pages that checks each boundary from both sides, for half a request more a page.

use super::{Ahead, Care, ListEnd, Read, Walk};

impl<P> Walk<P> {
    /// Whether the page after the next page is requested first: the list has it, and nothing has changed lately.
    pub(super) fn may_go_ahead(&self, front: &Read, end: ListEnd) -> bool {
        let has_page =
            matches!(end, ListEnd::AtPage(last) if last.saturating_sub(front.number) >= 2);
        self.care == Care::BothSides
            && self.pass == 0
            && self.guarded == 0
            && has_page
            && !self.is_restless()
            && !front.rows.is_empty()
            && !front.has_no_identity()
    }

    /// Whether this is the page after the next page.
    pub(super) fn is_ahead(&self, read: &Read) -> bool {
        let front = self.front.as_ref();
        front.is_some_and(|front| front.number.checked_add(2) == Some(read.number))
    }

    /// Keeps the page until the previous page has been read, and the front has been read again. Drops it when the list
    /// has changed.
    pub(super) fn keep_ahead(&mut self, read: Read, page: P) {
        let Some(front) = &self.front else { return };
        self.ask = read.number.saturating_sub(1);
        if !read.has_totals_of(front) {
            // The next page shows the change too, or shows that it was undone.
            self.is_ahead_dropped = true;
            self.guarded = self.guarded.max(1);
        } else if self.has_seen(&read) {
            self.note_hidden_change();
        } else {
            self.ahead = Some(Ahead { read, page });
        }
    }

    /// Accepts the page that was read ahead, if the list did not change while the three pages were read.
    pub(super) fn accept_ahead(&mut self) {
        let Some(front) = &self.front else { return };
        let Some(ahead) = self.ahead.take() else {
            return;
        };
        if !ahead.read.comes_after(front) || !ahead.read.has_totals_of(front) {
            return;
        }
        if self.has_seen(&ahead.read) {
            self.note_hidden_change();
            return;
        }
        self.accept(ahead.read, ahead.page);
        self.is_front_early = true;
    }

    /// Whether rows may still stand after the last page. Either it was read before the previous page, or it is full,
    /// and the service may have counted before or after a row slid.
    pub(super) fn is_end_unsure(&self, front: &Read) -> bool {
        let known = (self.highest > self.floor).then_some(self.size);
        let size = front.meta.page_size.max(known);
        let is_full = size.is_some_and(|size| front.rows_in_all() >= size);
        self.care == Care::BothSides
            && self.pass == 0
            && !self.is_front_confirmed
            && !front.rows.is_empty()
            && !front.has_no_identity()
            && (self.is_front_early || is_full)
    }
}
