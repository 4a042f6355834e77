//! Ports on loopback that answer whole requests of one service, within bounds of bytes, connections and time.

mod body;
mod guard;

use std::{
    convert::Infallible,
    io,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::{body::Incoming, service::service_fn};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};

use super::refusal::refusal;
use crate::{args::Service, webhooks::connection};
use body::Budget;
use guard::Guard;

/// Number of connections to a port at the same time; further ones wait to be accepted.
const CONNECTIONS: usize = 2_048;

/// Time for which a connection may be idle or send its headers.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// Pause after a connection could not be accepted, as when the process has no file descriptors left.
const PAUSE: Duration = Duration::from_millis(100);

/// Time in which exchanges that have begun may end after the port is closed.
const GRACE: Duration = Duration::from_secs(10);

/// Headers that concern one connection (RFC 9110, section 7.6.1), and the wish for a 100, which was granted.
const HOP_BY_HOP: [&str; 9] = [
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "transfer-encoding",
    "upgrade",
];

/// The answer in the making.
pub(super) type Answer = Pin<Box<dyn Future<Output = Response<Bytes>> + Send>>;

/// Answers whole requests.
pub(super) trait Answers: Send + Sync + 'static {
    /// Answers a request in origin form, without headers of the connection.
    fn answer(self: Arc<Self>, request: Request<Bytes>) -> Answer;
}

/// A port that serves.
#[derive(Debug)]
pub(super) struct Port {
    address: SocketAddr,
    stopping: watch::Sender<()>,
    serving: JoinHandle<()>,
}

impl Port {
    /// Binds 127.0.0.1 (port 0: the system chooses) and serves.
    ///
    /// # Errors
    /// The port cannot be bound.
    pub(super) async fn open(
        service: Service,
        port: u16,
        answers: Arc<dyn Answers>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let (stopping, stopped) = watch::channel(());
        let desk = Desk {
            service,
            guard: Guard::new(address.port()),
            budget: Budget::default(),
            answers,
        };
        let serving = tokio::spawn(serve(listener, Arc::new(desk), stopped));
        Ok(Self {
            address,
            stopping,
            serving,
        })
    }

    /// Whether an address, as host and port, is this port.
    pub(super) fn is_at(&self, authority: &str) -> bool {
        Guard::new(self.address.port()).is_ours(authority)
    }

    /// `http://127.0.0.1:<port>`.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Accepts no more, and lets exchanges that have begun come to their end.
pub(super) async fn close(ports: impl IntoIterator<Item = Port>) {
    let stopped = ports.into_iter().map(|port| {
        drop(port.stopping);
        port.serving
    });
    // All are stopped before any is waited for.
    let stopped: Vec<_> = stopped.collect();
    for serving in stopped {
        // An error is a panic, which was reported.
        let _ = serving.await;
    }
}

/// The state that the connections of a port share.
struct Desk {
    service: Service,
    guard: Guard,
    budget: Budget,
    answers: Arc<dyn Answers>,
}

async fn serve(listener: TcpListener, desk: Arc<Desk>, mut stopped: watch::Receiver<()>) {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            accepted = accepted => accepted,
            // The other end is dropped to stop.
            _ = stopped.changed() => break,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let serving = connection(stream, Arc::clone(&desk), stopped.clone());
                connections.spawn(async move {
                    serving.await;
                    drop(slot);
                });
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
    drop(listener);
    let ended = async { while connections.join_next().await.is_some() {} };
    if timeout(GRACE, ended).await.is_err() {
        connections.shutdown().await;
    }
}

async fn connection(stream: TcpStream, desk: Arc<Desk>, stopped: watch::Receiver<()>) {
    // Without it, an answer in two segments waits for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let desk = Arc::clone(&desk);
        async move { Ok::<_, Infallible>(desk.answer(request).await.map(Full::new)) }
    });
    // A client that breaks off harms only itself.
    let _ = connection::drive(stream, service, stopped, HEAD_TIMEOUT).await;
}

impl Desk {
    async fn answer(&self, request: Request<Incoming>) -> Response<Bytes> {
        let refused = |status, why: &str| {
            let mut response = refusal(self.service, status, why);
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(header::CONNECTION, close);
            response
        };
        if let Err((status, why)) = self.guard.check(&request) {
            return refused(status, &why);
        }
        let (mut parts, body) = request.into_parts();
        let held = match self.budget.read(body).await {
            Ok(held) => held,
            Err((status, why)) => return refused(status, why),
        };
        let target = parts.uri.path_and_query().cloned();
        parts.uri = target.map_or_else(Default::default, Into::into);
        parts.headers = end_to_end(&parts.headers);
        parts.headers.remove(header::HOST);
        let request = Request::from_parts(parts, held.bytes.clone());
        let answers = Arc::clone(&self.answers);
        // A client that goes away does not end the exchange: it may have had its effect.
        let answer = tokio::spawn(async move {
            let answer = answers.answer(request).await;
            drop(held);
            answer
        });
        answer.await.unwrap_or_else(|_| {
            let why = "the answer was not made: this is an error of the command";
            refused(StatusCode::INTERNAL_SERVER_ERROR, why)
        })
    }
}

/// The headers that go further than one connection.
pub(super) fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let kept = headers.iter().filter(|(name, _)| {
        let name = name.as_str();
        !HOP_BY_HOP.contains(&name) && !named.iter().any(|hop| hop == name)
    });
    kept.map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
