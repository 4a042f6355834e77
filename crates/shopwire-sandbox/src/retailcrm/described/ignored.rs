//! Describes what a request has and the service ignores.

use serde_json::Value;

use crate::journal::{Notes, Reason, ReasonKind};
use crate::retailcrm::protocol::call::Call;
use crate::schema::{Operation, Schema};

/// The parameter with the key, which every operation takes.
const KEY: &str = "apiKey";

/// Notes the parameters that the operation does not know. The service looks for a parameter in the query and in the
/// form.
pub(super) fn note(operation: Operation<'_>, call: &Call, notes: &mut Notes) {
    let names = || call.query.keys().chain(call.form.keys());
    if names().next().is_none() {
        return;
    }
    let parameters = operation.parameters("query");
    let body = operation.body();
    let is_known = |name: &str| {
        let is_field = || body.and_then(|body| body.property(name)).is_some();
        name == KEY || parameters.iter().any(|(known, ..)| *known == name) || is_field()
    };
    let unknown = names().filter(|name| !is_known(name));
    notes.extend(unknown.map(reason));
}

/// Notes the members that the service computes.
pub(super) fn note_computed(schema: Schema<'_>, entity: &Value, place: &str, notes: &mut Notes) {
    let members = entity.as_object().into_iter().flatten();
    for (name, _) in members.filter(|(name, _)| schema.is_computed(name)) {
        let text = "is computed by the service, which ignores it in a request";
        notes.push(Reason::new(ReasonKind::Schema, text).at(format!("{place}.{name}")));
    }
}

/// The reason of an unknown parameter or member.
pub(super) fn reason(field: impl Into<String>) -> Reason {
    Reason::new(ReasonKind::Schema, "is unknown, and the service ignores it").at(field)
}
