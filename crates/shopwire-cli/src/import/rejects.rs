//! The file of refused rows, in the format of the file that is imported, so that it can be mended and imported.

use std::{
    fs::{self, File},
    io::{Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use common_model::{Map, Value, from_json, to_json};

use super::{kind::Method, read::Header, request::Row, reserved};
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
    pub(super) bytes: u64,
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
        Self::open(path, form, method, 0)
    }

    /// Opens the file, and cuts it to the size at a checkpoint.
    pub(super) fn open(
        path: &Path,
        header: Option<&Header>,
        method: &Method,
        bytes: u64,
    ) -> Result<Self, Failure> {
        let about = |error: std::io::Error| failed(path, &error);
        let mut file = private().open(path).map_err(about)?;
        if file.metadata().map_err(about)?.len() < bytes {
            return Err(Failure::new(format_args!(
                "{}: it is shorter than the checkpoint says; refused rows are missing",
                path.display()
            )));
        }
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
        })
    }

    /// Adds rows; they are on disk then.
    pub(super) fn add(&mut self, rejects: &[Reject<'_>]) -> Result<(), Failure> {
        if rejects.is_empty() {
            return Ok(());
        }
        let mut out = Vec::new();
        if let (0, Form::Csv(columns, _)) = (self.bytes, &self.form) {
            csv::header(columns, &mut out);
        }
        for reject in rejects {
            self.line(reject, &mut out);
        }
        let written = self
            .file
            .write_all(&out)
            .and_then(|()| self.file.sync_data());
        written.map_err(|error| failed(&self.path, &error))?;
        self.bytes += out.len() as u64;
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
