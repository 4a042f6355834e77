//! The file beside a store that says which processes have it open, and how often it was opened and has sent.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::Path,
};

use super::{beside, unreadable};
use crate::Error;

/// The lock of this process on a store. It is shared with other processes that have the store open.
#[derive(Debug)]
pub(in super::super) struct Owner {
    file: File,
    is_alone: bool,
}

impl Owner {
    /// Takes the lock. It is this process's alone, if it can be, until it is [shared](Self::share).
    pub(in super::super) fn take(path: &Path) -> Result<Self, Error> {
        let path = beside(path, "-owner");
        let failed = |error| unreadable(&path, &error);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(failed)?;
        let is_alone = file.try_lock().is_ok();
        if !is_alone {
            file.lock_shared().map_err(failed)?;
        }
        Ok(Self { file, is_alone })
    }

    /// Lets other processes open the store too, after this one has freed the leases of those that are gone: a process
    /// that was alone at its start must not free the leases of one that has claimed since.
    pub(in super::super) fn share(&self) -> io::Result<()> {
        if self.is_alone {
            // Another process may come in between. This one has claimed nothing yet.
            self.file.unlock()?;
            self.file.lock_shared()?;
        }
        Ok(())
    }

    /// Whether no other process had the store open, so that all leases in it are of processes that are gone.
    pub(in super::super) fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// The number of openings and sends, by this file. `None` if the file was new.
    pub(in super::super) fn epoch(&self) -> Option<i64> {
        let mut text = String::new();
        let mut file = &self.file;
        file.rewind().ok()?;
        file.read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }

    /// Writes the number of openings and sends to the disk.
    pub(in super::super) fn set_epoch(&self, epoch: i64) -> io::Result<()> {
        self.note_epoch(epoch)?;
        self.file.sync_all()
    }

    /// Writes the number without a sync. It has a fixed length, so that the file is never without a number.
    pub(in super::super) fn note_epoch(&self, epoch: i64) -> io::Result<()> {
        let mut file = &self.file;
        file.rewind()?;
        file.write_all(format!("{epoch:020}\n").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Barrier,
            atomic::{AtomicU32, Ordering::SeqCst},
        },
        thread,
    };

    use super::*;

    // Each thread stands for a process: locks belong to open files.
    #[test]
    fn d4_a_process_that_was_alone_is_alone_until_it_has_read_the_store() {
        let folder =
            std::env::temp_dir().join(format!("common-durable-owner-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("store.db");
        let violations = AtomicU32::new(0);
        for _ in 0..200 {
            let (claiming, start) = (AtomicU32::new(0), Barrier::new(4));
            thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        start.wait();
                        let owner = Owner::take(&path).unwrap();
                        thread::yield_now();
                        // A panic here would leave the others waiting.
                        let frees_leases = owner.is_alone() && claiming.load(SeqCst) > 0;
                        violations.fetch_add(u32::from(frees_leases), SeqCst);
                        owner.share().unwrap();
                        claiming.fetch_add(1, SeqCst);
                        start.wait();
                    });
                }
            });
        }
        assert_eq!(violations.into_inner(), 0);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn d11_a_number_is_read_back_after_a_longer_or_shorter_one() {
        let folder =
            std::env::temp_dir().join(format!("common-durable-epoch-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("store.db");
        let owner = Owner::take(&path).unwrap();
        assert_eq!(owner.epoch(), None);
        for epoch in [1, i64::MAX, 7] {
            owner.set_epoch(epoch).unwrap();
            assert_eq!(owner.epoch(), Some(epoch));
        }
        drop(owner);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
