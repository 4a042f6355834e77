//! A loopback server: serves one text, and hands on whatever is posted to it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Something that was posted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Posted {
    pub(crate) path: String,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

/// The server. `/feed` gives the text, every other path but POST is 404.
#[derive(Debug)]
pub(crate) struct Inbox {
    address: SocketAddr,
    posted: mpsc::UnboundedReceiver<Posted>,
    task: JoinHandle<()>,
}

impl Inbox {
    /// Starts it; POSTs are answered with `status`.
    pub(crate) async fn start(feed: &str, status: StatusCode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (sender, posted) = mpsc::unbounded_channel();
        let feed = Bytes::from(feed.to_owned());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (sender, feed) = (sender.clone(), feed.clone());
                let service = service_fn(move |request| {
                    answer(request, sender.clone(), feed.clone(), status)
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
            }
        });
        Self {
            address,
            posted,
            task,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next thing posted; a test that waits in vain fails.
    pub(crate) async fn next(&mut self) -> Posted {
        let waited = tokio::time::timeout(Duration::from_secs(20), self.posted.recv()).await;
        waited
            .expect("nothing was posted")
            .expect("the server stopped")
    }

    /// Whether something lies there that nobody asked for.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.posted.try_recv().is_err()
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    request: Request<Incoming>,
    sender: mpsc::UnboundedSender<Posted>,
    feed: Bytes,
    status: StatusCode,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let is_post = request.method() == Method::POST;
    let content_type = request
        .headers()
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    let body = request
        .into_body()
        .collect()
        .await
        .map(|whole| whole.to_bytes())
        .unwrap_or_default();
    let mut response = Response::new(Full::default());
    if is_post {
        let body = String::from_utf8_lossy(&body).into_owned();
        // A test that has ended reads no more.
        let _ = sender.send(Posted {
            path,
            content_type,
            body,
        });
        *response.status_mut() = status;
    } else if path == "/feed" {
        *response.body_mut() = Full::from(feed);
    } else {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(response)
}
