//! Why the account does not take what it is given.

use crate::retailcrm::value::{Object, object};
use serde_json::json;

/// Why an entity is not stored.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Fields of the wrong form, and what is wrong with each.
    Form(Object),
    /// A well-formed field that the account's data forbid, and why.
    Conflict(&'static str, String),
}

impl Refusal {
    /// One field of the wrong form.
    pub(crate) fn field(name: &str, text: &str) -> Self {
        Self::Form(object(json!({ name: text })))
    }

    /// The external id is another's.
    pub(crate) fn taken(entity: &str, external: &str) -> Self {
        let text = format!("{entity} with externalId={external} already exists.");
        Self::Conflict("externalId", text)
    }
}
