//! Faults of the file, told as they are found.

use std::io::{self, Write as _};

use super::read::Fault;
use crate::{failure::Failure, job::counted, output, terminal};

/// Number of faults that are told.
const MOST: u64 = 100;

/// Number of warnings, and of refused rows of a dry run, that are told.
pub(super) const FEW: u64 = 20;

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
    /// There were faults, or no rows.
    pub(super) fn end(&self, rows: u64) -> Result<(), Failure> {
        let text = match self.found {
            0 if rows == 0 => "no rows".to_owned(),
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

/// Values of one file that can be sent and are probably wrong, told as warnings.
pub(super) struct Odd {
    name: String,
    found: u64,
}

impl Odd {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            found: 0,
        }
    }

    /// Tells a value with its place, and with its shape in place of the value, which may be personal.
    pub(super) fn tell(&mut self, line: u64, path: &str, why: &str, shape: &str) {
        self.found += 1;
        if self.found <= FEW {
            let text = format!("{}: line {line}, {path}: {why}: {shape}", self.name);
            output::warning(&terminal::line(&text));
        }
    }

    /// Tells the number of the others.
    pub(super) fn end(&self) {
        if self.found > FEW {
            let more = counted(self.found - FEW, "values");
            output::warning(&format!("… and {more} more"));
        }
    }
}
