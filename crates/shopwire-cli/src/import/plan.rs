//! The plan: all rows of the file, checked, as they will be sent.
//!
//! The rows lie in a file without a name beside the checkpoint. So what is sent is what was checked, whatever happens
//! to the file meanwhile, and memory does not grow with the rows.

mod planned;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, BufRead as _, BufReader, Read, Seek as _, SeekFrom},
    path::Path,
    time::Duration,
};

use common_model::{from_json, to_json};
use tokio::time::Instant;

use super::{
    check::Checker,
    kind::Method,
    read::{self, Header},
    request::{self, Row},
};
use crate::{args::Import, failure::Failure, job::Stop};
use planned::Planned;

/// The rows that will be sent.
pub(super) struct Plan {
    pub(super) rows: u64,
    /// A digest of all rows.
    pub(super) digest: String,
    /// Members that are not sent, and the number of rows that have them.
    pub(super) left_out: BTreeMap<String, u64>,
    /// Names of the lists of the rows.
    pub(super) lists: BTreeSet<String>,
    /// The columns of the file, when it is a table.
    pub(super) header: Option<Header>,
    begun: Instant,
    spool: BufReader<File>,
    /// Number of the next row that is read.
    next: u64,
    /// A row that was read and not taken.
    waiting: Option<Row>,
}

impl Plan {
    /// Reads and checks the whole file.
    ///
    /// # Errors
    /// Rows are wrong: each fault was told on standard error.
    pub(super) fn of(
        args: &Import,
        method: &'static Method,
        checker: &Checker<'_>,
        folder: &Path,
        stop: &Stop,
    ) -> Result<Self, Failure> {
        let begun = Instant::now();
        let file = args
            .file
            .as_ref()
            .ok_or_else(|| Failure::usage("FILE is missing"))?;
        let name = file.to_string();
        let failed = |error: &io::Error| Failure::new(format_args!("{name}: {error}"));
        let mut input: Box<dyn Read> = match file {
            crate::args::Source::Stdin => Box::new(io::stdin()),
            crate::args::Source::File(path) => {
                Box::new(File::open(path).map_err(|error| failed(&error))?)
            }
        };
        let spool = tempfile::tempfile_in(folder)
            .map_err(|error| Failure::new(format_args!("{}: {error}", folder.display())))?;
        let mut planned = Planned::new((&name, checker), method, spool, stop);
        let read = read::rows(
            args.format(),
            &mut *input,
            args.encoding(),
            checker.place,
            &mut planned,
        );
        if stop.is_set() {
            return Err(Failure::interrupted(
                "interrupted while the rows were checked; nothing was sent",
                crate::failure::INTERRUPTED,
            ));
        }
        read.map_err(|error| failed(&error))?;
        planned.finish(begun)
    }

    /// Time since the reading of the file began.
    pub(super) fn took(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Goes to a row.
    pub(super) fn go_to(&mut self, at: u64) -> Result<(), Failure> {
        self.spool
            .seek(SeekFrom::Start(0))
            .map_err(|error| of_spool(&error))?;
        (self.next, self.waiting) = (0, None);
        while self.next < at {
            if self.read()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The next row; `None` after the last one.
    fn next(&mut self) -> Result<Option<Row>, Failure> {
        match self.waiting.take() {
            Some(row) => Ok(Some(row)),
            None => self.read(),
        }
    }

    /// The rows of the next request, at most so many; none after the last row.
    pub(super) fn batch(&mut self, method: &Method, most: u64) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        while (rows.len() as u64) < most {
            let Some(row) = self.next()? else { break };
            if !request::fits(method, &rows, &row) {
                self.waiting = Some(row);
                break;
            }
            rows.push(row);
        }
        Ok(rows)
    }

    fn read(&mut self) -> Result<Option<Row>, Failure> {
        let mut line = String::new();
        let read = self.spool.read_line(&mut line);
        if read.map_err(|error| of_spool(&error))? == 0 {
            return Ok(None);
        }
        let at = self.next;
        self.next += 1;
        unspooled(at, line.trim_end_matches('\n'))
            .map(Some)
            .ok_or_else(|| of_spool(&io::ErrorKind::InvalidData.into()))
    }
}

/// A row as a line of the spool.
fn spooled(row: &Row) -> String {
    format!(
        "{}\t{}\t{}\t{}\t{}\n",
        row.line,
        to_json(&row.site),
        to_json(&row.external_id),
        to_json(&row.id),
        row.json
    )
}

fn unspooled(at: u64, line: &str) -> Option<Row> {
    let mut parts = line.splitn(5, '\t');
    Some(Row {
        at,
        line: parts.next()?.parse().ok()?,
        site: from_json(parts.next()?).ok()?,
        external_id: from_json(parts.next()?).ok()?,
        id: from_json(parts.next()?).ok()?,
        json: parts.next()?.to_owned(),
    })
}

fn of_spool(error: &io::Error) -> Failure {
    Failure::new(format_args!("the temporary file of the rows: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // J5
    #[test]
    fn j5_a_row_comes_back_from_the_spool_as_it_was() {
        let row = Row {
            at: 7,
            line: 9,
            site: None,
            external_id: Some("a\tb\n\"c".to_owned()),
            id: Some("5".to_owned()),
            json: r#"{"externalId":"a\tb\n\"c","summ":1.50}"#.to_owned(),
        };
        let text = spooled(&row);
        assert_eq!(text.matches('\n').count(), 1);
        assert_eq!(unspooled(7, text.trim_end_matches('\n')), Some(row));
    }
}
