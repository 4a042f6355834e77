//! The file beside a store that says which processes have it open, and how often it was opened.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Seek, Write},
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
    /// Takes the lock.
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
        if is_alone {
            // No other process has claimed anything before this one has read the store.
            file.unlock().map_err(failed)?;
        }
        file.lock_shared().map_err(failed)?;
        Ok(Self { file, is_alone })
    }

    /// Whether no other process had the store open, so that all leases in it are of processes that are gone.
    pub(in super::super) fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// How often the store was opened, by this file. `None` if the file was new.
    pub(in super::super) fn epoch(&mut self) -> Option<i64> {
        let mut text = String::new();
        self.file.rewind().ok()?;
        self.file.read_to_string(&mut text).ok()?;
        text.trim().parse().ok()
    }

    /// Writes how often the store was opened.
    pub(in super::super) fn set_epoch(&mut self, epoch: i64) -> std::io::Result<()> {
        self.file.rewind()?;
        self.file.set_len(0)?;
        writeln!(self.file, "{epoch}")?;
        self.file.sync_all()
    }
}
