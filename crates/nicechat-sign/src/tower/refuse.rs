//! The responses to refused requests.

use bytes::Bytes;
use http::Response;

use crate::VerifyError;

/// Builds the response to a refused request.
///
/// Implemented for every `Fn(VerifyError) -> Response<C>`.
pub trait Refuse<C> {
    /// Returns the response to send.
    fn refuse(&self, rejection: VerifyError) -> Response<C>;
}

impl<C, F> Refuse<C> for F
where
    F: Fn(VerifyError) -> Response<C>,
{
    fn refuse(&self, rejection: VerifyError) -> Response<C> {
        self(rejection)
    }
}

/// Answers in the service's envelope ([`VerifyError::to_response`]), with any body type that can be
/// made from bytes.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Envelope;

impl<C: From<Bytes>> Refuse<C> for Envelope {
    fn refuse(&self, rejection: VerifyError) -> Response<C> {
        rejection.to_response().map(C::from)
    }
}
