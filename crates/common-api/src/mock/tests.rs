//! The mock below a client, with operations of the tests' own.

use std::time::Duration;

use bytes::Bytes;
use common_model::{Extra, Model, ObjectWriter, Reader};
use common_transport::{Client, Error, ErrorKind, Idempotency, Metadata, Operation, RetryPolicy};
use http::{Method, Request, Response, StatusCode};

use super::*;

static READ: Metadata = Metadata::new(
    "demo",
    "things.get",
    Method::GET,
    "/things/{id}",
    Idempotency::Idempotent,
);
static ADD: Metadata = Metadata::new(
    "demo",
    "things.add",
    Method::POST,
    "/things",
    Idempotency::NonIdempotent,
);

macro_rules! operation {
    ($name:ident, $metadata:ident, $uri:expr) => {
        #[derive(Default)]
        struct $name {
            id: i64,
            extra: Extra,
        }

        impl $name {
            fn new(id: i64) -> Self {
                let extra = Extra::default();
                Self { id, extra }
            }
        }

        impl Model for $name {
            fn read_field(
                &mut self,
                key: &str,
                reader: &mut Reader<'_>,
            ) -> Result<bool, common_model::Error> {
                match key {
                    "id" => reader.required("id", &mut self.id),
                    _ => Ok(false),
                }
            }

            fn write_fields(&self, object: &mut ObjectWriter<'_>) {
                object.required("id", &self.id);
            }

            fn extra(&self) -> &Extra {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut Extra {
                &mut self.extra
            }
        }

        common_model::model!($name);

        impl Operation for $name {
            type Output = String;

            fn metadata(&self) -> &'static Metadata {
                &$metadata
            }

            fn request(&self) -> Result<Request<Bytes>, Error> {
                let uri: String = $uri(self.id);
                let mut request = Request::new(Bytes::from_static(b"{}"));
                *request.method_mut() = $metadata.method.clone();
                *request.uri_mut() = uri.parse().unwrap();
                attach_params(&mut request, self);
                Ok(request)
            }

            fn decode(&self, response: Response<Bytes>) -> Result<String, Error> {
                let text = String::from_utf8_lossy(response.body()).into_owned();
                match response.status().as_u16() {
                    200..300 => Ok(text),
                    404 => Err(Error::new(ErrorKind::NotFound, text)),
                    _ => Err(Error::new(ErrorKind::Service, text)),
                }
            }
        }

        impl Mocked for $name {
            const METADATA: &'static Metadata = &$metadata;

            fn answer(output: &String) -> Response<Bytes> {
                Response::new(output.clone().into())
            }

            fn refusal(status: StatusCode, message: &str) -> Response<Bytes> {
                let mut response = Response::new(message.to_owned().into());
                *response.status_mut() = status;
                response
            }
        }
    };
}

operation!(Get, READ, |id| format!("/things/{id}?apiKey=S3CRET-1"));
operation!(Add, ADD, |_| "/things".to_owned());

fn client(mock: &Mock) -> Client {
    Client::builder("https://demo.example".parse().unwrap())
        .service(mock.service())
        .retry(RetryPolicy::new().randomness(|| 0))
        .total_timeout(Duration::from_secs(40))
        .build()
        .unwrap()
}

fn text(text: &str) -> String {
    text.to_owned()
}

#[tokio::test(start_paused = true)]
async fn c4_answers_come_in_sequence_by_type_and_condition() {
    let mock = Mock::new();
    let client = client(&mock);
    mock.on::<Get>()
        .when(|get| get.id == 2)
        .answer(text("two"))
        .always();
    mock.on::<Get>()
        .answer(text("first"))
        .answer_with(|get| format!("second {}", get.id))
        .times(2)
        .refuse(404, "gone");
    mock.on::<Add>().answer(text("added")).status(201);
    for (id, answer) in [
        (1, "first"),
        (2, "two"),
        (3, "second 3"),
        (2, "two"),
        (4, "second 4"),
    ] {
        assert_eq!(client.send(&Get::new(id)).await.unwrap(), answer);
    }
    let error = client.send(&Get::new(5)).await.unwrap_err();
    assert!(error.is_not_found() && error.message() == "gone", "{error}");
    assert_eq!(client.send(&Add::new(1)).await.unwrap(), "added");
    mock.verify();
}

#[tokio::test(start_paused = true)]
async fn c4_faults_say_whether_the_call_may_have_landed() {
    let mock = Mock::new();
    let client = client(&mock);
    mock.on::<Add>()
        .lost()
        .timeout()
        .unsent()
        .answer(text("after the unsent one"))
        .silence();
    let lost = client.send(&Add::new(1)).await.unwrap_err();
    assert!(
        lost.may_have_landed() && lost.kind() == ErrorKind::Transport,
        "{lost}"
    );
    let late = client.send(&Add::new(1)).await.unwrap_err();
    assert!(late.may_have_landed() && late.is_timeout(), "{late}");
    // Nothing was sent, so even a create is retried.
    assert_eq!(
        client.send(&Add::new(1)).await.unwrap(),
        "after the unsent one"
    );
    let silent = client.send(&Add::new(1)).await.unwrap_err();
    assert!(silent.may_have_landed() && silent.is_timeout(), "{silent}");
    // A read is retried after each.
    mock.on::<Get>()
        .lost()
        .timeout()
        .unsent()
        .answer(text("at last"));
    assert_eq!(client.send(&Get::new(1)).await.unwrap(), "at last");
    mock.verify();
    // With no attempt left, an unsent call has not landed.
    mock.on::<Add>().unsent().always();
    let unsent = client.send(&Add::new(1)).await.unwrap_err();
    assert!(!unsent.may_have_landed(), "{unsent}");
}

#[tokio::test(start_paused = true)]
async fn c4_a_call_that_nothing_expects_names_itself_and_the_nearest() {
    let mock = Mock::new();
    let client = client(&mock);
    let fails = async |id| {
        let error = client.send(&Get::new(id)).await.unwrap_err();
        assert!(
            error.is_invalid_input() && !error.may_have_landed(),
            "{error:?}"
        );
        assert_eq!((error.attempts(), error.field()), (1, Some("mock")));
        let message = error.to_string();
        assert!(message.contains(&format!("things.get (GET /things/{id}?apiKey=[hidden])")));
        assert!(!format!("{error:?}").contains("S3CRET"), "{error:?}");
        message
    };
    assert!(fails(1).await.contains("the mock expects no call"));
    mock.on::<Add>().answer(text("a"));
    assert!(fails(2).await.contains("the nearest is things.add"));
    mock.on::<Get>().when(|get| get.id > 9).answer(text("b"));
    let message = fails(3).await;
    assert!(message.contains("the nearest is things.get") && message.contains("condition"));
    assert!(message.contains("mock/tests.rs:"), "{message}");
    client.send(&Get::new(10)).await.unwrap();
    assert!(
        fails(11).await.contains(
            "all its answers were given (1); `.times(..)` and `.always()` give one again"
        )
    );
    let report = mock.check().unwrap_err().to_string();
    for line in [
        "missing: things.add, 1 of 1 answers",
        "not expected: things.get (GET /things/1?apiKey=[hidden])",
        "call 4: things.get (GET /things/10?apiKey=[hidden])",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
    assert!(!report.contains("S3CRET"), "{report}");
}

#[test]
fn c4_an_unmet_expectation_fails_on_drop_and_once() {
    let dropped =
        |mock: Mock| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(mock)));
    let message = |mock| *dropped(mock).unwrap_err().downcast::<String>().unwrap();

    let mock = Mock::new();
    mock.on::<Get>().answer(text("a")).times(3);
    let told = message(mock);
    assert!(
        told.contains("missing: things.get, 3 of 3 answers"),
        "{told}"
    );
    assert!(told.contains("no call came"), "{told}");

    let mock = Mock::new();
    let _ = mock.on::<Get>();
    assert!(message(mock).contains("things.get has no answer"));

    // Told already.
    let mock = Mock::new();
    mock.on::<Get>().answer(text("a"));
    assert!(mock.check().is_err());
    assert!(dropped(mock).is_ok());

    // A test that fails anyway says why itself.
    let failed = std::panic::catch_unwind(|| {
        let mock = Mock::new();
        mock.on::<Get>().answer(text("a"));
        panic!("the test's own");
    });
    assert_eq!(
        *failed.unwrap_err().downcast::<&str>().unwrap(),
        "the test's own"
    );

    for mock in [Mock::new(), Mock::default()] {
        mock.on::<Get>().answer(text("a")).always();
        mock.on::<Get>().answer(text("a")).times(0);
        assert!(dropped(mock).is_ok());
    }
}

#[tokio::test]
async fn c4_requests_are_kept_and_shown_without_secrets() {
    let mock = Mock::new();
    mock.on::<Get>().answer(text("a"));
    mock.on_request("any", |request| request.uri().path() == "/things")
        .respond(Response::new(Bytes::from_static(b"raw")));
    let client = client(&mock);
    client.send(&Get::new(7)).await.unwrap();
    assert_eq!(client.send(&Add::new(8)).await.unwrap(), "raw");
    let received = mock.received();
    assert_eq!(received[0].operation::<Get>().unwrap().id, 7);
    assert!(received[0].operation::<Add>().is_none());
    assert_eq!(received[1].operation::<Add>().unwrap().id, 8);
    assert_eq!(received[0].request().uri().query(), Some("apiKey=S3CRET-1"));
    let shown = format!("{mock:?} {received:?}");
    assert!(
        shown.contains("things.get") && !shown.contains("S3CRET"),
        "{shown}"
    );
}

#[tokio::test]
async fn c4_conditions_and_answers_may_use_the_mock() {
    let mock = std::rc::Rc::new(Mock::new());
    let service = mock.service();
    let inner = service.clone();
    // It would wait for itself for ever if the lock were held.
    mock.on::<Get>()
        .when(move |_| format!("{inner:?}").contains("MockService"))
        .answer_with(move |_| format!("{service:?}"));
    client(&mock).send(&Get::new(1)).await.unwrap();
}

#[tokio::test]
async fn c4_concurrent_calls_take_one_answer_each() {
    let mock = Mock::new();
    mock.on::<Get>()
        .answer_with(|get| get.id.to_string())
        .times(64);
    let client = client(&mock);
    let calls = (0..64).map(|id| {
        let client = client.clone();
        async move { client.send(&Get::new(id)).await.unwrap() }
    });
    let answers = futures_util::future::join_all(calls).await;
    let expected: Vec<String> = (0..64).map(|id| id.to_string()).collect();
    assert_eq!(answers, expected);
    mock.verify();
}
