//! The receiver: from the URL to a task that handles the delivery.

use std::{fmt, sync::Arc, time::Duration};

use common_transport::{BoxError, Mask, Secret};
use http::{HeaderMap, Method, request::Parts};
use http_body::Body;
use subtle::ConstantTimeEq;
use tokio::time::timeout;

use super::{
    Counts, Delivery, Format, Handler, OnReject, Reason, ReceiptId, Rejection, Storing,
    counts::Counters,
    credentials,
    in_flight::InFlight,
    open::{Announced, Open, Shared, refuse},
    read::read_whole,
};

/// Receives deliveries at a URL that ends in a secret. See the [module docs](super).
///
/// It is a tower service that answers every request and never fails. Clones share the handler, the counts and the
/// deliveries in flight. It needs a tokio runtime with timers.
pub struct Receiver<H> {
    handler: Arc<H>,
    settings: Arc<Settings>,
    shared: Arc<Shared>,
}

#[derive(Clone)]
struct Settings {
    max_body: usize,
    read_timeout: Duration,
    max_in_flight: usize,
    on_reject: Option<Arc<dyn OnReject>>,
}

impl<F, S> Receiver<Storing<F, S>>
where
    F: Format + Default,
{
    /// Builds a receiver that keeps the events posted to the URL that ends in this secret.
    ///
    /// The secret is compared with the path without decoding, so choose one that needs no percent-encoding, such as
    /// 32 random hexadecimal digits. With an empty secret all requests are rejected.
    pub fn new(path_secret: impl Into<Secret>, store: S) -> Self {
        Self::with_handler(path_secret, Storing::new(F::default(), store))
    }
}

impl<F, S> Receiver<Storing<F, S>> {
    /// Sets the format of the events.
    #[must_use]
    pub fn format<G: Format>(self, format: G) -> Receiver<Storing<G, S>> {
        Receiver {
            handler: Arc::new(self.handler.with_format(format)),
            settings: self.settings,
            shared: self.shared,
        }
    }

    /// Sets the name of the source and the account, for a store that several receivers share: event ids and equal
    /// bodies are compared within one source. Default: empty.
    #[must_use]
    pub fn source(mut self, source: impl AsRef<str>) -> Self {
        self.handler = Arc::new(self.handler.with_source(source.as_ref()));
        self
    }

    /// Returns the store.
    pub fn store(&self) -> &S {
        self.handler.store()
    }
}

impl<H> Receiver<H> {
    /// Builds a receiver that passes deliveries to the URL that ends in this secret to a handler.
    pub fn with_handler(path_secret: impl Into<Secret>, handler: H) -> Self {
        let secret = path_secret.into();
        Self {
            handler: Arc::new(handler),
            settings: Arc::new(Settings {
                max_body: 1024 * 1024,
                read_timeout: Duration::from_secs(60),
                max_in_flight: 1024,
                on_reject: None,
            }),
            shared: Arc::new(Shared {
                mask: Mask::new([secret.clone()]),
                secret,
                counters: Counters::default(),
                in_flight: InFlight::new(),
            }),
        }
    }

    /// Sets the longest body in bytes; longer ones are rejected. Default: 1 MiB.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        Arc::make_mut(&mut self.settings).max_body = bytes;
        self
    }

    /// Sets the time limit for reading the whole body. Default: one minute. Storing has no time limit.
    #[must_use]
    pub fn read_timeout(mut self, wait: Duration) -> Self {
        Arc::make_mut(&mut self.settings).read_timeout = wait;
        self
    }

    /// Sets how many deliveries may be read or stored at once; more are rejected. Default: 1024. A limit of
    /// connections does not replace this one, since senders that have disconnected hold no connection.
    #[must_use]
    pub fn max_in_flight(mut self, deliveries: usize) -> Self {
        Arc::make_mut(&mut self.settings).max_in_flight = deliveries;
        self
    }

    /// Sets the observer of deliveries that are not accepted.
    #[must_use]
    pub fn on_reject(mut self, observer: impl OnReject) -> Self {
        Arc::make_mut(&mut self.settings).on_reject = Some(Arc::new(observer));
        self
    }

    /// Returns the numbers of accepted and rejected deliveries.
    pub fn counts(&self) -> Counts {
        let in_flight = self.shared.in_flight.count();
        self.shared.counters.counts(in_flight)
    }

    /// Waits until no delivery is being read or stored: for a shutdown, after the server has stopped accepting. It
    /// also waits for deliveries that come meanwhile.
    pub async fn drain(&self) {
        self.shared.in_flight.drained().await;
    }
}

impl<H: Handler> Receiver<H> {
    /// Handles a delivery that was read already, for servers without HTTP types. `path_secret` is the last segment
    /// of its path.
    ///
    /// Once polled, the delivery is handled even if the future is dropped.
    ///
    /// # Errors
    /// The delivery was not accepted; answer with [`Rejection::into_response`].
    pub async fn receive(
        &self,
        path_secret: &str,
        mut delivery: Delivery,
    ) -> Result<H::Output, Rejection> {
        let announced = Announced {
            id: delivery.id,
            headers: self.harmless(std::mem::take(&mut delivery.headers)),
            bytes: Some(delivery.body.len() as u64),
        };
        let mut open = self.admit(path_secret, &delivery.method, announced)?;
        let receiver = self.clone();
        let task = tokio::spawn(async move {
            open.saw(&delivery.body);
            let outcome = if delivery.body.len() > receiver.settings.max_body {
                Err(Rejection::new(Reason::TooLarge))
            } else {
                delivery.headers = open.headers().clone();
                receiver.handler.handle(delivery).await
            };
            settle(open, outcome)
        });
        let outcome = task.await;
        outcome.unwrap_or_else(|_| Err(Rejection::new(Reason::Abandoned)))
    }

    /// Checks whether a delivery may come in, and enters it.
    pub(super) fn admit_request<B: Body>(
        &self,
        parts: &mut Parts,
        body: &B,
    ) -> Result<Open, Rejection> {
        let announced = Announced {
            id: ReceiptId::random(),
            headers: self.harmless(std::mem::take(&mut parts.headers)),
            bytes: body.size_hint().exact(),
        };
        let path = parts.uri.path().trim_end_matches('/');
        let last = path.rsplit('/').next().unwrap_or_default();
        self.admit(last, &parts.method, announced)
    }

    /// Reads the body and handles the delivery.
    pub(super) async fn take<B>(
        self,
        mut open: Open,
        parts: Parts,
        body: B,
    ) -> Result<H::Output, Rejection>
    where
        B: Body,
        B::Error: Into<BoxError>,
    {
        let reading = read_whole(body, parts.version, self.settings.max_body, &mut open);
        let read = timeout(self.settings.read_timeout, reading).await;
        let read = read.unwrap_or_else(|_| Err(Rejection::new(Reason::TimedOut)));
        let outcome = match read {
            Ok(body) => {
                let delivery = Delivery {
                    id: open.id(),
                    method: parts.method,
                    query: parts.uri.query().map(|query| self.hidden(query)),
                    headers: open.headers().clone(),
                    body,
                };
                self.handler.handle(delivery).await
            }
            Err(rejection) => Err(rejection),
        };
        settle(open, outcome)
    }

    pub(super) fn handler(&self) -> &H {
        &self.handler
    }

    fn admit(
        &self,
        path_secret: &str,
        method: &Method,
        announced: Announced,
    ) -> Result<Open, Rejection> {
        let on_reject = self.settings.on_reject.clone();
        let reason = if !self.is_secret(path_secret) {
            Reason::Path
        } else if !self.handler.accepts(method) {
            Reason::Method
        } else {
            let limit = self.settings.max_in_flight;
            return Open::enter(&self.shared, on_reject, announced, limit);
        };
        let rejection = Rejection::new(reason);
        refuse(&self.shared, on_reject.as_deref(), &announced, &rejection);
        Err(rejection)
    }

    fn is_secret(&self, given: &str) -> bool {
        let expected = self.shared.secret.expose().as_bytes();
        !expected.is_empty() && bool::from(given.as_bytes().ct_eq(expected))
    }

    /// The query without the secret: a server that rewrites addresses puts the path there.
    fn hidden(&self, query: &str) -> String {
        self.shared.mask.text(query).into_owned()
    }

    fn harmless(&self, headers: HeaderMap) -> HeaderMap {
        let secret = self.shared.secret.expose();
        credentials::without_credentials(headers, secret, &self.shared.mask)
    }
}

fn settle<T>(open: Open, outcome: Result<T, Rejection>) -> Result<T, Rejection> {
    match &outcome {
        Ok(_) => open.took(),
        Err(rejection) => open.rejected(rejection),
    }
    outcome
}

impl<H> Clone for Receiver<H> {
    fn clone(&self) -> Self {
        Self {
            handler: Arc::clone(&self.handler),
            settings: Arc::clone(&self.settings),
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<H> fmt::Debug for Receiver<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("max_body", &self.settings.max_body)
            .field("read_timeout", &self.settings.read_timeout)
            .field("max_in_flight", &self.settings.max_in_flight)
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
