//! The notes that a service takes while it answers a request.

use super::cut::cut;
use super::reason::{Reason, ReasonKind};

/// Number of reasons that are kept of one request; a body of a million wrong fields needs no more.
const MOST: usize = 100;

/// Bytes after which a field or a message is cut.
const LONGEST: usize = 1 << 10;

/// Describes what a service reports beside its answer: the operation, and the reasons for a refusal.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    id: u64,
    reasons: Vec<Reason>,
    more: usize,
}

impl Notes {
    /// Notes on the request with this id.
    pub(crate) fn new(id: u64) -> Self {
        Self {
            id,
            ..Self::default()
        }
    }

    /// Returns the id of the request in the journal.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Adds a reason. A reason that is already there is not added again.
    pub(crate) fn push(&mut self, mut reason: Reason) {
        shorten(&mut reason.message);
        reason.field.as_mut().map(shorten);
        if self.reasons.len() >= MOST {
            self.more += 1;
        } else if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    pub(crate) fn extend(&mut self, reasons: impl IntoIterator<Item = Reason>) {
        reasons.into_iter().for_each(|reason| self.push(reason));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.reasons.is_empty()
    }

    /// Whether there is an error of the schema at this field or inside of it.
    pub(crate) fn has_error_at(&self, field: &str) -> bool {
        let is_inside = |path: &str| {
            let rest = path.strip_prefix(field);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let mut reasons = self.reasons.iter();
        reasons.any(|reason| {
            reason.kind == ReasonKind::Schema && reason.field.as_deref().is_some_and(is_inside)
        })
    }

    /// Returns the reasons, the last of which tells how many are left out.
    pub(crate) fn into_reasons(mut self) -> Vec<Reason> {
        if self.more > 0 {
            let text = format!("{} more reasons are left out", self.more);
            self.reasons.push(Reason::new(ReasonKind::Refused, text));
        }
        self.reasons
    }
}

/// Cuts a text to its longest length.
fn shorten(text: &mut String) {
    if text.len() > LONGEST {
        text.truncate(cut(text, LONGEST).len());
        text.push('…');
    }
}
