//! The seller's token in the header of each attempt.

use bytes::Bytes;
use common_model::{Map, Value, from_json_bytes};
use common_transport::{Authorize, Error, Metadata, Secret, client::Hide};
use http::{HeaderValue, Request};

use crate::wire::TOKEN;

/// Adds `Token` to requests without one (`getToken` has `NO_AUTH`).
pub(crate) struct TokenHeader(Option<HeaderValue>);

impl TokenHeader {
    pub(crate) fn new(token: Option<&Secret>) -> Result<Self, Error> {
        let value = token.map(|token| {
            let mut value = HeaderValue::from_str(token.expose().trim())
                .map_err(|_| Error::invalid_input("token", "it cannot stand in a header"))?;
            value.set_sensitive(true);
            Ok(value)
        });
        value.transpose().map(Self)
    }
}

impl Authorize for TokenHeader {
    fn authorize(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        if request.headers().contains_key(&TOKEN) {
            return Ok(());
        }
        let Some(value) = &self.0 else {
            return Err(Error::invalid_input(
                "token",
                "no token is set: getToken issues one, once",
            ));
        };
        request.headers_mut().insert(TOKEN, value.clone());
        Ok(())
    }
}

/// Masks login and password in errors of `getToken`, because the service may quote them.
pub(crate) fn hide_login(metadata: &'static Metadata, request: &mut Request<Bytes>) {
    if metadata.name != "getToken" {
        return;
    }
    let params: Map<Value> = from_json_bytes(request.body()).unwrap_or_default();
    let secrets = ["LOGIN", "PASS"].into_iter();
    let secrets = secrets.filter_map(|name| params.get(name)?.as_str().map(Secret::from));
    let hide = Hide(secrets.collect());
    request.extensions_mut().insert(hide);
}
