//! The client as its callers use it.

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response,
    header::{ACCEPT_ENCODING, USER_AGENT},
};
use tokio::time::Instant;
use tower_service::Service;

use super::{
    ClientBuilder, ClientRequestId, DownloadBody, Hide, RequestIds, download, reading::Seen,
    request_ids, stack::Stack,
};
use crate::{
    BaseUrl, Body, CallEnd, CallOptions, Context, Error, Metadata, Operation,
    attempt::AttemptLayer,
    context::later,
    decompress::{Codings, unread},
    limit::Waited,
    mask::Mask,
};

/// Sends operations to one service.
///
/// Cheap to clone; clones share connections, rate limits and the retry budget. A call passes these layers, from the
/// outermost to the innermost: [`trace`](crate::trace), [`deadline`](crate::deadline), [`retry`](crate::retry),
/// [`limit`](crate::limit), [`auth`](crate::auth), [`decompress`](crate::decompress), [`attempt`](crate::attempt),
/// [`guard`](crate::guard). Redirects are not followed: a 3xx is returned as any other response, so credentials never
/// go to a host that a response names.
///
/// ```
/// use bytes::Bytes;
/// use common_transport::{BaseUrl, BoxError, Client, Error, Idempotency, Metadata, Operation};
/// use http::{Method, Request, Response};
///
/// struct Ping;
///
/// static PING: Metadata =
///     Metadata::new("demo", "ping", Method::GET, "/ping", Idempotency::Idempotent);
///
/// impl Operation for Ping {
///     type Output = String;
///
///     fn metadata(&self) -> &'static Metadata {
///         &PING
///     }
///
///     fn request(&self) -> Result<Request<Bytes>, Error> {
///         Ok(Request::get(PING.path).body(Bytes::new()).expect("a constant"))
///     }
///
///     fn decode(&self, response: Response<Bytes>) -> Result<String, Error> {
///         Ok(String::from_utf8_lossy(response.body()).into_owned())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// // In place of the network; leave `service` out to use it.
/// let pong = tower::service_fn(async |request: Request<Bytes>| {
///     assert_eq!(request.uri(), "https://demo.example/ping");
///     Ok::<_, BoxError>(Response::new(Bytes::from_static(b"pong")))
/// });
/// let client = Client::builder("https://demo.example".parse()?).service(pong).build()?;
/// assert_eq!(client.send(&Ping).await?, "pong");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) base_url: BaseUrl,
    pub(super) user_agent: HeaderValue,
    pub(super) bounds: AttemptLayer,
    pub(super) request_ids: Option<RequestIds>,
    /// The secrets that are masked in errors.
    pub(super) mask: Arc<Mask>,
    /// Time limit of a call.
    pub(super) total_timeout: Duration,
    pub(super) stack: Stack,
}

impl Client {
    /// Returns a builder for a client of the service at `base_url`.
    pub fn builder(base_url: BaseUrl) -> ClientBuilder {
        ClientBuilder::new(base_url)
    }

    /// The time limit of a call with all its attempts and waits: [`ClientBuilder::total_timeout`].
    pub fn total_timeout(&self) -> Duration {
        self.inner.total_timeout
    }

    /// Sends an operation and reads the response: [`Operation::request`], [`execute`](Self::execute),
    /// [`Operation::decode`].
    ///
    /// # Errors
    /// The errors of these three. [`Error::may_have_landed`] is also true in three cases: an earlier attempt may have
    /// landed, the status of the response proves nothing (see the [table](crate::verdict)), or the response is a
    /// success that cannot be read.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        let metadata = operation.metadata();
        let request = operation
            .request()
            .map_err(|error| error.with_operation(metadata))?;
        Self::read(operation, self.execute(metadata, request).await?).await
    }

    /// Sends a request in origin form (`/path?query`) and returns the whole response with any status: the operation
    /// evaluates the status. [`Attempts::of`](crate::Attempts::of) returns the number of attempts, [`Waited::of`] the
    /// time spent waiting for the rate limiter.
    ///
    /// The request may have [options](CallOptions::attach) attached.
    ///
    /// # Errors
    /// There is no usable response: [`Error::is_connect`], [`Error::is_timeout`], a broken transport, a response that
    /// is too large, or credentials that cannot be built. [`Error::attempts`] and [`Error::may_have_landed`] say how
    /// far the call got.
    pub async fn execute(
        &self,
        metadata: &'static Metadata,
        mut request: Request<Bytes>,
    ) -> Result<Response<Bytes>, Error> {
        let inner = &*self.inner;
        inner
            .base_url
            .apply(&mut request)
            .map_err(|error| error.with_operation(metadata))?;
        let mask = inner.mask_of(&mut request);
        let now = Instant::now();
        let options = CallOptions::take(&mut request);
        let timeout = options.as_ref().and_then(|options| options.timeout);
        let end = later(now, timeout.unwrap_or(inner.total_timeout));
        let own_id = inner
            .own_id(&mut request, options.is_some())
            .map_err(|error| error.with_operation(metadata))?;
        let context = Context::new(Some(metadata), now, None)
            .with_options(options)
            .with_mask(&mask);
        request.extensions_mut().insert(context.clone());
        request
            .headers_mut()
            .entry(USER_AGENT)
            .or_insert_with(|| inner.user_agent.clone());
        // Boxed once, so that the futures of the callers stay small and the stack is compiled once.
        let answer = Box::pin(inner.stack.clone().call(request));
        let mut response = answer.await.map_err(|error| {
            let error = error.with_operation(metadata);
            error.with_client_id_in(own_id.as_ref()).hide(&mask)
        })?;
        if let Some(id) = own_id {
            response.extensions_mut().insert(ClientRequestId::new(id));
        }
        response.extensions_mut().insert(CallEnd(end));
        let waited = context.waited();
        if !waited.is_zero() {
            response.extensions_mut().insert(Waited(waited));
        }
        if !mask.is_empty() {
            response.extensions_mut().insert(mask);
        }
        Ok(response)
    }

    /// Sends a request whose body may be a stream; otherwise the same as [`execute`](Self::execute).
    /// [`body`](crate::body) describes retries with a stream, and the timeouts.
    ///
    /// An operation can have a streamed body too: it [attaches](Body::attach) the stream to its request.
    ///
    /// # Errors
    /// The errors of [`execute`](Self::execute), and the error of a stream that fails, which is not retried.
    pub async fn upload(
        &self,
        metadata: &'static Metadata,
        request: Request<Body>,
    ) -> Result<Response<Bytes>, Error> {
        self.execute(metadata, Body::attach(request)).await
    }

    /// Sends a request and returns the body of a successful response as a stream of chunks. Any other response is read
    /// in full before the retry layer sees it; [`DownloadBody::whole`] prepares it for an operation. The call ends with
    /// the head of the response: an interrupted body is not requested again. The request asks for an uncompressed
    /// response.
    ///
    /// # Errors
    /// The errors of [`execute`](Self::execute) up to the head of the response, and an error for a success that is
    /// still compressed, since its bytes are not the bytes of the file. Later errors come from the stream.
    pub async fn download(
        &self,
        metadata: &'static Metadata,
        mut request: Request<Bytes>,
    ) -> Result<Response<DownloadBody>, Error> {
        request.extensions_mut().insert(download::Piecewise);
        request
            .headers_mut()
            .entry(ACCEPT_ENCODING)
            .or_insert(HeaderValue::from_static("identity"));
        let response = self.execute(metadata, request).await?;
        let codings = Codings::of(response.headers());
        if response.status().is_success() && !codings.is_empty() {
            let error = unread(&codings).with_status(response.status());
            return Err(Seen::of(&response).annotate(error, metadata));
        }
        Ok(DownloadBody::of(response, metadata, &self.inner.bounds))
    }

    /// The base URL of the service.
    pub fn base_url(&self) -> &BaseUrl {
        &self.inner.base_url
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.inner.base_url)
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// The `X-Request-Id` of the request, when the client or the call sets one.
    fn own_id(
        &self,
        request: &mut Request<Bytes>,
        has_options: bool,
    ) -> Result<Option<HeaderValue>, Error> {
        match &self.request_ids {
            Some(ids) => ids.put(request)?,
            None if !has_options => return Ok(None),
            None => {}
        }
        Ok(request.headers().get(request_ids::HEADER).cloned())
    }

    /// The secrets of the client and of this request.
    fn mask_of(&self, request: &mut Request<Bytes>) -> Arc<Mask> {
        match request.extensions_mut().remove::<Hide>() {
            Some(Hide(more)) => Arc::new(self.mask.and(&more)),
            None => Arc::clone(&self.mask),
        }
    }
}
