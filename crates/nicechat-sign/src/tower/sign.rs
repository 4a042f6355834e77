//! Signs each request that passes.

use core::fmt;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Request;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::body::KnownBody;
use crate::error::Kind;
use crate::http::Placement;
use crate::{Error, Signer};

/// Key and signature go into headers. Right for every body.
#[derive(Clone, Copy, Debug, Default)]
pub struct InHeaders(());

/// Key and signature go into the query of a GET and into the form of any other method.
#[derive(Clone, Copy, Debug, Default)]
pub struct InParameters(());

/// Signs requests whose bodies are known. See the [module docs](super).
///
/// A body is signed and sent as it is, never serialised again. A request that cannot be signed does
/// not reach the inner service and ends in [`SignError::Unsigned`].
#[derive(Clone, Debug)]
pub struct SignLayer<P = InHeaders> {
    signer: Signer,
    place: PhantomData<P>,
}

impl SignLayer {
    /// Signs in headers.
    pub const fn new(signer: Signer) -> Self {
        Self {
            signer,
            place: PhantomData,
        }
    }
}

impl SignLayer<InParameters> {
    /// Signs in the query or the form. A JSON body is refused (N7).
    pub const fn in_parameters(signer: Signer) -> Self {
        Self {
            signer,
            place: PhantomData,
        }
    }
}

impl<S, P> Layer<S> for SignLayer<P> {
    type Service = Sign<S, P>;

    fn layer(&self, inner: S) -> Sign<S, P> {
        Sign {
            inner,
            signer: self.signer.clone(),
            place: PhantomData,
        }
    }
}

/// The service of [`SignLayer`]. See the [module docs](super).
#[derive(Clone, Debug)]
pub struct Sign<S, P = InHeaders> {
    inner: S,
    signer: Signer,
    place: PhantomData<P>,
}

impl<S, B> Service<Request<B>> for Sign<S, InHeaders>
where
    S: Service<Request<B>>,
    B: KnownBody,
{
    type Response = S::Response;
    type Error = SignError<S::Error>;
    type Future = SignFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(SignError::Inner)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let signed = match request.body().known_bytes() {
            Some(body) => {
                self.signer
                    .signature_of(request.method(), request.uri(), request.headers(), &body)
            }
            None => Err(Error::new(Kind::Streaming)),
        };
        let signed = signed.and_then(|it| self.signer.insert_headers(it, request.headers_mut()));
        SignFuture::new(signed.map(|()| self.inner.call(request)))
    }
}

impl<S, B> Service<Request<B>> for Sign<S, InParameters>
where
    S: Service<Request<B>>,
    B: KnownBody + From<Bytes>,
{
    type Response = S::Response;
    type Error = SignError<S::Error>;
    type Future = SignFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(SignError::Inner)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Some(body) = request
            .body()
            .known_bytes()
            .map(|it| Bytes::copy_from_slice(&it))
        else {
            return SignFuture::new(Err(Error::new(Kind::Streaming)));
        };
        let (parts, _) = request.into_parts();
        let mut request = Request::from_parts(parts, body);
        let signed = self
            .signer
            .sign_in_place(Placement::Parameters, &mut request);
        SignFuture::new(signed.map(|()| self.inner.call(request.map(B::from))))
    }
}

pin_project! {
    /// The future of [`Sign`]. See the [module docs](super).
    #[derive(Debug)]
    pub struct SignFuture<F> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[derive(Debug)]
    #[project = StateProjection]
    enum State<F> {
        // The inner service was not called.
        Unsigned { error: Option<Error> },
        Sent { #[pin] inner: F },
    }
}

impl<F> SignFuture<F> {
    fn new(sent: Result<F, Error>) -> Self {
        let state = match sent {
            Ok(inner) => State::Sent { inner },
            Err(error) => State::Unsigned { error: Some(error) },
        };
        Self { state }
    }
}

impl<F: Future<Output = Result<T, E>>, T, E> Future for SignFuture<F> {
    type Output = Result<T, SignError<E>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Sent { inner } => {
                Poll::Ready(ready!(inner.poll(context)).map_err(SignError::Inner))
            }
            StateProjection::Unsigned { error } => {
                let error = error.take().unwrap_or(Error::new(Kind::Streaming));
                Poll::Ready(Err(SignError::Unsigned(error)))
            }
        }
    }
}

/// Why a request through [`Sign`] failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError<E> {
    /// The request could not be signed and was not sent.
    Unsigned(Error),
    /// The inner service failed.
    Inner(E),
}

impl<E: fmt::Display> fmt::Display for SignError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned(_) => f.write_str("the request could not be signed"),
            Self::Inner(error) => error.fmt(f),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for SignError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Unsigned(error) => Some(error),
            Self::Inner(error) => error.source(),
        }
    }
}
