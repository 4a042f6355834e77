//! Reports of a mock whose calls and expectations do not fit.

use std::fmt::{self, Write as _};

use super::{Received, state::Entry};
use crate::near::distance;

/// The report of [`Mock::check`](super::Mock::check). It holds no secrets.
#[derive(Debug, Clone)]
pub struct Unmet {
    report: String,
}

impl Unmet {
    /// Builds the report, or `None` if there is nothing to report.
    pub(super) fn of(
        entries: &[Entry],
        received: &[Received],
        unexpected: &[usize],
    ) -> Option<Self> {
        let unmet: Vec<&Entry> = entries
            .iter()
            .filter(|entry| entry.missing() > 0 || !entry.has_answers())
            .collect();
        if unmet.is_empty() && unexpected.is_empty() {
            return None;
        }
        let mut report = "the calls differ from what the mock expects".to_owned();
        for entry in unmet {
            let _ = write!(report, "\n  missing: {}", missing(entry));
        }
        for number in unexpected {
            let line = received[*number].line();
            let _ = write!(report, "\n  not expected: {line}");
        }
        if received.is_empty() {
            report += "\n  no call came";
        }
        for (number, received) in received.iter().enumerate() {
            let _ = write!(report, "\n  call {}: {}", number + 1, received.line());
        }
        Some(Self { report })
    }
}

fn missing(entry: &Entry) -> String {
    let Entry {
        name, place, given, ..
    } = entry;
    match entry.has_answers() {
        false => format!("{name} has no answer ({place})"),
        true => format!(
            "{name}, {} of {} answers ({place})",
            entry.missing(),
            entry.missing() + given
        ),
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report)
    }
}

impl std::error::Error for Unmet {}

/// Says which expectation is nearest to a call, and why it did not answer. `fitting` are those whose conditions hold.
pub(super) fn nearest(entries: &[Entry], received: &Received, fitting: &[usize]) -> String {
    let indexed = || entries.iter().enumerate();
    if let Some((_, entry)) = indexed().find(|(index, _)| fitting.contains(index)) {
        let why = match entry.has_answers() {
            true => format!(
                "all its answers were given ({}); `.times(..)` and `.always()` give one again",
                entry.given
            ),
            false => "it has no answer".to_owned(),
        };
        return format!("the nearest is {} ({}), but {why}", entry.name, entry.place);
    }
    let is_same = |entry: &Entry| entry.metadata.is_some_and(|of| received.is_of(of));
    // One that may still answer first.
    let mut same: Vec<&Entry> = entries.iter().filter(|entry| is_same(entry)).collect();
    same.sort_by_key(|entry| entry.is_used_up());
    if let Some(entry) = same.first() {
        let Entry { name, place, .. } = entry;
        return format!("the nearest is {name} ({place}), but its condition does not hold");
    }
    let name = received.metadata().map_or("", |metadata| metadata.name);
    let nearest = entries
        .iter()
        .min_by_key(|entry| (distance(name, entry.name), entry.is_used_up()));
    match nearest {
        Some(Entry { name, place, .. }) => format!("the nearest is {name} ({place})"),
        None => "the mock expects no call".to_owned(),
    }
}
