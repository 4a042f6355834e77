//! The connection pool: hyper-util's, with its own repeats turned off.

use std::{
    error::Error as StdError,
    fmt,
    future::Future,
    io,
    pin::Pin,
    task::{self, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy,
    rt::{TokioExecutor, TokioTimer},
};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{
    connector::{ConnectTimeout, Connector},
    sent::SentBody,
    tls::{Roots, TlsFailure},
};
use crate::{Context, Error, ErrorKind};

/// Connections to any number of hosts, HTTP/1.1, kept alive; clones share them.
///
/// A [`Service`] of its own for stacks that want just this; [`Client`](super::Client) has one inside. It
/// needs a tokio runtime when it is called, not when it is made. Trusted certificates are read on the first
/// `https` connection.
#[derive(Clone)]
pub struct Pool {
    inner: legacy::Client<Connector, SentBody>,
}

/// Builds a [`Pool`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct PoolBuilder {
    connect_timeout: Duration,
    keep_alive: Duration,
    roots: Roots,
}

impl Pool {
    /// A pool with the defaults.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A pool, to be configured.
    pub fn builder() -> PoolBuilder {
        PoolBuilder {
            connect_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(15),
            roots: Roots::default(),
        }
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self::new()
    }
}

impl PoolBuilder {
    /// Bounds connecting: name, TCP and TLS together. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long an idle connection is kept. Default: 15 s, which is less than servers keep theirs: a request
    /// on a connection that the server is just closing ends ambiguously.
    pub fn keep_alive(mut self, idle: Duration) -> Self {
        self.keep_alive = idle;
        self
    }

    /// Whose certificates are trusted. Default: those that the platform trusts.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }

    /// The pool.
    pub fn build(self) -> Pool {
        let inner = legacy::Client::builder(TokioExecutor::new())
            // A repeat is decided by the retry layer alone, which knows what may be repeated.
            .retry_canceled_requests(false)
            .pool_idle_timeout(self.keep_alive)
            .pool_timer(TokioTimer::new())
            .build(Connector::new(self.connect_timeout, self.roots));
        Pool { inner }
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl Service<Request<Bytes>> for Pool {
    type Response = Response<Incoming>;
    type Error = Error;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Bytes>) -> ResponseFuture {
        let context = Context::of(&request).cloned();
        let body = SentBody::of(&mut request);
        ResponseFuture {
            inner: self.inner.request(request.map(|_| body)),
            context,
        }
    }
}

pin_project! {
    /// The future of [`Pool`].
    #[must_use = "futures do nothing unless polled"]
    pub struct ResponseFuture {
        #[pin]
        inner: legacy::ResponseFuture,
        context: Option<Context>,
    }
}

impl Future for ResponseFuture {
    type Output = Result<Response<Incoming>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(this.inner.poll(cx));
        Poll::Ready(result.map_err(|error| failed(error, this.context.as_ref())))
    }
}

impl fmt::Debug for ResponseFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

fn failed(error: legacy::Error, context: Option<&Context>) -> Error {
    let sent = context.map_or(!error.is_connect(), Context::is_sent);
    let kept = match find::<TlsFailure>(&error) {
        _ if is_in::<ConnectTimeout>(&error) => {
            Error::new(ErrorKind::Timeout, "no connection in time")
        }
        Some(failure) => Error::new(ErrorKind::Connect, failure.to_string()).with_retryable(false),
        None if error.is_connect() => Error::new(ErrorKind::Connect, "no connection"),
        None if sent => Error::new(ErrorKind::Transport, "the connection broke"),
        None => Error::new(
            ErrorKind::Transport,
            "the connection broke before the request was sent",
        ),
    };
    kept.with_source(error).with_may_have_landed(sent)
}

fn is_in<E: StdError + 'static>(error: &(dyn StdError + 'static)) -> bool {
    find::<E>(error).is_some()
}

/// The error of this type in a chain of sources, also inside of `io::Error`, which skips it in its own.
fn find<'e, E: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let boxed = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match boxed {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}
