//! The operation trait: a call of a service as a value, with no IO inside.

use bytes::Bytes;
use http::{Request, Response};

use crate::{Error, Metadata};

/// A function that reads an answer without its operation, on any thread, made by [`Operation::decoder`].
pub type Decoder<T> = Box<dyn FnOnce(Response<Bytes>) -> Result<T, Error> + Send>;

/// A call of a service as a value.
///
/// [`request`](Operation::request) builds the request in origin form (`/api/v5/orders?page=2`, no host, no
/// credentials). The client, or another owner of the HTTP stack, adds the host ([`BaseUrl::apply`]) and the
/// authentication. [`decode`](Operation::decode) reads the answer, with any status.
///
/// [`BaseUrl::apply`]: crate::BaseUrl::apply
pub trait Operation {
    /// The result of a successful call.
    type Output: Send + 'static;

    /// Returns the operation's static description.
    fn metadata(&self) -> &'static Metadata;

    /// Builds the request, in origin form, without credentials.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the parameter that cannot be sent.
    fn request(&self) -> Result<Request<Bytes>, Error>;

    /// Reads the whole answer.
    ///
    /// # Errors
    /// The service's own error ([`Error::is_service`]), or an answer that differs from the service's documentation
    /// ([`Error::is_decode`]).
    fn decode(&self, response: Response<Bytes>) -> Result<Self::Output, Error>;

    /// Returns [`decode`](Operation::decode) as a value that does not borrow the operation.
    ///
    /// With it a client reads a long answer on a thread for blocking work, so that other tasks of the runtime can
    /// run. Without it (the default), the thread that awaits the call reads every answer.
    fn decoder(&self) -> Option<Decoder<Self::Output>> {
        None
    }
}
