//! Connects by TCP, a proxy's tunnel and TLS for `https` URLs, within one timeout for all steps.

use std::{
    fmt,
    future::{Future, Ready, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{Uri, uri::Scheme};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use rustls::ClientConfig;
use tower_service::Service;

use super::{
    proxy::Proxy,
    refused::Refused,
    route::{self, Hop},
    stream::Stream,
    tls::Tls,
};
use crate::BoxError;

/// In an `Arc`, since the pool clones it several times for each call.
#[derive(Clone)]
pub(super) struct Connector {
    ways: Arc<Ways>,
}

impl Connector {
    pub(super) fn new(timeout: Duration, tls: Tls, proxy: Proxy) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        Self {
            ways: Arc::new(Ways {
                http,
                tls,
                proxy,
                timeout,
            }),
        }
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let ways = Arc::clone(&self.ways);
        Box::pin(async move {
            let connected = tokio::time::timeout(ways.timeout, ways.connect(uri)).await;
            connected.unwrap_or_else(|_| Err(ConnectTimeout.into()))
        })
    }
}

/// The settings of connecting.
struct Ways {
    http: HttpConnector,
    tls: Tls,
    proxy: Proxy,
    timeout: Duration,
}

impl Ways {
    async fn connect(&self, host: Uri) -> Result<Stream, BoxError> {
        let mut tcp = self.http.clone();
        if host.scheme() != Some(&Scheme::HTTPS) {
            return Ok(Stream::Plain(tcp.call(host).await?));
        }
        let config = self.tls.config()?;
        let hop = match self.proxy.of(&host) {
            None => Hop::Http(tcp.call(host.clone()).await?),
            Some(proxy) => route::by_proxy(&proxy, tcp, &config, host.clone()).await?,
        };
        secure(hop, config, host).await
    }
}

/// Starts TLS with the host over a connected stream.
async fn secure(hop: Hop, config: Arc<ClientConfig>, host: Uri) -> Result<Stream, BoxError> {
    let mut https = HttpsConnector::from((Connected(Some(hop)), config));
    let explain = |error| Refused::by_tls("the server", error);
    https.call(host).await.map(Stream::Secure).map_err(explain)
}

/// A connector that returns a stream already connected.
struct Connected(Option<Hop>);

impl Service<Uri> for Connected {
    type Response = Hop;
    type Error = BoxError;
    type Future = Ready<Result<Hop, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| "connected once".into()))
    }
}

/// The error of a connection that took longer than the timeout.
#[derive(Debug)]
pub(super) struct ConnectTimeout;

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connecting took too long")
    }
}

impl std::error::Error for ConnectTimeout {}
