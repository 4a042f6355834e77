//! The merchant's own web server, which serves the feed and receives callbacks and webhook events.

use std::{
    convert::Infallible,
    hash::{BuildHasher as _, RandomState},
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use bytes::Bytes;
use common_transport::BoxError;
use http::{HeaderValue, Method, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::Full;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use shopwire::{
    nicechat::{feed, feeds::FeedCallback},
    uvygoda::events::{self, Event, EventKind, Receipt, Received, Rule, Rules, Store},
};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
};
use tower_service::Service;

use super::Stop;

const FEED: &str = "/feed.csv";
const CALLBACK: &str = "/nicechat/";
const WEBHOOK: &str = "/uvygoda/";

/// Maximum size of a body; callbacks and events are much smaller.
const MAX_BODY: usize = 64 * 1024;

/// Maximum wait for an expected message.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on loopback; it stops when dropped.
#[derive(Debug)]
pub(super) struct Shop {
    address: SocketAddr,
    secret: String,
    callbacks: UnboundedReceiver<Received<FeedCallback>>,
    events: UnboundedReceiver<Received<Event>>,
    _server: JoinSet<()>,
}

impl Shop {
    /// Starts the server with this feed.
    pub(super) async fn open(feed: String) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let secret = format!("{:016x}", RandomState::new().hash_one(address));
        let (callback, callbacks) = unbounded_channel();
        let (event, events) = unbounded_channel();
        let desk = Desk {
            feed: feed.into(),
            callbacks: feed::Receiver::new(secret.as_str(), Inbox(callback)).max_body(MAX_BODY),
            events: events::Receiver::new(secret.as_str(), Inbox(event))
                .format(rules())
                .max_body(MAX_BODY),
        };
        let mut server = JoinSet::new();
        server.spawn(serve(listener, desk));
        Ok(Self {
            address,
            secret,
            callbacks,
            events,
            _server: server,
        })
    }

    pub(super) fn feed_url(&self) -> String {
        format!("http://{}{FEED}", self.address)
    }

    /// The address for callbacks. Services do not sign their posts, so the path is the secret.
    pub(super) fn callback_url(&self) -> String {
        format!("http://{}{CALLBACK}{}", self.address, self.secret)
    }

    pub(super) fn webhook_url(&self) -> String {
        format!("http://{}{WEBHOOK}{}", self.address, self.secret)
    }

    /// The next callback.
    pub(super) async fn callback(&mut self) -> Result<FeedCallback, Stop> {
        let next = tokio::time::timeout(PATIENCE, self.callbacks.recv()).await;
        next.ok()
            .flatten()
            .map(|received| received.event)
            .ok_or(Stop::Missing("callback, though one was due"))
    }

    /// The next webhook event.
    pub(super) async fn event(&mut self) -> Result<Received<Event>, Stop> {
        let next = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        next.ok()
            .flatten()
            .ok_or(Stop::Missing("webhook event, though one was due"))
    }
}

/// The rules to classify the marketplace's events. Events are not documented, so the rules are data.
fn rules() -> Rules {
    Rules::new([
        Rule::new(EventKind::ProductStatus, "/EVENT").equals("PRODUCT_STATUS"),
        Rule::new(EventKind::NewOrder, "/EVENT").equals("NEW_ORDER"),
        Rule::new(EventKind::OrderStatus, "/EVENT").equals("ORDER_STATUS"),
        Rule::new(EventKind::ChatMessage, "/EVENT").equals("NEW_MESSAGE"),
        Rule::new(EventKind::IncomingMessage, "/EVENT").equals("INCOMING_MESSAGE"),
    ])
}

/// A store for the receivers. The tour reads its events from the other end of a channel.
#[derive(Debug)]
struct Inbox<E>(UnboundedSender<Received<E>>);

impl<E: Clone + Send + Sync + 'static> Store<E> for Inbox<E> {
    async fn store(&self, received: &Received<E>) -> Result<Receipt, BoxError> {
        self.0.send(received.clone())?;
        Ok(Receipt::new(received.id()))
    }
}

/// State shared by the connections.
#[derive(Clone)]
struct Desk {
    feed: Bytes,
    callbacks: feed::Receiver<Inbox<FeedCallback>>,
    events: events::Receiver<Inbox<Event>>,
}

async fn serve(listener: TcpListener, desk: Desk) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let desk = desk.clone();
        connections.spawn(async move {
            let service = service_fn(move |request| desk.clone().answer(request));
            // A peer that breaks off affects only itself; a peer that has closed only its sending side
            // gets an answer.
            let _ = http1::Builder::new()
                .half_close(true)
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
        while connections.try_join_next().is_some() {}
    }
}

impl Desk {
    async fn answer(
        mut self,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let path = request.uri().path();
        if path.starts_with(WEBHOOK) {
            self.events.call(request).await
        } else if path.starts_with(CALLBACK) {
            self.callbacks.call(request).await
        } else if path == FEED && request.method() == Method::GET {
            Ok(feed(self.feed))
        } else {
            Ok(empty(StatusCode::NOT_FOUND))
        }
    }
}

fn feed(bytes: Bytes) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(bytes));
    let csv = HeaderValue::from_static("text/csv; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, csv);
    response
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}
