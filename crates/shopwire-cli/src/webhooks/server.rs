//! The HTTP server: connections, paths, and an end that finishes what has begun.

use std::{convert::Infallible, net::IpAddr, pin::Pin, pin::pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderName, HeaderValue, Method, Request, Response, StatusCode,
    header::{CONTENT_TYPE, FORWARDED, VIA},
};
use http_body_util::Full;
use hyper::{body::Incoming, service::service_fn};
use shopwire::durable::Inbox;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    connection::{HEAD_TIMEOUT, drive, log},
    metrics,
    receivers::Receivers,
};

/// Maximum number of connections. More wait in the system's queue.
const CONNECTIONS: usize = 1_024;

/// Pause after a connection could not be accepted, as when the process has no file descriptors left.
const PAUSE: Duration = Duration::from_millis(100);

/// Headers by which proxies say that they pass a request on.
const PROXIED: [HeaderName; 4] = [
    FORWARDED,
    VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-real-ip"),
];

/// State that the connections share.
#[derive(Clone)]
pub(super) struct Desk {
    receivers: Receivers,
    inbox: Inbox,
}

/// An answer in the making. A receiver goes on with its delivery if the answer is dropped.
type Answer = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, Infallible>> + Send>>;

/// The connections that are open when the server was told to stop.
#[must_use]
pub(super) struct Finishing {
    connections: JoinSet<()>,
}

impl Finishing {
    /// Lets the requests that have begun come to their end, and cuts those that take longer than this. A delivery whose
    /// body has been read goes on without its connection.
    pub(super) async fn within(mut self, grace: Duration) {
        let ended = async { while self.connections.join_next().await.is_some() {} };
        if timeout(grace, ended).await.is_err() {
            let cut = self.connections.len();
            tracing::warn!(
                cut,
                "senders were too slow for the end: their connections are cut"
            );
            self.connections.shutdown().await;
        }
    }
}

/// Serves until `stop`, then accepts no more. Returns the connections that are open.
pub(super) async fn serve(
    listener: TcpListener,
    desk: Desk,
    stop: impl Future<Output = ()>,
) -> Finishing {
    let slots = Arc::new(Semaphore::new(CONNECTIONS));
    let (stopping, _) = watch::channel(());
    let mut connections = JoinSet::new();
    let begin = |connections: &mut JoinSet<()>, stream, peer, slot| {
        let stopped = stopping.subscribe();
        connections.spawn(connection(stream, peer, desk.clone(), stopped, slot));
    };
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            () = &mut stop => break,
        };
        if let Some((stream, peer, slot)) = accepted {
            begin(&mut connections, stream, peer, Some(slot));
        }
        while connections.try_join_next().is_some() {}
    }
    // Connections that the system has taken already may bring events.
    for (stream, peer) in waiting(listener) {
        begin(&mut connections, stream, peer, None);
    }
    drop(stopping);
    Finishing { connections }
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, IpAddr, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer.ip(), slot)),
        Err(error) => {
            tracing::warn!(%error, "a connection was not accepted");
            sleep(PAUSE).await;
            None
        }
    }
}

/// The connections in the system's queue. The listener is closed afterwards.
fn waiting(listener: TcpListener) -> Vec<(TcpStream, IpAddr)> {
    let Ok(listener) = listener.into_std() else {
        return Vec::new();
    };
    // It does not block: an empty queue is an error.
    let accepted = std::iter::from_fn(|| listener.accept().ok());
    accepted
        .filter_map(|(stream, peer)| {
            stream.set_nonblocking(true).ok()?;
            Some((TcpStream::from_std(stream).ok()?, peer.ip()))
        })
        .collect()
}

async fn connection(
    stream: TcpStream,
    peer: IpAddr,
    desk: Desk,
    stopped: watch::Receiver<()>,
    slot: Option<OwnedSemaphorePermit>,
) {
    let service = service_fn(move |request| desk.answer(request, peer));
    // A sender that breaks off harms only itself.
    if let Err(error) = drive(stream, service, stopped, HEAD_TIMEOUT).await {
        log(&error);
    }
    drop(slot);
}

impl Desk {
    pub(super) fn new(receivers: Receivers, inbox: Inbox) -> Self {
        Self { receivers, inbox }
    }

    /// Answers a request. It is no async function, so that a receiver is called at once.
    fn answer(&self, request: Request<Incoming>, peer: IpAddr) -> Answer {
        if let Some(named) = self.receivers.find(request.uri().path()) {
            return Box::pin(named.receive(request));
        }
        let (desk, is_near) = (self.clone(), is_near(&request, peer));
        Box::pin(async move {
            Ok(match request.uri().path() {
                "/health" | "/metrics" if request.method() != Method::GET => {
                    empty(StatusCode::METHOD_NOT_ALLOWED)
                }
                "/health" => desk.health().await,
                "/metrics" if is_near => desk.metrics().await,
                // The path is not shown: it may hold a secret beside a misspelt name.
                _ => {
                    tracing::debug!("a request was refused before its body: nothing has this path");
                    empty(StatusCode::NOT_FOUND)
                }
            })
        })
    }

    /// Whether the store can be read.
    async fn health(&self) -> Response<Full<Bytes>> {
        match self.inbox.events(None, None, None, 1).await {
            Ok(_) => text(StatusCode::OK, "application/json", r#"{"status":"ok"}"#),
            Err(error) => {
                tracing::warn!(%error, "the store cannot be read");
                text(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "application/json",
                    r#"{"status":"the store cannot be read"}"#,
                )
            }
        }
    }

    async fn metrics(&self) -> Response<Full<Bytes>> {
        let totals = self.inbox.totals().await;
        let shown = metrics::shown(&self.receivers, totals.as_ref().ok());
        text(StatusCode::OK, "text/plain; version=0.0.4", shown)
    }
}

/// Whether a program of this machine asks, and not a proxy for somebody else.
fn is_near<B>(request: &Request<B>, peer: IpAddr) -> bool {
    let headers = request.headers();
    peer.to_canonical().is_loopback() && !PROXIED.iter().any(|name| headers.contains_key(name))
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

fn text(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(body.into()));
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static(content_type);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    // D6
    #[test]
    fn d6_metrics_are_for_programs_of_this_machine() {
        let near = |peer: &str, header: Option<&str>| {
            let mut request = Request::new(());
            if let Some(name) = header {
                let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
                request
                    .headers_mut()
                    .insert(name, HeaderValue::from_static("x"));
            }
            is_near(&request, peer.parse().expect("an address"))
        };
        assert!(near("127.0.0.1", None) && near("::1", None) && near("::ffff:127.0.0.1", None));
        assert!(!near("10.0.0.1", None) && !near("::ffff:10.0.0.1", None));
        for header in ["x-forwarded-for", "Forwarded", "via", "X-Real-IP"] {
            assert!(!near("127.0.0.1", Some(header)), "{header}");
        }
    }
}
