//! The responses to refused requests.

use bytes::Bytes;
use http::Response;

use crate::Rejection;

/// Builds the response to a refused request.
///
/// Implemented for every `Fn(Rejection) -> Response<C>`.
pub trait Refuse<C> {
    /// Returns the response to send.
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

/// Answers in the service's envelope ([`Rejection::to_response`]), with any body type that can be
/// made from bytes.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Envelope;

impl<C: From<Bytes>> Refuse<C> for Envelope {
    fn refuse(&self, rejection: Rejection) -> Response<C> {
        rejection.to_response().map(C::from)
    }
}
