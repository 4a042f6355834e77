//! The way from request to answer: limit, route, key, scope, description, handler.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use serde_json::Value;
use tokio::time::Instant;

use super::described;
use super::limit::{Bucket, Full, RateLog};
use super::protocol::answer::{Failure, Outcome, throttled};
use super::protocol::call::Call;
use super::protocol::php;
use super::reasons;
use super::routes::{Route, Routes};
use super::state::Account;
use super::state::account::Key;
use super::value::Object;
use crate::journal::{Notes, Reason, ReasonKind};
use crate::options::{RateLimit, RetailCrmOptions};
use crate::origin::Origin;
use crate::random::Random;
use crate::schema::Operation;
use crate::service::{Peer, Service};

/// The emulated account, without a socket.
pub(crate) struct Crm {
    /// The key at the start.
    key: Key,
    pub(super) origin: Origin,
    routes: Routes,
    /// `None` when the rate is not limited.
    rate: Option<Mutex<RateLog>>,
    account: Mutex<Account>,
}

impl Crm {
    pub(crate) fn new(api_key: String, options: &RetailCrmOptions, origin: &Origin) -> Self {
        let rate = (options.rate_limit == RateLimit::Enforced).then(Mutex::default);
        let routes = Routes::new(&described::DESCRIPTION);
        let paths = routes.iter().map(|route| route.path.clone()).collect();
        let scopes = options.scopes.clone().unwrap_or_else(|| routes.scopes());
        let key = Key::new(api_key, scopes, paths);
        let account = new_account(key.clone(), origin, origin.seed());
        Self {
            routes,
            rate,
            key,
            origin: origin.clone(),
            account: Mutex::new(account),
        }
    }

    /// Builds the account as it is at the start, with a generator of this seed.
    pub(super) fn new_account(&self, seed: u64) -> Account {
        new_account(self.key.clone(), &self.origin, seed)
    }

    /// Locks the state, for a test that changes it.
    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a request pass the limiter, or returns its full window.
    fn admit(&self, request: &Request<Bytes>, id: u64) -> Result<(), Full> {
        let Some(rate) = &self.rate else {
            return Ok(());
        };
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let peer = request
            .extensions()
            .get::<Peer>()
            .map_or(here, |peer| peer.0);
        let bucket = Bucket::of(request.uri().path());
        rate.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .admit(peer, bucket, Instant::now(), id)
    }

    fn respond(&self, request: &Request<Bytes>, notes: &mut Notes) -> Outcome {
        let (route, call, mut account) = self.prepare(request, notes)?;
        let outcome = (route.handler)(&mut account, &call);
        match &outcome {
            Ok(answer) => reasons::failed_elements(answer, &call, notes),
            Err(failure) => reasons::refused(failure, &call, notes),
        }
        outcome
    }

    /// Checks a request up to its handler. All checks are made, so that all reasons are in `notes`; the failure is that
    /// of the first.
    fn prepare(
        &self,
        request: &Request<Bytes>,
        notes: &mut Notes,
    ) -> Result<(&Route, Call, MutexGuard<'_, Account>), Failure> {
        let (method, path) = (request.method(), request.uri().path());
        let found = self.routes.find(method, path);
        if found.is_err() {
            notes.push(reasons::route(&described::DESCRIPTION, method, path));
        }
        let query = php::parse(request.uri().query().unwrap_or_default().as_bytes());
        let form = form(request);
        let account = self.account();
        let key = check_key(&account.key, request, &query, &form, notes);
        let (route, path) = found?;
        let scope = match &route.scope {
            Some(scope) if key.is_ok() && !account.key.scopes.contains(scope) => {
                let text = format!("the key lacks the scope {scope}");
                notes.push(Reason::new(ReasonKind::Scope, text));
                Err(Failure::denied())
            }
            _ => Ok(()),
        };
        let mut call = Call {
            template: route.path.clone(),
            path,
            query,
            form,
            body: request.body().clone(),
            faults: Vec::new(),
        };
        note_body(route.operation, request, notes);
        let described = described::take(route.operation, &mut call, notes);
        key.and(scope).and(described)?;
        Ok((route, call, account))
    }
}

fn new_account(key: Key, origin: &Origin, seed: u64) -> Account {
    Account::new(key, &origin.clock, Random::new(seed, "retailcrm"))
}

impl fmt::Debug for Crm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crm")
            .field("limited", &self.rate.is_some())
            .finish_non_exhaustive()
    }
}

impl Service for Crm {
    fn operation(&self, method: &Method, path: &str, _: &HeaderMap) -> Option<&'static str> {
        let (route, _) = self.routes.find(method, path).ok()?;
        Some(route.name)
    }

    fn answer(&self, request: Request<Bytes>, notes: &mut Notes) -> Response<Bytes> {
        if let Err(full) = self.admit(&request, notes.id()) {
            notes.push(reasons::limit(&full));
            // What else is wrong with the request does not change the answer.
            let _ = self.prepare(&request, notes);
            return throttled();
        }
        match self.respond(&request, notes) {
            Ok(answer) => answer.into_response(),
            Err(failure) => failure.into_response(),
        }
    }
}

/// Checks the key, given as header or parameter.
fn check_key(
    own: &Key,
    request: &Request<Bytes>,
    query: &Object,
    form: &Object,
    notes: &mut Notes,
) -> Result<(), Failure> {
    let header = request
        .headers()
        .get("x-api-key")
        .map(|value| value.as_bytes());
    let parameter = || form.get("apiKey").or_else(|| query.get("apiKey"));
    let key = header.or_else(|| parameter().and_then(Value::as_str).map(str::as_bytes));
    let (message, reason) = match key.filter(|key| !key.is_empty()) {
        Some(key) if key == own.text.as_bytes() => return Ok(()),
        None => (
            "\"apiKey\" is missing.",
            "there is no key: neither the header X-API-KEY nor the parameter apiKey",
        ),
        Some(_) => (
            "Wrong \"apiKey\" value.",
            "the key is not that of the account",
        ),
    };
    let field = if header.is_some() {
        "X-API-KEY"
    } else {
        "apiKey"
    };
    notes.push(Reason::new(ReasonKind::Key, reason).at(field));
    Err(Failure::new(StatusCode::FORBIDDEN, message))
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Notes a body that is not read: the operation takes a form, and the body is of another type.
fn note_body(operation: Operation<'_>, request: &Request<Bytes>, notes: &mut Notes) {
    let takes = operation.media_type();
    let is_ignored = !request.body().is_empty() && !is_form(request);
    if is_ignored && takes.is_none_or(|takes| takes == FORM) {
        let text = match takes {
            Some(takes) => format!("the body is not read: the service takes {takes}"),
            None => "the body is not read: the operation has none".to_owned(),
        };
        notes.push(Reason::new(ReasonKind::Schema, text).at("Content-Type"));
    }
}

/// Returns the form fields. A body of another type has no fields, as in PHP.
fn form(request: &Request<Bytes>) -> Object {
    if is_form(request) {
        php::parse(request.body())
    } else {
        Object::new()
    }
}

fn is_form(request: &Request<Bytes>) -> bool {
    let media_type = request
        .headers()
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |value| value.as_bytes());
    let start = media_type.get(..FORM.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(FORM.as_bytes()))
}
