//! The client's side: what is signed, and what is not sent.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Empty, Full, combinators::BoxBody};
use nicechat_sign::Error;
use nicechat_sign::tower::{SignError, SignLayer};
use tower::retry::{Policy, RetryLayer};
use tower::{Layer as _, Service, ServiceBuilder, ServiceExt as _, service_fn};

use super::{PATH, signer};

/// Keeps what arrives.
struct Wire<B>(Arc<Mutex<Vec<Request<B>>>>);

impl<B> Clone for Wire<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<B> Default for Wire<B> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<B> Service<Request<B>> for Wire<B> {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Bytes>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.0.lock().unwrap().push(request);
        ready(Ok(Response::new(Bytes::new())))
    }
}

impl<B> Wire<B> {
    fn take(&self) -> Vec<Request<B>> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn json<B>(body: B) -> Request<B> {
    Request::post(PATH)
        .header("content-type", "application/json")
        .body(body)
        .unwrap()
}

#[tokio::test]
async fn n16_known_bodies_are_signed_and_sent_as_they_are() {
    let expected = signer().sign_body(PATH, b" { } ", "POST").to_string();
    let wire = Wire::default();
    let client = SignLayer::new(signer()).layer(wire.clone());
    client
        .oneshot(json(Full::from(Bytes::from_static(b" { } "))))
        .await
        .unwrap();
    let sent = wire.take().pop().unwrap();
    assert_eq!(sent.headers()["x-api-sign"], expected);
    assert_eq!(
        sent.into_body().collect().await.unwrap().to_bytes(),
        " { } "
    );

    let wire = Wire::default();
    SignLayer::new(signer())
        .layer(wire.clone())
        .oneshot(json(" { } ".to_owned()))
        .await
        .unwrap();
    let sent = wire.take().pop().unwrap();
    assert_eq!(
        (
            sent.headers()["x-api-sign"].to_str().unwrap(),
            sent.body().as_str()
        ),
        (&*expected, " { } ")
    );
}

#[tokio::test]
async fn n16_streaming_bodies_are_refused_before_they_are_sent() {
    let wire = Wire::default();
    let client = SignLayer::new(signer()).layer(wire.clone());
    let body: BoxBody<Bytes, Infallible> = Full::from(Bytes::from_static(b"{}")).boxed();
    let error = client.oneshot(json(body)).await.unwrap_err();
    let SignError::Unsigned(cause) = &error else {
        panic!("{error:?}")
    };
    assert!(cause.is_streaming() && !cause.is_undefined() && !cause.is_malformed());
    assert_eq!(
        cause.to_string(),
        "the body is a stream: its bytes must be known to be signed"
    );
    assert_eq!(error.to_string(), "the request could not be signed");
    assert!(std::error::Error::source(&error).is_some_and(|it| it.is::<Error>()));
    assert!(wire.take().is_empty());
}

/// N16: a body of another crate says its bytes through a function.
#[tokio::test]
async fn n16_foreign_bodies_are_read_by_a_function() {
    type Foreign = Result<Vec<u8>, u32>;
    let wire = Wire::<Foreign>::default();
    let client = SignLayer::new(signer())
        .read_body(|body: &Foreign| body.as_deref().ok())
        .layer(wire.clone());
    client
        .clone()
        .oneshot(json(Ok(b"{}".into())))
        .await
        .unwrap();
    let expected = signer().sign_body(PATH, b"{}", "POST").to_string();
    let sent = wire.take().pop().unwrap();
    assert_eq!(sent.headers()["x-api-sign"], expected);
    assert_eq!(sent.body().as_deref(), Ok(&b"{}"[..]));

    let error = client.oneshot(json(Err(7))).await.unwrap_err();
    assert!(matches!(error, SignError::Unsigned(cause) if cause.is_streaming()));
    assert!(wire.take().is_empty());
}

/// N25: nothing to send is known, whatever the type of the body.
#[tokio::test]
async fn n25_an_empty_boxed_body_is_signed() {
    let wire = Wire::default();
    let client = SignLayer::new(signer()).layer(wire.clone());
    let body: BoxBody<Bytes, Infallible> = Empty::new().boxed();
    client
        .oneshot(Request::get(PATH).body(body).unwrap())
        .await
        .unwrap();
    let expected = signer().sign_body(PATH, b"", "GET").to_string();
    assert_eq!(wire.take()[0].headers()["x-api-sign"], expected);
}

#[tokio::test]
async fn n12_parameters_are_added_to_forms_and_never_to_json() {
    let wire = Wire::<Bytes>::default();
    let client = SignLayer::in_parameters(signer()).layer(wire.clone());
    let form = Request::post(PATH)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Bytes::from_static(b"b=2&a=1"))
        .unwrap();
    client.clone().oneshot(form).await.unwrap();
    let signature = signer().sign_body(PATH, b"a=1&b=2", "POST");
    assert_eq!(
        wire.take()[0].body(),
        &format!("b=2&a=1&_key=key&_sign={signature}")
    );

    let get = Request::get(PATH).body(Bytes::new()).unwrap();
    client.clone().oneshot(get).await.unwrap();
    assert!(
        wire.take()[0]
            .uri()
            .query()
            .unwrap()
            .starts_with("_key=key&_sign=")
    );

    let refused = client
        .oneshot(json(Bytes::from_static(b"{}")))
        .await
        .unwrap_err();
    assert!(matches!(refused, SignError::Unsigned(_)));
    assert!(wire.take().is_empty());

    let wire = Wire::<Stream>::default();
    let client = SignLayer::in_parameters(signer()).layer(wire.clone());
    let refused = client.oneshot(json(Stream)).await.unwrap_err();
    assert!(matches!(refused, SignError::Unsigned(error) if error.is_streaming()));
}

/// A body that never says what it holds.
struct Stream;

impl From<Bytes> for Stream {
    fn from(_: Bytes) -> Self {
        Self
    }
}

impl nicechat_sign::tower::KnownBody for Stream {
    fn known_bytes(&self) -> Option<nicechat_sign::tower::KnownBytes<'_>> {
        None
    }
}

/// Sends everything a second time, with another body.
#[derive(Clone)]
struct Twice(bool);

impl Policy<Request<String>, Response<Bytes>, SignError<Infallible>> for Twice {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        request: &mut Request<String>,
        _: &mut Result<Response<Bytes>, SignError<Infallible>>,
    ) -> Option<Ready<()>> {
        request.body_mut().push(' ');
        std::mem::take(&mut self.0).then(|| ready(()))
    }

    fn clone_request(&mut self, request: &Request<String>) -> Option<Request<String>> {
        Some(request.clone())
    }
}

/// X3: the signature is made inside the retry.
#[tokio::test]
async fn x3_each_attempt_is_signed_anew() {
    let wire = Wire::default();
    let client = ServiceBuilder::new()
        .layer(RetryLayer::new(Twice(true)))
        .layer(SignLayer::new(signer()))
        .service(wire.clone());
    client.oneshot(json("{}".to_owned())).await.unwrap();
    let sent = wire.take();
    assert_eq!(sent.len(), 2);
    for request in &sent {
        let expected = signer().sign_body(PATH, request.body().as_bytes(), "POST");
        assert_eq!(request.headers()["x-api-sign"], expected.to_string());
    }
    assert_ne!(
        sent[0].headers()["x-api-sign"],
        sent[1].headers()["x-api-sign"]
    );
}

#[tokio::test]
async fn errors_of_the_inner_service_pass_through() {
    let broken = service_fn(|_: Request<()>| async {
        Err::<Response<()>, _>(std::io::Error::other("down"))
    });
    let client = SignLayer::new(signer()).layer(broken);
    let error = client
        .oneshot(Request::get(PATH).body(()).unwrap())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "down");
    assert!(matches!(error, SignError::Inner(_)));
    assert!(std::error::Error::source(&error).is_none());
}
