//! Calls the account without a socket, for unit tests.

use std::sync::MutexGuard;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Method, Request, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::journal::Notes;
use crate::options::{Options, RateLimit, RetailCrmOptions};
use crate::origin::Origin;
use crate::retailcrm::service;
use crate::retailcrm::state::Account;
use crate::service::Service;

/// The key of the harness's account.
pub(crate) const KEY: &str = "sandbox-key";

/// An account without a rate limit.
pub(crate) struct Crm(service::Crm);

impl Crm {
    pub(crate) fn new() -> Self {
        Self(service::Crm::new(
            KEY.to_owned(),
            &RetailCrmOptions::default().rate_limit(RateLimit::Lifted),
            &Origin::of(&Options::default()),
        ))
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        body(&self.send(Method::GET, path, Bytes::new(), Some(KEY)))
    }

    pub(crate) fn post(&self, path: &str, form: &str) -> (u16, Value) {
        body(&self.send(Method::POST, path, Bytes::from(form.to_owned()), Some(KEY)))
    }

    /// Posts one field of JSON and returns the body of the success.
    pub(crate) fn done(&self, path: &str, name: &str, value: &Value) -> Value {
        let (status, body) = self.post(path, &json_form(name, value));
        assert!(status == 200 || status == 201, "{path}: {status} {body}");
        body
    }

    /// Posts one field of JSON that is refused with 400, and returns the names of the fields with errors.
    pub(crate) fn refused(&self, path: &str, name: &str, value: &Value) -> Vec<String> {
        let (status, body) = self.post(path, &json_form(name, value));
        assert_eq!(status, 400, "{path}: {body}");
        assert_eq!(body["success"], false, "{path}: {body}");
        let errors = body["errors"].as_object().into_iter().flatten();
        errors.map(|(field, _)| field.clone()).collect()
    }

    pub(crate) fn send(
        &self,
        method: Method,
        path: &str,
        content: Bytes,
        key: Option<&str>,
    ) -> Response<Bytes> {
        let mut request = Request::builder().method(method).uri(path).header(
            CONTENT_TYPE,
            "application/x-www-form-urlencoded; charset=UTF-8",
        );
        if let Some(key) = key {
            request = request.header("X-API-KEY", key);
        }
        let request = request.body(content).unwrap();
        self.0.answer(request, &mut Notes::default())
    }

    /// Locks the state, for data that no method writes.
    pub(crate) fn account(&self) -> MutexGuard<'_, Account> {
        self.0.account()
    }

    /// Replaces the scopes of the key.
    pub(crate) fn restrict_scopes(&self, scopes: impl IntoIterator<Item = String>) {
        self.0.account().key.scopes = scopes.into_iter().collect();
    }

    pub(crate) fn confirm_by_sms(&self) {
        self.0.account().confirm_by_sms(true);
    }

    pub(crate) fn open_site(&self, code: &str) {
        self.0.account().open_site(code);
    }
}

/// One form field with JSON in it.
pub(crate) fn json_form(name: &str, value: &Value) -> String {
    format!(
        "{name}={}",
        utf8_percent_encode(&value.to_string(), NON_ALPHANUMERIC)
    )
}

fn body(response: &Response<Bytes>) -> (u16, Value) {
    (
        response.status().as_u16(),
        serde_json::from_slice(response.body()).unwrap(),
    )
}
