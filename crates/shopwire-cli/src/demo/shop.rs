//! The merchant's own web server: it offers the feed and takes callbacks and webhook events.

use std::{
    convert::Infallible,
    hash::{BuildHasher as _, RandomState},
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use common_transport::BoxError;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use shopwire::{
    nicechat::{FeedCallback, feed::CallbackReceiver},
    uvygoda::webhook::{Delivery, Event, EventKind, Receiver, Rule, Rules, Store, Stored},
};
use tokio::{
    net::TcpListener,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
};

use super::Stop;

const FEED: &str = "/feed.csv";
const CALLBACK: &str = "/nicechat/";
const WEBHOOK: &str = "/uvygoda/";

/// No callback or event is near this.
const MAX_BODY: usize = 64 * 1024;

/// How long to wait for a message that is due.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on loopback; it ends when it is dropped.
#[derive(Debug)]
pub(super) struct Shop {
    address: SocketAddr,
    secret: String,
    callbacks: UnboundedReceiver<FeedCallback>,
    events: UnboundedReceiver<Event>,
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
            callback: CallbackReceiver::new(secret.as_str()),
            called_back: callback,
            webhook: Receiver::new(secret.as_str(), Inbox(event)).rules(rules()),
        };
        let mut server = JoinSet::new();
        server.spawn(serve(listener, Arc::new(desk)));
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

    /// Neither service signs what it posts: the path is the secret.
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
            .ok_or(Stop::Missing("callback, though one was due"))
    }

    /// The next webhook event.
    pub(super) async fn event(&mut self) -> Result<Event, Stop> {
        let next = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        next.ok()
            .flatten()
            .ok_or(Stop::Missing("webhook event, though one was due"))
    }
}

/// How this marketplace's events are told apart; they are documented nowhere, so the rules are data.
fn rules() -> Rules {
    Rules::new([
        Rule::new(EventKind::ProductStatus, "/EVENT").equals("PRODUCT_STATUS"),
        Rule::new(EventKind::NewOrder, "/EVENT").equals("NEW_ORDER"),
        Rule::new(EventKind::OrderStatus, "/EVENT").equals("ORDER_STATUS"),
        Rule::new(EventKind::ChatMessage, "/EVENT").equals("NEW_MESSAGE"),
        Rule::new(EventKind::IncomingMessage, "/EVENT").equals("INCOMING_MESSAGE"),
    ])
}

/// Where the receiver puts events before it answers. The tour reads them from the other end.
#[derive(Debug)]
struct Inbox(UnboundedSender<Event>);

impl Store for Inbox {
    async fn store(&self, event: &Event) -> Result<Stored, BoxError> {
        self.0.send(event.clone())?;
        Ok(Stored::New)
    }
}

/// What the connections share.
struct Desk {
    feed: Bytes,
    callback: CallbackReceiver,
    called_back: UnboundedSender<FeedCallback>,
    webhook: Receiver<Inbox>,
}

async fn serve(listener: TcpListener, desk: Arc<Desk>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let desk = desk.clone();
        connections.spawn(async move {
            let service = service_fn(move |request| {
                let desk = desk.clone();
                async move { Ok::<_, Infallible>(desk.answer(request).await) }
            });
            // A peer that breaks off hurts nobody but itself.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
        while connections.try_join_next().is_some() {}
    }
}

impl Desk {
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
            return empty(StatusCode::PAYLOAD_TOO_LARGE);
        };
        let (path, body) = (head.uri.path(), body.to_bytes());
        if head.method == Method::GET && path == FEED {
            return feed(self.feed.clone());
        }
        if head.method != Method::POST {
            return empty(StatusCode::METHOD_NOT_ALLOWED);
        }
        if let Some(token) = path.strip_prefix(WEBHOOK) {
            return empty(self.event(token, &head.headers, body).await);
        }
        match path.strip_prefix(CALLBACK) {
            Some(token) => empty(self.called_back(token, &head.headers, &body)),
            None => empty(StatusCode::NOT_FOUND),
        }
    }

    /// The message is taken first and answered then: who got his 200 never repeats it.
    async fn event(&self, token: &str, headers: &HeaderMap, body: Bytes) -> StatusCode {
        let mut delivery = Delivery::new(token, body);
        delivery.content_type = content_type(headers);
        match self.webhook.receive(delivery).await {
            Ok(_) => StatusCode::OK,
            Err(rejection) => rejection.status(),
        }
    }

    fn called_back(&self, token: &str, headers: &HeaderMap, body: &[u8]) -> StatusCode {
        match self.callback.receive(token, content_type(headers), body) {
            Ok(callback) => match self.called_back.send(callback) {
                Ok(()) => StatusCode::OK,
                Err(_) => StatusCode::SERVICE_UNAVAILABLE,
            },
            Err(rejection) => rejection.status(),
        }
    }
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
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
