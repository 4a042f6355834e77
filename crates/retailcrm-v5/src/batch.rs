//! Answers of batch uploads, part of which may have failed.
// RE7

use common_model::{Model, Value};

use crate::shared::EntityWithExternalId;

/// The answer of a batch upload. Status 460 means that only a part of the batch was saved.
///
/// A partial success is an `Ok`: saved objects must not be sent again, and [`failed`](Self::failed)
/// lists the others.
pub trait Batch: Model {
    /// Whether a part of the batch was refused.
    fn is_partial(&self) -> bool;

    /// The refused objects, by the ids they were sent with.
    fn failed(&self) -> &[EntityWithExternalId];

    /// The service's reasons, as a list or a map.
    fn errors(&self) -> Option<&Value> {
        self.extra().get("errors")
    }

    /// The service's summary.
    fn message(&self) -> Option<&str> {
        self.extra().get("errorMsg").and_then(Value::as_str)
    }
}
