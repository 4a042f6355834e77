//! What a refused request is answered.

use bytes::Bytes;
use http::Response;

use crate::VerifyError;

/// Makes the answer to a request that is not let through.
///
/// Any `Fn(VerifyError) -> Response<C>` is one.
pub trait Refuse<C> {
    /// The answer.
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

/// Answers as the service does ([`VerifyError::to_response`]), in any body that is made of bytes.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Envelope;

impl<C: From<Bytes>> Refuse<C> for Envelope {
    fn refuse(&self, rejection: VerifyError) -> Response<C> {
        rejection.to_response().map(C::from)
    }
}
