//! The connection to a host by a proxy, below TLS with the host.

use std::sync::Arc;

use http::{Uri, uri::Scheme};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::{
    client::{
        legacy::connect::{
            HttpConnector,
            proxy::{SocksV4, SocksV5, Tunnel},
        },
        proxy::matcher::Intercept,
    },
    rt::TokioIo,
};
use rustls::{ClientConfig, SignatureScheme, client::ResolvesClientCert, sign::CertifiedKey};
use tokio::net::TcpStream;
use tower_service::Service;

use super::refused::Refused;
use crate::BoxError;

/// TCP, or TLS with a proxy.
pub(super) type Hop = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Connects to the host by `proxy`. `tls` is for a proxy that is itself reached over TLS.
pub(super) async fn by_proxy(
    proxy: &Intercept,
    tcp: HttpConnector,
    tls: &ClientConfig,
    host: Uri,
) -> Result<Hop, BoxError> {
    let address = proxy.uri().clone();
    let hop = match address.scheme_str() {
        Some("https") => {
            let first = HttpsConnector::from((tcp, for_proxy(tls)));
            let stream = tunnel(proxy, first).call(host).await;
            return stream.map_err(|error| Refused::by_proxy(error.into()));
        }
        Some("socks4" | "socks4a") => SocksV4::new(with_port(address)?, tcp).call(host).await?,
        Some("socks5" | "socks5h") => {
            let mut socks = SocksV5::new(with_port(address)?, tcp);
            if let Some((user, password)) = proxy.raw_auth() {
                socks = socks.with_auth(user.to_owned(), password.to_owned());
            }
            socks.call(host).await?
        }
        _ => {
            let stream = tunnel(proxy, tcp).call(host).await;
            stream.map_err(|error| Refused::by_proxy(error.into()))?
        }
    };
    Ok(MaybeHttpsStream::Http(hop))
}

fn tunnel<C>(proxy: &Intercept, first: C) -> Tunnel<C> {
    let tunnel = Tunnel::new(proxy.uri().clone(), first);
    match proxy.basic_auth() {
        Some(auth) => tunnel.with_auth(auth.clone()),
        None => tunnel,
    }
}

/// The TLS configuration for a proxy. A tunnel is requested by HTTP/1.1, so no other protocol is offered. The client
/// certificate is for servers only, so the proxy does not learn the client's identity.
fn for_proxy(tls: &ClientConfig) -> ClientConfig {
    let mut tls = tls.clone();
    tls.alpn_protocols.clear();
    tls.client_auth_cert_resolver = Arc::new(NoIdentity);
    tls
}

#[derive(Debug)]
struct NoIdentity;

impl ResolvesClientCert for NoIdentity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// Adds the usual port of SOCKS to a URL without a port.
fn with_port(proxy: Uri) -> Result<Uri, BoxError> {
    if proxy.port().is_some() {
        return Ok(proxy);
    }
    let host = proxy.host().unwrap_or_default();
    let uri = Uri::builder()
        .scheme(proxy.scheme().cloned().unwrap_or(Scheme::HTTP))
        .authority(format!("{host}:1080"))
        .path_and_query("/");
    Ok(uri.build()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x2_socks_has_a_port_by_custom() {
        for (given, meant) in [
            ("socks5://proxy.example", "socks5://proxy.example:1080/"),
            ("socks4a://[::1]/", "socks4a://[::1]:1080/"),
            ("socks5h://proxy.example:9", "socks5h://proxy.example:9/"),
        ] {
            assert_eq!(with_port(given.parse().unwrap()).unwrap(), meant);
        }
    }
}
