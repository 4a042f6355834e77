//! The caller's own layers around each attempt.

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{self, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use super::stack::Plain;
use crate::{BoxError, Context, Error, verdict::End};

type Answer = Pin<Box<dyn Future<Output = Result<Response<Bytes>, Error>> + Send>>;

/// The inner service of a [layer of your own](super::ClientBuilder::layer). It performs one attempt, with the layers
/// inside of that layer, timeouts, expansion and the transport.
#[derive(Clone)]
pub struct AttemptService {
    service: Arc<dyn Erased>,
}

impl AttemptService {
    fn new<S>(service: S) -> Self
    where
        S: Service<Request<Bytes>, Response = Response<Bytes>> + Clone + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
    {
        Self {
            service: Arc::new(Shared(Mutex::new(service))),
        }
    }
}

impl Service<Request<Bytes>> for AttemptService {
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Answer {
        self.service.call(request)
    }
}

impl fmt::Debug for AttemptService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptService").finish_non_exhaustive()
    }
}

/// A layer around the attempts of a client.
///
/// Every tower layer over [`AttemptService`] implements it, if its service takes `Request<Bytes>`, returns
/// `Response<Bytes>`, and can be cloned and sent to other threads.
pub trait AroundAttempt: Send + Sync + 'static {
    /// Wraps an attempt.
    fn around(&self, inner: AttemptService) -> AttemptService;
}

impl<L> AroundAttempt for L
where
    L: Layer<AttemptService> + Send + Sync + 'static,
    L::Service: Service<Request<Bytes>, Response = Response<Bytes>> + Clone + Send + 'static,
    <L::Service as Service<Request<Bytes>>>::Error: Into<BoxError>,
    <L::Service as Service<Request<Bytes>>>::Future: Send + 'static,
{
    fn around(&self, inner: AttemptService) -> AttemptService {
        AttemptService::new(self.layer(inner))
    }
}

trait Erased: Send + Sync {
    fn call(&self, request: Request<Bytes>) -> Answer;
}

/// The lock makes it `Sync`. It is only held to clone.
struct Shared<S>(Mutex<S>);

impl<S> Erased for Shared<S>
where
    S: Service<Request<Bytes>, Response = Response<Bytes>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
{
    fn call(&self, request: Request<Bytes>) -> Answer {
        let service = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut service = service.clone();
        let context = Context::of(&request).cloned();
        if let Some(context) = &context {
            // The transport reports when the request is sent.
            context.mark_unsent();
        }
        Box::pin(async move {
            let answer = async {
                poll_fn(|cx| service.poll_ready(cx)).await?;
                service.call(request).await
            };
            answer
                .await
                .map_err(|error: S::Error| failed(error.into(), context.as_ref()))
        })
    }
}

/// Converts an error of a layer, which may fail before or after it passes the request on.
fn failed(error: BoxError, context: Option<&Context>) -> Error {
    let source = match error.downcast::<Error>() {
        Ok(error) => return *error,
        Err(source) => source,
    };
    let end = match context {
        Some(context) if !context.is_sent() => End::Unsent,
        _ => End::Foreign,
    };
    Error::ended(end, "a layer around the attempt failed").with_source(source)
}

/// The attempts of a client. Without layers of the caller nothing is boxed.
#[derive(Clone)]
pub(super) enum Layered {
    Plain(Plain),
    Own(AttemptService),
}

impl Layered {
    /// The first layer is the outermost.
    pub(super) fn new(plain: Plain, layers: &[Box<dyn AroundAttempt>]) -> Self {
        if layers.is_empty() {
            return Self::Plain(plain);
        }
        let innermost = AttemptService::new(plain);
        let layered = layers.iter().rev();
        Self::Own(layered.fold(innermost, |inner, layer| layer.around(inner)))
    }
}

impl Service<Request<Bytes>> for Layered {
    type Response = Response<Bytes>;
    type Error = Error;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, cx: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        match self {
            Self::Plain(plain) => plain.poll_ready(cx),
            Self::Own(own) => own.poll_ready(cx),
        }
    }

    fn call(&mut self, request: Request<Bytes>) -> ResponseFuture {
        match self {
            Self::Plain(plain) => ResponseFuture::Plain {
                future: plain.call(request),
            },
            Self::Own(own) => ResponseFuture::Own {
                future: own.call(request),
            },
        }
    }
}

pin_project! {
    #[project = ResponseProj]
    pub(super) enum ResponseFuture {
        Plain { #[pin] future: <Plain as Service<Request<Bytes>>>::Future },
        Own { future: Answer },
    }
}

impl Future for ResponseFuture {
    type Output = Result<Response<Bytes>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            ResponseProj::Plain { future } => future.poll(cx),
            ResponseProj::Own { future } => future.as_mut().poll(cx),
        }
    }
}
