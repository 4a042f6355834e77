//! The interface for adding credentials to requests.

use bytes::Bytes;
use http::Request;

use crate::Error;

/// Adds credentials to a request, once for each attempt.
///
/// It is called after the wait for the rate limit and right before the request is sent, so a signature or a time
/// stamp is never older than the attempt. The request is absolute: scheme, host, path and query are those that are
/// sent. A streamed body is attached to the request and not in its own body: code that signs bodies must check for
/// it (`Body::of`) and refuse it.
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
// X3
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
