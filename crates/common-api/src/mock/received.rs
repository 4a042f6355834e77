//! The requests that came to a mock.

use std::fmt;

use bytes::Bytes;
use common_model::{from_json_bytes, to_json};
use common_transport::{Context, Metadata};
use http::Request;

use super::{Mocked, envelope::Params};
use crate::masked::Masked;

/// A request as it came to a [`Mock`](super::Mock): absolute, with its credentials. `Debug` masks secrets.
#[derive(Clone)]
pub struct Received {
    metadata: Option<&'static Metadata>,
    request: Request<Bytes>,
}

impl Received {
    pub(super) fn new(request: Request<Bytes>) -> Self {
        let of_context = Context::of(&request).and_then(Context::metadata);
        let bare = || request.extensions().get::<&'static Metadata>().copied();
        Self {
            metadata: of_context.or_else(bare),
            request,
        }
    }

    /// Returns the description of the operation, if the request has one.
    pub fn metadata(&self) -> Option<&'static Metadata> {
        self.metadata
    }

    /// Returns the request itself.
    pub fn request(&self) -> &Request<Bytes> {
        &self.request
    }

    /// Returns the operation, or `None` if it is another one. The bytes of an upload are in the body of the
    /// [request](Self::request) only. A further page, at an address that the service gave, has the parameters of its
    /// query as texts. A call by name has the members of its JSON body.
    pub fn operation<O: Mocked>(&self) -> Option<O> {
        if !self.is_of(O::METADATA) {
            return None;
        }
        match self.request.extensions().get::<Params>() {
            Some(Params(json)) => from_json_bytes(json).ok(),
            None if self.request.body().starts_with(b"{") => {
                from_json_bytes(self.request.body()).ok()
            }
            None => from_json_bytes(self.query_as_json().as_bytes()).ok(),
        }
    }

    pub(super) fn is_of(&self, metadata: &Metadata) -> bool {
        self.metadata
            .is_some_and(|own| (own.service, own.name) == (metadata.service, metadata.name))
    }

    fn query_as_json(&self) -> String {
        let query = self.request.uri().query().unwrap_or_default();
        let members: Vec<String> = form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| format!("{}:{}", to_json(&*name), to_json(&*value)))
            .collect();
        format!("{{{}}}", members.join(","))
    }

    /// `orders.get (GET /api/v5/orders/7)`, without secrets.
    pub(super) fn line(&self) -> String {
        let masked = Masked::of(&self.request);
        let name = self
            .metadata
            .map_or("no operation", |metadata| metadata.name);
        format!(
            "{name} ({} {})",
            self.request.method(),
            masked.target(self.request.uri())
        )
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let masked = Masked::of(&self.request);
        let name = self.metadata.map(|metadata| metadata.name);
        let headers = masked.headers(self.request.headers());
        f.debug_struct("Received")
            .field("operation", &name)
            .field("method", self.request.method())
            .field("uri", &masked.uri(self.request.uri()))
            .field("headers", &headers)
            .field("body", &masked.excerpt(self.request.body()))
            .finish()
    }
}
