//! The endpoint: the method's name and the token are in headers, the parameters in the body.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use super::cards::Stage;
use super::catalog;
use super::failure::Failure;
use super::market::Market;
use super::reasons;
use crate::fault;
use crate::journal::{Notes, Reason, ReasonKind};
use crate::options::Seller;
use crate::schema::Unknown;
use crate::service;

const ENDPOINT: &str = "/local/api/api.php";

/// The methods, and for each the member that carries its result.
const METHODS: [(&str, &str); 11] = [
    ("getToken", "TOKEN"),
    ("getStages", "STAGES"),
    ("getOrderProperties", "PROPERTIES"),
    ("setWebHook", "URL"),
    ("getSections", "SECTIONS"),
    ("getSectionProperties", "PROPERTIES"),
    ("getProductList", "ITEMS"),
    ("getProductInfo", "ITEM"),
    ("addProduct", "PRODUCT_ID"),
    ("sendProductPublish", "MODERATION"),
    ("updateProduct", "UPDATE"),
];

/// Answers one request. Failures are reported in `RESULT`, with HTTP 200. All checks are made, so that all reasons are
/// in `notes`; the answer is that of the first.
pub(super) fn answer(
    market: &Market,
    request: &Request<Bytes>,
    notes: &mut Notes,
) -> Response<Bytes> {
    let is_endpoint = request.uri().path() == ENDPOINT;
    let is_post = request.method() == Method::POST;
    let given = header(request.headers(), "method");
    let known = METHODS.iter().find(|(known, _)| Some(*known) == given);
    if !is_endpoint {
        notes.push(reasons::path(ENDPOINT));
    }
    if !is_post {
        notes.push(reasons::post_only(request.method()));
    }
    if known.is_none() {
        notes.push(reasons::method(
            given,
            METHODS.iter().map(|(name, _)| *name),
        ));
    }
    let call = known.map(|(name, _)| check(market, name, request, notes));
    if !is_endpoint {
        return service::html(StatusCode::NOT_FOUND, fault::HTML_PAGE);
    }
    if !is_post {
        return service::json(
            StatusCode::METHOD_NOT_ALLOWED,
            &failed(None, &Failure::PostOnly),
        );
    }
    let (Some(&(name, payload)), Some(call)) = (known, call) else {
        let failure = if given.is_none() {
            Failure::NoMethod
        } else {
            Failure::UnknownMethod
        };
        return service::json(StatusCode::OK, &failed(None, &failure));
    };
    let outcome = call.and_then(|parameters| {
        let outcome = run(market, name, parameters);
        outcome.inspect_err(|failure| notes.push(reasons::refused(failure)))
    });
    let body = match outcome {
        Ok(value) => succeeded(payload, value),
        Err(failure) => failed(Some(payload), &failure),
    };
    service::json(StatusCode::OK, &body)
}

/// Returns the operation that a request with this head asks for.
pub(super) fn operation(
    market: &Market,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Option<&'static str> {
    let name = header(headers, "method").filter(|_| path == ENDPOINT && method == Method::POST)?;
    let operation = market.description.operation(name)?;
    Some(operation.id())
}

fn succeeded(payload: &str, value: Value) -> Value {
    let mut body = json!({"RESULT": true});
    body[payload] = value;
    body["ERROR"] = Value::Bool(false);
    body
}

/// Builds the answer to a failed call; its payload is `false`.
fn failed(payload: Option<&str>, failure: &Failure) -> Value {
    let mut body = json!({"RESULT": false});
    if let Some(payload) = payload {
        body[payload] = Value::Bool(false);
    }
    body["ERROR"] = failure.to_string().into();
    body
}

/// Checks account, token and parameters, and returns the parameters.
fn check(
    market: &Market,
    name: &str,
    request: &Request<Bytes>,
    notes: &mut Notes,
) -> Result<Map<String, Value>, Failure> {
    let account = match market.options.uvygoda.seller {
        Seller::Basic => Err(Failure::ProOnly),
        _ => Ok(()),
    };
    if let Err(failure) = &account {
        notes.push(reasons::refused(failure));
    }
    let given = header(request.headers(), "token");
    let token = match (name, given) {
        ("getToken", Some("NO_AUTH")) => Ok(()),
        ("getToken", _) => Err(Failure::NoAuthExpected),
        (_, Some(token)) if token == market.account().token() => Ok(()),
        _ => Err(Failure::WrongToken),
    };
    if let Err(failure) = &token {
        notes.push(reasons::token(failure, given));
    }
    let parameters = parameters(market, name, request, notes);
    account.and(token)?;
    parameters
}

/// Returns a header, trimmed: the samples put two spaces before the token.
fn header<'r>(headers: &'r HeaderMap, name: &str) -> Option<&'r str> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    (!text.is_empty()).then_some(text)
}

/// Returns the parameters, checked against the description. PHP's empty array stands for no parameters and for an
/// empty map of properties. Numbers may be texts.
fn parameters(
    market: &Market,
    name: &str,
    request: &Request<Bytes>,
    notes: &mut Notes,
) -> Result<Map<String, Value>, Failure> {
    let mut not_json = |field: &str, why: String| {
        notes.push(Reason::new(ReasonKind::Schema, why).at(field));
        Failure::NotJson
    };
    let content_type = header(request.headers(), header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if !content_type
        .to_ascii_lowercase()
        .starts_with("application/json")
    {
        let why = "must be application/json".to_owned();
        return Err(not_json("Content-Type", why));
    }
    let json = serde_json::from_slice(request.body());
    let mut members =
        match json.map_err(|error| not_json("body", format!("is not JSON: {error}")))? {
            Value::Object(members) => members,
            Value::Array(items) if items.is_empty() => Map::new(),
            _ => return Err(not_json("body", "must be a JSON object".to_owned())),
        };
    if let Some(properties) = members.get_mut("PROPERTIES")
        && properties.as_array().is_some_and(Vec::is_empty)
    {
        *properties = Value::Object(Map::new());
    }
    let schema = market
        .description
        .operation(name)
        .and_then(|operation| operation.body());
    let Some(schema) = schema.filter(|schema| schema.property_names().next().is_some()) else {
        notes.extend(members.keys().map(|name| reasons::no_parameters(name)));
        return match members.keys().next() {
            Some(unexpected) => Err(Failure::Unknown(unexpected.clone())),
            None => Ok(members),
        };
    };
    let members = schema.coerced(Value::Object(members));
    let violations = schema.violations(&members, Unknown::Refused);
    notes.extend(violations.iter().map(reasons::violation));
    match (violations.first(), members) {
        (Some(violation), _) => Err(Failure::of(violation)),
        (None, Value::Object(members)) => Ok(members),
        (None, _) => Err(Failure::NotJson),
    }
}

fn run(market: &Market, name: &str, mut parameters: Map<String, Value>) -> Result<Value, Failure> {
    let number = |name: &str| {
        parameters
            .get(name)
            .and_then(Value::as_u64)
            .unwrap_or_default()
    };
    let text = |name: &str| {
        parameters
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    match name {
        "getToken" => {
            let token = market.account().issue(text("LOGIN"), text("PASS"));
            token.map(Value::from).ok_or(Failure::WrongLogin)
        }
        "getStages" => Ok(catalog::stages()),
        "getOrderProperties" => Ok(catalog::order_properties()),
        // With one S, as the service spells it (U17).
        "setWebHook" => market
            .poster
            .set_hook(text("URL"))
            .map(|()| "SUCCES".into())
            .map_err(Failure::Webhook),
        "getSections" => {
            let sections = catalog::filtered(text("FILTER"))?;
            Ok(catalog::keyed(
                sections.iter().map(|one| (one.id, one.to_json())),
            ))
        }
        "getSectionProperties" => {
            let properties = catalog::properties(number("SECTION_ID"))?;
            Ok(catalog::keyed(
                properties.iter().map(|one| (one.id, one.to_json())),
            ))
        }
        // `ALL` is not a stage; any other text was refused by the description.
        "getProductList" => Ok(market.cards().list(text("FILTER").parse().ok())),
        "getProductInfo" => {
            let cards = market.cards();
            cards
                .find(number("ID"))
                .map(super::cards::Card::info)
                .ok_or(Failure::NoProduct)
        }
        "addProduct" => market.cards().add(parameters).map(Value::from),
        "sendProductPublish" => publish(market, number("ID")),
        "updateProduct" => {
            let id = number("PRODUCT_ID");
            parameters.shift_remove("PRODUCT_ID");
            market
                .cards()
                .update(id, parameters)
                .map(|()| "SUCCESS".into())
        }
        _ => Err(Failure::UnknownMethod),
    }
}

/// Sends a draft, or a card that was taken off sale, to moderation.
fn publish(market: &Market, id: u64) -> Result<Value, Failure> {
    let stage = market
        .cards()
        .find(id)
        .map(|card| card.stage)
        .ok_or(Failure::NoProduct)?;
    if !matches!(stage, Stage::Draft | Stage::End) {
        return Err(Failure::AlreadySent);
    }
    market.moderate(id);
    Ok("SUCCESS".into())
}
