//! An exchange that has begun and not ended.

use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderMap, StatusCode};
use tokio::time::Instant;

use super::body::Body;
use super::entry::lines;
use super::exchange::Message;
use super::notes::Notes;
use super::reason::Reason;
use super::shared::Shared;

/// An exchange that has begun. When it is dropped, it has ended without an answer, unless it was answered.
#[derive(Debug)]
pub(crate) struct Open {
    journal: Arc<Shared>,
    id: u64,
    begun: Instant,
    headers: Mutex<Option<Box<[u8]>>>,
}

impl Open {
    pub(super) fn new(journal: Arc<Shared>, id: u64, headers: &HeaderMap) -> Self {
        Self {
            journal,
            id,
            begun: Instant::now(),
            headers: Mutex::new(Some(lines(headers))),
        }
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// Records the operation that the request names.
    pub(crate) fn operation(&self, operation: Option<&'static str>) {
        let mut store = self.journal.store();
        store.change(self.id, |entry| entry.operation = operation);
    }

    /// Records the body of the request, as far as it was read.
    pub(crate) fn body(&self, body: &[u8]) {
        let headers = self
            .headers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(headers) = headers else { return };
        let message = Message::new(headers, Body::whole(body));
        let mut store = self.journal.store();
        store.change(self.id, |entry| entry.sizes[0] = length(body.len() as u64));
        store.change_content(self.id, |content| content.request = message);
    }

    /// Records the fault that happens.
    pub(crate) fn fault(&self, kind: &'static str, reason: Reason) {
        let mut store = self.journal.store();
        store.change(self.id, |entry| entry.fault = Some(kind));
        drop(store);
        self.note([reason]);
    }

    /// Records that the service has processed the request, and what it noted. This may be after the end of the
    /// exchange.
    pub(crate) fn processed(&self, notes: Notes) {
        let mut store = self.journal.store();
        store.change(self.id, |entry| entry.processed = true);
        drop(store);
        if !notes.is_empty() {
            self.note(notes.into_reasons());
        }
    }

    /// Adds reasons.
    pub(crate) fn note(&self, reasons: impl IntoIterator<Item = Reason>) {
        let reasons: Vec<Reason> = reasons.into_iter().collect();
        let count = u16::try_from(reasons.len()).unwrap_or(u16::MAX);
        let mut store = self.journal.store();
        store.change(self.id, |entry| {
            entry.reason_count = entry.reason_count.saturating_add(count);
        });
        store.change_notes(self.id, |notes| notes.reasons.extend(reasons));
    }

    /// Records the answer, with the announced length of its body and the bytes that are sent.
    pub(crate) fn answered(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        (size, body): (u64, &[u8]),
    ) {
        let answer = Message::new(lines(headers), Body::new(size, body));
        let duration = self.begun.elapsed();
        self.body(&[]);
        let mut store = self.journal.store();
        store.change(self.id, |entry| {
            entry.status = Some(status.as_u16());
            entry.duration = Some(duration);
            entry.sizes[1] = length(size);
        });
        store.change_content(self.id, |content| content.answer = Some(answer));
        drop(store);
        self.ended();
    }

    /// Records that the exchange has ended.
    pub(crate) fn ended(&self) {
        self.journal.tell(self.id);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        // A request whose body never came still has its headers.
        self.body(&[]);
        self.ended();
    }
}

fn length(bytes: u64) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
