//! The seller's token, put into each attempt.

use bytes::Bytes;
use common_transport::{Authorize, Error, Secret};
use http::{HeaderValue, Request};

use crate::wire::TOKEN;

/// Adds `Token`, where the request has none (`getToken` brings `NO_AUTH`).
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
