//! A delivery in flight, which ends either accepted or recorded as rejected.

use std::{
    error::Error,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use common_transport::{Mask, Secret};
use http::HeaderMap;

use super::{
    OnReject, Reason, ReceiptId, Rejected, Rejection, counts::Counters, credentials,
    in_flight::InFlight, rejected,
};

/// Number of first bytes of a delivery that its record holds.
const HEAD: usize = 512;

/// State that the clones of a receiver and its deliveries share.
pub(super) struct Shared {
    pub(super) secret: Secret,
    /// Finds the secret in other spellings.
    pub(super) mask: Mask,
    pub(super) counters: Counters,
    pub(super) in_flight: InFlight,
}

/// The known parts of a delivery before its body is read.
pub(super) struct Announced {
    pub(super) id: ReceiptId,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Option<u64>,
}

/// A delivery in flight. If it is dropped before [`took`](Self::took) or [`rejected`](Self::rejected), as by a panic
/// or by a runtime that stops, it is recorded as abandoned.
pub(super) struct Open {
    shared: Arc<Shared>,
    on_reject: Option<Arc<dyn OnReject>>,
    announced: Announced,
    bytes: u64,
    head: Vec<u8>,
    has_ended: bool,
}

impl Open {
    /// Enters the delivery, unless `limit` are in flight.
    pub(super) fn enter(
        shared: &Arc<Shared>,
        on_reject: Option<Arc<dyn OnReject>>,
        announced: Announced,
        limit: usize,
    ) -> Result<Self, Rejection> {
        if !shared.in_flight.enter(limit) {
            let rejection = Rejection::new(Reason::Busy);
            refuse(shared, on_reject.as_deref(), &announced, &rejection);
            return Err(rejection);
        }
        Ok(Self {
            shared: Arc::clone(shared),
            on_reject,
            announced,
            bytes: 0,
            head: Vec::new(),
            has_ended: false,
        })
    }

    pub(super) fn id(&self) -> ReceiptId {
        self.announced.id
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.announced.headers
    }

    /// Records bytes of the body.
    pub(super) fn saw(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        let needed = credentials::needed(HEAD, self.shared.secret.expose().as_bytes());
        let missing = needed.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
    }

    /// Ends the delivery as accepted.
    pub(super) fn took(mut self) {
        self.has_ended = true;
        self.shared.counters.took();
    }

    /// Ends the delivery as rejected.
    pub(super) fn rejected(mut self, rejection: &Rejection) {
        self.end(rejection.reason(), rejection.source_error());
    }

    fn end(&mut self, reason: Reason, error: Option<&(dyn Error + 'static)>) {
        self.has_ended = true;
        let secret = self.shared.secret.expose().as_bytes();
        let masked = self.shared.mask.bytes(&self.head);
        let head = credentials::masked(masked.as_deref().unwrap_or(&self.head), secret, HEAD);
        let rejected = Rejected {
            id: self.announced.id,
            reason,
            error,
            bytes: self.bytes,
            announced: self.announced.bytes,
            headers: &self.announced.headers,
            head: &head,
        };
        report(&self.shared, self.on_reject.as_deref(), &rejected);
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if !self.has_ended {
            self.end(Reason::Abandoned, None);
        }
        // Leaves last, so that a caller that waits for the last delivery finds its record.
        self.shared.in_flight.leave();
    }
}

/// Records a rejected delivery whose body is not read.
pub(super) fn refuse(
    shared: &Shared,
    on_reject: Option<&dyn OnReject>,
    announced: &Announced,
    rejection: &Rejection,
) {
    let rejected = Rejected {
        id: announced.id,
        reason: rejection.reason(),
        error: rejection.source_error(),
        bytes: 0,
        announced: announced.bytes,
        headers: &announced.headers,
        head: &[],
    };
    report(shared, on_reject, &rejected);
}

fn report(shared: &Shared, on_reject: Option<&dyn OnReject>, rejected: &Rejected<'_>) {
    shared.counters.rejected(rejected.reason);
    rejected::log(rejected);
    if let Some(on_reject) = on_reject {
        // It may be called while a panic unwinds, when a second panic would abort the process.
        let told = catch_unwind(AssertUnwindSafe(|| on_reject.on_reject(rejected)));
        if told.is_err() {
            tracing::error!(id = %rejected.id, "the observer of rejected deliveries panicked");
        }
    }
}
