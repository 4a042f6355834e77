//! The rows of the file as they are checked, until they are a plan.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, BufReader, BufWriter, Write as _},
};

use common_model::{Map, Value};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::{
    super::{
        check::Checker,
        faults::{Faults, Odd},
        kind::{self, Method},
        read::{self, Fault, Header},
        unique::Unique,
    },
    Plan, of_spool, spooled,
};
use crate::{failure::Failure, job::Stop};

/// Takes the rows of the file.
pub(super) struct Planned<'p> {
    checker: &'p Checker<'p>,
    method: &'static Method,
    spool: BufWriter<File>,
    digest: Sha256,
    rows: u64,
    faults: Faults,
    odd: Odd,
    unique: Unique,
    left_out: BTreeMap<String, u64>,
    lists: BTreeSet<String>,
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
        self.lists.extend(checked.lists);
        for (path, why, shape) in checked.odd {
            self.odd.tell(line, &path, why, &shape);
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
        for thing in checked.things {
            self.unique.note(row.site.as_deref(), &thing, line);
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

impl<'p> Planned<'p> {
    pub(super) fn new(
        (name, checker): (&str, &'p Checker<'p>),
        method: &'static Method,
        spool: File,
        stop: &'p Stop,
    ) -> Self {
        Self {
            checker,
            method,
            spool: BufWriter::new(spool),
            digest: Sha256::new(),
            rows: 0,
            faults: Faults::new(name),
            odd: Odd::new(name),
            unique: Unique::default(),
            left_out: BTreeMap::new(),
            lists: BTreeSet::new(),
            header: None,
            stop,
        }
    }

    /// Ends the plan.
    ///
    /// # Errors
    /// A row is wrong, or there is no row.
    pub(super) fn finish(mut self, begun: Instant) -> Result<Plan, Failure> {
        self.tell_repeated();
        self.odd.end();
        self.faults.end(self.rows)?;
        let spool = self
            .spool
            .into_inner()
            .map_err(|error| of_spool(error.error()))?;
        let digest = self.digest.finalize();
        let mut plan = Plan {
            rows: self.rows,
            digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            left_out: self.left_out,
            lists: self.lists,
            header: self.header,
            begun,
            spool: BufReader::with_capacity(256 << 10, spool),
            next: 0,
            waiting: None,
        };
        plan.go_to(0)?;
        Ok(plan)
    }

    /// Tells rows that are, or set, the same as an earlier one.
    fn tell_repeated(&mut self) {
        let (path, same) = match self.method.unique {
            kind::Unique::Element(list) => (
                format!("{list}.code"),
                "sets the value of this object and code already",
            ),
            _ => ("externalId".to_owned(), "has the same one"),
        };
        for (line, first) in std::mem::take(&mut self.unique).repeated() {
            self.faults.tell(&Fault {
                line,
                path: path.clone(),
                why: format!("the row of line {first} {same}"),
            });
        }
    }
}
