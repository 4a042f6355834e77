//! State shared by the verifying service and its future, and the extension for the handler.

use bytes::Bytes;

use crate::Verifier;

/// The verifier, key look-up and replay store for all requests.
pub(super) struct Shared<K, R> {
    pub(super) verifier: Verifier,
    pub(super) keys: K,
    pub(super) replay: R,
}

/// The signed bytes of the body, among the extensions of a verified request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawBody(pub Bytes);
