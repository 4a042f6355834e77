//! Calls that the sandbox makes itself: feeds, callbacks, webhook events. They use plain `http://`, and loopback
//! only unless an option allows other hosts. Redirects are followed for feeds, but not for callbacks.

mod fetched;

use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::options::Hosts;
use fetched::{Fetched, MAX_BODY, redirect};

/// Most redirects of a feed.
const MAX_REDIRECTS: usize = 5;

/// Time limit for the answer of a peer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Checks that `url` is the address of a web page: `http` or `https`, with a host. Whether the sandbox may call it
/// is checked by the call.
pub(crate) fn check_address(url: &str) -> Result<(), String> {
    let uri: Uri = url.parse().map_err(|_| "is not a URL".to_owned())?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("is no address of the web".into());
    }
    match uri.host() {
        Some(host) if !host.is_empty() => Ok(()),
        _ => Err("has no host".into()),
    }
}

/// The sandbox's own HTTP client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outbound {
    hosts: Hosts,
}

impl Outbound {
    pub(crate) fn new(hosts: Hosts) -> Self {
        Self { hosts }
    }

    /// Sends a GET. An answer other than 2xx is an error. Redirects to permitted hosts are followed, and a gzip
    /// answer is unpacked.
    pub(crate) async fn get(&self, url: &str) -> Result<Fetched, String> {
        let exchange = async {
            let mut url = url.to_owned();
            for _ in 0..=MAX_REDIRECTS {
                let response = self.exchange(Method::GET, &url, None).await?;
                match redirect(&url, &response)? {
                    Some(next) => url = next,
                    None => return Fetched::of(response),
                }
            }
            Err(format!("more than {MAX_REDIRECTS} redirects"))
        };
        within_time(exchange).await
    }

    /// Sends a POST with this content type, and returns the status of the answer. No answer is an error.
    pub(crate) async fn post(
        &self,
        url: &str,
        content_type: &str,
        body: String,
    ) -> Result<u16, String> {
        let exchange = async {
            let body = Some((content_type, body));
            let response = self.exchange(Method::POST, url, body).await?;
            Ok(response.status().as_u16())
        };
        within_time(exchange).await
    }

    /// Checks that a call of `url` is allowed, as far as that shows before its host is looked up.
    pub(crate) fn check(&self, url: &str) -> Result<(), String> {
        self.target(url).map(drop)
    }

    async fn exchange(
        &self,
        method: Method,
        url: &str,
        body: Option<(&str, String)>,
    ) -> Result<Response<Bytes>, String> {
        let target = self.target(url)?;
        let stream = self.connect(&target).await?;
        send(stream, target.request(method, body)?).await
    }

    fn target(&self, url: &str) -> Result<Target, String> {
        let uri: Uri = url.parse().map_err(|_| "is not a URL".to_owned())?;
        if uri.scheme_str() != Some("http") {
            return Err("the sandbox speaks plain http only".into());
        }
        let authority = uri.authority().ok_or("has no host")?;
        if authority.as_str().contains('@') {
            return Err("has credentials in it".into());
        }
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let is_loopback = host.eq_ignore_ascii_case("localhost")
            || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        if self.hosts == Hosts::Loopback && !is_loopback {
            return Err("the sandbox calls loopback addresses only".into());
        }
        let port = match authority.as_str().strip_prefix(authority.host()) {
            None | Some("") => 80,
            Some(port) => port
                .strip_prefix(':')
                .and_then(|port| port.parse().ok())
                .filter(|&port: &u16| port > 0)
                .ok_or("has a port that is not from 1 to 65535")?,
        };
        Ok(Target { host, port, uri })
    }

    /// Connects to the target. A name may resolve to any address, so the dialled address is checked again.
    async fn connect(&self, target: &Target) -> Result<TcpStream, String> {
        let mut last = "does not resolve to a permitted address".to_owned();
        let addresses = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
        for address in addresses.map_err(|error| error.to_string())? {
            if self.hosts == Hosts::Loopback && !address.ip().is_loopback() {
                continue;
            }
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error.to_string(),
            }
        }
        Err(last)
    }
}

async fn within_time<T>(exchange: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    match tokio::time::timeout(TIMEOUT, exchange).await {
        Ok(result) => result,
        Err(_) => Err(format!("no answer within {TIMEOUT:?}")),
    }
}

struct Target {
    host: String,
    port: u16,
    uri: Uri,
}

impl Target {
    fn request(
        &self,
        method: Method,
        body: Option<(&str, String)>,
    ) -> Result<Request<Full<Bytes>>, String> {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let authority = self
            .uri
            .authority()
            .map_or("", |authority| authority.as_str());
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, authority)
            .header(
                header::USER_AGENT,
                concat!("shopwire-sandbox/", env!("CARGO_PKG_VERSION")),
            )
            .header(header::CONNECTION, "close");
        let (content_type, body) = body.map_or((None, String::new()), |(content_type, body)| {
            (Some(content_type), body)
        });
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        request
            .body(Full::from(body))
            .map_err(|error| error.to_string())
    }
}

async fn send(stream: TcpStream, request: Request<Full<Bytes>>) -> Result<Response<Bytes>, String> {
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let exchange = async move {
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| error.to_string())?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, MAX_BODY)
            .collect()
            .await
            .map_err(|error| error.to_string())?;
        Ok::<_, String>(Response::from_parts(parts, body.to_bytes()))
    };
    // The connection is driven within the call, so that no task outlives it.
    let driver = async move {
        let _ = connection.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        response = exchange => response,
        () = driver => Err("connection closed".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x8_only_loopback_is_called_unless_told_otherwise() {
        let strict = Outbound::new(Hosts::Loopback);
        for good in [
            "http://127.0.0.1:8080/feed",
            "http://localhost/feed",
            "http://[::1]:9/x",
            "http://127.8.8.8/",
            "http://localhost:65535",
        ] {
            assert!(strict.target(good).is_ok(), "{good}");
        }
        for bad in [
            "https://127.0.0.1/",
            "http://example.com/",
            "http://10.0.0.1/",
            "http://a@127.0.0.1/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:99999/",
            "http://[::1]:/",
            "ftp://localhost/",
            "/feed",
            "",
        ] {
            assert!(strict.target(bad).is_err(), "{bad}");
        }
        let lax = Outbound::new(Hosts::Any);
        assert!(lax.target("http://example.com/feed.txt").is_ok());
    }
}
