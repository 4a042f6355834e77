//! The checkpoint of an export: a journal beside the file that is written.
//!
//! The first line names the export. Each further line has the size of the file at a moment, the place in the lists, and
//! the identities of the rows since the line before. A line is written after the file has been synced up to that size.
//! So after a crash, the file is cut to the size of the last whole line, and the walk goes on from its place.

use std::{
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use common_api::Position;
use common_model::{Value, from_json, to_json};

use super::source::Place;
use crate::job::{files::private, lines::Lines};

/// The first word of a journal, with the version of its form.
const FORM: &str = "shopwire-export-1";

/// The last line of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// Size of the file.
    pub(super) bytes: u64,
    /// Number of rows in it.
    pub(super) rows: u64,
    pub(super) place: Place,
    /// The newest change of the history before the export began.
    pub(super) latest: Option<i64>,
}

/// A journal that is open for writing.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    line: String,
}

impl Journal {
    /// Begins a journal, in place of any that is there. The file is the user's alone, since filters and identities may
    /// be personal.
    pub(super) fn create(path: &Path, name: &str) -> io::Result<Self> {
        let mut file = private().truncate(true).open(path)?;
        writeln!(file, "{FORM} {name}")?;
        file.sync_data()?;
        Ok(Self::of(path, file))
    }

    /// Opens a journal, cuts what was not written whole, and returns its last mark; `None` when it has none yet.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`]: it is the journal of another export.
    pub(super) fn open(path: &Path, name: &str) -> io::Result<(Self, Option<Mark>)> {
        let mut file = private().open(path)?;
        let (mut mark, mut end) = (None, 0);
        let mut lines = Lines::of(&file);
        let first = lines.next()?;
        if first.as_deref() != Some(format!("{FORM} {name}").as_str()) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        end += lines.read;
        while let Some(line) = lines.next()? {
            let Some(read) = Line::read(&line) else { break };
            mark = Some(read.mark);
            end = lines.read;
        }
        file.set_len(end)?;
        file.seek(SeekFrom::End(0))?;
        Ok((Self::of(path, file), mark))
    }

    fn of(path: &Path, file: File) -> Self {
        Self {
            path: path.to_owned(),
            file,
            line: String::new(),
        }
    }

    /// Notes a row, for the next mark.
    pub(super) fn note(&mut self, identity: Option<&str>) {
        if let Some(identity) = identity {
            self.line
                .push_str(if self.line.is_empty() { "" } else { "," });
            self.line.push_str(&to_json(identity));
        }
    }

    /// Forgets the rows since the last mark.
    pub(super) fn forget(&mut self) {
        self.line.clear();
    }

    /// Writes a mark; all of it is on disk then.
    pub(super) fn mark(&mut self, mark: &Mark) -> io::Result<()> {
        let position = mark.place.position.as_ref().map(ToString::to_string);
        let line = format!(
            "{{\"bytes\":{},\"rows\":{},\"part\":{},\"position\":{},\"latest\":{},\"ids\":[{}]}}\n",
            mark.bytes,
            mark.rows,
            mark.place.part,
            to_json(&position),
            to_json(&mark.latest),
            self.line
        );
        self.line.clear();
        self.file.write_all(line.as_bytes())?;
        self.file.sync_data()
    }

    /// The identities of the rows of one part, read again as they are asked for.
    pub(super) fn identities(
        &self,
        part: usize,
    ) -> io::Result<impl Iterator<Item = String> + use<>> {
        let mut lines = Lines::of(File::open(&self.path)?);
        let lines = std::iter::from_fn(move || lines.next().ok().flatten());
        Ok(lines
            .filter_map(|line| Line::read(&line))
            .filter(move |line| line.part == part)
            .flat_map(|line| line.ids))
    }
}

/// A line of a journal.
struct Line {
    mark: Mark,
    part: usize,
    ids: Vec<String>,
}

impl Line {
    /// Reads a line; `None` for one that is broken.
    fn read(line: &str) -> Option<Self> {
        let line: Value = from_json(line).ok()?;
        let number = |name: &str| u64::try_from(line.get(name)?.as_i64()?).ok();
        let part = usize::try_from(number("part")?).ok()?;
        let position = match line.get("position")? {
            Value::String(text) => Some(text.parse::<Position>().ok()?),
            _ => None,
        };
        let ids = line.get("ids")?.as_array()?.iter();
        Some(Self {
            mark: Mark {
                bytes: number("bytes")?,
                rows: number("rows")?,
                place: Place { part, position },
                latest: line.get("latest")?.as_i64(),
            },
            part,
            ids: ids
                .filter_map(|id| id.as_str().map(ToOwned::to_owned))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(bytes: u64, part: usize) -> Mark {
        Mark {
            bytes,
            rows: bytes / 10,
            place: Place {
                part,
                position: Some("retailcrm/orders.list page 7".parse().expect("a position")),
            },
            latest: Some(12),
        }
    }

    // J3
    #[test]
    fn j3_a_journal_is_read_up_to_its_last_whole_line() {
        let path = std::env::temp_dir().join(format!("shopwire-journal-{}", std::process::id()));
        let mut journal = Journal::create(&path, "abc").expect("created");
        journal.note(Some("1"));
        journal.note(Some("a\"b"));
        journal.note(None);
        journal.mark(&mark(100, 0)).expect("written");
        journal.note(Some("2"));
        journal.mark(&mark(200, 1)).expect("written");
        let whole = std::fs::read(&path).expect("read");
        // At every length, the marks that are whole count.
        for length in 0..=whole.len() {
            std::fs::write(&path, &whole[..length]).expect("written");
            let first = whole
                .iter()
                .position(|byte| *byte == b'\n')
                .expect("a line")
                + 1;
            match Journal::open(&path, "abc") {
                Err(error) => assert!(length < first && error.kind() == io::ErrorKind::InvalidData),
                Ok((journal, mark)) => {
                    let bytes = mark.map_or(0, |mark| mark.bytes);
                    let lines = whole[..length]
                        .iter()
                        .filter(|byte| **byte == b'\n')
                        .count();
                    assert_eq!(bytes, 100 * (lines as u64 - 1));
                    let ids = |part| journal.identities(part).expect("read").collect::<Vec<_>>();
                    assert_eq!(ids(0).len(), if lines > 1 { 2 } else { 0 });
                    assert_eq!(
                        ids(1),
                        if lines > 2 {
                            vec!["2".to_owned()]
                        } else {
                            vec![]
                        }
                    );
                }
            }
        }
        std::fs::write(&path, &whole).expect("written");
        let other = Journal::open(&path, "other")
            .map(|_| ())
            .expect_err("another export");
        assert_eq!(other.kind(), io::ErrorKind::InvalidData);
        let (_, last) = Journal::open(&path, "abc").expect("opened");
        assert_eq!(last, Some(mark(200, 1)));
        std::fs::remove_file(&path).expect("removed");
    }
}
