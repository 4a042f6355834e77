//! What the verifying service and its future share, and what they hand to the handler.

use bytes::Bytes;

use crate::Verifier;

/// What all requests are checked with.
pub(super) struct Shared<K, R> {
    pub(super) verifier: Verifier,
    pub(super) keys: K,
    pub(super) replay: R,
}

/// The bytes that were signed, beside whatever the handler makes of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawBody(pub Bytes);
