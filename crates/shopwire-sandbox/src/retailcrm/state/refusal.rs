//! Reasons for which the account refuses an entity.

use crate::retailcrm::value::{Object, object};
use serde_json::json;

/// The reason why an entity is not stored.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Fields of the wrong form, with the error of each.
    Form(Object),
    /// A well-formed field that conflicts with the account's data, and the reason.
    Conflict(&'static str, String),
}

impl Refusal {
    /// Builds the refusal of a field of the wrong form.
    pub(crate) fn field(name: &str, text: &str) -> Self {
        Self::Form(object(json!({ name: text })))
    }

    /// Builds the refusal of an external id that another row has.
    pub(crate) fn taken(entity: &str, external: &str) -> Self {
        let text = format!("{entity} with externalId={external} already exists.");
        Self::Conflict("externalId", text)
    }
}
