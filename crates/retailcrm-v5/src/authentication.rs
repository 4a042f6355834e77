//! How the key travels.

use bytes::Bytes;
use common_api::secret_header;
use common_transport::{Authorize, Error, Secret};
use http::{HeaderName, Request, header};

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

/// Adds the API key to a request.
///
/// The client does it for each attempt. Callers with their own HTTP stack do it themselves:
///
/// ```
/// use common_transport::{Authorize, BaseUrl, Operation};
/// use retailcrm_v5::{Authentication, KeyPlace, RawOperation};
/// # use common_transport::{Idempotency, Metadata};
/// # use http::Method;
/// # static PING: Metadata =
/// #     Metadata::new("retailcrm", "ping", Method::GET, "/api/v5/ping", Idempotency::Idempotent);
///
/// let base_url: BaseUrl = "https://demo.retailcrm.example".parse().unwrap();
/// let mut request = RawOperation::new(&PING).request().unwrap();
/// base_url.apply(&mut request).unwrap();
/// Authentication::new("key-1", KeyPlace::Header).authorize(&mut request).unwrap();
/// assert_eq!(request.headers()["x-api-key"], "key-1");
/// assert!(request.headers()["x-api-key"].is_sensitive());
/// ```
#[derive(Debug, Clone)]
pub struct Authentication {
    key: Secret,
    place: KeyPlace,
}

impl Authentication {
    /// Creates an authentication from a key and the place where it travels.
    pub fn new(key: impl Into<Secret>, place: KeyPlace) -> Self {
        Self {
            key: key.into(),
            place,
        }
    }
}

impl Authorize for Authentication {
    fn authorize(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        match self.place {
            KeyPlace::Header => {
                let value = secret_header("api key", self.key.expose())?;
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
