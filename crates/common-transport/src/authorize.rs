//! How credentials get into a request.

use bytes::Bytes;
use http::Request;

use crate::Error;

/// Adds credentials to a request, once for each attempt (acceptance row X3).
///
/// It is called after the permit of the rate limit was taken and right before the request is sent, so a
/// signature or a time stamp is never older than the attempt. The request is absolute: scheme, host, path
/// and query are those that go over the wire. A streamed body is not in it but attached to it: who signs
/// bodies has to refuse what is (`Body::of`).
///
/// Closures implement it:
///
/// ```
/// use common_transport::{Authorize, Error, Secret};
/// use http::{HeaderValue, Request};
///
/// let key = Secret::new("k-1");
/// let by_header = move |request: &mut Request<bytes::Bytes>| {
///     let mut value = HeaderValue::from_str(key.expose())
///         .map_err(|_| Error::invalid_input("api key", "it cannot stand in a header"))?;
///     value.set_sensitive(true);
///     request.headers_mut().insert("x-api-key", value);
///     Ok(())
/// };
/// let mut request = Request::get("https://demo.example/api").body(bytes::Bytes::new()).unwrap();
/// by_header.authorize(&mut request).unwrap();
/// assert_eq!(request.headers()["x-api-key"], "k-1");
/// ```
pub trait Authorize: Send + Sync {
    /// Adds the credentials; header values that hold one are to be marked sensitive.
    ///
    /// # Errors
    /// When no credential can be made; the call ends with that error, nothing is sent.
    fn authorize(&self, request: &mut Request<Bytes>) -> Result<(), Error>;
}

impl<F> Authorize for F
where
    F: Fn(&mut Request<Bytes>) -> Result<(), Error> + Send + Sync,
{
    fn authorize(&self, request: &mut Request<Bytes>) -> Result<(), Error> {
        self(request)
    }
}
