//! Failures of a command: the report for standard error, and the exit code.

use std::{
    error::Error as StdError,
    fmt,
    io::{self, Write as _},
    process::ExitCode,
};

use common_model::{Value as Json, from_json, to_json};

use crate::{color, output, terminal};

/// The exit code of a command that was interrupted, as of one that ends by SIGINT.
pub(crate) const INTERRUPTED: u8 = 130;

/// The failure of a command: its report and an exit code other than 0.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The reason. An empty text prints nothing.
    text: String,
    /// The report as JSON, if it has more than the text.
    json: Option<String>,
    /// The kind of the failure in JSON.
    kind: &'static str,
    code: u8,
    may_have_landed: bool,
}

/// The form of reports on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people: `error: …`, perhaps with further lines.
    Text,
    /// For scripts: one line, `{"error":{…}}`.
    Json,
}

impl Failure {
    /// A failure at run time: exit code 1, `error: <what>`.
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Self {
            text: what.to_string(),
            json: None,
            kind: "io",
            code: 1,
            may_have_landed: false,
        }
    }

    /// Wrong usage: exit code 2, `error: <what>`.
    pub(crate) fn usage(what: impl fmt::Display) -> Self {
        Self {
            kind: "usage",
            code: 2,
            ..Self::new(what)
        }
    }

    /// Exit code 1 with a report for people and one for scripts.
    pub(crate) fn reported(text: String, json: String) -> Self {
        Self {
            json: Some(json),
            ..Self::new(text)
        }
    }

    /// The command was interrupted, and ended at a safe point.
    pub(crate) fn interrupted(what: impl fmt::Display, code: u8) -> Self {
        Self {
            kind: "interrupted",
            code,
            ..Self::new(what)
        }
    }

    /// Exit code 1 without a report: the output has told all.
    pub(crate) fn silent() -> Self {
        Self::new("")
    }

    /// The reader of standard output has gone (`| head`), and wants no more: exit code 0 without a report.
    pub(crate) fn closed() -> Self {
        Self {
            code: 0,
            ..Self::new("")
        }
    }

    /// A failure: what was given cannot be used.
    pub(crate) fn invalid(what: impl fmt::Display) -> Self {
        Self {
            kind: "invalid_input",
            ..Self::new(what)
        }
    }

    /// A failure: a part was done, and a part was refused.
    pub(crate) fn partial(what: impl fmt::Display) -> Self {
        Self {
            kind: "partial",
            may_have_landed: true,
            ..Self::new(what)
        }
    }

    /// A failure: the thing that was asked for does not exist.
    pub(crate) fn not_found(what: impl fmt::Display) -> Self {
        Self {
            kind: "not_found",
            ..Self::new(what)
        }
    }

    /// A failure of a store.
    pub(crate) fn of_store(error: &shopwire::durable::Error) -> Self {
        use shopwire::durable::ErrorKind;

        let kind = match error.kind() {
            ErrorKind::NotFound => "not_found",
            ErrorKind::WrongState => "wrong_state",
            ErrorKind::InvalidInput | ErrorKind::TooLarge => "invalid_input",
            ErrorKind::Busy => "busy",
            ErrorKind::Unknown => "unknown",
            _ => "store",
        };
        Self {
            kind,
            may_have_landed: error.may_be_stored(),
            // Each commit of the command has one step.
            ..Self::new(
                error
                    .to_string()
                    .trim_end_matches(" (step 0 of the commit)"),
            )
        }
    }

    /// A failure from an error, with its causes, a line each.
    pub(crate) fn caused(error: &(dyn StdError + 'static)) -> Self {
        Self::new(chain(error))
    }

    /// Says before the text what it is about.
    pub(crate) fn about(mut self, what: &str) -> Self {
        self.text = format!("{what}: {}", self.text);
        self
    }

    /// Says after the text what to do, in both forms of the report.
    pub(crate) fn and(mut self, what: &str) -> Self {
        self.text = format!("{}; {what}", self.text);
        self.json = self.json.map(|json| with_hint(json, what));
        self
    }

    /// Says after the text what to do, unless the text says so already.
    pub(crate) fn and_once(self, what: &str) -> Self {
        match self.text.contains(what) {
            true => self,
            false => self.and(what),
        }
    }

    /// Puts the members of a summary before the error, so that a script reads one document: `{"import":{…},"error":{…}}`.
    pub(crate) fn with_summary(mut self, summary: &str) -> Self {
        let error = self.shown(Form::Json);
        let (summary, error) = (summary.strip_suffix('}'), error.strip_prefix('{'));
        if let (Some(summary), Some(error)) = (summary, error) {
            self.json = Some(format!("{summary},{error}"));
        }
        self
    }

    /// Says that the call was made before the failure.
    pub(crate) fn after_call(mut self) -> Self {
        self.may_have_landed = true;
        self
    }

    /// The reason, without the form of the report.
    #[cfg(test)]
    pub(crate) fn message(&self) -> String {
        self.text.clone()
    }

    /// The report in this form.
    pub(crate) fn shown(&self, form: Form) -> String {
        match form {
            Form::Text => format!("error: {}", self.text),
            Form::Json => self.json.clone().unwrap_or_else(|| {
                let json = format!(
                    "{{\"error\":{{\"kind\":\"{}\",\"status\":null,\"message\":{},\"errors\":null,\"body\":null,\
                     \"may_have_landed\":{}}}}}",
                    self.kind,
                    to_json(self.text.as_str()),
                    self.may_have_landed
                );
                output::one_line(&json).into_owned()
            }),
        }
    }

    /// Writes the report to standard error.
    pub(crate) fn report(&self, form: Form) -> ExitCode {
        if !self.text.is_empty() {
            // Without standard error, the exit code remains.
            let shown = match form {
                Form::Text => format!(
                    "{} {}",
                    color::on_stderr(color::BAD, "error:"),
                    terminal::plain(&self.text)
                ),
                Form::Json => self.shown(form),
            };
            let _ = writeln!(io::stderr(), "{shown}");
        }
        ExitCode::from(self.code)
    }
}

/// A report for scripts whose message has a hint behind it.
fn with_hint(json: String, hint: &str) -> String {
    let mut report: Json = from_json(&json).unwrap_or_default();
    let error = report
        .as_object_mut()
        .and_then(|report| report.get_mut("error"));
    let message = error.and_then(|error| error.as_object_mut()?.get_mut("message"));
    match message {
        Some(Json::String(message)) => {
            message.push_str("; ");
            message.push_str(hint);
            output::one_line(&to_json(&report)).into_owned()
        }
        _ => json,
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

    // J8
    #[test]
    fn j8_a_hint_is_in_both_forms() {
        let json = r#"{"error":{"kind":"connect","message":"no \"way\"","body":1.50}}"#;
        let failure = Failure::reported("no way".to_owned(), json.to_owned()).and("go on");
        assert_eq!(failure.shown(Form::Text), "error: no way; go on");
        assert_eq!(
            failure.shown(Form::Json),
            r#"{"error":{"kind":"connect","message":"no \"way\"; go on","body":1.50}}"#
        );
    }

    // J8
    #[test]
    fn j8_a_summary_and_an_error_are_one_document() {
        let failure = Failure::new("no \"way\"")
            .and_once("go on")
            .and_once("go on");
        let failure = failure.with_summary(r#"{"import":{"rows":2}}"#);
        let json: Json = from_json(&failure.shown(Form::Json)).expect("JSON");
        let error = json.get("error").and_then(|error| error.get("message"));
        assert_eq!(error.and_then(Json::as_str), Some("no \"way\"; go on"));
        assert!(json.get("import").and_then(|it| it.get("rows")).is_some());
    }

    // C14
    #[test]
    fn c14_every_failure_has_both_forms() {
        let failure = Failure::usage("x \"y\"\nz");
        assert_eq!(failure.shown(Form::Text), "error: x \"y\"\nz");
        assert_eq!(
            failure.shown(Form::Json),
            r#"{"error":{"kind":"usage","status":null,"message":"x \"y\"\nz","errors":null,"body":null,"may_have_landed":false}}"#
        );
        let late = Failure::new("no space").after_call().shown(Form::Json);
        assert!(late.contains(r#""kind":"io""#) && late.ends_with("\"may_have_landed\":true}}"));
    }
}
