//! A test double for clients: operations are answered by their type, without a socket.
//!
//! A [`Mock`] stands in place of the network, below the whole client. The typed output of an operation is written as
//! JSON into the envelope of its service, so the request is built, authorised and retried, and the answer is checked
//! and decoded, as in production.
//!
//! ```
//! # use bytes::Bytes;
//! # use common_api::mock::{Mock, Mocked};
//! # use common_transport::{Client, Error, Idempotency, Metadata, Operation};
//! # use http::{Method, Request, Response, StatusCode};
//! # #[derive(Default)]
//! # struct Get { id: i64, extra: common_model::Extra }
//! # static GET: Metadata = Metadata::new("demo", "things.get", Method::GET, "/things/{id}", Idempotency::Idempotent);
//! # impl common_model::Model for Get {
//! #     fn read_field(&mut self, key: &str, reader: &mut common_model::Reader<'_>) -> Result<bool, common_model::Error> {
//! #         match key { "id" => reader.required("id", &mut self.id), _ => Ok(false) }
//! #     }
//! #     fn write_fields(&self, object: &mut common_model::ObjectWriter<'_>) { object.required("id", &self.id); }
//! #     fn extra(&self) -> &common_model::Extra { &self.extra }
//! #     fn extra_mut(&mut self) -> &mut common_model::Extra { &mut self.extra }
//! # }
//! # common_model::model!(Get);
//! # impl Operation for Get {
//! #     type Output = String;
//! #     fn metadata(&self) -> &'static Metadata { &GET }
//! #     fn request(&self) -> Result<Request<Bytes>, Error> {
//! #         let mut request = Request::get(format!("/things/{}", self.id)).body(Bytes::new()).expect("a path");
//! #         common_api::mock::attach_params(&mut request, self);
//! #         Ok(request)
//! #     }
//! #     fn decode(&self, response: Response<Bytes>) -> Result<String, Error> {
//! #         Ok(String::from_utf8_lossy(response.body()).into_owned())
//! #     }
//! # }
//! # impl Mocked for Get {
//! #     const METADATA: &'static Metadata = &GET;
//! #     fn answer(output: &String) -> Response<Bytes> { Response::new(output.clone().into()) }
//! #     fn refusal(status: StatusCode, message: &str) -> Response<Bytes> {
//! #         let mut response = Response::new(message.to_owned().into());
//! #         *response.status_mut() = status;
//! #         response
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mock = Mock::new();
//! mock.on::<Get>().when(|get| get.id == 7).answer("seven".to_owned());
//!
//! let client = Client::builder("https://demo.example".parse()?).service(mock.service()).build()?;
//! assert_eq!(client.send(&Get { id: 7, ..Get::default() }).await?, "seven");
//!
//! // Nothing else is expected, and the error says what was.
//! let error = client.send(&Get { id: 8, ..Get::default() }).await.unwrap_err();
//! assert!(error.to_string().contains("things.get (GET /things/8)"), "{error}");
//! assert!(mock.check().is_err());
//! # Ok(())
//! # }
//! ```
//!
//! The API crates build such clients in one step: `retailcrm_v5::Client::mock(&mock)`.

mod envelope;
mod expectation;
mod received;
mod report;
mod service;
mod state;

use std::{
    fmt,
    panic::Location,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use bytes::Bytes;
use common_model::Decode;
use common_transport::{Metadata, Operation};
use http::{Request, Response, StatusCode};

pub use envelope::{attach_params, json_answer, json_refusal};
pub use expectation::{Answers, Expectation};
pub use received::Received;
pub use report::Unmet;
pub use service::{MockFuture, MockService};

use state::State;

/// An operation that a [`Mock`] can answer. All generated operations implement it, with the feature `mock` of their
/// crate.
pub trait Mocked: Operation + Decode {
    /// The operation's static description, by its type.
    const METADATA: &'static Metadata;

    /// Writes an output as the service would send it.
    fn answer(output: &Self::Output) -> Response<Bytes>;

    /// Writes a refusal as the service would send it.
    fn refusal(status: StatusCode, message: &str) -> Response<Bytes>;
}

/// Implements [`Mocked`](crate::mock::Mocked) for a generated operation. The module that calls it must have `wire`,
/// `Metadata`, `Bytes` and `Response` in scope; `wire::mock` writes the answers.
#[doc(hidden)]
#[macro_export]
macro_rules! mocked {
    ($operation:ident, $metadata:ident, $answer:ident) => {
        impl $crate::mock::Mocked for $operation {
            const METADATA: &'static Metadata = &$metadata;

            fn answer(output: &Self::Output) -> Response<Bytes> {
                wire::mock::$answer(output)
            }

            fn refusal(status: ::http::StatusCode, message: &str) -> Response<Bytes> {
                wire::mock::refusal(status, message)
            }
        }
    };
}

/// Answers operations by their type, in place of the network.
///
/// Each expectation has its answers in sequence; an answer is given once, unless [`times`](Answers::times) or
/// [`always`](Answers::always) says otherwise. A call goes to the first expectation that fits and has an answer left.
/// A call that none fits fails with [`Error::is_invalid_input`](common_transport::Error::is_invalid_input), and is not
/// retried. Attempts count, not calls: a retry takes the next answer.
///
/// When a mock is dropped, it panics if an answer was not asked for, or if a call came that nothing expected: what is
/// not met fails the test. It does not panic while the thread panics already, nor after [`check`](Self::check).
#[must_use = "a mock checks its expectations when it is dropped"]
pub struct Mock {
    state: Shared,
}

type Shared = Arc<Mutex<State>>;

impl Mock {
    /// Builds a mock that expects nothing.
    pub fn new() -> Self {
        Self {
            state: Arc::default(),
        }
    }

    /// Expects calls of an operation. The answers follow: [`Expectation::answer`] and its siblings.
    #[track_caller]
    #[must_use = "an expectation without an answer fits no call"]
    pub fn on<O: Mocked>(&self) -> Expectation<'_, O> {
        self.lock().expect(O::METADATA.name, Some(O::METADATA));
        Expectation::new(self)
    }

    /// Expects requests by what they are, for operations without a type of their own. Errors and reports call the
    /// expectation `name`.
    #[track_caller]
    #[must_use = "an expectation without an answer fits no call"]
    pub fn on_request(
        &self,
        name: &'static str,
        condition: impl Fn(&Request<Bytes>) -> bool + Send + Sync + 'static,
    ) -> Expectation<'_, ()> {
        self.lock().expect(name, None);
        Expectation::new(self).when_request(condition)
    }

    /// Returns a service for `common_transport::ClientBuilder::service`.
    pub fn service(&self) -> MockService {
        MockService::new(Arc::clone(&self.state))
    }

    /// Returns the requests that came, in their order, each attempt on its own.
    pub fn received(&self) -> Vec<Received> {
        self.lock().received()
    }

    /// Checks that every answer was asked for, and that no other call came. The check is not repeated on drop.
    ///
    /// # Errors
    /// [`Unmet`] lists what is missing, what was not expected, and the calls that came.
    pub fn check(&self) -> Result<(), Unmet> {
        self.lock().check()
    }

    /// As [`check`](Self::check), for tests.
    ///
    /// # Panics
    /// If the check fails, with its report.
    #[track_caller]
    pub fn verify(&self) {
        if let Err(unmet) = self.check() {
            panic!("{unmet}");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Mock {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        if thread::panicking() || self.lock().is_checked() {
            return;
        }
        self.verify();
    }
}

/// Shows the requests that came, with their secrets masked.
impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock")
            .field("received", &self.received())
            .finish_non_exhaustive()
    }
}

/// Where an expectation was written.
type Place = &'static Location<'static>;

#[cfg(test)]
mod tests;
