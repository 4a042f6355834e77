//! Options of one call: [`CallOptions`].

mod held;
#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc, time::Duration};

use http::{
    HeaderMap, HeaderName, HeaderValue, Request,
    header::{
        AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, PROXY_AUTHORIZATION, TE,
        TRAILER, TRANSFER_ENCODING, UPGRADE,
    },
};

pub(crate) use held::Held;

use crate::{Context, Error, Idempotency, Priority, RetryPolicy};

/// Headers that follow from the credentials, the body, the URL or the connection.
const RESERVED: [HeaderName; 10] = [
    AUTHORIZATION,
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    HOST,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// Options of one call. Each one replaces a setting of the client, or of a layer, for this call alone.
///
/// [`attach`](Self::attach) adds them to a request. `Client` reads them from the request, and so do the layers
/// [`deadline`](crate::deadline), [`retry`](crate::retry), [`limit`](crate::limit) and [`auth`](crate::auth) in a stack
/// of your own. `Call` of common-api has a method for each option.
///
/// ```
/// use bytes::Bytes;
/// use common_transport::{
///     CallOptions, Error, RetryPolicy, deadline::DeadlineLayer, retry::RetryLayer,
/// };
/// use http::{Request, Response};
/// use std::time::Duration;
/// use tower::{Service, ServiceBuilder, ServiceExt, service_fn};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut stack = ServiceBuilder::new()
///     .layer(DeadlineLayer::new(Duration::from_secs(1)))
///     .layer(RetryLayer::new(RetryPolicy::new()))
///     .service(service_fn(async |request: Request<Bytes>| {
///         assert_eq!(request.headers()["x-shop"], "main");
///         tokio::time::sleep(Duration::from_secs(3)).await;
///         Ok::<_, Error>(Response::new(Bytes::new()))
///     }));
///
/// let mut request = Request::get("https://demo.example/").body(Bytes::new())?;
/// CallOptions::new()
///     .timeout(Duration::from_secs(5))
///     .retry(RetryPolicy::none())
///     .header("x-shop", "main")
///     .attach(&mut request)?;
/// assert!(stack.ready().await?.call(request).await.is_ok());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) idempotency: Option<Idempotency>,
    pub(crate) priority: Option<Priority>,
    headers: HeaderMap,
    /// The first header that cannot be set, and the reason.
    refused: Option<(String, &'static str)>,
}

/// Options in the extensions of a request.
#[derive(Clone)]
struct Attached(Arc<CallOptions>);

impl CallOptions {
    /// No options: all settings of the client apply.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time limit of the call: all attempts, backoff and waits for the rate limiter together. It replaces
    /// `ClientBuilder::total_timeout`, and may be longer.
    ///
    /// The time limits of one attempt stay those of the client.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Returns the time limit of the call, or `default` if the options have none. It is for work of several requests,
    /// such as a step of a walk, that ends within the time of one call.
    ///
    /// ```
    /// use common_transport::CallOptions;
    /// use std::time::Duration;
    ///
    /// let [short, long] = [5, 120].map(Duration::from_secs);
    /// assert_eq!(CallOptions::new().timeout(short).timeout_or(long), short);
    /// assert_eq!(CallOptions::new().timeout_or(long), long);
    /// ```
    pub fn timeout_or(&self, default: Duration) -> Duration {
        self.timeout.unwrap_or(default)
    }

    /// Sets the retry policy of the call. [`RetryPolicy::none`] turns retries off.
    ///
    /// Retries still count against the client's [budget](crate::retry::Budget), unless the policy has [its
    /// own](RetryPolicy::budget).
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Sets whether a repeat of this call has no further effect. It overrides the metadata of the operation.
    ///
    /// - [`Idempotency::Idempotent`]: an ambiguous failure is retried. The caller knows that the service would refuse
    ///   or ignore a second one, for example because the object has a unique key.
    /// - [`Idempotency::NonIdempotent`]: the call is retried only after an attempt that provably was not processed.
    #[must_use]
    pub fn idempotency(mut self, idempotency: Idempotency) -> Self {
        self.idempotency = Some(idempotency);
        self
    }

    /// Sets the priority of the call in the queue of the rate limiter, for each of its attempts. It replaces the
    /// priority of the client. See [`Priority`] for the order.
    ///
    /// ```
    /// use common_transport::{CallOptions, Error, Priority, RateClass, RateLimits, limit::LimitLayer};
    /// use http::{Request, Response};
    /// use tokio::time::{Duration, Instant};
    /// use tower::{ServiceBuilder, ServiceExt, service_fn};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Error> {
    /// let stack = ServiceBuilder::new()
    ///     .layer(LimitLayer::new(RateLimits::new().class(RateClass::DEFAULT, 10)))
    ///     .service(service_fn(async |_: Request<()>| Ok::<_, Error>(Response::new(()))));
    /// let request = || Request::get("https://demo.example/").body(()).expect("constants");
    ///
    /// let begin = Instant::now();
    /// let export = (0..30).map(|_| {
    ///     let mut request = request();
    ///     CallOptions::new().priority(Priority::Low).attach(&mut request)?;
    ///     Ok(tokio::spawn(stack.clone().oneshot(request)))
    /// });
    /// let export = export.collect::<Result<Vec<_>, Error>>()?;
    /// tokio::task::yield_now().await;
    ///
    /// stack.oneshot(request()).await?;
    /// assert_eq!(begin.elapsed(), Duration::from_millis(100));
    /// # drop(export);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn priority(mut self, priority: Priority) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Sets a header of every attempt. It replaces the header of the operation or the client with this name. Of several
    /// values for one name the last one counts.
    ///
    /// The call fails with [`Error::is_invalid_input`], naming the header, when the name or the value is invalid, or
    /// when the caller must not set the header. Such headers are `Host`, `Content-Length`, `Content-Type`,
    /// `Authorization`, headers of the connection, and every header that the client's [`Authorize`](crate::Authorize)
    /// sets.
    #[must_use]
    pub fn header(mut self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
        let name = name.as_ref();
        if let Err(reason) = self.set_header(name, value.try_into().ok()) {
            self.refused.get_or_insert((name.to_owned(), reason));
        }
        self
    }

    fn set_header(&mut self, name: &str, value: Option<HeaderValue>) -> Result<(), &'static str> {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| "it is not the name of a header")?;
        if RESERVED.contains(&name) {
            return Err("a call cannot set this header: it belongs to the client");
        }
        let value = value.ok_or("the value cannot stand in a header")?;
        self.headers.insert(name, value);
        Ok(())
    }

    /// Adds the options to a request. Earlier options are replaced, but headers that they have set stay.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] names a header that cannot be [set](Self::header).
    pub fn attach<B>(self, request: &mut Request<B>) -> Result<(), Error> {
        Self::attach_shared(Arc::new(self), request)
    }

    /// The same for options that several requests share.
    ///
    /// # Errors
    /// The errors of [`attach`](Self::attach).
    pub fn attach_shared<B>(options: Arc<Self>, request: &mut Request<B>) -> Result<(), Error> {
        if let Some((name, reason)) = &options.refused {
            return Err(Error::invalid_input(name.as_str(), *reason));
        }
        for (name, value) in &options.headers {
            request.headers_mut().insert(name, value.clone());
        }
        request.extensions_mut().insert(Attached(options));
        Ok(())
    }

    /// The options of a request: those of its [`Context`], or else those attached to it.
    pub fn of<B>(request: &Request<B>) -> Option<&Self> {
        Self::shared_of(request, Context::of(request)).map(Arc::as_ref)
    }

    pub(crate) fn shared_of<'r, B>(
        request: &'r Request<B>,
        context: Option<&'r Context>,
    ) -> Option<&'r Arc<Self>> {
        match context {
            Some(context) => context.options(),
            None => Self::attached(request),
        }
    }

    /// The options attached to a request without a context.
    pub(crate) fn attached<B>(request: &Request<B>) -> Option<&Arc<Self>> {
        let attached = request.extensions().get::<Attached>()?;
        Some(&attached.0)
    }

    /// Takes the attached options out of a request.
    #[cfg(feature = "client-core")]
    pub(crate) fn take<B>(request: &mut Request<B>) -> Option<Arc<Self>> {
        let attached = request.extensions_mut().remove::<Attached>()?;
        Some(attached.0)
    }
}

/// Values of headers are left out: they may be secrets.
impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .field("idempotency", &self.idempotency)
            .field("priority", &self.priority)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
