//! Which exchanges to show.

use std::str::FromStr;

use super::entry::Entry;
use super::exchange::Exchange;
use crate::names::ServiceName;

/// Which exchanges to show. Empty fields match all.
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The service.
    pub service: Option<ServiceName>,
    /// The status of the answer.
    pub status: Option<StatusFilter>,
    /// The HTTP method.
    pub method: Option<String>,
    /// The beginning of the path, or the whole name of Uvygoda's RPC method.
    pub path: Option<String>,
    /// The `operationId`.
    pub operation: Option<String>,
    /// A text in path, query, reasons, or a kept body, in any case of ASCII letters.
    pub text: Option<String>,
    /// Only exchanges with a higher id.
    pub after: Option<u64>,
    /// Only exchanges with a lower id.
    pub before: Option<u64>,
}

/// A status of answers: `403`, `4xx` or `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatusFilter {
    /// This status.
    Is(u16),
    /// All statuses with this first digit.
    Class(u16),
    /// No answer.
    None,
}

/// A page of exchanges, the newest first.
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The exchanges.
    pub exchanges: Vec<Exchange>,
    /// Number of kept exchanges that match, on all pages.
    pub total: usize,
    /// The value of [`Filter::before`] for the next page; `None` on the last page.
    pub next: Option<u64>,
}

/// The text is no status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidStatus(());

impl std::fmt::Display for InvalidStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("status: must be a status such as 403, a class such as 4xx, or none")
    }
}

impl std::error::Error for InvalidStatus {}

impl FromStr for StatusFilter {
    type Err = InvalidStatus;

    fn from_str(text: &str) -> Result<Self, InvalidStatus> {
        let invalid = InvalidStatus(());
        if text == "none" {
            return Ok(Self::None);
        }
        if let Some(class) = text.strip_suffix("xx") {
            let class = class.parse().map_err(|_| invalid)?;
            return (1..=5)
                .contains(&class)
                .then_some(Self::Class(class))
                .ok_or(invalid);
        }
        let status = text.parse().map_err(|_| invalid)?;
        (100..=999)
            .contains(&status)
            .then_some(Self::Is(status))
            .ok_or(invalid)
    }
}

impl StatusFilter {
    /// Whether an answer with this status matches.
    pub fn matches(self, status: Option<u16>) -> bool {
        match self {
            Self::Is(wanted) => status == Some(wanted),
            Self::Class(class) => status.is_some_and(|status| status / 100 == class),
            Self::None => status.is_none(),
        }
    }
}

impl Filter {
    /// Whether the exchange matches.
    pub fn matches(&self, exchange: &Exchange) -> bool {
        let texts = [exchange.path.as_bytes(), exchange.query.as_bytes()];
        let bodies = [
            Some(exchange.request.body.kept()),
            exchange.answer.as_ref().map(|answer| answer.body.kept()),
        ];
        self.matches_summary(&Summary {
            id: exchange.id,
            service: exchange.service,
            status: exchange.status,
            method: &exchange.method,
            path: &exchange.path,
            rpc: exchange.rpc.as_deref(),
            operation: exchange.operation,
        }) && self.text.as_deref().is_none_or(|text| {
            let reasons = exchange.reasons.iter();
            let bodies = bodies.into_iter().flatten();
            texts
                .into_iter()
                .chain(bodies)
                .any(|whole| contains(whole, text))
                || exchange
                    .rpc
                    .as_deref()
                    .is_some_and(|rpc| contains(rpc.as_bytes(), text))
                || reasons
                    .into_iter()
                    .any(|reason| contains(reason.to_string().as_bytes(), text))
        })
    }

    /// Whether a stored exchange may match, by its summary alone.
    pub(super) fn may_match(&self, entry: &Entry) -> bool {
        self.matches_summary(&Summary {
            id: entry.id,
            service: entry.service,
            status: entry.status,
            method: entry.method(),
            path: entry.path(),
            rpc: entry.rpc(),
            operation: entry.operation,
        })
    }

    /// Whether a stored exchange that may match has the text.
    pub(super) fn has_text(&self, entry: &Entry) -> bool {
        let Some(text) = self.text.as_deref() else {
            return true;
        };
        let (notes, content) = (entry.notes.as_deref(), entry.content.as_deref());
        let answer = content.and_then(|content| content.answer.as_ref());
        let wholes = [
            Some(entry.path().as_bytes()),
            entry.rpc().map(str::as_bytes),
            notes.map(|notes| notes.query.as_bytes()),
            content.map(|content| content.request.body.kept()),
            answer.map(|answer| answer.body.kept()),
        ];
        let reasons = notes.into_iter().flat_map(|notes| &notes.reasons);
        wholes
            .into_iter()
            .flatten()
            .any(|whole| contains(whole, text))
            || reasons
                .into_iter()
                .any(|reason| contains(reason.to_string().as_bytes(), text))
    }

    fn matches_summary(&self, one: &Summary<'_>) -> bool {
        let is = |wanted: &Option<String>, given: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| given == Some(wanted))
        };
        let method = self.method.as_deref();
        self.after.is_none_or(|after| one.id > after)
            && self.before.is_none_or(|before| one.id < before)
            && self.service.is_none_or(|service| one.service == service)
            && self.status.is_none_or(|status| status.matches(one.status))
            && method.is_none_or(|method| one.method.eq_ignore_ascii_case(method))
            && is(&self.operation, one.operation)
            && self
                .path
                .as_deref()
                .is_none_or(|path| one.path.starts_with(path) || one.rpc == Some(path))
    }
}

/// The parts of an exchange that a filter reads first.
struct Summary<'e> {
    id: u64,
    service: ServiceName,
    status: Option<u16>,
    method: &'e str,
    path: &'e str,
    rpc: Option<&'e str>,
    operation: Option<&'static str>,
}

/// Whether the bytes contain a text, in any case of ASCII letters.
fn contains(whole: &[u8], text: &str) -> bool {
    let text = text.as_bytes();
    text.is_empty()
        || whole
            .windows(text.len())
            .any(|window| window.eq_ignore_ascii_case(text))
}
