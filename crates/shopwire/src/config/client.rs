//! Settings that every client has.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use common_api::{Decoding, Strictness};
use common_transport::{
    BoxError, ClientBuilder, Limiter, Pool, Priority, RetryPolicy,
    client::{AroundAttempt, RequestIds},
    observe::Observer,
};
use http::{Request, Response};
use tower_service::Service;

type Configure = dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync;

/// Settings that every client has, under the names that they have in the clients' builders.
///
/// [`Config::client`](crate::Config::client) sets them for all services, `nicechat_client`, `uvygoda_client` and
/// `retailcrm_client` for one. The settings of one service win.
///
/// ```
/// use std::time::Duration;
/// use shopwire::{Config, Pool};
///
/// let config = Config::new()
///     .client(|all| all.pool(Pool::new()).total_timeout(Duration::from_secs(60)))
///     .uvygoda_client(|uvygoda| uvygoda.total_timeout(Duration::from_secs(300)));
/// # drop(config);
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct ClientConfig {
    settings: Vec<Arc<Configure>>,
    strictness: Option<Strictness>,
    decoding: Option<Decoding>,
}

impl ClientConfig {
    /// Sets whether answers that are not strict JSON are repaired or refused. Default: refused.
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = Some(strictness);
        self
    }

    /// How answers are read: strictly or not, and within how much memory.
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.decoding = Some(decoding);
        self
    }

    /// Uses this pool. Default: one pool for the clients of a [`Shopwire`](crate::Shopwire).
    pub fn pool(self, pool: Pool) -> Self {
        self.transport(move |stack| stack.pool(pool.clone()))
    }

    /// Sends through this service in place of a pool: for tests, and for those who have an HTTP stack. See
    /// [`ClientBuilder::service`].
    pub fn service<S>(self, service: S) -> Self
    where
        S: Service<Request<Bytes>, Response = Response<Bytes>> + Clone + Send + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send + 'static,
    {
        // In a lock, since a service need not be `Sync`.
        let service = Mutex::new(service);
        self.transport(move |stack| {
            let service = service.lock().unwrap_or_else(PoisonError::into_inner);
            stack.service(service.clone())
        })
    }

    /// Bounds a whole call, waits and repeats included. Default: 120 s.
    pub fn total_timeout(self, timeout: Duration) -> Self {
        self.transport(move |stack| stack.total_timeout(timeout))
    }

    /// Bounds one attempt; of a download, up to the head of its answer. Default: 60 s.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.transport(move |stack| stack.attempt_timeout(timeout))
    }

    /// Bounds the size of an answer, compressed and expanded, in bytes. Default: 64 MiB.
    pub fn max_body(self, bytes: usize) -> Self {
        self.transport(move |stack| stack.max_body(bytes))
    }

    /// When and how often attempts are repeated.
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.transport(move |stack| stack.retry(policy.clone()))
    }

    /// Sets the priority of all calls in the queue of the rate limiter. Default: [`Priority::High`]. A call or a walk can
    /// have its own.
    pub fn priority(self, priority: Priority) -> Self {
        self.transport(move |stack| stack.priority(priority))
    }

    /// The rate limits. Default: those that the service documents.
    pub fn limits(self, limits: impl Limiter + 'static) -> Self {
        let limits = Arc::new(limits);
        self.transport(move |stack| stack.limits(Arc::clone(&limits)))
    }

    /// Tells an observer how calls and attempts end. Default: no observer.
    pub fn observer(self, observer: impl Observer + Clone + 'static) -> Self {
        self.transport(move |stack| stack.observer(observer.clone()))
    }

    /// Sends an id with each call, as `X-Request-Id`. Default: none is sent.
    pub fn request_ids(self, ids: RequestIds) -> Self {
        self.transport(move |stack| stack.request_ids(ids.clone()))
    }

    /// The `User-Agent`. Default: name and version of the service's crate.
    pub fn user_agent(self, user_agent: &str) -> Self {
        let user_agent = user_agent.to_owned();
        self.transport(move |stack| stack.user_agent(&user_agent))
    }

    /// Puts a tower layer of your own around each attempt; the first one added is the outermost. See
    /// [`ClientBuilder::layer`].
    pub fn layer(self, layer: impl AroundAttempt + Clone) -> Self {
        self.transport(move |stack| stack.layer(layer.clone()))
    }

    /// Configures the rest of the stack. It is called once for each client that is built.
    pub fn transport(
        mut self,
        configure: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.settings.push(Arc::new(configure));
        self
    }
}

#[cfg(any(feature = "nicechat", feature = "retailcrm", feature = "uvygoda"))]
impl ClientConfig {
    /// These settings and then those of `more`, which win.
    pub(crate) fn and(&self, more: &Self) -> Self {
        let settings = self.settings.iter().chain(&more.settings);
        Self {
            settings: settings.cloned().collect(),
            strictness: more.strictness.or(self.strictness),
            decoding: more.decoding.or(self.decoding),
        }
    }

    pub(crate) fn strictness_or_default(&self) -> Strictness {
        self.strictness.unwrap_or_default()
    }

    pub(crate) fn decoding_or_default(&self) -> Decoding {
        self.decoding.unwrap_or_default()
    }

    pub(crate) fn apply(&self, stack: ClientBuilder) -> ClientBuilder {
        let settings = self.settings.iter();
        settings.fold(stack, |stack, configure| configure(stack))
    }
}

/// Shows how many settings of the stack there are: they may hold anything.
impl fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientConfig")
            .field("settings", &self.settings.len())
            .field("strictness", &self.strictness)
            .field("decoding", &self.decoding)
            .finish()
    }
}
