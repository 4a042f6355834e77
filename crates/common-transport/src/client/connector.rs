//! Connecting: TCP, TLS where the URL asks for it, and one clock for both.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{Uri, uri::Scheme};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use tokio::net::TcpStream;
use tower_service::Service;

use super::tls::{Roots, Tls, TlsFailure};
use crate::BoxError;

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

#[derive(Clone)]
pub(super) struct Connector {
    http: HttpConnector,
    tls: Arc<Tls>,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(timeout: Duration, roots: Roots) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        Self {
            http,
            tls: Arc::new(Tls::new(roots)),
            timeout,
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
        let connect = connect(self.http.clone(), Arc::clone(&self.tls), uri);
        let timeout = self.timeout;
        Box::pin(async move {
            match tokio::time::timeout(timeout, connect).await {
                Ok(result) => result,
                Err(_) => Err(ConnectTimeout.into()),
            }
        })
    }
}

async fn connect(mut http: HttpConnector, tls: Arc<Tls>, uri: Uri) -> Result<Stream, BoxError> {
    if uri.scheme() != Some(&Scheme::HTTPS) {
        return Ok(MaybeHttpsStream::Http(http.call(uri).await?));
    }
    let config = tls.config()?;
    let mut https = HttpsConnector::from((http, config));
    https.call(uri).await.map_err(TlsFailure::explain)
}

/// The clock of connecting has run out.
#[derive(Debug)]
pub(super) struct ConnectTimeout;

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connecting took too long")
    }
}

impl std::error::Error for ConnectTimeout {}
