//! Calls bound to a client: the return type of the methods of API crates.

mod answered;
mod sender;

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    sync::Arc,
    time::Duration,
};

use common_transport::{
    CallOptions, Client, DownloadBody, Error, Idempotency, Operation, Priority, RetryPolicy,
};
use http::{HeaderValue, Response};

pub use answered::Answered;
pub use sender::Sender;

/// An operation and the client that will send it. `.await` sends it.
///
/// A call is an [`IntoFuture`], not a [`Future`]: for `join_all` and the like, pass `call.into_future()`. It borrows the
/// client. For `tokio::spawn`, move a clone of the client into an async block, and make the call there.
///
/// ```
/// # use bytes::Bytes;
/// # use common_api::Call;
/// # use common_transport::{BoxError, Client, Error, Idempotency, Metadata, Operation};
/// # use http::{Method, Request, Response};
/// # static LIST: Metadata =
/// #     Metadata::new("demo", "list", Method::GET, "/list", Idempotency::Idempotent);
/// # struct List { page: u32 }
/// # impl Operation for List {
/// #     type Output = String;
/// #     fn metadata(&self) -> &'static Metadata { &LIST }
/// #     fn request(&self) -> Result<Request<Bytes>, Error> {
/// #         Ok(Request::get(format!("/list?page={}", self.page)).body(Bytes::new()).unwrap())
/// #     }
/// #     fn decode(&self, response: Response<Bytes>) -> Result<String, Error> {
/// #         Ok(String::from_utf8_lossy(response.body()).into_owned())
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// # let echo = tower::service_fn(async |request: Request<Bytes>| {
/// #     Ok::<_, BoxError>(Response::new(Bytes::from(request.uri().query().unwrap().to_owned())))
/// # });
/// # let client = Client::builder("https://demo.example".parse()?).service(echo).build()?;
/// let call = Call::new(&client, List { page: 1 });
/// let answer = call.with(|list| List { page: list.page + 1 }).await?;
/// assert_eq!(answer, "page=2");
/// # Ok(())
/// # }
/// ```
///
/// # Options of one call
/// [`timeout`](Self::timeout), [`retry`](Self::retry), [`idempotency`](Self::idempotency),
/// [`priority`](Self::priority) and [`header`](Self::header) replace settings of the client for this call alone.
///
/// Bound the time of a call by [`timeout`](Self::timeout), not by `tokio::time::timeout` around it. The outer timeout
/// drops the call, and with it the information whether the service may have processed the request. The timeout of the
/// call ends with an [`Error`] that tells: [`Error::may_have_landed`].
///
/// ```
/// # use std::time::Duration;
/// # use bytes::Bytes;
/// # use common_api::Call;
/// # use common_transport::{BoxError, Client, Error, Idempotency, Metadata, Operation};
/// # use http::{Method, Request, Response};
/// # static ADD: Metadata =
/// #     Metadata::new("demo", "add", Method::POST, "/add", Idempotency::NonIdempotent);
/// # struct Add;
/// # impl Operation for Add {
/// #     type Output = ();
/// #     fn metadata(&self) -> &'static Metadata { &ADD }
/// #     fn request(&self) -> Result<Request<Bytes>, Error> {
/// #         Ok(Request::post("/add").body(Bytes::new()).unwrap())
/// #     }
/// #     fn decode(&self, _: Response<Bytes>) -> Result<(), Error> { Ok(()) }
/// # }
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), BoxError> {
/// # let silent = tower::service_fn(async |_: Request<Bytes>| {
/// #     std::future::pending::<Result<Response<Bytes>, BoxError>>().await
/// # });
/// # let client = Client::builder("https://demo.example".parse()?).service(silent).build()?;
/// // The service takes the request and says nothing.
/// let error = Call::new(&client, Add).timeout(Duration::from_secs(2)).await.unwrap_err();
/// assert!(error.is_timeout() && error.may_have_landed());
/// # Ok(())
/// # }
/// ```
#[must_use = "a call is sent by `.await`"]
pub struct Call<'c, O> {
    sender: &'c dyn Sender,
    operation: O,
    /// `None` when no option was set.
    options: Option<Arc<CallOptions>>,
}

impl<'c, O> Call<'c, O> {
    /// Binds an operation to a client.
    pub fn new(sender: &'c dyn Sender, operation: O) -> Self {
        Self {
            sender,
            operation,
            options: None,
        }
    }

    /// Changes the operation, for parameters that the client's method does not take.
    pub fn with(self, f: impl FnOnce(O) -> O) -> Self {
        Self {
            sender: self.sender,
            operation: f(self.operation),
            options: self.options,
        }
    }

    /// Sets the timeout of this call, over all its attempts and waits: see [`CallOptions::timeout`]. It may be longer
    /// than the client's total timeout.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|options| options.timeout(timeout))
    }

    /// Sets the retry policy of this call; [`RetryPolicy::none`] turns retries off. See [`CallOptions::retry`].
    pub fn retry(self, policy: RetryPolicy) -> Self {
        self.set(|options| options.retry(policy))
    }

    /// Sets whether a repeat of this call has no further effect: see [`CallOptions::idempotency`].
    pub fn idempotency(self, idempotency: Idempotency) -> Self {
        self.set(|options| options.idempotency(idempotency))
    }

    /// Sets the priority of this call in the queue of the rate limiter: see [`Priority`] for the order. Default: that of
    /// the client.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use common_api::Call;
    /// # use common_transport::{
    /// #     BoxError, Client, Error, Idempotency, Metadata, Operation, Priority, RateClass, RateLimits,
    /// # };
    /// # use http::{Method, Request, Response};
    /// # use tokio::time::{Duration, Instant};
    /// # static GET: Metadata =
    /// #     Metadata::new("demo", "get", Method::GET, "/a", Idempotency::Idempotent);
    /// # struct Get;
    /// # impl Operation for Get {
    /// #     type Output = ();
    /// #     fn metadata(&self) -> &'static Metadata { &GET }
    /// #     fn request(&self) -> Result<Request<Bytes>, Error> {
    /// #         Ok(Request::get("/a").body(Bytes::new()).unwrap())
    /// #     }
    /// #     fn decode(&self, _: Response<Bytes>) -> Result<(), Error> { Ok(()) }
    /// # }
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), BoxError> {
    /// # let empty = tower::service_fn(async |_: Request<Bytes>| {
    /// #     Ok::<_, BoxError>(Response::new(Bytes::new()))
    /// # });
    /// # let limits = RateLimits::new().class(RateClass::DEFAULT, 10);
    /// # let client = Client::builder("https://demo.example".parse()?).limits(limits).service(empty).build()?;
    /// let begin = Instant::now();
    /// // Ten a second are allowed. All three ask at once, and the last one is urgent.
    /// let first = async { Call::new(&client, Get).priority(Priority::Low).await.map(|()| begin.elapsed()) };
    /// let second = async { Call::new(&client, Get).priority(Priority::Low).await.map(|()| begin.elapsed()) };
    /// let urgent = async { Call::new(&client, Get).await.map(|()| begin.elapsed()) };
    /// let (first, second, urgent) = tokio::try_join!(first, second, urgent)?;
    /// assert_eq!([first, urgent, second].map(|wait| wait.as_millis()), [0, 100, 200]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn priority(self, priority: Priority) -> Self {
        self.set(|options| options.priority(priority))
    }

    /// Sets a header of this call: see [`CallOptions::header`]. With a header that cannot be set, the call fails and
    /// nothing is sent.
    pub fn header(self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
        self.set(|options| options.header(name, value))
    }

    /// Replaces all options of this call.
    pub fn options(mut self, options: impl Into<Arc<CallOptions>>) -> Self {
        self.options = Some(options.into());
        self
    }

    fn set(mut self, f: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        let options = Arc::make_mut(self.options.get_or_insert_default());
        *options = f(std::mem::take(options));
        self
    }

    /// Sends the call and returns the output together with status, headers, number of attempts and the time spent
    /// waiting for the rate limiter.
    ///
    /// # Errors
    /// The errors of `.await`.
    pub async fn answered(self) -> Result<Answered<O::Output>, Error>
    where
        O: Operation,
    {
        let response = self.sender.answer(&self.operation, self.options).await?;
        let answered = Answered::unread(&response);
        let output = Client::read(&self.operation, response).await?;
        Ok(answered.map(|()| output))
    }

    /// Sends the call and returns the body of a successful response as a stream of chunks.
    ///
    /// # Errors
    /// The errors of `.await` up to the head of the response. Later errors come from the stream.
    pub async fn download(self) -> Result<Response<DownloadBody>, Error>
    where
        O: Operation,
    {
        self.sender.download(&self.operation, self.options).await
    }

    /// The operation with its current parameters.
    pub fn operation(&self) -> &O {
        &self.operation
    }

    /// Takes the operation out of the call without sending it.
    pub fn into_operation(self) -> O {
        self.operation
    }
}

impl<'c, O> IntoFuture for Call<'c, O>
where
    O: Operation + Send + Sync + 'c,
{
    type Output = Result<O::Output, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'c>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let answer = self.sender.answer(&self.operation, self.options).await?;
            Client::read(&self.operation, answer).await
        })
    }
}

impl<O: fmt::Debug> fmt::Debug for Call<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_tuple("Call");
        shown.field(&self.operation);
        if let Some(options) = &self.options {
            shown.field(options);
        }
        shown.finish()
    }
}
