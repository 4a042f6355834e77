//! Values of the wrong type do not lose the rest: they are set aside and reported.

use std::collections::{HashMap, HashSet};

use super::{Marks, Reader};
use crate::{
    Error, Extra,
    aside::{Aside, OddElement, OddElements},
    extra::Kept,
    to_json,
};

/// Bytes charged to the budget for each report.
const REPORT: usize = 160;

/// The parts that were set aside, until the end of their field.
#[derive(Debug, Clone, Default)]
pub(super) struct Asides {
    /// Odd elements of lists that have not ended yet.
    open: Vec<Held>,
    /// Lists that have ended, in fields that have not; their paths are from the inside out.
    closed: Vec<(usize, OddElements)>,
    /// Required fields that have ended, in objects that have not.
    required: Vec<(usize, &'static str, Aside)>,
    /// Place and error of each part.
    pub(super) reports: Vec<(usize, Error)>,
    /// Whether reports are wanted.
    pub(super) is_reporting: bool,
}

#[derive(Debug, Clone)]
struct Held {
    start: usize,
    end: usize,
    place: usize,
    key: Option<Box<str>>,
}

/// The begin of a value, and the state of the reader around it.
///
/// The depth is not stored here. An error that is set aside leaves the depth as it was, since each container that it
/// passes gives back its own level ([`Reader::fail_in_field`]).
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) at: usize,
    pub(super) marks: Marks,
}

impl Asides {
    /// Drops the parts at or after a byte: they belong to a larger part that is set aside.
    fn forget_from(&mut self, at: usize) {
        fn drop_from<T>(list: &mut Vec<T>, is_behind: impl Fn(&T) -> bool) {
            while list.last().is_some_and(&is_behind) {
                list.pop();
            }
        }
        drop_from(&mut self.open, |held| held.start >= at);
        drop_from(&mut self.closed, |(start, _)| *start >= at);
        drop_from(&mut self.required, |(start, ..)| *start >= at);
        drop_from(&mut self.reports, |(start, _)| *start >= at);
    }
}

impl<'a> Reader<'a> {
    #[inline]
    pub(super) fn mark_here(&self) -> Mark {
        Mark {
            at: self.at,
            marks: self.marks,
        }
    }

    /// Skips a value that failed with `error`, and returns its text.
    ///
    /// # Errors
    /// All errors other than a wrong type; in strict reading, all errors.
    #[cold]
    #[inline(never)]
    pub(super) fn skip_odd(&mut self, mark: Mark, error: Error) -> Result<&'a str, Error> {
        if self.is_strict || !error.is_shape() {
            return Err(error);
        }
        self.go_back(mark.at);
        self.marks = mark.marks;
        self.asides.forget_from(mark.at);
        let text = self.raw()?;
        // Parts that are dropped later were charged too, so that bytes cannot be read over and over again.
        self.charge_text(text.len())?;
        if self.asides.is_reporting {
            self.charge(REPORT)?;
            self.asides.reports.push((self.at - text.len(), error));
        }
        Ok(text)
    }

    /// Sets an element of a list or map aside.
    #[cold]
    #[inline(never)]
    pub(super) fn set_aside(
        &mut self,
        mark: Mark,
        key: Option<&str>,
        place: usize,
        error: Error,
    ) -> Result<(), Error> {
        let length = self.skip_odd(mark, error)?.len();
        let held = Held {
            start: self.at - length,
            end: self.at,
            place,
            key: key.map(Box::from),
        };
        self.charge_text(2 * key.map_or(0, str::len))?;
        self.charge(size_of::<Held>() + size_of::<OddElement>())?;
        self.marks.add(Marks::ASIDE);
        self.asides.open.push(held);
        Ok(())
    }

    /// Reports the members of an object that gave way to a later one with the same key. The object began at `start` and
    /// has just been read; `places` has the place of each key's first member, among those that were not set aside.
    #[cold]
    #[inline(never)]
    pub(crate) fn report_doubled(&mut self, start: usize, places: &[usize]) -> Result<(), Error> {
        if !self.asides.is_reporting {
            return Ok(());
        }
        let reports = &self.asides.reports;
        let told: HashSet<usize> = reports.iter().map(|(start, _)| *start).collect();
        self.go_back(start);
        let mut members = Vec::with_capacity(places.len());
        self.object(&mut |_, reader| {
            let begin = reader.start();
            reader.raw()?;
            if !told.contains(&begin) {
                members.push(begin..reader.at);
            }
            Ok(())
        })?;
        let mut latest = HashMap::new();
        let earlier = places.iter().zip(members);
        let mut lost: Vec<_> = earlier
            .filter_map(|(place, member)| latest.insert(*place, member))
            .collect();
        lost.sort_unstable_by_key(|member| member.start);
        self.charge(lost.len().saturating_mul(REPORT))?;
        // What is odd inside of one is lost with it.
        let is_inside = |at: usize| {
            let before = lost.partition_point(|member| member.start <= at);
            before > 0 && lost[before - 1].contains(&at)
        };
        self.asides.reports.retain(|(at, _)| !is_inside(*at));
        let doubled = lost.iter().map(|member| {
            let message = "the key comes twice, and the last value counts";
            (member.start, Error::new(message, member.start))
        });
        self.asides.reports.extend(doubled);
        self.asides.reports.sort_by_key(|(at, _)| *at);
        Ok(())
    }

    /// An element has ended that began at `start`: lists inside of it learn its place.
    #[inline(never)]
    pub(super) fn nest_asides(&mut self, start: usize, place: usize) -> Result<(), Error> {
        let inside = self.asides.closed.iter_mut().rev();
        let mut count = 0;
        for (_, list) in inside.take_while(|(begin, _)| *begin >= start) {
            list.path.push(place);
            count += 1;
        }
        self.charge(count * 4 * size_of::<usize>())
    }

    /// Ends a list or object that began at `start`.
    #[cold]
    #[inline(never)]
    pub(super) fn close_asides(&mut self, start: usize, total: usize) -> Result<(), Error> {
        let open = &self.asides.open;
        let first = open.partition_point(|held| held.start < start);
        if first == open.len() {
            return Ok(());
        }
        self.charge(2 * size_of::<(usize, OddElements)>())?;
        let mut list = OddElements {
            path: Vec::new(),
            total,
            is_keyed: self.bytes()[start] == b'{',
            elements: Vec::with_capacity(self.asides.open.len() - first),
            texts: String::new(),
        };
        for held in self.asides.open.drain(first..) {
            if let Some(key) = &held.key {
                list.texts.push_str(&to_json(&**key));
            }
            let key_end = list.texts.len();
            list.texts.push_str(&self.text[held.start..held.end]);
            list.elements.push(OddElement {
                place: held.place,
                key_end,
                end: list.texts.len(),
            });
        }
        self.asides.closed.push((start, list));
        Ok(())
    }

    /// Takes the parts that were set aside in the ended value that began at `start`.
    pub(super) fn take_asides(&mut self, start: usize) -> Option<Aside> {
        let closed = &mut self.asides.closed;
        let first = closed.partition_point(|(begin, _)| *begin < start);
        let mut lists: Vec<_> = closed.drain(first..).map(|(_, list)| list).collect();
        lists.iter_mut().for_each(|list| list.path.reverse());
        (!lists.is_empty()).then_some(Aside {
            lists,
            is_required: false,
        })
    }

    /// Turns reports on.
    pub(crate) fn report(&mut self) {
        self.asides.is_reporting = true;
    }

    /// Takes the reports, and moves the reader back to the beginning of the text.
    pub(crate) fn take_reports(&mut self) -> Vec<(usize, Error)> {
        self.go_back(0);
        std::mem::take(&mut self.asides.reports)
    }

    /// Takes the parts that were set aside in a whole text that is a list or map.
    pub(crate) fn take_whole(&mut self) -> Option<Box<Aside>> {
        self.take_asides(0).map(Box::new)
    }

    /// Ends a required field: its object takes the parts that were set aside when the object ends.
    #[cold]
    #[inline(never)]
    pub(super) fn stash_asides(&mut self, start: usize, name: &'static str) {
        if let Some(mut aside) = self.take_asides(start) {
            aside.is_required = true;
            self.asides.required.push((start, name, aside));
        }
    }

    /// Whether a required field has left parts for the object around it.
    #[inline]
    pub(crate) fn has_stashed(&self) -> bool {
        !self.asides.required.is_empty()
    }

    /// Gives an object that began at `start` the parts that its required fields have left.
    #[cold]
    #[inline(never)]
    pub(crate) fn unstash(&mut self, start: usize, extra: &mut Extra) -> Result<(), Error> {
        while let Some((_, name, aside)) =
            self.asides.required.pop_if(|(begin, ..)| *begin >= start)
        {
            extra.keep_read(name, Kept::Aside(None, Box::new(aside)), self)?;
        }
        Ok(())
    }
}
