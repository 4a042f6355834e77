//! Connecting: TCP, a proxy's tunnel, TLS where the URL asks for it, and one clock for all.

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
use hyper_util::{
    client::legacy::connect::{
        HttpConnector,
        proxy::{SocksV5, Tunnel},
    },
    rt::TokioIo,
};
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use super::{
    proxy::Proxy,
    tls::{Tls, TlsFailure},
};
use crate::BoxError;

type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

#[derive(Clone)]
pub(super) struct Connector {
    ways: Ways,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(timeout: Duration, tls: Tls, proxy: Proxy) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        Self {
            ways: Ways {
                http,
                tls: Arc::new(tls),
                proxy,
            },
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
        let connect = self.ways.clone().connect(uri);
        let timeout = self.timeout;
        Box::pin(async move {
            match tokio::time::timeout(timeout, connect).await {
                Ok(result) => result,
                Err(_) => Err(ConnectTimeout.into()),
            }
        })
    }
}

/// Where and how to connect.
#[derive(Clone)]
struct Ways {
    http: HttpConnector,
    tls: Arc<Tls>,
    proxy: Proxy,
}

impl Ways {
    async fn connect(mut self, uri: Uri) -> Result<Stream, BoxError> {
        if uri.scheme() != Some(&Scheme::HTTPS) {
            return Ok(MaybeHttpsStream::Http(self.http.call(uri).await?));
        }
        let config = self.tls.config()?;
        let Some(proxy) = self.proxy.of(&uri) else {
            return secure(self.http, config, uri).await;
        };
        let address = proxy.uri().clone();
        if address
            .scheme_str()
            .is_some_and(|scheme| scheme.starts_with("socks5"))
        {
            let mut socks = SocksV5::new(address, self.http);
            if let Some((user, password)) = proxy.raw_auth() {
                socks = socks.with_auth(user.to_owned(), password.to_owned());
            }
            return secure(socks, config, uri).await;
        }
        let mut tunnel = Tunnel::new(address, self.http);
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        secure(tunnel, config, uri).await
    }
}

/// TLS over whatever `connector` connects.
async fn secure<C>(connector: C, config: Arc<ClientConfig>, uri: Uri) -> Result<Stream, BoxError>
where
    C: Service<Uri, Response = TokioIo<TcpStream>>,
    C::Error: Into<BoxError>,
    C::Future: Send + 'static,
{
    let mut https = HttpsConnector::from((connector, config));
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
