//! A list that is read by page number and changes meanwhile.

use std::collections::HashSet;

use common_api::walk::{ListEnd, PageInfo};

/// Numbers from a seed (xorshift).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }

    /// From 0 to `bound - 1`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).expect("it is below a usize")
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

pub(crate) struct List {
    pub(crate) rows: Vec<u32>,
    /// Those that have been there from the beginning.
    pub(crate) throughout: HashSet<u32>,
    pub(crate) size: usize,
    next: u32,
}

impl List {
    pub(crate) fn new(rows: usize, size: usize) -> Self {
        let next = u32::try_from(rows).expect("a short list");
        Self {
            rows: (0..next).collect(),
            throughout: (0..next).collect(),
            size,
            next,
        }
    }

    pub(crate) fn insert(&mut self, at: usize) {
        self.rows.insert(at.min(self.rows.len()), self.next);
        self.next += 1;
    }

    pub(crate) fn remove(&mut self, at: usize) {
        if at < self.rows.len() {
            let row = self.rows.remove(at);
            self.throughout.remove(&row);
        }
    }

    /// A row changes its place.
    pub(crate) fn shift(&mut self, from: usize, to: usize) {
        if from < self.rows.len() {
            let row = self.rows.remove(from);
            self.rows.insert(to.min(self.rows.len()), row);
        }
    }

    pub(crate) fn remove_row(&mut self, row: u32) {
        if let Some(at) = self.rows.iter().position(|other| *other == row) {
            self.remove(at);
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn page(&self, number: u64) -> Vec<u32> {
        let before = usize::try_from(number - 1).expect("a small number") * self.size;
        self.rows
            .iter()
            .skip(before)
            .take(self.size)
            .copied()
            .collect()
    }

    pub(crate) fn meta(&self, number: u64, count: usize) -> PageInfo {
        PageInfo::new(ListEnd::AtPage(count.div_ceil(self.size) as u64))
            .total_count(Some(count as u64))
            .current_page(Some(number))
            .page_size(Some(self.size as u64))
    }
}
