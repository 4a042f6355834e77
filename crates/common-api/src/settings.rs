//! The methods that every client has, and the settings of the stack that every client's builder has.

use std::fmt;

use bytes::Bytes;
use http::Response;

use crate::{Decoding, Repair, Strictness};

/// How a client reads answers: part of a client and of its builder.
#[derive(Clone, Copy)]
pub struct Reading {
    strictness: Strictness,
    decoding: Decoding,
    repair: Repair,
}

impl Reading {
    /// The default settings. `repair` knows the mistakes of the service.
    #[must_use]
    pub const fn new(repair: Repair) -> Self {
        Self {
            strictness: Strictness::Strict,
            decoding: Decoding::new(),
            repair,
        }
    }

    /// Sets whether answers that are not strict JSON are repaired or refused.
    #[must_use]
    pub const fn strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// Sets how answers are read.
    #[must_use]
    pub const fn decoding(mut self, decoding: Decoding) -> Self {
        self.decoding = decoding;
        self
    }

    /// Attaches the settings to an answer, for [`Sender::receive`](crate::Sender::receive).
    pub fn receive(&self, mut response: Response<Bytes>) -> Response<Bytes> {
        self.strictness.attach(&mut response, self.repair);
        self.decoding.receive(response)
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("strictness", &self.strictness)
            .field("decoding", &self.decoding)
            .finish_non_exhaustive()
    }
}

/// Name and version of the calling crate, as a `User-Agent`.
#[doc(hidden)]
#[macro_export]
macro_rules! user_agent {
    () => {
        concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"))
    };
}

/// The methods of a client that are the same for all services. The client is a `Sender`.
#[doc(hidden)]
#[macro_export]
macro_rules! client_methods {
    () => {
        /// Binds an operation to this client; `.await` sends it.
        pub fn call<O: common_transport::Operation>(&self, operation: O) -> $crate::Call<'_, O> {
            $crate::Call::new(self, operation)
        }

        /// Sends an operation.
        ///
        /// # Errors
        /// The service's own error, or that of the transport: see the predicates of
        /// [`Error`](common_transport::Error).
        pub async fn send<O: common_transport::Operation>(
            &self,
            operation: &O,
        ) -> Result<O::Output, common_transport::Error> {
            let sender: &dyn $crate::Sender = self;
            sender.send(operation).await
        }

        /// The base URL of the service.
        pub fn base_url(&self) -> &common_transport::BaseUrl {
            $crate::Sender::client(self).base_url()
        }
    };
}

/// The settings of the stack, as methods of a builder whose fields are `inner` (a `common_transport::ClientBuilder`) and
/// `reading` (a [`Reading`]). One text for all, so that the builders have one shape.
#[doc(hidden)]
#[macro_export]
macro_rules! stack_settings {
    () => {
        /// Sets whether answers that are not strict JSON are repaired or refused. Default: refused.
        pub fn strictness(mut self, strictness: $crate::Strictness) -> Self {
            self.reading = self.reading.strictness(strictness);
            self
        }

        /// How answers are read: strictly or not, and within how much memory. Default: an odd element is left out
        /// and reported by a log event.
        pub fn decoding(mut self, decoding: $crate::Decoding) -> Self {
            self.reading = self.reading.decoding(decoding);
            self
        }

        /// Uses a pool that other clients use too. Default: one of its own.
        pub fn pool(self, pool: common_transport::Pool) -> Self {
            self.transport(|stack| stack.pool(pool))
        }

        /// Sends through this service in place of a pool: for tests, and for those who have an HTTP stack. See
        /// [`common_transport::ClientBuilder::service`].
        pub fn service<S>(self, service: S) -> Self
        where
            S: $crate::__private::Service<
                    http::Request<bytes::Bytes>,
                    Response = http::Response<bytes::Bytes>,
                > + Clone
                + Send
                + 'static,
            S::Error: Into<common_transport::BoxError>,
            S::Future: Send + 'static,
        {
            self.transport(|stack| stack.service(service))
        }

        /// Bounds a whole call, waits and repeats included. Default: 120 s.
        pub fn total_timeout(self, timeout: std::time::Duration) -> Self {
            self.transport(|stack| stack.total_timeout(timeout))
        }

        /// Bounds one attempt; of a download, up to the head of its answer. Default: 60 s.
        pub fn attempt_timeout(self, timeout: std::time::Duration) -> Self {
            self.transport(|stack| stack.attempt_timeout(timeout))
        }

        /// Bounds the size of an answer, compressed and expanded, in bytes. Default: 64 MiB.
        pub fn max_body(self, bytes: usize) -> Self {
            self.transport(|stack| stack.max_body(bytes))
        }

        /// When and how often attempts are repeated. Default: see [`common_transport::RetryPolicy`].
        pub fn retry(self, policy: common_transport::RetryPolicy) -> Self {
            self.transport(|stack| stack.retry(policy))
        }

        /// Sets the priority of all calls in the queue of the rate limiter. Default:
        /// [`common_transport::Priority::High`]. A call or a walk can have its own.
        pub fn priority(self, priority: common_transport::Priority) -> Self {
            self.transport(|stack| stack.priority(priority))
        }

        /// Tells an observer how calls and attempts end. Default: no observer.
        pub fn observer(self, observer: impl common_transport::observe::Observer + 'static) -> Self {
            self.transport(|stack| stack.observer(observer))
        }

        /// Sends an id with each call, as `X-Request-Id`. Default: none is sent.
        pub fn request_ids(self, ids: common_transport::client::RequestIds) -> Self {
            self.transport(|stack| stack.request_ids(ids))
        }

        /// The `User-Agent`. Default: name and version of this crate.
        pub fn user_agent(self, user_agent: &str) -> Self {
            self.transport(|stack| stack.user_agent(user_agent))
        }

        /// Puts a tower layer of your own around each attempt; the first one added is the outermost. See
        /// [`common_transport::ClientBuilder::layer`].
        pub fn layer(self, layer: impl common_transport::client::AroundAttempt) -> Self {
            self.transport(|stack| stack.layer(layer))
        }

        /// Configures the rest of the stack, such as the timeouts of connections.
        pub fn transport(
            mut self,
            configure: impl FnOnce(
                common_transport::ClientBuilder,
            ) -> common_transport::ClientBuilder,
        ) -> Self {
            self.inner = configure(self.inner);
            self
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    // C1
    #[test]
    fn c1_the_settings_of_reading_come_with_the_answer() {
        static GET: common_transport::Metadata = common_transport::Metadata::new(
            "demo",
            "get",
            http::Method::GET,
            "/",
            common_transport::Idempotency::Idempotent,
        );
        let one: Repair = |_, _| Some(b"1".to_vec());
        let reading = Reading::new(one);
        let number = |reading: Reading| {
            let response = reading.receive(Response::new(Bytes::from_static(b"one")));
            read::<i64>(&GET, response, &|reply| reply.into_text())
        };
        assert!(number(reading).unwrap_err().is_decode());
        assert_eq!(number(reading.strictness(Strictness::Lenient)).unwrap(), 1);
        let strict = Decoding::new().strict(true);
        let shown = format!("{:?}", reading.decoding(strict));
        assert!(
            shown.contains("strict: true") && !shown.contains("repair"),
            "{shown}"
        );
    }
}
