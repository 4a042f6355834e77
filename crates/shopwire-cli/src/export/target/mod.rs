//! Where the rows go: a file beside the wanted file, or standard output.

mod left;
#[cfg(test)]
mod tests;

use std::{
    fs::{self, File},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::time::Instant;

use super::{
    checkpoint::{Journal, Mark},
    source::Place,
};
use crate::{
    failure::Failure,
    job::files::{failed, publish, sync_folder},
};
pub(super) use left::{check, clear_finished, is_begun, journal_of};
use left::{open_journal, partial, partial_of};

/// How often the file is synced at most.
const EACH: Duration = Duration::from_millis(200);
/// Size of the rows that are held in memory at most.
const HELD: usize = 512 << 10;

/// Describes what is written so far, and where.
pub(super) struct Target {
    way: Way,
    /// Rows that are not written yet.
    held: Vec<u8>,
    /// Size of all rows so far.
    pub(super) bytes: u64,
}

enum Way {
    Stdout,
    File(Box<Files>),
}

/// A file under construction, and its journal.
struct Files {
    wanted: PathBuf,
    partial: File,
    journal: Journal,
    last: Instant,
    marked: Marked,
}

/// Size and rows of the file at the last checkpoint.
#[derive(Debug, Clone, Copy, Default)]
struct Marked {
    bytes: u64,
    rows: u64,
}

/// Why writing ended.
pub(super) enum Stopped {
    /// The reader of standard output has gone.
    Closed,
    Failed(Failure),
}

/// Describes what an earlier run left.
pub(super) enum Left {
    Nothing,
    Begun(Mark),
}

/// Makes the second file out of the rows in the first.
type Convert<'a> = dyn FnMut(&Path, &Path) -> Result<(), Failure> + 'a;

impl Target {
    pub(super) fn stdout() -> Self {
        Self {
            way: Way::Stdout,
            held: Vec::new(),
            bytes: 0,
        }
    }

    /// Begins a file. `name` is the digest of the arguments.
    pub(super) fn create(wanted: &Path, name: &str) -> Result<Self, Failure> {
        let partial = partial(wanted)?;
        partial
            .set_len(0)
            .map_err(|error| failed(&partial_of(wanted), &error))?;
        let path = journal_of(wanted);
        let journal = Journal::create(&path, name).map_err(|error| failed(&path, &error))?;
        Ok(Self::file(wanted, partial, journal, Marked::default()))
    }

    /// Goes on with a file.
    ///
    /// # Errors
    /// The file that was begun belongs to an export with other arguments.
    pub(super) fn resume(wanted: &Path, name: &str) -> Result<(Self, Left), Failure> {
        if !is_begun(wanted) {
            return Ok((Self::create(wanted, name)?, Left::Nothing));
        }
        let mut partial = partial(wanted)?;
        let path = journal_of(wanted);
        let (journal, mark) = open_journal(&path, name)?;
        let marked = mark.as_ref().map_or_else(Marked::default, |mark| Marked {
            bytes: mark.bytes,
            rows: mark.rows,
        });
        let bytes = marked.bytes;
        let cut = partial
            .metadata()
            .and_then(|data| match data.len() < bytes {
                true => Err(io::Error::other(
                    "it is shorter than its checkpoint says; --restart begins anew",
                )),
                false => partial.set_len(bytes),
            });
        cut.and_then(|()| partial.seek(SeekFrom::Start(bytes)))
            .map_err(|error| failed(&partial_of(wanted), &error))?;
        let left = mark.map_or(Left::Nothing, Left::Begun);
        Ok((Self::file(wanted, partial, journal, marked), left))
    }

    fn file(wanted: &Path, partial: File, journal: Journal, marked: Marked) -> Self {
        Self {
            way: Way::File(Box::new(Files {
                wanted: wanted.to_owned(),
                partial,
                journal,
                last: Instant::now(),
                marked,
            })),
            held: Vec::new(),
            bytes: marked.bytes,
        }
    }

    /// The place for the text of the next rows.
    pub(super) fn out(&mut self) -> &mut Vec<u8> {
        &mut self.held
    }

    /// Notes an item whose rows were added.
    pub(super) fn note(&mut self, identity: Option<&str>) {
        if let Way::File(files) = &mut self.way {
            files.journal.note(identity);
        }
    }

    /// The identities of the items of one part that are written.
    pub(super) fn identities(
        &self,
        part: usize,
    ) -> Result<Vec<Box<dyn Iterator<Item = String>>>, Failure> {
        match &self.way {
            Way::Stdout => Ok(Vec::new()),
            Way::File(files) => {
                let path = journal_of(&files.wanted);
                let ids = files
                    .journal
                    .identities(part)
                    .map_err(|error| failed(&path, &error))?;
                Ok(vec![Box::new(ids)])
            }
        }
    }

    /// Takes the rows that were added. They are written at once to standard output, and at a checkpoint to a file.
    pub(super) fn flush(&mut self) -> Result<(), Stopped> {
        match &mut self.way {
            Way::Stdout => {
                let mut out = io::stdout().lock();
                let written = out.write_all(&self.held).and_then(|()| out.flush());
                self.bytes += self.held.len() as u64;
                self.held.clear();
                written.map_err(|error| Stopped::of(Path::new("standard output"), &error))
            }
            Way::File(_) if self.held.len() < HELD => Ok(()),
            Way::File(_) => self.write(),
        }
    }

    fn write(&mut self) -> Result<(), Stopped> {
        if let Way::File(files) = &mut self.way {
            let written = files.partial.write_all(&self.held);
            written.map_err(|error| Stopped::of(&partial_of(&files.wanted), &error))?;
            self.bytes += self.held.len() as u64;
            self.held.clear();
        }
        Ok(())
    }

    /// Whether it is time for a checkpoint.
    pub(super) fn is_due(&self) -> bool {
        match &self.way {
            Way::Stdout => false,
            Way::File(files) => files.last.elapsed() >= EACH,
        }
    }

    /// Brings all rows to disk, and then the place after them.
    pub(super) fn checkpoint(
        &mut self,
        rows: u64,
        place: Place,
        latest: Option<i64>,
    ) -> Result<(), Stopped> {
        self.write()?;
        let bytes = self.bytes;
        if let Way::File(files) = &mut self.way {
            let synced = files.partial.sync_data();
            synced.map_err(|error| Stopped::of(&partial_of(&files.wanted), &error))?;
            let mark = Mark {
                bytes,
                rows,
                place,
                latest,
            };
            let marked = files.journal.mark(&mark);
            marked.map_err(|error| Stopped::of(&journal_of(&files.wanted), &error))?;
            files.last = Instant::now();
            files.marked = Marked { bytes, rows };
        }
        Ok(())
    }

    /// Takes back the rows after the last checkpoint. Returns the number of rows that are left; `None` for standard
    /// output, which gives none back.
    pub(super) fn take_back(&mut self) -> Result<Option<u64>, Failure> {
        let Way::File(files) = &mut self.way else {
            return Ok(None);
        };
        let Marked { bytes, rows } = files.marked;
        let cut = files.partial.set_len(bytes);
        cut.and_then(|()| files.partial.seek(SeekFrom::Start(bytes)))
            .map_err(|error| failed(&partial_of(&files.wanted), &error))?;
        files.journal.forget();
        self.held.clear();
        self.bytes = bytes;
        Ok(Some(rows))
    }

    /// Removes the file under construction and its journal. The next export tells of a file that is still there.
    pub(super) fn discard(self) {
        if let Way::File(files) = self.way {
            // The lock is held until both are gone, so that they are not those of another export.
            let _ = fs::remove_file(journal_of(&files.wanted));
            let _ = fs::remove_file(partial_of(&files.wanted));
        }
    }

    /// Gives the file its name and removes the journal. `convert` makes the wanted file out of the rows, where that is
    /// another one. Returns the size of a file that had the name.
    pub(super) fn finish(self, convert: Option<&mut Convert<'_>>) -> Result<Option<u64>, Failure> {
        let Way::File(files) = self.way else {
            return Ok(None);
        };
        let wanted = files.wanted.as_path();
        let partial = partial_of(wanted);
        let about = |error: io::Error| failed(wanted, &error);
        let replaced = fs::metadata(wanted).ok().map(|there| there.len());
        match convert {
            None => publish(&partial, wanted)
                .and_then(|()| fs::rename(&partial, wanted))
                .map_err(about)?,
            Some(convert) => {
                let made = crate::job::files::beside(wanted, "new");
                if let Err(failure) = convert(&partial, &made) {
                    // A part of the file is of no use. The failure says more than one of this.
                    let _ = fs::remove_file(&made);
                    return Err(failure);
                }
                publish(&made, wanted)
                    .and_then(|()| fs::rename(&made, wanted))
                    .map_err(about)?;
                fs::remove_file(&partial).map_err(about)?;
            }
        }
        sync_folder(wanted).map_err(about)?;
        // Without a journal, a partial file means nothing; so it goes last.
        fs::remove_file(journal_of(wanted)).map_err(about)?;
        sync_folder(wanted).map_err(about)?;
        Ok(replaced)
    }
}

impl Stopped {
    fn of(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            _ => Self::Failed(failed(path, error)),
        }
    }
}
