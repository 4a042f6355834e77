//! How the key travels.

use bytes::Bytes;
use common_transport::{Authorize, Error, Secret};
use http::{HeaderName, HeaderValue, Request, header};

use crate::wire;

const KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Where the API key travels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyPlace {
    /// The header `X-API-KEY`.
    // R8
    #[default]
    Header,
    /// The parameter `apiKey`: in the form of a POST, else in the query. A query ends up in the logs of proxies and
    /// servers; errors and spans of this crate never show it.
    // R7, R9
    Parameter,
}

/// Adds the key to each attempt.
pub(super) struct ApiKey {
    pub(super) key: Secret,
    pub(super) place: KeyPlace,
}

impl Authorize for ApiKey {
    fn authorize(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        match self.place {
            KeyPlace::Header => {
                let mut value = HeaderValue::from_str(self.key.expose())
                    .map_err(|_| Error::invalid_input("api key", "it cannot stand in a header"))?;
                value.set_sensitive(true);
                request.headers_mut().insert(KEY, value);
                Ok(())
            }
            KeyPlace::Parameter if is_form(request) => {
                wire::add_to_form(request, "apiKey", self.key.expose());
                Ok(())
            }
            KeyPlace::Parameter => wire::add_to_query(request, "apiKey", self.key.expose()),
        }
    }
}

/// A POST without a body can become a form; raw bytes cannot.
fn is_form(request: &Request<Bytes>) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    request.method() == http::Method::POST
        && content_type.is_none_or(|value| value != "application/octet-stream")
}
