//! What a disk holds after a power cut: only what was synced.

use std::{collections::HashMap, fs, path::Path};

use crate::trace::Call;

/// The files of a folder, as the process wrote them and as the disk holds them for sure.
#[derive(Default)]
pub(crate) struct Disk {
    open: HashMap<i32, String>,
    files: HashMap<String, File>,
    /// Number of syncs by name of the file.
    pub(crate) syncs: HashMap<String, usize>,
}

#[derive(Default, Clone)]
struct File {
    written: Vec<u8>,
    synced: Vec<u8>,
}

impl Disk {
    /// Carries out one call.
    pub(crate) fn apply(&mut self, call: &Call) {
        match call {
            Call::Open { file, name } => {
                self.open.insert(*file, name.clone());
            }
            Call::Close { file } => {
                self.open.remove(file);
            }
            Call::Write { file, at, bytes } => {
                if let Some(target) = self.file(*file) {
                    let at = usize::try_from(*at).expect("files are small");
                    let end = at + bytes.len();
                    if target.written.len() < end {
                        target.written.resize(end, 0);
                    }
                    target.written[at..end].copy_from_slice(bytes);
                }
            }
            Call::Truncate { file, length } => {
                if let Some(target) = self.file(*file) {
                    target
                        .written
                        .resize(usize::try_from(*length).expect("files are small"), 0);
                }
            }
            Call::Sync { file } => {
                if let Some(target) = self.file(*file) {
                    target.synced = target.written.clone();
                }
                if let Some(name) = self.open.get(file).cloned() {
                    *self.syncs.entry(name).or_default() += 1;
                }
            }
            // The removal of a journal ends its transaction. A power cut may undo it, which the test does not model.
            Call::Remove { name } => {
                self.files.remove(name);
            }
            Call::Tell(_) => {}
        }
    }

    fn file(&mut self, file: i32) -> Option<&mut File> {
        let name = self.open.get(&file)?;
        name.starts_with("store.db")
            .then(|| self.files.entry(name.clone()).or_default())
    }

    /// Number of syncs of a file so far.
    pub(crate) fn synced(&self, name: &str) -> usize {
        self.syncs.get(name).copied().unwrap_or(0)
    }

    /// Writes what the disk holds for sure into a folder.
    pub(crate) fn cut_power(&self, folder: &Path) {
        for (name, file) in &self.files {
            // The memory that processes share is not a file on disk.
            if !name.ends_with("-shm") {
                fs::write(folder.join(name), &file.synced).expect("the image can be written");
            }
        }
    }
}
