//! Reasons for refusals, as the journal shows them.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::limit::Full;
use super::protocol::answer::{Answer, Class, Failure};
use super::protocol::call::Call;
use crate::journal::{Notes, Reason, ReasonKind};
use crate::schema::Description;

/// The reason of an unknown path, or of a known path with another method.
pub(crate) fn route(description: &Description, method: &Method, path: &str) -> Reason {
    let methods = description.methods(path);
    if !methods.is_empty() {
        let allowed = methods.join(" or ");
        let text = format!("the path takes {allowed}, not {method}");
        return Reason::new(ReasonKind::Route, text);
    }
    let text = match description.nearest(path) {
        Some(nearest) => format!("no operation has this path; the nearest is {nearest}"),
        None => "no operation has this path; all begin with /api/v5/".to_owned(),
    };
    Reason::new(ReasonKind::Route, text)
}

/// The reason of a full window of the limiter.
pub(crate) fn limit(full: &Full) -> Reason {
    let text = format!(
        "more than {} requests a second from one address",
        full.allowed
    );
    Reason::new(ReasonKind::Limit, text).with_detail(json!({
        "window_ms": full.window_ms(),
        "allowed": full.allowed,
        "requests": full.requests,
    }))
}

/// Notes why a handler refused the call. Errors of the description are there already.
pub(crate) fn refused(failure: &Failure, call: &Call, notes: &mut Notes) {
    for failure in std::iter::once(failure).chain(failure.others()) {
        note(failure, call, notes);
    }
}

fn note(failure: &Failure, call: &Call, notes: &mut Notes) {
    let kind = match failure.class() {
        Class::Denied => ReasonKind::Scope,
        Class::Input | Class::Form => ReasonKind::Schema,
        Class::Refused => ReasonKind::Refused,
    };
    for (field, text) in failure.parts() {
        let field = field.map(|field| place(field, failure.class(), call));
        if field
            .as_deref()
            .is_some_and(|field| notes.has_error_at(field))
        {
            continue;
        }
        let reason = Reason::new(kind, text);
        notes.push(match field {
            Some(field) => reason.at(field),
            None => reason,
        });
    }
}

/// Notes why elements of a batch were refused.
pub(crate) fn failed_elements(answer: &Answer, call: &Call, notes: &mut Notes) {
    let Answer::Json(status, body) = answer else {
        return;
    };
    if *status == StatusCode::OK || *status == StatusCode::CREATED {
        return;
    }
    let list = entity(call).unwrap_or_default();
    let texts = |error: &Value| match error {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match &body["errors"] {
        Value::Object(errors) => {
            for (index, error) in errors {
                let field = format!("{list}[{index}]");
                if !notes.has_error_at(&field) {
                    notes.push(Reason::new(ReasonKind::Refused, texts(error)).at(field));
                }
            }
        }
        Value::Array(errors) => {
            let errors = errors.iter().map(texts);
            notes.extend(errors.map(|text| Reason::new(ReasonKind::Refused, text)));
        }
        _ => {
            let text = body["errorMsg"].as_str().unwrap_or("refused in part");
            notes.push(Reason::new(ReasonKind::Refused, text));
        }
    }
}

/// The whole path of a field: errors of an entity name the field within it.
fn place(field: &str, class: Class, call: &Call) -> String {
    let is_parameter = call.parameter(field).is_some() || class == Class::Input;
    match entity(call).filter(|_| !is_parameter) {
        Some(entity) if !field.starts_with(&format!("{entity}[")) => format!("{entity}.{field}"),
        _ => field.to_owned(),
    }
}

/// The form field with the entity: the only one with JSON in it.
fn entity(call: &Call) -> Option<&str> {
    let is_json = |value: &Value| {
        let text = value.as_str().map(str::trim_start);
        text.is_some_and(|text| text.starts_with(['{', '[']))
    };
    let mut fields = call.form.iter().filter(|(_, value)| is_json(value));
    let (name, _) = fields.next()?;
    fields.next().is_none().then_some(name)
}
