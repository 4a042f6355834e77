//! Methods that this version does not describe.
// RE19

use std::fmt;

use bytes::Bytes;
use common_api::WireFormat as _;
use common_model::{Error as ModelError, Extra, Model, ObjectWriter, Reader, Value};
use common_transport::{Error, Metadata, Operation};
use http::Request;

use crate::wire::Wire;

/// A call of a method that is not described. You supply its [`Metadata`]; its parameters and its response are JSON.
///
/// A parameter that the metadata does not name goes into the query of a GET; in a POST it is a form field, as
/// JSON when it is nested.
///
/// ```
/// use common_transport::{Idempotency, Metadata, Operation, Param, Place};
/// use http::Method;
/// use retailcrm_v5::RawOperation;
///
/// static FREEZE: Metadata = Metadata::new(
///     "retailcrm",
///     "orders.freeze",
///     Method::POST,
///     "/api/v5/orders/{externalId}/freeze",
///     Idempotency::NonIdempotent,
/// )
/// .params(&[Param::required("externalId", Place::Path)]);
///
/// let call = RawOperation::new(&FREEZE).param("externalId", "a-1").param("days", 5);
/// let request = call.request()?;
/// assert_eq!(request.uri(), "/api/v5/orders/a-1/freeze");
/// assert_eq!(request.body(), "days=5");
/// # Ok::<(), common_transport::Error>(())
/// ```
#[derive(Clone)]
pub struct RawOperation {
    metadata: &'static Metadata,
    params: Params,
}

impl RawOperation {
    /// The call without parameters.
    pub fn new(metadata: &'static Metadata) -> Self {
        Self {
            metadata,
            params: Params::default(),
        }
    }

    /// Sets a parameter by its wire name.
    #[must_use]
    pub fn param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.extra.insert(name, value.into());
        self
    }
}

/// Shows only the names of the parameters, since their values may hold personal data.
impl fmt::Debug for RawOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.params.extra.iter().map(|(name, _)| name).collect();
        f.debug_struct("RawOperation")
            .field("operation", &self.metadata.name)
            .field("params", &names)
            .finish()
    }
}

impl Operation for RawOperation {
    type Output = Value;

    fn metadata(&self) -> &'static Metadata {
        self.metadata
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        Wire::request(self.metadata, &self.params)
    }

    common_api::decode_by!(Wire);
}

/// A model without a field: all it has is extra.
#[derive(Clone, Default)]
struct Params {
    extra: Extra,
}

impl Model for Params {
    fn read_field(&mut self, _: &str, _: &mut Reader<'_>) -> Result<bool, ModelError> {
        Ok(false)
    }

    fn write_fields(&self, _: &mut ObjectWriter<'_>) {}

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

common_model::model!(Params);

#[cfg(test)]
mod tests {
    use common_transport::Idempotency;
    use http::Method;

    use super::*;

    // H13
    #[test]
    fn h13_debug_shows_names_and_no_values() {
        static CALL: Metadata = Metadata::new(
            "retailcrm",
            "users.login",
            Method::POST,
            "/api/v5/users/login",
            Idempotency::NonIdempotent,
        );
        let call = RawOperation::new(&CALL).param("password", "S3CRET");
        let shown = format!("{call:?}");
        assert!(
            shown.contains("password") && !shown.contains("S3CRET"),
            "{shown}"
        );
    }
}
