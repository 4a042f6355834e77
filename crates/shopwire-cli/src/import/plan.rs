//! The plan: all rows of the file, checked, as they will be sent.
//!
//! The rows lie in a file without a name beside the checkpoint. So what is sent is what was checked, whatever happens
//! to the file meanwhile, and memory does not grow with the rows.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead as _, BufReader, BufWriter, Read, Seek as _, SeekFrom, Write as _},
    path::Path,
    time::Duration,
};

use common_model::{Map, Value, from_json, to_json};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::{
    check::Checker,
    faults::Faults,
    kind::Method,
    read::{self, Fault, Header},
    request::{self, Row},
    unique::Unique,
};
use crate::{args::Import, failure::Failure, job::Stop};

/// The rows that will be sent.
pub(super) struct Plan {
    pub(super) rows: u64,
    /// A digest of all rows.
    pub(super) digest: String,
    /// Members that are not sent, and the number of rows that have them.
    pub(super) left_out: BTreeMap<String, u64>,
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
        let mut planned = Planned {
            checker,
            spool: BufWriter::new(spool),
            digest: Sha256::new(),
            rows: 0,
            faults: Faults::new(&name),
            unique: method.is_unique.then(Unique::default),
            left_out: BTreeMap::new(),
            header: None,
            stop,
        };
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

/// Takes the rows of the file.
struct Planned<'p> {
    checker: &'p Checker<'p>,
    spool: BufWriter<File>,
    digest: Sha256,
    rows: u64,
    faults: Faults,
    unique: Option<Unique>,
    left_out: BTreeMap<String, u64>,
    header: Option<Header>,
    stop: &'p Stop,
}

impl read::Rows for Planned<'_> {
    fn header(&mut self, header: &Header) {
        self.header = Some(header.clone());
    }

    fn row(&mut self, line: u64, row: Map<Value>) -> io::Result<()> {
        if self.stop.is_set() {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let mut checked = self.checker.check(line, row);
        checked.left_out.sort_unstable();
        checked.left_out.dedup();
        for path in checked.left_out {
            *self.left_out.entry(path).or_default() += 1;
        }
        let row = match checked.row {
            Ok(row) => row,
            Err(faults) => {
                for (path, why) in faults {
                    self.fault(Fault { line, path, why })?;
                }
                return Ok(());
            }
        };
        if let (Some(unique), Some(id)) = (&mut self.unique, &row.external_id) {
            unique.note(row.site.as_deref(), id, line);
        }
        let text = spooled(&row);
        self.digest.update(text.as_bytes());
        self.rows += 1;
        self.spool.write_all(text.as_bytes())
    }

    fn fault(&mut self, fault: Fault) -> io::Result<()> {
        self.faults.tell(&fault);
        Ok(())
    }
}

impl Planned<'_> {
    fn finish(mut self, begun: Instant) -> Result<Plan, Failure> {
        for (line, first) in self.unique.take().into_iter().flat_map(Unique::repeated) {
            self.faults.tell(&Fault {
                line,
                path: "externalId".to_owned(),
                why: format!("the row of line {first} has the same one"),
            });
        }
        self.faults.end()?;
        let spool = self
            .spool
            .into_inner()
            .map_err(|error| of_spool(error.error()))?;
        let digest = self.digest.finalize();
        let mut plan = Plan {
            rows: self.rows,
            digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            left_out: self.left_out,
            header: self.header,
            begun,
            spool: BufReader::with_capacity(256 << 10, spool),
            next: 0,
            waiting: None,
        };
        plan.go_to(0)?;
        Ok(plan)
    }
}

/// A row as a line of the spool.
fn spooled(row: &Row) -> String {
    format!(
        "{}\t{}\t{}\t{}\n",
        row.line,
        to_json(&row.site),
        to_json(&row.external_id),
        row.json
    )
}

fn unspooled(at: u64, line: &str) -> Option<Row> {
    let mut parts = line.splitn(4, '\t');
    Some(Row {
        at,
        line: parts.next()?.parse().ok()?,
        site: from_json(parts.next()?).ok()?,
        external_id: from_json(parts.next()?).ok()?,
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
            json: r#"{"externalId":"a\tb\n\"c","summ":1.50}"#.to_owned(),
        };
        let text = spooled(&row);
        assert_eq!(text.matches('\n').count(), 1);
        assert_eq!(unspooled(7, text.trim_end_matches('\n')), Some(row));
    }
}
