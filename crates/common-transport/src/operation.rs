//! The operation trait: a call of a service as a value, with no IO inside.

use bytes::Bytes;
use http::{Request, Response};

use crate::{Error, Metadata};

/// Reads an answer without its operation, on any thread: [`Operation::decoder`].
pub type Decoder<T> = Box<dyn FnOnce(Response<Bytes>) -> Result<T, Error> + Send>;

/// A call of a service as a value.
///
/// [`request`](Operation::request) builds the request in origin form (`/api/v5/orders?page=2`, no host,
/// no credentials): the client, or whoever owns the HTTP stack, adds the host ([`BaseUrl::apply`]) and the
/// authentication. [`decode`](Operation::decode) reads the answer, whatever its status.
///
/// [`BaseUrl::apply`]: crate::BaseUrl::apply
pub trait Operation {
    /// What a successful call gives.
    type Output: Send + 'static;

    /// The operation's static description.
    fn metadata(&self) -> &'static Metadata;

    /// The request, in origin form, without credentials.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names the parameter that cannot be sent.
    fn request(&self) -> Result<Request<Bytes>, Error>;

    /// Reads the whole answer.
    ///
    /// # Errors
    /// The service's own error ([`Error::is_service`]), or an answer that is not what the service
    /// documents ([`Error::is_decode`]).
    fn decode(&self, response: Response<Bytes>) -> Result<Self::Output, Error>;

    /// [`decode`](Operation::decode) as a value that does not borrow the operation.
    ///
    /// With it a client reads a long answer on a thread for blocking work, and the other tasks of the runtime go on
    /// meanwhile. Without it, as by default, the thread that awaits the call reads every answer itself.
    fn decoder(&self) -> Option<Decoder<Self::Output>> {
        None
    }
}
