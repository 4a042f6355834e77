//! The clients.

use std::net::SocketAddr;

use bytes::Bytes;
use common_transport::{Client, Error, Idempotency, Metadata, Operation, RateClass, RateLimits};
use http::{HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::SendRequest;
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use tokio::net::TcpStream;

#[derive(Clone, Copy)]
pub(crate) enum Contestant {
    /// One connection for each caller, no pool.
    Hyper,
    Pool,
    Ours,
}

pub(crate) const ALL: [Contestant; 3] = [Contestant::Hyper, Contestant::Pool, Contestant::Ours];

impl Contestant {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Hyper => "hyper SendRequest",
            Self::Pool => "hyper-util pooled client",
            Self::Ours => "Client, all layers, typed operation",
        }
    }

    pub(crate) fn share(self, address: SocketAddr) -> Shared {
        match self {
            Self::Hyper => Shared::Hyper,
            Self::Pool => Shared::Pool(legacy::Client::builder(TokioExecutor::new()).build_http()),
            Self::Ours => Shared::Ours(client(address)),
        }
    }
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
    Pool(legacy::Client<HttpConnector, Full<Bytes>>),
    Ours(Client),
}

/// A caller with all that it needs for its next call.
pub(crate) enum Typed {
    Hyper(SendRequest<Full<Bytes>>, HeaderValue),
    Pool(legacy::Client<HttpConnector, Full<Bytes>>, SocketAddr),
    Ours(Client),
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
                tokio::task::spawn_local(connection);
                let host = address.to_string().parse().expect("a header value");
                Self::Hyper(send, host)
            }
            Shared::Pool(pool) => Self::Pool(pool.clone(), address),
            Shared::Ours(client) => Self::Ours(client.clone()),
        }
    }

    /// One call; the answer's length is checked.
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
                let request = Request::get(format!("http://{address}/api/v5/orders?page=1"))
                    .header("x-api-key", HeaderValue::from_static("0123456789abcdef"))
                    .body(Full::default())
                    .expect("constants");
                let response = pool.request(request).await.expect("an answer");
                response.collect().await.expect("a body").to_bytes().len()
            }
            Self::Ours(client) => client.send(&Orders { page: 1 }).await.expect("an answer"),
        };
        assert_eq!(length, 4096);
    }
}

static ORDERS: Metadata = Metadata::new(
    "demo",
    "orders.list",
    Method::GET,
    "/api/v5/orders",
    Idempotency::Idempotent,
);

pub(crate) struct Orders {
    pub(crate) page: u32,
}

impl Operation for Orders {
    type Output = usize;

    fn metadata(&self) -> &'static Metadata {
        &ORDERS
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        let uri = format!("/api/v5/orders?page={}", self.page);
        Ok(Request::get(uri).body(Bytes::new()).expect("a valid URI"))
    }

    fn decode(&self, response: Response<Bytes>) -> Result<usize, Error> {
        Ok(response.body().len())
    }
}
