//! The client's layer: signs each request.

use core::fmt;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Request;
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::body::{ByType, KnownBytes, ReadBody};
use crate::error::Kind;
use crate::http::Placement;
use crate::{Error, Signer};

/// Puts key and signature into headers. Works with every body.
#[derive(Clone, Copy, Debug, Default)]
pub struct InHeaders(());

/// Puts key and signature into the query of a GET, and into the form of any other method.
#[derive(Clone, Copy, Debug, Default)]
pub struct InParameters(());

/// Signs requests whose bodies are known. See the [module docs](super).
///
/// A body is signed and sent byte by byte, never serialised again. A request that cannot be signed
/// does not reach the inner service and ends in [`SignError::Unsigned`].
#[derive(Clone)]
pub struct SignLayer<P = InHeaders, R = ByType> {
    signer: Signer,
    place: PhantomData<P>,
    read: R,
}

impl SignLayer {
    /// A layer that signs in headers.
    pub const fn new(signer: Signer) -> Self {
        Self {
            signer,
            place: PhantomData,
            read: ByType,
        }
    }
}

impl SignLayer<InParameters> {
    /// A layer that signs in the query or the form. It refuses JSON bodies.
    // N7
    pub const fn in_parameters(signer: Signer) -> Self {
        Self {
            signer,
            place: PhantomData,
            read: ByType,
        }
    }
}

impl<P> SignLayer<P> {
    /// Reads the bytes of a body with `read`, for a type of another crate that does not implement
    /// [`KnownBody`](super::KnownBody). `None` stands for a stream; the request is refused.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use http::{Request, Response};
    /// use nicechat_sign::{Credentials, Signer, tower::SignLayer};
    /// use tower::{Layer, ServiceExt, service_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // Stands for a body of another crate's, such as a client's own.
    /// use std::borrow::Cow as Body;
    ///
    /// let wire = service_fn(async |request: Request<Body<'static, str>>| {
    ///     assert!(request.headers().contains_key("x-api-sign"));
    ///     Ok::<_, std::io::Error>(Response::new(Bytes::new()))
    /// });
    /// let client = SignLayer::new(Signer::new(Credentials::new("key", "secret")))
    ///     .read_body(|body: &Body<'static, str>| Some(body.as_bytes()))
    ///     .layer(wire);
    /// client.oneshot(Request::put("/marketplaces/v1/products/ID-1/").body("{}".into())?).await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn read_body<B, F>(self, read: F) -> SignLayer<P, F>
    where
        F: Fn(&B) -> Option<&[u8]>,
    {
        SignLayer {
            signer: self.signer,
            place: PhantomData,
            read,
        }
    }
}

impl<S, P, R: Clone> Layer<S> for SignLayer<P, R> {
    type Service = Sign<S, P, R>;

    fn layer(&self, inner: S) -> Sign<S, P, R> {
        Sign {
            inner,
            signer: self.signer.clone(),
            place: PhantomData,
            read: self.read.clone(),
        }
    }
}

impl<P, R> fmt::Debug for SignLayer<P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignLayer")
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}

/// The service of [`SignLayer`]. See the [module docs](super).
#[derive(Clone)]
pub struct Sign<S, P = InHeaders, R = ByType> {
    inner: S,
    signer: Signer,
    place: PhantomData<P>,
    read: R,
}

impl<S: fmt::Debug, P, R> fmt::Debug for Sign<S, P, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sign")
            .field("inner", &self.inner)
            .field("signer", &self.signer)
            .finish_non_exhaustive()
    }
}

impl<S, B, R> Service<Request<B>> for Sign<S, InHeaders, R>
where
    S: Service<Request<B>>,
    R: ReadBody<B>,
{
    type Response = S::Response;
    type Error = SignError<S::Error>;
    type Future = SignFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(SignError::Inner)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let signed = match self.read.known_bytes(request.body()) {
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

impl<S, B, R> Service<Request<B>> for Sign<S, InParameters, R>
where
    S: Service<Request<B>>,
    B: From<Bytes>,
    R: ReadBody<B>,
{
    type Response = S::Response;
    type Error = SignError<S::Error>;
    type Future = SignFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(SignError::Inner)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let known = self.read.known_bytes(request.body());
        let Some(body) = known.map(KnownBytes::into_bytes) else {
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

/// The error of a request through [`Sign`].
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
