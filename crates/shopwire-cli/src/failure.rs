//! Failures of a command: the text for standard error, and the exit code.

use std::{
    error::Error as StdError,
    fmt,
    io::{self, Write as _},
    process::ExitCode,
};

/// The failure of a command: its report and an exit code other than 0.
#[derive(Debug)]
pub(crate) struct Failure {
    report: String,
    code: u8,
}

impl Failure {
    /// A failure at run time: exit code 1, `error: <what>`.
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Self {
            report: format!("error: {what}"),
            code: 1,
        }
    }

    /// Wrong usage: exit code 2, `error: <what>`.
    pub(crate) fn usage(what: impl fmt::Display) -> Self {
        Self {
            report: format!("error: {what}"),
            code: 2,
        }
    }

    /// Exit code 1 with an undecorated report (JSON). An empty report prints nothing.
    pub(crate) fn reported(report: String) -> Self {
        Self { report, code: 1 }
    }

    /// A failure from an error, with its causes, a line each.
    pub(crate) fn caused(error: &(dyn StdError + 'static)) -> Self {
        Self::new(chain(error))
    }

    /// The text for standard error.
    #[cfg(test)]
    pub(crate) fn text(&self) -> &str {
        &self.report
    }

    /// Writes the report to standard error.
    pub(crate) fn report(&self) -> ExitCode {
        if !self.report.is_empty() {
            // Without standard error, the exit code remains.
            let _ = writeln!(io::stderr(), "{}", self.report);
        }
        ExitCode::from(self.code)
    }
}

/// The error's text, then the causes whose text is new.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut last = text.clone();
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    for cause in causes.map(ToString::to_string) {
        if !last.contains(&cause) {
            text.push_str("\n  caused by: ");
            text.push_str(&cause);
        }
        last = cause;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use common_transport::{Error, ErrorKind};

    #[test]
    fn causes_are_told_once() {
        let cause = Error::new(ErrorKind::Connect, "refused");
        let error = Error::new(ErrorKind::Connect, "no connection").with_source(cause);
        assert_eq!(chain(&error), "no connection\n  caused by: refused");
    }
}
