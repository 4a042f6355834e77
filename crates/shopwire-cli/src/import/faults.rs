//! Faults of the file, told as they are found.

use std::io::{self, Write as _};

use super::read::Fault;
use crate::{failure::Failure, job::counted, terminal};

/// Number of faults that are told.
const MOST: u64 = 100;

/// The faults of one file.
pub(super) struct Faults {
    name: String,
    found: u64,
}

impl Faults {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            found: 0,
        }
    }

    /// Tells a fault with its place.
    pub(super) fn tell(&mut self, fault: &Fault) {
        self.found += 1;
        if self.found > MOST {
            return;
        }
        let place = match fault.path.as_str() {
            "" => String::new(),
            path => format!(", {path}"),
        };
        let text = format!("{}: line {}{place}: {}", self.name, fault.line, fault.why);
        // Without standard error, the exit code remains.
        let _ = writeln!(io::stderr(), "{}", terminal::line(&text));
    }

    /// # Errors
    /// There were faults.
    pub(super) fn end(&self) -> Result<(), Failure> {
        let text = match self.found {
            0 => return Ok(()),
            found if found <= MOST => counted(found, "faults"),
            found => format!("{}, of which {MOST} are told", counted(found, "faults")),
        };
        Err(Failure::invalid(format_args!(
            "{}: {text}; nothing was sent",
            self.name
        )))
    }
}
