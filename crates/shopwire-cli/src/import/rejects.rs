//! The file of refused rows, in the format of the file that is imported, so that it can be mended and imported.

use std::{
    fs::{self, File},
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use common_model::{Map, Value, from_json, to_json};

use sha2::{Digest as _, Sha256};

use super::{
    checkpoint::Checkpoint,
    kind::Method,
    read::Header,
    request::Row,
    reserved,
    written::{Written, left_behind},
};
use crate::{
    args::{Import, RowFormat, Source},
    failure::Failure,
    job::files::{beside, failed, private, sync_folder},
    rows::{Column, Flattener, Kind, csv},
};

/// The open file.
pub(super) struct Rejects {
    path: PathBuf,
    file: File,
    form: Form,
    /// Size of the rows so far.
    bytes: u64,
    /// A digest of the rows so far.
    digest: Sha256,
}

enum Form {
    Json,
    Csv(Vec<Column>, Box<Flattener>),
}

/// A row that did not land.
pub(super) struct Reject<'r> {
    pub(super) row: &'r Row,
    pub(super) reason: String,
    /// Whether it is not known if it has landed.
    pub(super) is_unknown: bool,
}

/// Keeps a file of refused rows, which may be mended ones, under a name that is free. Returns that name.
pub(super) fn keep(path: &Path) -> Result<Option<PathBuf>, Failure> {
    if !fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() > 0) {
        return Ok(None);
    }
    let mut names = (1_u32..).map(|number| beside(path, &number.to_string()));
    let free = names.find(|name| fs::symlink_metadata(name).is_err());
    let free = free.unwrap_or_else(|| beside(path, "old"));
    fs::rename(path, &free).map_err(|error| failed(path, &error))?;
    Ok(Some(free))
}

/// The path of the file.
pub(super) fn path(args: &Import, kind: &str) -> PathBuf {
    if let Some(path) = &args.rejects {
        return path.clone();
    }
    let ending = match args.format() {
        RowFormat::Jsonl => "rejects.jsonl",
        RowFormat::Csv => "rejects.csv",
    };
    match &args.file {
        Some(Source::File(path)) => beside(path, ending),
        _ => PathBuf::from(format!("{kind}.{ending}")),
    }
}

impl Rejects {
    /// Begins the file.
    ///
    /// # Errors
    /// There is such a file with content.
    pub(super) fn create(
        path: &Path,
        form: Option<&Header>,
        method: &Method,
    ) -> Result<Self, Failure> {
        if fs::metadata(path).is_ok_and(|data| data.len() > 0) {
            return Err(Failure::usage(format_args!(
                "{} is there: import it or remove it first, or name another file with --rejects",
                path.display()
            )));
        }
        let file = private().open(path).map_err(|error| failed(path, &error))?;
        Self::of(path, file, form, method, (0, Sha256::new()))
    }

    /// Goes on with the file of a checkpoint. Bytes that a crash left behind its rows are cut. A new file is begun if it
    /// was moved away.
    ///
    /// # Errors
    /// Somebody has edited it: going on would harm what was mended there.
    pub(super) fn resume(
        path: &Path,
        header: Option<&Header>,
        method: &Method,
        checkpoint: &mut Checkpoint,
    ) -> Result<Self, Failure> {
        let about = |error: std::io::Error| failed(path, &error);
        if checkpoint.state.rejects.bytes > 0 && !path.try_exists().map_err(about)? {
            checkpoint.moved()?;
        }
        let state = &checkpoint.state;
        let mut file = private().open(path).map_err(about)?;
        let left = left_behind(&mut file, &state.rejects, state.adding.as_ref());
        let Some(digest) = left.map_err(about)? else {
            return Err(Failure::usage(format_args!(
                "{} was edited since the import was stopped: import it as a file of its own if its rows are mended, move it \
                 away, and run the same command again; nothing was sent, and that file is as it was",
                path.display()
            )));
        };
        Self::of(path, file, header, method, (state.rejects.bytes, digest))
    }

    /// The open file, cut to this size.
    fn of(
        path: &Path,
        mut file: File,
        header: Option<&Header>,
        method: &Method,
        (bytes, digest): (u64, Sha256),
    ) -> Result<Self, Failure> {
        let about = |error: std::io::Error| failed(path, &error);
        file.set_len(bytes).map_err(about)?;
        file.seek(SeekFrom::Start(bytes)).map_err(about)?;
        sync_folder(path).map_err(about)?;
        let form = header.map_or(Form::Json, |header| {
            let columns = columns(header, method);
            let flattener = Flattener::new(&columns, header.list());
            Form::Csv(columns, Box::new(flattener))
        });
        Ok(Self {
            path: path.to_owned(),
            file,
            form,
            bytes,
            digest,
        })
    }

    /// Rows as they are written.
    pub(super) fn lines(&self, rejects: &[Reject<'_>]) -> Vec<u8> {
        let mut out = Vec::new();
        if rejects.is_empty() {
            return out;
        }
        if let (0, Form::Csv(columns, _)) = (self.bytes, &self.form) {
            csv::header(columns, &mut out);
        }
        for reject in rejects {
            self.line(reject, &mut out);
        }
        out
    }

    /// The file when these lines are added.
    pub(super) fn with(&self, lines: &[u8]) -> Written {
        let digest = self.digest.clone().chain_update(lines);
        Written::new(self.bytes + lines.len() as u64, digest)
    }

    /// Adds lines; they are on disk then.
    pub(super) fn add(&mut self, lines: &[u8]) -> Result<(), Failure> {
        let written = self
            .file
            .write_all(lines)
            .and_then(|()| self.file.sync_data());
        written.map_err(|error| failed(&self.path, &error))?;
        self.bytes += lines.len() as u64;
        self.digest.update(lines);
        Ok(())
    }

    fn line(&self, reject: &Reject<'_>, out: &mut Vec<u8>) {
        let json = content(reject);
        match &self.form {
            Form::Json => {
                out.extend_from_slice(json.as_bytes());
                out.push(b'\n');
            }
            Form::Csv(columns, flattener) => {
                // The row was written as JSON just now, so it is read.
                let _ = flattener.each::<common_model::Error>(&json, &mut |record| {
                    csv::line(columns, &record, out);
                    Ok(())
                });
            }
        }
    }

    /// Removes the file if it has no rows.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.bytes {
            0 => fs::remove_file(&self.path).map_err(|error| failed(&self.path, &error)),
            _ => Ok(()),
        }
    }
}

/// The row with the members of this command.
fn content(reject: &Reject<'_>) -> String {
    let row = reject.row;
    let mut all = Map::new();
    all.insert(reserved::LINE, Value::of(&row.line));
    all.insert(reserved::REASON, Value::from(&reject.reason));
    if reject.is_unknown {
        all.insert(reserved::UNKNOWN, Value::Bool(true));
    }
    if let Some(id) = &row.id {
        all.insert("id", Value::from(id));
    }
    if let Some(site) = &row.site {
        all.insert("site", Value::from(site));
    }
    if let Ok(Value::Object(members)) = from_json(&row.json) {
        for (name, member) in members {
            all.insert(name, member);
        }
    }
    to_json(&Value::Object(all))
}

/// The columns of the file by the names that the method takes, and those of this command.
fn columns(header: &Header, method: &Method) -> Vec<Column> {
    let own = header.cells.iter().map(|cell| &cell.column);
    let own = own.filter(|column| !reserved::is_one(&column.name()));
    let mut columns: Vec<Column> = own
        .map(|column| Column::new(renamed(&column.path, method), column.kind))
        .collect();
    for name in [reserved::LINE, reserved::REASON, reserved::UNKNOWN] {
        columns.push(Column::new(vec![name.to_owned()], Kind::Text));
    }
    columns
}

fn renamed(path: &[String], method: &Method) -> Vec<String> {
    let mut renamed = method.renamed.iter();
    let found = renamed.find(|renamed| path == [renamed.list, renamed.from]);
    match found {
        Some(found) => vec![found.list.to_owned(), found.to.to_owned()],
        None => path.to_vec(),
    }
}
