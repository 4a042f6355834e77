//! The checkpoint of an import: a journal of what was sent, and of what became of it.
//!
//! The first line names the import. Before a request is sent, a line with its rows is on disk; after its end, a line
//! with the rows whose end is known. So after a crash, the rows of at most one request are in doubt.

mod ranges;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use common_model::{Value, from_json};

use self::ranges::{ranges, rows_of};
use super::written::Written;
use crate::{
    failure::Failure,
    job::{
        files::{failed, locked, private, sync_folder},
        lines::Lines,
    },
};

/// The first word of a journal, with the version of its form.
const FORM: &str = "shopwire-import-1";

const BUSY: &str = "another import writes it";

/// Numbers of rows by their end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) landed: u64,
    pub(super) refused: u64,
    /// Rows that may have landed, and cannot be looked for.
    pub(super) unknown: u64,
}

impl Totals {
    pub(super) fn rows(self) -> u64 {
        self.landed + self.refused + self.unknown
    }
}

/// Where an import stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct State {
    pub(super) totals: Totals,
    /// The file of refused rows.
    pub(super) rejects: Written,
    /// The same with the rows that were about to be added to it.
    pub(super) adding: Option<Written>,
    /// Rows that are in a file of refused rows that was moved away.
    pub(super) moved: u64,
    /// The first row that was not taken.
    pub(super) next: u64,
    /// Rows before it whose end is not known.
    pub(super) open: BTreeSet<u64>,
    /// Those of them that were sent.
    pub(super) sent: BTreeSet<u64>,
}

/// A checkpoint that is open for writing.
pub(super) struct Checkpoint {
    path: PathBuf,
    file: File,
    pub(super) state: State,
}

/// A checkpoint that is locked, before its first line is written.
pub(super) struct Begun {
    path: PathBuf,
    file: File,
}

impl Begun {
    /// Locks a checkpoint. With `is_restart`, the old checkpoint is dropped when the new one begins.
    ///
    /// # Errors
    /// Another import has it, or has begun it just now.
    pub(super) fn lock(path: &Path, is_restart: bool) -> Result<Self, Failure> {
        let file = locked(&private(), path, BUSY)?;
        let length = file.metadata().map_err(|error| failed(path, &error))?.len();
        match length == 0 || is_restart {
            true => Ok(Self {
                path: path.to_owned(),
                file,
            }),
            false => Err(Failure::new(format_args!("{}: {BUSY}", path.display()))),
        }
    }

    /// Begins the checkpoint.
    pub(super) fn write(mut self, name: &str) -> Result<Checkpoint, Failure> {
        let begun = self
            .file
            .set_len(0)
            .and_then(|()| writeln!(self.file, "{FORM} {name}"))
            .and_then(|()| self.file.sync_all())
            .and_then(|()| sync_folder(&self.path));
        begun.map_err(|error| failed(&self.path, &error))?;
        Ok(Checkpoint {
            path: self.path,
            file: self.file,
            state: State::default(),
        })
    }

    /// Removes the checkpoint, if it is new.
    pub(super) fn undo(self) {
        if self.file.metadata().is_ok_and(|data| data.len() == 0) {
            // An empty one means the same.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl Checkpoint {
    /// Opens a checkpoint, and cuts what was not written whole.
    ///
    /// # Errors
    /// It is the checkpoint of another import.
    pub(super) fn open(path: &Path, name: &str) -> Result<Self, Failure> {
        let mut file = locked(&private(), path, BUSY)?;
        let state = read(&mut file, name).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => Failure::usage(format_args!(
                "{} belongs to an import of other rows, or into another account: put the file back as it was to go on, and \
                 import mended rows by the file of refused rows; --restart drops it and begins anew",
                path.display()
            )),
            _ => failed(path, &error),
        })?;
        Ok(Self {
            path: path.to_owned(),
            file,
            state,
        })
    }

    /// Takes further rows, up to this one.
    pub(super) fn take(&mut self, to: u64) -> Result<(), Failure> {
        self.state.open.extend(self.state.next..to);
        self.state.next = to;
        self.write(&format!("{{\"taken\":{to}}}\n"))
    }

    /// Notes that a request with these rows is about to be sent. It is on disk then.
    pub(super) fn sending(&mut self, rows: impl IntoIterator<Item = u64>) -> Result<(), Failure> {
        self.state.sent = rows.into_iter().collect();
        let line = format!("{{\"sending\":{}}}\n", ranges(&self.state.sent));
        self.write(&line)?;
        self.sync()
    }

    /// Notes that what was sent has certainly not landed.
    pub(super) fn unsent(&mut self) -> Result<(), Failure> {
        self.state.sent.clear();
        self.write("{\"sending\":[]}\n")?;
        self.sync()
    }

    /// Notes that the file of refused rows will be this one. It is on disk then.
    pub(super) fn adding(&mut self, rejects: Written) -> Result<(), Failure> {
        let line = format!("{{\"adding\":{}}}\n", rejects.members());
        self.state.adding = Some(rejects);
        self.write(&line)?;
        self.sync()
    }

    /// Notes that a new file of refused rows is begun, since the old one was moved away. It is on disk then.
    pub(super) fn moved(&mut self) -> Result<(), Failure> {
        self.state.move_rejects();
        self.write("{\"moved\":true}\n")?;
        self.sync()
    }

    /// Notes the end of rows, and the file of refused rows. It is on disk then.
    pub(super) fn decided(
        &mut self,
        rows: &BTreeSet<u64>,
        ends: Totals,
        rejects: Written,
    ) -> Result<(), Failure> {
        let line = format!(
            "{{\"decided\":{},\"landed\":{},\"refused\":{},\"unknown\":{},\"rejects\":{}}}\n",
            ranges(rows),
            ends.landed,
            ends.refused,
            ends.unknown,
            rejects.members(),
        );
        self.state.decide(rows, ends, rejects);
        self.write(&line)?;
        self.sync()
    }

    fn write(&mut self, line: &str) -> Result<(), Failure> {
        let written = self.file.write_all(line.as_bytes());
        written.map_err(|error| failed(&self.path, &error))
    }

    fn sync(&self) -> Result<(), Failure> {
        let synced = self.file.sync_data();
        synced.map_err(|error| failed(&self.path, &error))
    }
}

impl State {
    fn decide(&mut self, rows: &BTreeSet<u64>, ends: Totals, rejects: Written) {
        for row in rows {
            self.open.remove(row);
            self.sent.remove(row);
        }
        self.totals.landed += ends.landed;
        self.totals.refused += ends.refused;
        self.totals.unknown += ends.unknown;
        self.rejects = rejects;
        self.adding = None;
    }

    fn move_rejects(&mut self) {
        self.moved = self.totals.refused + self.totals.unknown;
        (self.rejects, self.adding) = (Written::default(), None);
    }

    /// Takes a line; `None` for one that is broken.
    fn line(&mut self, line: &str) -> Option<()> {
        let line: Value = from_json(line).ok()?;
        let number = |name: &str| line.get(name)?.as_number()?.as_u64();
        let written = |name: &str| {
            Some(Written {
                bytes: number(name)?,
                sum: line.get("sum").and_then(Value::as_str).map(str::to_owned),
            })
        };
        if let Some(to) = number("taken") {
            self.open.extend(self.next..to);
            self.next = to;
        } else if let Some(rows) = line.get("sending") {
            self.sent = rows_of(rows)?;
        } else if let Some(rejects) = written("adding") {
            self.adding = Some(rejects);
        } else if line.get("moved").is_some() {
            self.move_rejects();
        } else {
            let rows = rows_of(line.get("decided")?)?;
            let ends = Totals {
                landed: number("landed")?,
                refused: number("refused")?,
                unknown: number("unknown")?,
            };
            self.decide(&rows, ends, written("rejects")?);
        }
        Some(())
    }
}

/// Reads a journal and cuts it behind its last whole line.
fn read(file: &mut File, name: &str) -> io::Result<State> {
    let mut state = State::default();
    let mut lines = Lines::of(&*file);
    if lines.next()?.as_deref() != Some(format!("{FORM} {name}").as_str()) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut end = lines.read;
    while let Some(line) = lines.next()? {
        if state.line(&line).is_none() {
            break;
        }
        end = lines.read;
    }
    file.set_len(end)?;
    file.seek(SeekFrom::End(0))?;
    Ok(state)
}
