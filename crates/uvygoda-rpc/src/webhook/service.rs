//! The receiver as a tower service over HTTP types.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use common_transport::BoxError;
use http::{Method, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body::Body;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tower_service::Service;

use super::{Delivery, Receiver, Rejection, Store};

/// A [`Receiver`] as a tower service: mount it in any HTTP server at the address given to
/// `setWebHook`.
///
/// The last segment of the path is the secret. It answers 200 with an empty body once the event is
/// stored, else with the [`Rejection::status`]; it never fails.
///
/// ```
/// use http::Request;
/// use http_body_util::Full;
/// use tower_service::Service;
/// use uvygoda_rpc::webhook::{MemoryStore, Receiver, WebhookService};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let receiver = Receiver::new("path-secret-1", MemoryStore::default());
/// let mut service = WebhookService::new(receiver.clone());
/// let request = Request::post("/hooks/path-secret-1").body(Full::<bytes::Bytes>::from(r#"{"event":"order"}"#)).unwrap();
/// let response = service.call(request).await.unwrap();
/// assert_eq!(response.status(), 200);
/// assert_eq!(receiver.store().events().len(), 1);
/// # });
/// ```
#[derive(Debug)]
pub struct WebhookService<S> {
    receiver: Receiver<S>,
}

impl<S: Store> WebhookService<S> {
    /// The service over a receiver.
    pub fn new(receiver: Receiver<S>) -> Self {
        Self { receiver }
    }
}

impl<S> Clone for WebhookService<S> {
    fn clone(&self) -> Self {
        Self {
            receiver: self.receiver.clone(),
        }
    }
}

impl<S, B> Service<Request<B>> for WebhookService<S>
where
    S: Store + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let receiver = self.receiver.clone();
        Box::pin(async move {
            let status = match receive(&receiver, request).await {
                Ok(()) => StatusCode::OK,
                Err(rejection) => rejection.status(),
            };
            let mut response = Response::new(Full::default());
            *response.status_mut() = status;
            Ok(response)
        })
    }
}

async fn receive<S, B>(receiver: &Receiver<S>, request: Request<B>) -> Result<(), Rejection>
where
    S: Store,
    B: Body,
    B::Error: Into<BoxError>,
{
    let (head, body) = request.into_parts();
    let path_token = head
        .uri
        .path()
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    receiver.check_token(path_token)?;
    if head.method != Method::POST {
        return Err(Rejection::method());
    }
    let body = collect(body, receiver.body_limit()).await?;
    let mut delivery = Delivery::new(path_token, body);
    delivery.content_type = head
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    receiver.receive(delivery).await.map(drop)
}

async fn collect<B>(body: B, limit: usize) -> Result<Bytes, Rejection>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Rejection::too_large()),
        Err(error) => Err(Rejection::unreadable(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::MemoryStore;

    async fn status(request: Request<Full<Bytes>>) -> (u16, usize) {
        let receiver = Receiver::new("secret", MemoryStore::default()).max_body(8);
        let response = WebhookService::new(receiver.clone())
            .call(request)
            .await
            .unwrap();
        (response.status().as_u16(), receiver.store().events().len())
    }

    #[tokio::test]
    async fn u24_x4_the_service_answers_after_the_store() {
        let post =
            |path: &str, body: &'static str| Request::post(path).body(Full::from(body)).unwrap();
        assert_eq!(status(post("/hooks/secret", "{}")).await, (200, 1));
        assert_eq!(status(post("/hooks/secret/?x=1", "{}")).await, (200, 1));
        assert_eq!(status(post("/hooks/other", "{}")).await, (404, 0));
        assert_eq!(status(post("/secret/other", "{}")).await, (404, 0));
        assert_eq!(status(post("/hooks/secret", "123456789")).await, (413, 0));
        let get = Request::get("/hooks/secret").body(Full::default()).unwrap();
        assert_eq!(status(get).await, (405, 0));
    }

    #[tokio::test]
    async fn u23_forms_are_read_by_their_content_type() {
        let receiver = Receiver::new("secret", MemoryStore::default());
        let request = Request::post("/secret")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Full::<Bytes>::from("a=1"))
            .unwrap();
        WebhookService::new(receiver.clone())
            .call(request)
            .await
            .unwrap();
        let payload = receiver.store().events()[0].payload.clone().unwrap();
        assert!(payload.get("a").is_some());
    }
}
