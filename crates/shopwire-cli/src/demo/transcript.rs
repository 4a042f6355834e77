//! The output of the tour while it runs, and its records for the end.

use std::{
    fmt,
    future::Future,
    io::{self, Write as _},
    time::{Duration, Instant},
};

use common_transport::Error;

/// Whether the tour prints its calls while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// Prints a line for each call to standard output.
    Aloud,
    /// Prints nothing until the end.
    Silent,
}

/// The calls and the checks of a tour.
#[derive(Debug)]
pub(super) struct Transcript {
    telling: Telling,
    service: &'static str,
    calls: Vec<Call>,
    checks: Vec<Check>,
}

/// A call of the tour.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) service: &'static str,
    pub(super) took: Duration,
}

/// A check of the tour's results.
#[derive(Debug)]
pub(super) struct Check {
    pub(super) service: &'static str,
    pub(super) claim: String,
    pub(super) holds: bool,
}

impl Transcript {
    pub(super) fn new(telling: Telling) -> Self {
        Self {
            telling,
            service: "",
            calls: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// Starts the chapter about a service.
    pub(super) fn chapter(&mut self, service: &'static str, title: &str) {
        self.service = service;
        self.say(format_args!("\n{title}"));
    }

    /// Makes a call and prints its name, a line about the answer, and its duration.
    pub(super) async fn call<T, E>(
        &mut self,
        what: &str,
        call: impl IntoFuture<Output = Result<T, E>>,
        answer: impl FnOnce(&T) -> String,
    ) -> Result<T, E>
    where
        E: fmt::Display,
    {
        let begun = Instant::now();
        let result = call.into_future().await;
        let line = match &result {
            Ok(output) => answer(output),
            Err(error) => format!("error: {error}"),
        };
        self.told(what, &line, begun.elapsed());
        result
    }

    /// Reads a page and prints it. The end of the list is not a call and is not printed.
    pub(super) async fn page<T, E>(
        &mut self,
        what: &str,
        next: impl Future<Output = Result<Option<T>, E>>,
        answer: impl FnOnce(&T) -> String,
    ) -> Result<Option<T>, E> {
        let begun = Instant::now();
        let page = next.await?;
        if let Some(page) = &page {
            self.told(what, &answer(page), begun.elapsed());
        }
        Ok(page)
    }

    /// Makes a call that the service must refuse, and prints the refusal; `None` if it was not
    /// refused.
    pub(super) async fn refusal<T>(
        &mut self,
        what: &str,
        call: impl IntoFuture<Output = Result<T, Error>>,
    ) -> Option<Error> {
        let begun = Instant::now();
        let refusal = call.into_future().await.err();
        let line = match &refusal {
            Some(error) => format!("refused as it should be: {}", error.message()),
            None => "not refused".to_owned(),
        };
        self.told(what, &line, begun.elapsed());
        refusal
    }

    /// Prints a message from a service: a callback, an event.
    pub(super) fn heard(&self, what: &str, line: &str) {
        self.say(format_args!("  {:>10}  {what:<44}  {line}", "<-"));
    }

    /// Records whether a claim about the results holds.
    pub(super) fn check(&mut self, claim: impl Into<String>, holds: bool) {
        let check = Check {
            service: self.service,
            claim: claim.into(),
            holds,
        };
        self.say(format_args!("  {check}"));
        self.checks.push(check);
    }

    pub(super) fn calls(&self) -> &[Call] {
        &self.calls
    }

    pub(super) fn checks(&self) -> &[Check] {
        &self.checks
    }

    fn told(&mut self, what: &str, line: &str, took: Duration) {
        let milliseconds = took.as_secs_f64() * 1e3;
        self.say(format_args!("  {milliseconds:>7.1} ms  {what:<44}  {line}"));
        self.calls.push(Call {
            service: self.service,
            took,
        });
    }

    fn say(&self, line: fmt::Arguments<'_>) {
        if self.telling == Telling::Aloud {
            // The tour goes on without a reader: the exit code also has the verdict.
            let _ = writeln!(io::stdout(), "{line}");
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.holds { "ok   " } else { "WRONG" };
        write!(f, "{mark}  {}", self.claim)
    }
}
