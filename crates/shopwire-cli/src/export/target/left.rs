//! The files that an earlier run left: rows without their last name, and the journal of how far they go.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::super::checkpoint::{Journal, Mark};
use crate::{
    failure::Failure,
    job::files::{beside, failed, folder_of, locked, private},
};

/// The journal and its last mark.
pub(super) fn open_journal(path: &Path, name: &str) -> Result<(Journal, Option<Mark>), Failure> {
    Journal::open(path, name).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => Failure::usage(format_args!(
            "{} belongs to an export with other arguments; --restart drops it",
            path.display()
        )),
        _ => failed(path, &error),
    })
}

/// Checks that the file can get its name in the end.
///
/// # Errors
/// Wrong usage: a folder or a device has the name, or the folder of the file is missing.
pub(in super::super) fn check(wanted: &Path) -> Result<(), Failure> {
    let name = wanted.display();
    let folder = folder_of(wanted);
    let why = match fs::metadata(wanted) {
        Ok(there) if there.is_dir() => format!("{name} is a folder; a file in it is needed"),
        // It would be replaced by a file.
        Ok(there) if !there.is_file() => {
            format!("{name} is no plain file; without --output the rows go to standard output")
        }
        Ok(_) => return Ok(()),
        Err(_) if wanted.file_name().is_none() => "a name of a file is needed".to_owned(),
        Err(_) if folder.is_dir() => return Ok(()),
        Err(_) => format!("there is no folder {}", folder.display()),
    };
    Err(Failure::usage(format_args!("--output: {why}")))
}

/// Whether an interrupted export of this file is there.
pub(in super::super) fn is_begun(wanted: &Path) -> bool {
    journal_of(wanted).exists()
}

pub(in super::super) fn journal_of(wanted: &Path) -> PathBuf {
    beside(wanted, "checkpoint")
}

pub(super) fn partial_of(wanted: &Path) -> PathBuf {
    beside(wanted, "partial")
}

/// Opens the partial file, for one process at a time. It is the user's alone, since rows are personal.
pub(super) fn partial(wanted: &Path) -> Result<File, Failure> {
    locked(&private(), &partial_of(wanted), "another export writes it")
}

/// Removes the journal of a file that has its name already: the run that gave it was killed before it did so.
/// Returns the last mark of such a journal. `parts` is the number of lists.
pub(in super::super) fn clear_finished(
    wanted: &Path,
    name: &str,
    parts: usize,
) -> Result<Option<Mark>, Failure> {
    if !is_begun(wanted) || partial_of(wanted).exists() {
        return Ok(None);
    }
    let path = journal_of(wanted);
    let (_, mark) = open_journal(&path, name)?;
    match mark.filter(|mark| mark.place.part >= parts && wanted.exists()) {
        Some(mark) => {
            fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
            Ok(Some(mark))
        }
        None => Ok(None),
    }
}
