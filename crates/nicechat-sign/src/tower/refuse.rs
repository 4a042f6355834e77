//! What a refused request is answered.

use bytes::Bytes;
use http::Response;

use crate::Rejection;

/// Makes the answer to a request that is not let through.
///
/// Any `Fn(Rejection) -> Response<C>` is one.
pub trait Refuse<C> {
    /// The answer.
    fn refuse(&self, rejection: Rejection) -> Response<C>;
}

impl<C, F> Refuse<C> for F
where
    F: Fn(Rejection) -> Response<C>,
{
    fn refuse(&self, rejection: Rejection) -> Response<C> {
        self(rejection)
    }
}

/// Answers as the service does ([`Rejection::to_response`]), in any body that is made of bytes.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Envelope;

impl<C: From<Bytes>> Refuse<C> for Envelope {
    fn refuse(&self, rejection: Rejection) -> Response<C> {
        rejection.to_response().map(C::from)
    }
}
