//! The client's configuration.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::{
    AroundAttempt, Client, Pool, RequestIds, around::Layered, foreign::Foreign, handle::Inner,
    pool::PoolBuilder, stack, transport::Transport,
};
use crate::{
    Authorize, BaseUrl, Classify, Error, Limiter, Priority, RateLimits, RetryPolicy, Secret,
    attempt::AttemptLayer, auth::AuthorizeLayer, deadline::DeadlineLayer,
    decompress::DecompressLayer, guard::GuardLayer, limit::LimitLayer, mask::Mask,
    observe::Observer, retry::RetryLayer, trace::TraceLayer,
};

const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Builds a [`Client`].
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    base_url: BaseUrl,
    auth: AuthorizeLayer,
    /// The limits set by `limits`.
    limit: Option<LimitLayer>,
    default_limits: Option<RateLimits>,
    priority: Priority,
    deadline: Duration,
    attempt: AttemptLayer,
    decompress: DecompressLayer,
    retry: RetryPolicy,
    classify: Option<Arc<dyn Classify>>,
    user_agent: String,
    trace: TraceLayer,
    pool: PoolBuilder,
    transport: Option<Transport>,
    secrets: Vec<Secret>,
    layers: Vec<Box<dyn AroundAttempt>>,
    request_ids: Option<RequestIds>,
}

impl ClientBuilder {
    pub(super) fn new(base_url: BaseUrl) -> Self {
        Self {
            base_url,
            auth: AuthorizeLayer::new(|_: &mut Request<Bytes>| Ok(())),
            limit: None,
            default_limits: None,
            priority: Priority::default(),
            deadline: Duration::from_secs(120),
            attempt: AttemptLayer::new(),
            decompress: DecompressLayer::new(),
            retry: RetryPolicy::new(),
            classify: None,
            user_agent: USER_AGENT.to_owned(),
            trace: TraceLayer::new(),
            pool: Pool::builder(),
            transport: None,
            secrets: Vec::new(),
            layers: Vec::new(),
            request_ids: None,
        }
    }

    /// Replaces the base URL.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.base_url = base_url;
        self
    }

    /// Adds credentials to each attempt. Default: none.
    pub fn authorize(mut self, auth: impl Authorize + 'static) -> Self {
        self.auth = AuthorizeLayer::new(auth);
        self
    }

    /// Adds a secret to mask in errors, in any spelling: plain, percent-encoded, as JSON or HTML. Texts of fewer than
    /// four characters are not masked.
    pub fn hide(mut self, secret: impl Into<Secret>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Sets the rate limiter; each attempt takes a permit. Default: [`default_limits`](Self::default_limits), else no
    /// limit.
    pub fn limits(mut self, limits: impl Limiter + 'static) -> Self {
        self.limit = Some(LimitLayer::new(limits));
        self
    }

    /// Sets the limits of a client without [`limits`](Self::limits), for crates that know the quotas of their service.
    /// Default: no limit.
    ///
    /// A client over a pool shares them with all clients that have a clone. A client over a [`service`](Self::service)
    /// gets the same caps for itself, so that tests with fakes and clocks of their own do not affect each other.
    pub fn default_limits(mut self, limits: RateLimits) -> Self {
        self.default_limits = Some(limits);
        self
    }

    /// Sets the priority of all calls in the queue of the rate limiter. Default: [`Priority::High`]. One call can have
    /// [its own](crate::CallOptions::priority).
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = priority;
        self
    }

    /// Uses a pool that other clients use too. Default: a pool of its own.
    pub fn pool(mut self, pool: Pool) -> Self {
        self.transport = Some(Transport::Pool(pool));
        self
    }

    /// Sets the time limit of a whole call, including waits and retries. Default: 120 s.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.deadline = timeout;
        self
    }

    /// Sets the time limit of one attempt; for a [download](Client::download), up to the head of the response. Default:
    /// 60 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt = self.attempt.timeout(timeout);
        self
    }

    /// Sets the time limit of connecting: name lookup, TCP and TLS together. Default: 10 s. A shared
    /// [`pool`](Self::pool) keeps its own limit.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.pool = self.pool.connect_timeout(timeout);
        self
    }

    /// Sets the time limit of the wait for the head of the response. For a streamed request it starts with the last
    /// chunk. Default: 30 s.
    pub fn response_timeout(mut self, timeout: Duration) -> Self {
        self.attempt = self.attempt.response_timeout(timeout);
        self
    }

    /// Sets the longest pause within the body of a response, and within a streamed request. Default: 15 s.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.attempt = self.attempt.idle_timeout(timeout);
        self
    }

    /// Sets the maximum size of a response body in bytes, both compressed and expanded. Default: 64 MiB.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.attempt = self.attempt.max_body(bytes);
        self.decompress = self.decompress.max_body(bytes);
        self
    }

    /// Sets the retry policy. Default: [`RetryPolicy::new`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the classifier that decides what a response means for retries. Default: [`ByStatus`](crate::ByStatus).
    pub fn classify(mut self, classify: impl Classify + 'static) -> Self {
        self.classify = Some(Arc::new(classify));
        self
    }

    /// Sets the `User-Agent` of requests without one. Default: name and version of this crate.
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        user_agent.clone_into(&mut self.user_agent);
        self
    }

    /// Sets an observer that is told of each attempt and each call, for metrics. Default: no observer.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.trace = TraceLayer::new().observer(observer);
        self
    }

    /// Puts a tower layer of your own around each attempt. Of several, the first one added is the outermost, as in
    /// tower's `ServiceBuilder`.
    ///
    /// The layer is inside of retry, rate limit and credentials, and outside of timeouts, expansion and transport. It
    /// is called once for each attempt, with an absolute request that holds its credentials, and it gets the expanded
    /// response. The body of a [download](Client::download) is empty there. It must keep the extensions of the
    /// response.
    ///
    /// An error of the layer that is not an [`Error`] counts as a broken transport. It is marked as [possibly
    /// landed](Error::may_have_landed) when the layer had passed the request on and it was sent. A client without such
    /// layers boxes nothing for them.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use common_transport::{BoxError, Client};
    /// use http::{HeaderValue, Request, Response};
    /// use tower::util::MapRequestLayer;
    ///
    /// # fn main() -> Result<(), BoxError> {
    /// # let network = tower::service_fn(async |_: Request<Bytes>| {
    /// #     Ok::<_, BoxError>(Response::new(Bytes::new()))
    /// # });
    /// let tenant = MapRequestLayer::new(|mut request: Request<Bytes>| {
    ///     request.headers_mut().insert("x-tenant", HeaderValue::from_static("7"));
    ///     request
    /// });
    /// let client = Client::builder("https://demo.example".parse()?)
    ///     .layer(tenant)
    /// #   .service(network)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn layer(mut self, layer: impl AroundAttempt) -> Self {
        self.layers.push(Box::new(layer));
        self
    }

    /// Sends an id with each call as `X-Request-Id`. Errors, responses and spans hold it too. Default: no id.
    pub fn request_ids(mut self, ids: RequestIds) -> Self {
        self.request_ids = Some(ids);
        self
    }

    /// Sends through this service instead of a pool: for tests, and for callers with an HTTP stack of their own. The
    /// client does not share [`default_limits`](Self::default_limits) then; to send to the real service, set shared
    /// [`limits`](Self::limits).
    ///
    /// The service gets absolute requests with all credentials, and returns whole responses. Its errors count as
    /// ambiguous, unless they are an [`Error`] that says otherwise. It must not follow redirects. A streamed body is
    /// refused.
    pub fn service<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Bytes>, Response = Response<Bytes>> + Clone + Send + 'static,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
        S::Future: Send + 'static,
    {
        self.transport = Some(Transport::Foreign(Foreign::new(service)));
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] when the user agent is not a valid header value.
    pub fn build(self) -> Result<Client, Error> {
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| Error::invalid_input("user agent", "it cannot stand in a header"))?;
        let pool = self.pool;
        let bounds = self.attempt;
        let transport = self
            .transport
            .unwrap_or_else(|| Transport::Pool(pool.build()));
        let limit = self
            .limit
            .unwrap_or_else(|| default_limit(self.default_limits, &transport))
            .priority(self.priority);
        let mut retry = RetryLayer::new(self.retry);
        if let Some(classify) = self.classify {
            retry = retry.classify(stack::SharedClassify(classify));
        }
        let attempt = self.attempt.layer(GuardLayer::new().layer(transport));
        let expanded = self.decompress.layer(attempt);
        let around = Layered::new(expanded, &self.layers);
        let limited = limit.layer(self.auth.layer(around));
        let stack = DeadlineLayer::new(self.deadline).layer(retry.layer(limited));
        Ok(Client {
            inner: Arc::new(Inner {
                base_url: self.base_url,
                user_agent,
                bounds,
                request_ids: self.request_ids,
                mask: Arc::new(Mask::new(self.secrets)),
                total_timeout: self.deadline,
                stack: self.trace.layer(stack),
            }),
        })
    }
}

fn default_limit(limits: Option<RateLimits>, transport: &Transport) -> LimitLayer {
    match (limits, transport) {
        (None, _) => LimitLayer::new(stack::Unlimited),
        (Some(limits), Transport::Pool(_)) => LimitLayer::new(limits),
        (Some(limits), Transport::Foreign(_)) => LimitLayer::new(limits.unshared()),
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("total_timeout", &self.deadline)
            .field("attempt", &self.attempt)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
