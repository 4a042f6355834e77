//! The clients.

use std::net::SocketAddr;

use bytes::Bytes;
use common_transport::{Client, RateClass, RateLimits};
use http::{HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::{
    client::legacy,
    rt::{TokioExecutor, TokioIo},
};
use tokio::net::TcpStream;
use tower::{Service, ServiceExt};

use super::{
    orders::Orders,
    usual::{Pool, Usual, usual},
};

#[derive(Clone, Copy)]
pub(crate) enum Contestant {
    /// One connection for each caller, no pool.
    Hyper,
    Pool,
    /// The pool under the layers that tower has.
    Usual,
    Ours,
    Reqwest,
    /// Blocking: each caller is a thread.
    Ureq,
}

pub(crate) const ALL: [Contestant; 6] = [
    Contestant::Hyper,
    Contestant::Pool,
    Contestant::Usual,
    Contestant::Ours,
    Contestant::Reqwest,
    Contestant::Ureq,
];

impl Contestant {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hyper => "hyper SendRequest",
            Self::Pool => "hyper-util pooled client",
            Self::Usual => "pool, tower's own layers, boxed",
            Self::Ours => "Client, all layers, typed operation",
            Self::Reqwest => "reqwest",
            Self::Ureq => "ureq",
        }
    }

    /// Whether a call holds its thread.
    pub(crate) fn is_blocking(self) -> bool {
        matches!(self, Self::Ureq)
    }

    pub(crate) fn share(self, address: SocketAddr) -> Shared {
        match self {
            Self::Hyper => Shared::Hyper,
            Self::Pool => Shared::Pool(Box::new(pool())),
            Self::Usual => Shared::Usual(Box::new(pool())),
            Self::Ours => Shared::Ours(client(address)),
            Self::Reqwest => Shared::Reqwest(reqwest::Client::new()),
            Self::Ureq => Shared::Ureq(ureq::Agent::new_with_defaults()),
        }
    }
}

fn pool() -> Pool {
    legacy::Client::builder(TokioExecutor::new()).build_http()
}

/// With everything in: a limit that never holds, credentials, retry, all clocks.
fn client(address: SocketAddr) -> Client {
    Client::builder(format!("http://{address}").parse().expect("a URL"))
        .limits(RateLimits::new().class(RateClass::DEFAULT, 100_000_000))
        .authorize(|request: &mut Request<Bytes>| {
            let key = HeaderValue::from_static("0123456789abcdef");
            request.headers_mut().insert("x-api-key", key);
            Ok(())
        })
        .build()
        .expect("a valid configuration")
}

pub(crate) enum Shared {
    Hyper,
    Pool(Box<Pool>),
    Usual(Box<Pool>),
    Ours(Client),
    Reqwest(reqwest::Client),
    Ureq(ureq::Agent),
}

/// A caller with all that it needs for its next call.
pub(crate) enum Typed {
    Hyper(SendRequest<Full<Bytes>>, HeaderValue),
    Pool(Box<Pool>, SocketAddr),
    Usual(Usual, SocketAddr),
    Ours(Client),
    Reqwest(reqwest::Client, SocketAddr),
    Ureq(ureq::Agent, SocketAddr),
}

impl Typed {
    pub(crate) async fn new(shared: &Shared, address: SocketAddr) -> Self {
        match shared {
            Shared::Hyper => {
                let socket = TcpStream::connect(address)
                    .await
                    .expect("the server listens");
                socket.set_nodelay(true).expect("an open socket");
                let (send, connection) =
                    hyper::client::conn::http1::handshake(TokioIo::new(socket))
                        .await
                        .expect("nothing to fail");
                tokio::spawn(connection);
                let host = address.to_string().parse().expect("a header value");
                Self::Hyper(send, host)
            }
            Shared::Pool(pool) => Self::Pool(pool.clone(), address),
            Shared::Usual(pool) => Self::Usual(usual(*pool.clone()), address),
            Shared::Ours(client) => Self::Ours(client.clone()),
            Shared::Reqwest(client) => Self::Reqwest(client.clone(), address),
            Shared::Ureq(agent) => Self::Ureq(agent.clone(), address),
        }
    }

    /// One call; the answer's length is checked. That of ureq blocks.
    pub(crate) async fn call(&mut self) {
        let length = match self {
            Self::Hyper(send, host) => {
                let request = Request::get("/api/v5/orders?page=1")
                    .header("host", host.clone())
                    .header("x-api-key", HeaderValue::from_static("0123456789abcdef"))
                    .body(Full::default())
                    .expect("constants");
                send.ready().await.expect("the connection lives");
                let response = send.send_request(request).await.expect("an answer");
                response.collect().await.expect("a body").to_bytes().len()
            }
            Self::Pool(pool, address) => {
                let response = pool.request(absolute(*address)).await.expect("an answer");
                response.collect().await.expect("a body").to_bytes().len()
            }
            Self::Usual(stack, address) => {
                let stack = stack.ready().await.expect("always ready");
                let response = stack.call(absolute(*address)).await.expect("an answer");
                response.collect().await.expect("a body").to_bytes().len()
            }
            Self::Ours(client) => client.send(&Orders { page: 1 }).await.expect("an answer"),
            Self::Reqwest(client, address) => {
                let request = client
                    .get(format!("http://{address}/api/v5/orders?page=1"))
                    .header("x-api-key", "0123456789abcdef");
                let response = request.send().await.expect("an answer");
                response.bytes().await.expect("a body").len()
            }
            Self::Ureq(agent, address) => {
                let request = agent
                    .get(format!("http://{address}/api/v5/orders?page=1"))
                    .header("x-api-key", "0123456789abcdef");
                let mut response = request.call().expect("an answer");
                response.body_mut().read_to_vec().expect("a body").len()
            }
        };
        assert_eq!(length, 4096);
    }
}

fn absolute(address: SocketAddr) -> Request<Full<Bytes>> {
    Request::get(format!("http://{address}/api/v5/orders?page=1"))
        .header("x-api-key", HeaderValue::from_static("0123456789abcdef"))
        .body(Full::default())
        .expect("constants")
}
