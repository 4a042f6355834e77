//! Faults and losses, as text and as JSON.

use std::io::{self, Write};

use common_model::to_json;

use super::feed::{adapt::Losses, visit::Fault};
use crate::{failure::Failure, output};

/// A fault as a line of text: `FILE:LINE: error: offer 12: what is wrong [rule]`.
pub(super) fn line(name: &str, fault: &Fault) -> String {
    let rule = fault.rule.rule();
    let place = match fault.line {
        0 => name.to_owned(),
        line => format!("{name}:{line}"),
    };
    let offer = fault
        .offer
        .as_deref()
        .map_or(String::new(), |id| format!("offer {}: ", shown(id)));
    format!(
        "{place}: {}: {offer}{} [{}]\n",
        rule.severity,
        shown(&fault.detail),
        rule.id
    )
}

/// A text without characters that a terminal would act on.
fn shown(text: &str) -> String {
    let text = super::feed::number::short_to(text, 500);
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

/// A fault as JSON.
pub(super) fn json(fault: &Fault) -> String {
    let rule = fault.rule.rule();
    let line = match fault.line {
        0 => "null".to_owned(),
        line => line.to_string(),
    };
    let json = format!(
        r#"{{"line":{line},"offer":{},"rule":"{}","severity":"{}","message":{}}}"#,
        to_json(&fault.offer),
        rule.id,
        rule.severity,
        to_json(fault.detail.as_str()),
    );
    output::one_line(&json).into_owned()
}

/// Losses as a JSON object: names and counts.
pub(super) fn losses_json(losses: &Losses) -> String {
    let members: Vec<String> = losses
        .iter()
        .map(|(name, count)| format!("{}:{count}", to_json(name)))
        .collect();
    output::one_line(&format!("{{{}}}", members.join(","))).into_owned()
}

/// Losses as a text: `currency (3), oldPrice (1)`.
pub(super) fn losses_text(losses: &Losses) -> String {
    let parts: Vec<String> = losses
        .iter()
        .map(|(name, count)| format!("{} ({count})", shown(name)))
        .collect();
    parts.join(", ")
}

/// Writes to a stream of results. A reader that has gone ends the command without a word.
pub(super) fn written(outcome: io::Result<()>) -> Result<(), Failure> {
    outcome.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::closed(),
        _ => Failure::new(format_args!("standard output: {error}")),
    })
}

/// Writes a text to standard error; without standard error, it is lost.
pub(super) fn note(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
