//! The question about triggers and lists, before orders or customers are loaded or changed.

use std::io::{self, IsTerminal as _, Write as _};

use tokio::sync::oneshot;

use super::kind::Kind;
use crate::{
    args::{Import, Source},
    failure::{Failure, INTERRUPTED},
    job::{Stop, counted},
};

/// The rows that are asked about.
pub(super) struct Question<'q> {
    pub(super) kind: &'q Kind,
    pub(super) rows: u64,
    /// Whether lists of the service are replaced. Which they are was told in a warning.
    pub(super) replaces_lists: bool,
    pub(super) account: &'q str,
}

impl Question<'_> {
    /// Whether there is something to ask about.
    fn is_needed(&self) -> bool {
        self.kind.has_triggers || self.replaces_lists
    }

    /// The condition under which the rows may be sent.
    fn wanted(&self) -> &'static str {
        match (self.kind.has_triggers, self.replaces_lists) {
            (true, false) => "the triggers are off",
            (true, true) => "the triggers are off and the lists are whole",
            (false, _) => "the lists are whole",
        }
    }
}

/// Asks whether the rows are to be sent, unless that was answered by `--yes`.
///
/// # Errors
/// The answer is no, or there is no terminal to ask on.
pub(super) async fn ask(
    args: &Import,
    question: &Question<'_>,
    stop: &Stop,
) -> Result<(), Failure> {
    if args.yes || !question.is_needed() {
        return Ok(());
    }
    let Question {
        kind,
        rows,
        account,
        ..
    } = *question;
    if kind.has_triggers {
        let kind = kind.name;
        tell(&format!(
            "The triggers of the account may send e-mail and SMS for each of these {kind}. RetailCRM recommends to switch off\n\
             all triggers that do so before the load: in {account}, under \"Triggers\" in the settings (\"Триггеры\"), and\n\
             to switch them on again afterwards.\n"
        ));
    }
    let is_asked =
        io::stdin().is_terminal() && io::stderr().is_terminal() && args.file != Some(Source::Stdin);
    if !is_asked {
        return Err(Failure::usage(format_args!(
            "nobody can be asked whether {}: --yes says so; nothing was sent",
            question.wanted()
        )));
    }
    tell(&format!("Send {}? [y/N] ", counted(rows, "rows")));
    let answer = tokio::select! {
        biased;
        () = stop.wait() => {
            return Err(Failure::interrupted("interrupted; nothing was sent", INTERRUPTED));
        }
        answer = line() => answer.trim().to_lowercase(),
    };
    match answer.as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::new("not confirmed; nothing was sent")),
    }
}

/// Reads a line by a thread that the end of the process does not wait for.
async fn line() -> String {
    let (told, answer) = oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        // Without an answer, nothing is confirmed.
        let _ = io::stdin().read_line(&mut line);
        let _ = told.send(line);
    });
    answer.await.unwrap_or_default()
}

fn tell(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
