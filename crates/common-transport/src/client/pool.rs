//! The connection pool of hyper-util, with its own retries turned off.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, uri::Authority};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy,
    rt::{TokioExecutor, TokioTimer},
};
use pin_project_lite::pin_project;
use tower_service::Service;

use super::{
    connector::Connector,
    failed::failed,
    provider::Provider,
    proxy::Proxy,
    sent::SentBody,
    tls::{Identity, Roots, Tls},
};
use crate::{BoxError, Context, Error, context::NEVER};

/// A pool of kept-alive connections to any number of hosts; clones share it. The connections use HTTP/1.1, or with the
/// feature `http2` HTTP/2 if the server supports it.
///
/// It is a [`Service`], for stacks that need only a pool; [`Client`](super::Client) contains one. Calls need a tokio
/// runtime, building does not. Trusted certificates are read on the first `https` connection. A stream that is
/// [attached](crate::Body::attach) to a request is sent as its body.
#[derive(Clone)]
pub struct Pool {
    /// In an `Arc`, since layers clone it several times for each call, and it has many parts.
    inner: Arc<legacy::Client<Connector, SentBody>>,
}

/// Builds a [`Pool`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `build`"]
pub struct PoolBuilder {
    connect_timeout: Duration,
    keep_alive: Duration,
    roots: Roots,
    identity: Option<Identity>,
    provider: Option<Provider>,
    proxy: Proxy,
}

impl Pool {
    /// Builds a pool with the defaults.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Returns a builder for a pool.
    pub fn builder() -> PoolBuilder {
        PoolBuilder {
            connect_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(15),
            roots: Roots::default(),
            identity: None,
            provider: None,
            proxy: Proxy::environment(),
        }
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self::new()
    }
}

impl PoolBuilder {
    /// Sets the time limit of connecting: name lookup, TCP and TLS together. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long an idle connection is kept. Default: 15 s, which is less than servers keep theirs: a request on a
    /// connection that the server is just closing has an ambiguous outcome.
    pub fn keep_alive(mut self, idle: Duration) -> Self {
        self.keep_alive = idle;
        self
    }

    /// Sets the trusted root certificates. Default: those of the platform.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }

    /// Sets the client certificate for servers that ask for one. Proxies do not get it. Default: no certificate.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Sets the cryptography provider of TLS. Default: ring, or AWS-LC if only AWS-LC is built in.
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Sets the proxy of `https` connections. Default: [`Proxy::environment`].
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = proxy;
        self
    }

    /// Builds the pool.
    pub fn build(self) -> Pool {
        let tls = Tls::new(self.roots, self.identity, self.provider);
        let mut builder = legacy::Client::builder(TokioExecutor::new());
        #[cfg(feature = "http2")]
        ping(&mut builder);
        let inner = builder
            // Only the retry layer decides about retries: it knows which requests may be repeated.
            .retry_canceled_requests(false)
            // hyper-util adds it to the time without an overflow check.
            .pool_idle_timeout(self.keep_alive.min(NEVER))
            .pool_timer(TokioTimer::new())
            .build(Connector::new(self.connect_timeout, tls, self.proxy));
        Pool {
            inner: Arc::new(inner),
        }
    }
}

/// Pings HTTP/2 connections. All calls share one connection, so a peer that vanished silently would stall them all.
#[cfg(feature = "http2")]
fn ping(builder: &mut legacy::Builder) {
    builder
        .timer(TokioTimer::new())
        .http2_keep_alive_interval(Duration::from_secs(10))
        .http2_keep_alive_timeout(Duration::from_secs(5))
        // Calls that are shorter than the interval would never see a ping.
        .http2_keep_alive_while_idle(true);
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").finish_non_exhaustive()
    }
}

impl Service<Request<Bytes>> for Pool {
    type Response = Response<PoolBody>;
    type Error = Error;
    type Future = PoolFuture;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Bytes>) -> PoolFuture {
        let context = Context::of(&request).cloned();
        if let Some(context) = &context {
            // The body reports when it is sent, to the context and to the limiter.
            context.mark_off_wire();
        }
        let body = SentBody::of(&mut request);
        PoolFuture {
            host: request.uri().authority().cloned(),
            inner: self.inner.request(request.map(|_| body)),
            context,
        }
    }
}

pin_project! {
    /// The future of [`Pool`].
    #[must_use = "futures do nothing unless polled"]
    pub struct PoolFuture {
        #[pin]
        inner: legacy::ResponseFuture,
        context: Option<Context>,
        // The host to name in an error.
        host: Option<Authority>,
    }
}

impl Future for PoolFuture {
    type Output = Result<Response<PoolBody>, Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let result = ready!(this.inner.poll(cx));
        Poll::Ready(
            result
                .map(|response| response.map(PoolBody))
                .map_err(|error| failed(error, this.context.as_ref(), this.host.as_ref())),
        )
    }
}

impl fmt::Debug for PoolFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolFuture").finish_non_exhaustive()
    }
}

/// The body of a response of a [`Pool`], as it arrives.
pub struct PoolBody(Incoming);

impl fmt::Debug for PoolBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolBody").finish_non_exhaustive()
    }
}

impl Body for PoolBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = Pin::new(&mut self.0).poll_frame(cx);
        frame.map(|frame| frame.map(|result| result.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
