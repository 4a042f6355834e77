//! The write-ahead log: its size, and since when a reader has kept it from being copied into the file.

use std::{
    sync::atomic::{AtomicI64, Ordering::Relaxed},
    time::Duration,
};

use super::session::Now;

/// Size of a page in bytes.
const PAGE: i64 = 4_096;

/// Stands for "no reader holds it".
const FREE: i64 = i64::MIN;

/// State of the log, shared by the writer and the reader.
#[derive(Debug)]
pub(super) struct Log {
    /// Pages from which the log is copied into the file.
    long: i64,
    pages: AtomicI64,
    held_since: AtomicI64,
}

impl Log {
    pub(super) fn new(bytes: u32) -> Self {
        Self {
            long: i64::from(bytes) / PAGE,
            pages: AtomicI64::new(0),
            held_since: AtomicI64::new(FREE),
        }
    }

    /// Takes note of the log's size after a commit.
    pub(super) fn has_pages(&self, pages: i64) {
        self.pages.store(pages, Relaxed);
    }

    /// Whether the log is to be copied.
    pub(super) fn is_long(&self) -> bool {
        self.pages.load(Relaxed) >= self.long
    }

    /// Takes note of a copy: of all pages, so many are in the file. The others are needed by an open snapshot.
    pub(super) fn copied(&self, all: i64, copied: i64, now: Now) {
        if copied >= all {
            self.pages.store(0, Relaxed);
            self.held_since.store(FREE, Relaxed);
        } else {
            // Only the first failed copy counts.
            let _ = self
                .held_since
                .compare_exchange(FREE, now.store, Relaxed, Relaxed);
        }
    }

    /// For how long a reader has kept the log from being copied.
    pub(super) fn held_for(&self, now: Now) -> Option<Duration> {
        match self.held_since.load(Relaxed) {
            FREE => None,
            since => Some(Duration::from_millis(
                u64::try_from(now.store - since).unwrap_or(0),
            )),
        }
    }
}
