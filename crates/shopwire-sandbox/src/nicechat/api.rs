//! The operations: routing, permission, fields, effect.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{self, HeaderValue};
use http::{Request, Response, StatusCode};
use nicechat_sign::Form;
use serde_json::{Map, Value, json};

use super::envelope::{self, Refusal};
use super::import;
use super::imports::Push;
use super::page::{self, Links};
use super::payload::Payload;
use super::reasons;
use super::shop::{Data, Shop};
use super::store::Store;
use crate::journal::Notes;
use crate::options::{DeleteAnswer, Replacement};
use crate::schema::{Operation, Route, Unknown, Violation};

/// Answers one request. It checks in this order: the route, the form of the payload, the signature, the operation. All
/// checks are made, so that all reasons are in `notes`; the refusal is that of the first.
pub(super) fn answer(
    shop: &Arc<Shop>,
    request: Request<Bytes>,
    notes: &mut Notes,
) -> Result<Response<Bytes>, Refusal> {
    let route = shop
        .description
        .route(request.method(), request.uri().path());
    if !matches!(route, Route::Found(..)) {
        notes.push(reasons::route(shop.description, &request));
    }
    let request = with_content_type(request);
    let payload = Payload::of(&request);
    if let Err(refusal) = &payload {
        notes.push(reasons::payload(refusal));
    }
    let (request, admitted) = shop.gate.admit(request, notes);
    let fields = match (&route, &payload) {
        (Route::Found(operation, _), Ok(payload)) => {
            reasons::note_ignored(*operation, &request, shop.gate.parameters(), notes);
            takes_fields(*operation).then(|| fields(shop, *operation, payload, notes))
        }
        _ => None,
    };
    if matches!(route, Route::Unknown) {
        return Err(Refusal::not_found());
    }
    let payload = payload?;
    admitted.map_err(|refusal| explained(shop, &payload, refusal))?;
    let Route::Found(operation, parameters) = route else {
        return Err(Refusal::method_not_allowed());
    };
    let fields = fields.transpose()?.unwrap_or_default();
    let place = parameters.first().map_or("", |(_, value)| value.as_str());
    let outcome = perform(shop, operation, place, fields, &request);
    outcome.inspect_err(|refusal| notes.push(reasons::refused(refusal)))
}

/// Whether the operation takes the fields of an object.
fn takes_fields(operation: Operation<'_>) -> bool {
    let verb = operation.id().split_once('.').map(|(_, verb)| verb);
    matches!(verb, Some("create" | "replace" | "update" | "push"))
}

/// Performs an admitted operation on the object at `place`.
fn perform(
    shop: &Arc<Shop>,
    operation: Operation<'_>,
    place: &str,
    fields: Map<String, Value>,
    request: &Request<Bytes>,
) -> Result<Response<Bytes>, Refusal> {
    let (group, verb) = operation.id().split_once('.').unwrap_or_default();
    match (group, verb) {
        ("orders", "list") => list(shop, request, &shop.data().orders),
        ("feeds", "push") => push(shop, &fields),
        ("feeds", "result") => {
            let data = shop.data();
            let task = data.imports.find(place).ok_or_else(Refusal::not_found)?;
            Ok(envelope::accepted(task.to_json()))
        }
        (_, "list") => {
            let all = store(&mut shop.data(), group)?.all();
            list(shop, request, &all)
        }
        (_, "delete") => {
            store(&mut shop.data(), group)?.delete(place)?;
            Ok(match shop.options.nicechat.delete_answer {
                DeleteAnswer::Envelope => envelope::deleted(),
                DeleteAnswer::Empty => envelope::deleted_without_body(),
            })
        }
        (_, "create") => {
            let id = text(&fields, "id")
                .filter(|id| !id.is_empty())
                .ok_or_else(|| Refusal::bad_request("id: must not be empty"))?;
            store(&mut shop.data(), group)?
                .create(&id, fields)
                .map(envelope::created)
        }
        (_, "replace") => store(&mut shop.data(), group)?
            .replace(place, fields)
            .map(envelope::modified),
        (_, "update") => store(&mut shop.data(), group)?
            .update(place, fields)
            .map(envelope::modified),
        _ => Err(Refusal::not_found()),
    }
}

/// Adds the content type JSON to a body without one: the document says "raw POST data".
fn with_content_type(mut request: Request<Bytes>) -> Request<Bytes> {
    if !request.body().is_empty() {
        let entry = request.headers_mut().entry(header::CONTENT_TYPE);
        entry.or_insert(HeaderValue::from_static("application/json"));
    }
    request
}

/// Explains a refusal of the gate: the gate says that a body cannot be read, and reading it again says why.
fn explained(shop: &Shop, payload: &Payload, refusal: Refusal) -> Refusal {
    match payload.members(shop.gate.parameters()) {
        Err(why) if refusal.status == StatusCode::BAD_REQUEST => why,
        _ => refusal,
    }
}

fn store<'d>(data: &'d mut Data, group: &str) -> Result<&'d mut Store, Refusal> {
    match group {
        "categories" => Ok(&mut data.categories),
        "products" => Ok(&mut data.products),
        _ => Err(Refusal::not_found()),
    }
}

fn list(shop: &Shop, request: &Request<Bytes>, all: &[Value]) -> Result<Response<Bytes>, Refusal> {
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let links = Links {
        form: shop.options.nicechat.next_links,
        host,
        path: request.uri().path(),
    };
    let query = Form::parse_urlencoded_flat(request.uri().query().unwrap_or_default().as_bytes())
        .map_err(|error| Refusal::bad_request(error.to_string()))?;
    let number = match query.get("page") {
        Some(nicechat_sign::Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    page::page(all, shop.options.nicechat.page_size, &links, number).map(envelope::accepted)
}

fn push(shop: &Arc<Shop>, fields: &Map<String, Value>) -> Result<Response<Bytes>, Refusal> {
    let push = Push {
        url: text(fields, "url").unwrap_or_default(),
        format: text(fields, "format").unwrap_or_default(),
        callback: text(fields, "callback"),
    };
    let token = import::push(shop, push);
    Ok(envelope::created(json!({ "token": token })))
}

/// Returns the payload's members, validated against the operation's description.
fn fields(
    shop: &Shop,
    operation: Operation<'_>,
    payload: &Payload,
    notes: &mut Notes,
) -> Result<Map<String, Value>, Refusal> {
    let members = payload.members(shop.gate.parameters());
    let (mut members, is_text) =
        members.inspect_err(|refusal| notes.push(reasons::payload(refusal)))?;
    let Some(schema) = operation.body() else {
        return Ok(members);
    };
    if !operation.id().ends_with(".create") {
        // The id is in the path; a repetition in the body is tolerated.
        members.shift_remove("id");
    }
    let members = Value::Object(members);
    let members = if is_text {
        schema.coerced(members)
    } else {
        members
    };
    let violations = schema.violations(&members, Unknown::Refused);
    let mut violations = violations
        .iter()
        .filter(|one| !is_forgiven(shop, operation, one))
        .inspect(|one| notes.push(reasons::violation(one)));
    if let Some(first) = violations.next() {
        let refusal = Refusal::bad_request(first.to_string());
        violations.for_each(drop);
        return Err(refusal);
    }
    match members {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

/// With an option a PUT may leave out fields, which are emptied. A category still needs its name.
fn is_forgiven(shop: &Shop, operation: Operation<'_>, violation: &Violation) -> bool {
    shop.options.nicechat.replacement == Replacement::Partial
        && operation.id().ends_with(".replace")
        && violation.missing
        && violation.path != "name"
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}
