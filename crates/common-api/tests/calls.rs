//! Calls over services of the tests' own.

use std::{
    fmt,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use common_api::{Call, Sender};
use common_transport::{
    BoxError, Client, ClientBuilder, Error, ErrorKind, Idempotency, Metadata, Operation,
};
use http::{Method, Request, Response};
use tower::service_fn;

static GET: Metadata = Metadata::new("demo", "get", Method::GET, "/a", Idempotency::Idempotent);
static POST: Metadata = Metadata::new(
    "demo",
    "add",
    Method::POST,
    "/a",
    Idempotency::NonIdempotent,
);

/// An operation that knows the service's errors. It shows none of its parameters.
struct Say(&'static Metadata);

impl fmt::Debug for Say {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Say")
    }
}

impl Operation for Say {
    type Output = Bytes;

    fn metadata(&self) -> &'static Metadata {
        self.0
    }

    fn request(&self) -> Result<Request<Bytes>, Error> {
        let request = Request::builder().method(&self.0.method).uri("/a?b=1");
        Ok(request.body(Bytes::new()).unwrap())
    }

    fn decode(&self, response: Response<Bytes>) -> Result<Bytes, Error> {
        let status = response.status();
        match &response.body()[..] {
            b"no file" => {
                Err(Error::new(ErrorKind::NotFound, "there is no such file").with_status(status))
            }
            b"refused" => Err(Error::new(ErrorKind::Service, "refused").with_status(status)),
            _ => Ok(response.into_body()),
        }
    }
}

fn answer(status: u16, body: &'static str) -> Response<Bytes> {
    let body = Bytes::from_static(body.as_bytes());
    Response::builder().status(status).body(body).unwrap()
}

type Requests = Arc<Mutex<Vec<Request<Bytes>>>>;

/// A builder whose service gives these answers in turn, the last one for ever; and the requests it has had.
fn over(answers: Vec<Response<Bytes>>) -> (ClientBuilder, Requests) {
    let seen = Requests::default();
    let requests = seen.clone();
    let service = service_fn(move |request: Request<Bytes>| {
        let mut seen = seen.lock().unwrap();
        let answer = answers[seen.len().min(answers.len() - 1)].clone();
        seen.push(request);
        std::future::ready(Ok::<_, BoxError>(answer))
    });
    let base = "https://demo.example/prefix".parse().unwrap();
    (Client::builder(base).service(service), requests)
}

/// A typed client with a default of its own.
struct Typed(Client);

impl Sender for Typed {
    fn client(&self) -> &Client {
        &self.0
    }

    fn prepare(&self, _: &'static Metadata, request: &mut Request<Bytes>) -> Result<(), Error> {
        *request.uri_mut() = "/a?b=1&site=main".parse().unwrap();
        Ok(())
    }
}

#[tokio::test]
async fn x2_a_typed_client_puts_its_defaults_into_each_call() {
    let (builder, seen) = over(vec![answer(200, "ok")]);
    let typed = Typed(builder.build().unwrap());
    let call = Call::new(&typed, Say(&POST)).with(|_| Say(&GET));
    assert_eq!(call.await.unwrap(), "ok");
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0].uri().query(), Some("b=1&site=main"));
    assert_eq!(seen[0].method(), Method::GET);
}

#[tokio::test]
async fn x6_an_error_answer_to_a_download_is_still_the_services_error() {
    let (builder, _) = over(vec![answer(404, "no file"), answer(302, "move")]);
    let client = builder.build().unwrap();
    let error = Call::new(&client, Say(&GET)).download().await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    assert_eq!((error.operation(), error.attempts()), (Some("get"), 1));
    let error = Call::new(&client, Say(&GET)).download().await.unwrap_err();
    assert!(
        error.is_decode() && error.to_string().contains("302"),
        "{error}"
    );
}

#[tokio::test]
async fn r9_debug_of_a_call_shows_what_the_operation_shows() {
    let (builder, _) = over(vec![answer(200, "ok")]);
    let client = builder.build().unwrap();
    assert_eq!(format!("{:?}", Call::new(&client, Say(&GET))), "Call(Say)");
}
