//! Answers of batch uploads, of which a part may have failed (acceptance row RE7).

use common_model::{Model, Value};

use crate::shared::EntityWithExternalId;

/// The answer of an upload: everything landed, or with status 460 a part of it.
///
/// A partial success is an `Ok`: what landed must not be sent again, what failed is listed.
pub trait Batch: Model {
    /// Whether some of the batch was refused.
    fn is_partial(&self) -> bool;

    /// What was refused, by the ids it was sent with.
    fn failed(&self) -> &[EntityWithExternalId];

    /// Why, as the service says it: a list or a map.
    fn errors(&self) -> Option<&Value> {
        self.extra().get("errors")
    }

    /// The service's summary.
    fn message(&self) -> Option<&str> {
        self.extra().get("errorMsg").and_then(Value::as_str)
    }
}

#[cfg(feature = "orders")]
impl Batch for crate::orders::OrdersUploadResponse {
    fn is_partial(&self) -> bool {
        self.success == Some(false)
    }

    fn failed(&self) -> &[EntityWithExternalId] {
        self.failed_orders.as_deref().unwrap_or_default()
    }
}

impl Batch for crate::shared::CustomersUploadResponse {
    fn is_partial(&self) -> bool {
        self.success == Some(false)
    }

    fn failed(&self) -> &[EntityWithExternalId] {
        self.failed_customers.as_deref().unwrap_or_default()
    }
}

/// The service does not say which costs failed.
#[cfg(feature = "costs")]
impl Batch for crate::costs::CostsUploadResponse {
    fn is_partial(&self) -> bool {
        self.success == Some(false)
    }

    fn failed(&self) -> &[EntityWithExternalId] {
        &[]
    }
}
