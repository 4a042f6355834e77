//! Details of a failure beside its text.

use common_model::{Decode, Id, Map, Value, from_json};
use common_transport::Error;

use crate::shared::EntityWithExternalId;

/// The members of a failed answer beside `errorMsg` and `errors`, with any status.
///
/// ```
/// use common_transport::Operation;
/// use retailcrm_v5::{Refusal, customers};
///
/// let body = r#"{"success":false,"errorMsg":"Not found","combinedTo":{"id":9,"externalId":"kept-9"}}"#;
/// let response = http::Response::builder().status(404).body(body.into()).unwrap();
/// let error = customers::Get::new("gone-5").decode(response).unwrap_err();
/// assert!(error.is_not_found());
/// let kept = Refusal::of(&error).unwrap().combined_to().unwrap();
/// assert_eq!(kept.external_id.as_deref(), Some("kept-9"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    members: Map<Value>,
}

/// The customer that remains after two were combined.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CombinedTo {
    /// The service's id.
    pub id: Option<Id>,
    /// The id in the merchant's own system.
    pub external_id: Option<String>,
    /// The shop.
    pub site: Option<String>,
}

impl Refusal {
    /// Returns the members of the answer behind `error`; `None` if it was not a JSON object.
    pub fn of(error: &Error) -> Option<Self> {
        let members = from_json(error.service_error().others_json.as_deref()?).ok()?;
        Some(Self { members })
    }

    /// `combinedTo`: the customer into which the requested customer was merged.
    pub fn combined_to(&self) -> Option<CombinedTo> {
        let kept = self
            .get("combinedTo")
            .filter(|kept| kept.as_object().is_some())?;
        Some(CombinedTo {
            id: kept.get("id").and_then(|id| id.to().ok()),
            external_id: kept.get("externalId").and_then(|id| id.to().ok()),
            site: kept.get("site").and_then(|site| site.to().ok()),
        })
    }

    /// `failedCustomers`: the refused customers of a batch.
    pub fn failed_customers(&self) -> Vec<EntityWithExternalId> {
        self.to("failedCustomers").unwrap_or_default()
    }

    /// `failedOrders`: the refused orders of a batch.
    pub fn failed_orders(&self) -> Vec<EntityWithExternalId> {
        self.to("failedOrders").unwrap_or_default()
    }

    /// Returns any member by its wire name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// Returns any member as a model; `None` if it is missing or has another shape.
    pub fn to<T: Decode>(&self, name: &str) -> Option<T> {
        self.get(name).and_then(|value| value.to().ok())
    }

    /// All members.
    pub fn members(&self) -> &Map<Value> {
        &self.members
    }
}
