//! The seller's token in the header of each attempt.

use bytes::Bytes;
use common_api::secret_header;
#[cfg(feature = "client")]
use common_model::{Map, Value, from_json_bytes};
use common_transport::{Authorize, Error, Secret};
#[cfg(feature = "client")]
use common_transport::{Metadata, client::Hide};
use http::{HeaderValue, Request};

use crate::wire::TOKEN;

/// Adds the header `Token` to a request, unless it has one or must not have one (`getToken`).
///
/// The client does it for each attempt. Callers with their own HTTP stack do it themselves:
///
/// ```
/// use common_transport::{Authorize, BaseUrl, Operation};
/// use uvygoda_rpc::{Authentication, orders};
///
/// let authentication = Authentication::new("token-1").unwrap();
/// let mut request = orders::Stages::new().request().unwrap();
/// let base_url: BaseUrl = "https://uvygoda.ru".parse().unwrap();
/// base_url.apply(&mut request).unwrap();
/// authentication.authorize(&mut request).unwrap();
/// assert_eq!(request.headers()["token"], "token-1");
/// assert!(request.headers()["token"].is_sensitive());
/// ```
#[derive(Debug, Clone)]
pub struct Authentication(Option<HeaderValue>);

impl Authentication {
    /// Creates an authentication from a seller's token.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`]: the token is not valid in a header.
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        Self::of(Some(&token.into()))
    }

    /// Without a token, only `getToken` can be called.
    pub(crate) fn of(token: Option<&Secret>) -> Result<Self, Error> {
        let value = token.map(|token| secret_header("token", token.expose().trim()));
        value.transpose().map(Self)
    }
}

impl Authorize for Authentication {
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
#[cfg(feature = "client")]
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
