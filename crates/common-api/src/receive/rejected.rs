//! The trace of a delivery that was not taken.

use std::{error::Error, fmt};

use http::HeaderMap;

use super::{Reason, ReceiptId};

/// A delivery that was not taken, as far as it is known.
#[non_exhaustive]
pub struct Rejected<'a> {
    /// The id of the delivery.
    pub id: ReceiptId,
    /// Why it was not taken.
    pub reason: Reason,
    /// The error behind it.
    pub error: Option<&'a (dyn Error + 'static)>,
    /// How many bytes of the body were read.
    pub bytes: u64,
    /// How many bytes the head of the request announced.
    pub announced: Option<u64>,
    /// The headers. Credentials, and values that hold the secret of the path, are left out.
    pub headers: &'a HeaderMap,
    /// The first bytes of the body, at most 512, with the secret of the path masked. They may hold
    /// personal data: keep them where the events are kept, not in a log.
    pub head: &'a [u8],
}

/// Shows neither headers nor the first bytes.
impl fmt::Debug for Rejected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected")
            .field("id", &self.id)
            .field("reason", &self.reason)
            .field("bytes", &self.bytes)
            .field("announced", &self.announced)
            .finish_non_exhaustive()
    }
}

/// Is told of each delivery that was not taken. Closures implement it.
///
/// It is called on the task of the delivery, or where the runtime is being stopped: it should not
/// block. What it keeps is up to it; the receiver counts and logs in any case.
pub trait OnReject: Send + Sync + 'static {
    /// The delivery was not taken.
    fn on_reject(&self, rejected: &Rejected<'_>);
}

impl<F: Fn(&Rejected<'_>) + Send + Sync + 'static> OnReject for F {
    fn on_reject(&self, rejected: &Rejected<'_>) {
        self(rejected);
    }
}

/// The event in the log. It holds no byte of the body. A stranger's request is not worth a warning.
pub(super) fn log(rejected: &Rejected<'_>) {
    let (id, reason) = (rejected.id, rejected.reason);
    let (bytes, announced) = (rejected.bytes, rejected.announced);
    if reason == Reason::Path {
        tracing::debug!(%id, %reason, "a delivery was refused");
    } else {
        tracing::warn!(%id, %reason, bytes, announced, "a delivery was not taken");
    }
}
