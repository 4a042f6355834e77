//! The router of the admin API. Verbs and paths come from the description; the table has the handlers.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::RawPathParams;
use axum::extract::rejection::RawPathParamsRejection;
use axum::http::{Method, Request, Response, StatusCode};
use axum::middleware::{self, Next};
use axum::routing::{MethodFilter, on};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::description::DESCRIPTION;
use super::failure::Failure;
use super::guard::{self, Guard};
use super::handled::{Handled, Later};
use super::{
    changes, clock, events, faults, files, har, requests, scenario, services, state, wait, webhooks,
};
use crate::schema::Operation;

/// The code behind an operation.
#[derive(Clone, Copy)]
enum Handler {
    /// Answers at once.
    Now(fn(&Context, &Call) -> Handled),
    /// Answers later.
    Async(fn(Arc<Context>, Call) -> Later),
}

use Handler::{Async, Now};

/// The handler of each operation of the description.
const HANDLERS: &[(&str, Handler)] = &[
    ("page", Now(files::page)),
    ("description", Now(files::description)),
    ("list_services", Now(services::list)),
    ("list_requests", Now(requests::list)),
    ("clear_requests", Now(requests::clear)),
    ("get_request", Now(requests::get)),
    ("explain_request", Async(requests::explain)),
    ("resend_request", Async(requests::resend)),
    ("get_har", Now(har::get)),
    ("stream_events", Now(events::stream)),
    ("wait", Async(wait::wait)),
    ("list_faults", Now(faults::list)),
    ("set_faults", Now(faults::set)),
    ("clear_faults", Now(faults::clear)),
    ("remove_fault", Now(faults::remove)),
    ("list_fault_kinds", Now(faults::kinds)),
    ("list_scenarios", Now(scenario::list)),
    ("get_scenario", Now(scenario::get)),
    ("start_scenario", Now(scenario::start)),
    ("stop_scenario", Now(scenario::stop)),
    ("reset", Async(state::reset)),
    ("seed", Async(state::seed)),
    ("save_snapshot", Async(state::save)),
    ("load_snapshot", Async(state::load)),
    ("count_state", Now(state::count)),
    ("list_entities", Now(state::list)),
    ("get_entity", Now(state::get)),
    ("get_entity_history", Now(state::history)),
    ("get_clock", Now(clock::get)),
    ("set_clock", Now(clock::set)),
    ("advance_clock", Async(clock::advance)),
    ("list_webhooks", Now(webhooks::list)),
    ("send_webhook", Now(webhooks::send)),
    ("resend_webhook", Now(webhooks::resend)),
    ("make_change", Now(changes::make)),
];

/// Builds the router for this port.
///
/// # Panics
/// A handler has no operation. The table and the description are parts of this crate and covered by tests.
pub(super) fn router(context: Arc<Context>, port: u16) -> Router {
    let guard = Guard::new(port);
    let mut router = Router::new();
    for &(id, handler) in HANDLERS {
        let operation = DESCRIPTION
            .operation(id)
            .expect("an operation of the description");
        let context = context.clone();
        let respond = move |path: Result<RawPathParams, RawPathParamsRejection>,
                            request: Request<Body>| {
            respond(context, operation, handler, path, request)
        };
        router = router.route(operation.path(), on(filter(operation), respond));
    }
    router
        .fallback(unknown)
        .method_not_allowed_fallback(not_allowed)
        .layer(middleware::from_fn(move |request, next| {
            let guard = guard.clone();
            async move { guarded(&guard, request, next).await }
        }))
}

fn filter(operation: Operation<'_>) -> MethodFilter {
    let verb = operation.verb().to_ascii_uppercase();
    let method = Method::from_bytes(verb.as_bytes()).expect("a verb of the description");
    MethodFilter::try_from(method).expect("a common verb")
}

async fn guarded(guard: &Guard, request: Request<Body>, next: Next) -> Response<Body> {
    let mut response = match guard.check(&request) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    };
    guard::protect(&mut response);
    response
}

async fn respond(
    context: Arc<Context>,
    operation: Operation<'static>,
    handler: Handler,
    path: Result<RawPathParams, RawPathParamsRejection>,
    request: Request<Body>,
) -> Response<Body> {
    let path = match &path {
        Ok(path) => path
            .iter()
            .map(|(name, value)| (name, value.to_owned()))
            .collect(),
        Err(_) => {
            let failure = Failure::wrong("path", "must be percent-encoded UTF-8");
            return failure.into_response_of(operation);
        }
    };
    let handled = match Call::read(operation, path, request, &context.open).await {
        Ok(mut call) => {
            let unchecked = std::mem::take(&mut call.unchecked);
            let handled = match handler {
                Now(answer) => answer(&context, &call),
                Async(answer) => answer(context, call).await,
            };
            handled.and_then(|answer| taken(answer, &unchecked))
        }
        Err(failure) => Err(failure),
    };
    match handled {
        Ok(answer) => answer.into_response(operation),
        Err(failure) => failure.into_response_of(operation),
    }
}

/// In a debug build, what a reader takes against the description is an error of the server.
fn taken(answer: Answer, unchecked: &[String]) -> Handled {
    if cfg!(debug_assertions) && !unchecked.is_empty() {
        let text = format!("the description refuses the body: {}", unchecked.join("; "));
        return Err(Failure::new(StatusCode::INTERNAL_SERVER_ERROR, text));
    }
    Ok(answer)
}

async fn unknown(request: Request<Body>) -> Response<Body> {
    let path = request.uri().path();
    let text = format!("path: there is no {path}; GET /api/openapi.json lists all paths");
    Failure::new(StatusCode::NOT_FOUND, text).into_response()
}

async fn not_allowed(request: Request<Body>) -> Response<Body> {
    let text = format!("method: {} is not allowed here", request.method());
    Failure::new(StatusCode::METHOD_NOT_ALLOWED, text).into_response()
}

/// Operations of the description without a handler.
#[cfg(test)]
fn unhandled(description: &crate::schema::Description) -> Vec<&str> {
    let ids = description.operations().map(|operation| operation.id());
    ids.filter(|id| !HANDLERS.iter().any(|(known, _)| known == id))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn s1_router_and_description_have_the_same_operations() {
        let description = &DESCRIPTION;
        assert_eq!(unhandled(description), Vec::<&str>::new());
        for (id, _) in HANDLERS {
            assert!(description.operation(id).is_some(), "{id}");
        }
        let ids: BTreeSet<&str> = HANDLERS.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids.len(), HANDLERS.len(), "each once");
        // An operation has one place, and the schema of each answer and body is there.
        let places: BTreeSet<(&str, &str)> = description
            .operations()
            .map(|operation| (operation.path(), operation.verb()))
            .collect();
        assert_eq!(places.len(), HANDLERS.len());
        for operation in description.operations() {
            assert!(operation.answer(400).is_some(), "{}", operation.id());
        }
    }

    #[test]
    fn s1_the_kinds_of_faults_are_those_of_the_description() {
        let description = &DESCRIPTION;
        let fault = description.schema("NewFault").expect("a schema");
        let described = fault.property("kind").expect("a kind").choices();
        let kinds = crate::fault::Fault::kinds();
        let kinds = kinds.as_array().expect("a list").iter();
        let kinds: Vec<&str> = kinds.filter_map(|kind| kind["kind"].as_str()).collect();
        assert_eq!(described, kinds);
        for field in crate::fault::Fault::kinds()
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|kind| kind["fields"].as_array().cloned().unwrap_or_default())
        {
            let name = field["name"].as_str().unwrap_or_default();
            assert!(fault.property(name).is_some(), "{name}");
        }
    }
}
