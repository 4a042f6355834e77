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
    Authorize, BaseUrl, Classify, Error, Limiter, RateLimits, RetryPolicy, Secret,
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
    /// What was asked for.
    limit: Option<LimitLayer>,
    default_limits: Option<RateLimits>,
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

    /// Another address than the one the client was begun with.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.base_url = base_url;
        self
    }

    /// Adds credentials to each attempt. Default: none.
    pub fn authorize(mut self, auth: impl Authorize + 'static) -> Self {
        self.auth = AuthorizeLayer::new(auth);
        self
    }

    /// A secret that errors leave out where the service quotes it, in whatever spelling (plain, percent-encoded, as
    /// JSON or HTML). Each call adds one. Texts of fewer than four characters are not looked for.
    pub fn hide(mut self, secret: impl Into<Secret>) -> Self {
        self.secrets.push(secret.into());
        self
    }

    /// Takes a permit for each attempt. Default: [`default_limits`](Self::default_limits), or no limit where there
    /// are none.
    pub fn limits(mut self, limits: impl Limiter + 'static) -> Self {
        self.limit = Some(LimitLayer::new(limits));
        self
    }

    /// The limits of a client that is given none by [`limits`](Self::limits): for crates that know what their service
    /// permits. Default: none.
    ///
    /// A client over a pool shares them with all others that have a clone. One over a [`service`](Self::service) gets
    /// the same caps for itself: what tests do with fakes, each with a clock of its own, is no business of others.
    pub fn default_limits(mut self, limits: RateLimits) -> Self {
        self.default_limits = Some(limits);
        self
    }

    /// Uses a pool that other clients use too. Default: one of its own.
    pub fn pool(mut self, pool: Pool) -> Self {
        self.transport = Some(Transport::Pool(pool));
        self
    }

    /// Bounds a whole call, waits and repeats included. Default: 120 s.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.deadline = timeout;
        self
    }

    /// Bounds one attempt; of a [download](Client::download), up to the head of its answer. Default: 60 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt = self.attempt.timeout(timeout);
        self
    }

    /// Bounds connecting: name, TCP and TLS together. Default: 10 s. A [`pool`](Self::pool) pool keeps
    /// its own bound.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.pool = self.pool.connect_timeout(timeout);
        self
    }

    /// Bounds the wait for the head of an answer; after a streamed request, from its last piece on. Default: 30 s.
    pub fn response_timeout(mut self, timeout: Duration) -> Self {
        self.attempt = self.attempt.response_timeout(timeout);
        self
    }

    /// Bounds each silence within the body of an answer, and of a streamed request. Default: 15 s.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.attempt = self.attempt.idle_timeout(timeout);
        self
    }

    /// Bounds the size of an answer, compressed and expanded, in bytes. Default: 64 MiB.
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.attempt = self.attempt.max_body(bytes);
        self.decompress = self.decompress.max_body(bytes);
        self
    }

    /// How calls are repeated. Default: [`RetryPolicy::new`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// What answers mean for a repeat. Default: [`ByStatus`](crate::ByStatus).
    pub fn classify(mut self, classify: impl Classify + 'static) -> Self {
        self.classify = Some(Arc::new(classify));
        self
    }

    /// The `User-Agent` of requests that bring none. Default: this crate's name and version.
    pub fn user_agent(mut self, user_agent: &str) -> Self {
        user_agent.clone_into(&mut self.user_agent);
        self
    }

    /// Tells `observer` of each attempt and each call: for metrics. Default: nobody.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.trace = TraceLayer::new().observer(observer);
        self
    }

    /// Puts a tower layer of your own around each attempt. Of several, the first one added is the outermost, as in
    /// tower's `ServiceBuilder`.
    ///
    /// It stands inside of retry, rate limit and credentials, and outside of timeouts, expansion and transport: it is
    /// called once for each attempt, with a request that is absolute and holds its credentials, and sees the answer in
    /// plain. The body of a [download](Client::download) is empty there; extensions of the answer have to stay.
    ///
    /// An error of the layer that is no [`Error`] counts as a broken transport. It may have landed where the request
    /// had been passed on and sent. A client without layers of your own boxes nothing for them.
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

    /// Sends an id with each call, as `X-Request-Id`; errors, answers and spans hold it too. Default: none is sent.
    pub fn request_ids(mut self, ids: RequestIds) -> Self {
        self.request_ids = Some(ids);
        self
    }

    /// Sends through this service in place of a pool: for tests, and for those who have an HTTP stack. The client does
    /// not share [`default_limits`](Self::default_limits) then; who sends to the real service gives
    /// [`limits`](Self::limits) that are shared.
    ///
    /// It gets absolute requests with all their credentials and gives whole answers. An error of it counts
    /// as ambiguous, unless it is an [`Error`] that says otherwise. It must not follow redirects. A streamed
    /// body is refused.
    pub fn service<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Bytes>, Response = Response<Bytes>> + Clone + Send + 'static,
        S::Error: Into<Box<dyn StdError + Send + Sync>>,
        S::Future: Send + 'static,
    {
        self.transport = Some(Transport::Foreign(Foreign::new(service)));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] when the user agent cannot stand in a header.
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
            .unwrap_or_else(|| default_limit(self.default_limits, &transport));
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
