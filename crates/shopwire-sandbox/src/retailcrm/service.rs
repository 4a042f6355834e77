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
use super::limit::{Bucket, RateLog};
use super::protocol::answer::{Failure, Outcome, throttled};
use super::protocol::call::Call;
use super::protocol::php;
use super::routes::Routes;
use super::state::Account;
use super::state::account::Key;
use super::value::Object;
use crate::journal::Notes;
use crate::options::{RateLimit, RetailCrmOptions};
use crate::origin::Origin;
use crate::random::Random;
use crate::service::{Peer, Service};

/// The emulated account, without a socket.
pub(crate) struct Crm {
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
        let random = Random::new(origin.seed(), "retailcrm");
        Self {
            routes,
            rate,
            account: Mutex::new(Account::new(key, &origin.clock, random)),
        }
    }

    /// Locks the state, for a test that changes it.
    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn admits(&self, request: &Request<Bytes>) -> bool {
        let Some(rate) = &self.rate else { return true };
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let peer = request
            .extensions()
            .get::<Peer>()
            .map_or(here, |peer| peer.0);
        let bucket = Bucket::of(request.uri().path());
        rate.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .admits(peer, bucket, Instant::now())
    }

    fn respond(&self, request: &Request<Bytes>) -> Outcome {
        let (route, path) = self.routes.find(request.method(), request.uri().path())?;
        let query = php::parse(request.uri().query().unwrap_or_default().as_bytes());
        let form = form(request);
        let mut account = self.account();
        check_key(&account.key, request, &query, &form)?;
        if let Some(scope) = &route.scope
            && !account.key.scopes.contains(scope)
        {
            return Err(Failure::denied());
        }
        let mut call = Call {
            template: route.path.clone(),
            path,
            query,
            form,
            body: request.body().clone(),
            faults: Vec::new(),
        };
        described::take(route.name, &mut call)?;
        (route.handler)(&mut account, &call)
    }
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

    fn answer(&self, request: Request<Bytes>, _notes: &mut Notes) -> Response<Bytes> {
        if !self.admits(&request) {
            return throttled();
        }
        match self.respond(&request) {
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
) -> Result<(), Failure> {
    let header = request
        .headers()
        .get("x-api-key")
        .map(|value| value.as_bytes());
    let parameter = || form.get("apiKey").or_else(|| query.get("apiKey"));
    let key = header.or_else(|| parameter().and_then(Value::as_str).map(str::as_bytes));
    match key.filter(|key| !key.is_empty()) {
        None => Err(Failure::new(
            StatusCode::FORBIDDEN,
            "\"apiKey\" is missing.",
        )),
        Some(key) if key == own.text.as_bytes() => Ok(()),
        Some(_) => Err(Failure::new(
            StatusCode::FORBIDDEN,
            "Wrong \"apiKey\" value.",
        )),
    }
}

/// Returns the form fields. A body of another type has no fields, as in PHP.
fn form(request: &Request<Bytes>) -> Object {
    let media_type = request
        .headers()
        .get(CONTENT_TYPE)
        .map_or(&b""[..], |value| value.as_bytes());
    let urlencoded = b"application/x-www-form-urlencoded";
    let is_form = media_type.len() >= urlencoded.len()
        && media_type[..urlencoded.len()].eq_ignore_ascii_case(urlencoded);
    if is_form {
        php::parse(request.body())
    } else {
        Object::new()
    }
}
