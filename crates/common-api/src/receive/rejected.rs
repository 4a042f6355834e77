//! Records of deliveries that were not accepted.

use std::{error::Error, fmt};

use http::HeaderMap;

use super::{Reason, ReceiptId};

/// The known parts of a delivery that was not accepted.
#[non_exhaustive]
pub struct Rejected<'a> {
    /// The id of the delivery.
    pub id: ReceiptId,
    /// The reason.
    pub reason: Reason,
    /// The cause of the rejection, if an error caused it.
    pub error: Option<&'a (dyn Error + 'static)>,
    /// Number of bytes of the body that were read.
    pub bytes: u64,
    /// Length of the body in bytes that the request's head announced.
    pub announced: Option<u64>,
    /// The headers. Credentials, and values that hold the secret of the path, are left out.
    pub headers: &'a HeaderMap,
    /// The first bytes of the body, at most 512, with the secret of the path masked. They may hold personal data:
    /// keep them where the events are kept, not in a log.
    pub head: &'a [u8],
}

/// Hides the headers and the first bytes.
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

/// An observer of deliveries that were not accepted. Closures implement it.
///
/// It is called on the task of the delivery, or where the runtime is being stopped, so it should not block. It may
/// keep what it needs; the receiver counts and logs in any case.
pub trait OnReject: Send + Sync + 'static {
    /// Handles the record of one delivery.
    fn on_reject(&self, rejected: &Rejected<'_>);
}

impl<F: Fn(&Rejected<'_>) + Send + Sync + 'static> OnReject for F {
    fn on_reject(&self, rejected: &Rejected<'_>) {
        self(rejected);
    }
}

/// Logs the record, without any byte of the body. A request without the secret is not worth a warning.
pub(super) fn log(rejected: &Rejected<'_>) {
    let (id, reason) = (rejected.id, rejected.reason);
    let (bytes, announced) = (rejected.bytes, rejected.announced);
    if reason == Reason::Path {
        tracing::debug!(%id, %reason, "a delivery was refused");
    } else {
        tracing::warn!(%id, %reason, bytes, announced, "a delivery was not taken");
    }
}
