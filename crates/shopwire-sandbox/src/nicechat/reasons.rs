//! Reasons for refusals, as the journal shows them.

use bytes::Bytes;
use http::{Method, Request};

use super::envelope::Refusal;
use crate::journal::{Notes, Reason, ReasonKind};
use crate::schema::{Description, Operation, Violation};

/// The reason of an unknown path, or of a known path with another method.
pub(super) fn route(description: &Description, request: &Request<Bytes>) -> Reason {
    let path = request.uri().path();
    let methods = description.methods(path);
    if !methods.is_empty() {
        let allowed = methods.join(" or ");
        let text = format!("the path takes {allowed}, not {}", request.method());
        return Reason::new(ReasonKind::Route, text);
    }
    let text = match description.nearest(path) {
        Some(nearest) => format!("no operation has this path; the nearest is {nearest}"),
        None => "no operation has this path; all begin with /marketplaces/v1/".to_owned(),
    };
    Reason::new(ReasonKind::Route, text)
}

/// The reason of a payload that cannot be read. Its refusal names the part before a colon.
pub(super) fn payload(refusal: &Refusal) -> Reason {
    match refusal.description.split_once(": ") {
        Some((field, text)) if !field.contains(' ') => {
            Reason::new(ReasonKind::Schema, text).at(field)
        }
        _ => Reason::new(ReasonKind::Schema, refusal.description.as_str()).at("body"),
    }
}

/// The reason of a field that the description does not allow.
pub(super) fn violation(violation: &Violation) -> Reason {
    let field = match violation.path.as_str() {
        "" => "body",
        path => path,
    };
    Reason::new(ReasonKind::Schema, violation.message.as_str()).at(field)
}

/// The reason of a refusal by the shop itself.
pub(super) fn refused(refusal: &Refusal) -> Reason {
    Reason::new(ReasonKind::Refused, refusal.description.as_str())
}

/// Notes parameters and bodies that the operation ignores.
pub(super) fn note_ignored(
    operation: Operation<'_>,
    request: &Request<Bytes>,
    skip: [&str; 2],
    notes: &mut Notes,
) {
    if request.method() == Method::GET && !request.body().is_empty() {
        let text = "the body of a GET is not read";
        notes.push(Reason::new(ReasonKind::Schema, text).at("body"));
    }
    let Some(query) = request.uri().query().filter(|query| !query.is_empty()) else {
        return;
    };
    let known = operation.parameters("query");
    let text = "is unknown, and the service ignores it";
    for pair in query.split('&') {
        let name = pair.split('=').next().unwrap_or_default();
        let is_known = known.iter().any(|(known, ..)| *known == name) || skip.contains(&name);
        if !is_known && !name.is_empty() {
            notes.push(Reason::new(ReasonKind::Schema, text).at(name));
        }
    }
}
