//! The client: the layers over a connection pool, as one type without parameters.

mod answer;
mod around;
mod builder;
mod chain;
mod connector;
mod download;
mod failed;
mod foreign;
mod pool;
mod provider;
mod proxy;
mod reading;
mod refused;
pub(crate) mod request_ids;
mod route;
mod sent;
mod stack;
mod stream;
#[cfg(test)]
mod tests;
mod tls;
mod transport;

use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response,
    header::{ACCEPT_ENCODING, USER_AGENT},
};
use tokio::time::Instant;
use tower_service::Service;

pub use around::{AroundAttempt, AttemptService};
pub use builder::ClientBuilder;
pub use download::DownloadBody;
pub use pool::{Pool, PoolBuilder};
pub use provider::Provider;
pub use proxy::Proxy;
pub use request_ids::{ClientRequestId, RequestIds};
pub use tls::{Identity, Roots};

use crate::{
    BaseUrl, Body, CallEnd, CallOptions, Context, Error, Metadata, Operation, Secret,
    attempt::AttemptLayer,
    context::later,
    decompress::{Codings, unread},
    limit::Waited,
    mask::Mask,
};
use reading::Seen;
use stack::Stack;

/// Sends operations to one service.
///
/// Cheap to clone; clones share connections, rate limits and the retry budget. What happens to a call on
/// its way is said by the layers, outside in: [`trace`](crate::trace), [`deadline`](crate::deadline),
/// [`retry`](crate::retry), [`limit`](crate::limit), [`auth`](crate::auth),
/// [`decompress`](crate::decompress), [`attempt`](crate::attempt),
/// [`guard`](crate::guard). Redirects are not followed: a 3xx is an answer like any other, so credentials
/// never go to a host that an answer names.
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
    inner: Arc<Inner>,
}

struct Inner {
    base_url: BaseUrl,
    user_agent: HeaderValue,
    bounds: AttemptLayer,
    request_ids: Option<RequestIds>,
    /// The secrets that errors leave out.
    mask: Arc<Mask>,
    /// How long a call may take.
    total_timeout: Duration,
    stack: Stack,
}

impl Client {
    /// A client of the service at `base_url`, to be configured.
    pub fn builder(base_url: BaseUrl) -> ClientBuilder {
        ClientBuilder::new(base_url)
    }

    /// How long a call may take, with all its attempts and waits: [`ClientBuilder::total_timeout`].
    pub fn total_timeout(&self) -> Duration {
        self.inner.total_timeout
    }

    /// Sends an operation and reads its answer: [`Operation::request`], [`execute`](Self::execute),
    /// [`Operation::decode`].
    ///
    /// # Errors
    /// What any of the three says. [`Error::may_have_landed`] is true too when an earlier attempt may have landed,
    /// when the status of the answer proves nothing (the [table](crate::verdict) says which do), or when it is a
    /// success that cannot be read.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        let metadata = operation.metadata();
        let request = operation
            .request()
            .map_err(|error| error.with_operation(metadata))?;
        Self::read(operation, self.execute(metadata, request).await?).await
    }

    /// Sends a request in origin form (`/path?query`) and gives the whole answer back, whatever its status:
    /// reading a status is the operation's work. [`Attempts::of`](crate::Attempts::of) says how many attempts it took,
    /// [`Waited::of`] how long it waited for the rate limit.
    ///
    /// The request may have [options](CallOptions::attach) attached.
    ///
    /// # Errors
    /// When no answer came: [`Error::is_connect`], [`Error::is_timeout`], a broken transport, an answer that
    /// is too large, credentials that cannot be made. [`Error::attempts`] and [`Error::may_have_landed`] say
    /// how far it went.
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
        // Boxed once, so that the callers' futures stay small and this is compiled once.
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

    /// Sends a request whose body may be a stream; otherwise as [`execute`](Self::execute). What a repeat does
    /// with the stream, and which clocks run, [`body`](crate::body) says.
    ///
    /// An operation can be sent so too: it [attaches](Body::attach) the stream to its request.
    ///
    /// # Errors
    /// As [`execute`](Self::execute), and when the stream itself fails: that is not repeated.
    pub async fn upload(
        &self,
        metadata: &'static Metadata,
        request: Request<Body>,
    ) -> Result<Response<Bytes>, Error> {
        self.execute(metadata, Body::attach(request)).await
    }

    /// Sends a request whose answer is read piece by piece if it is a success; any other answer is read here,
    /// so that retry sees it, and [`DownloadBody::whole`] gives it to an operation. The call counts as ended with
    /// the head: a body that breaks off is not asked for again. Compressed answers are not asked for.
    ///
    /// # Errors
    /// As [`execute`](Self::execute), up to the head; and when a success comes compressed all the same: its bytes are
    /// not those of the file. Later errors come with the pieces.
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

    /// Where the service lives.
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
    /// The id that the request is sent with, where the client or the call gives one.
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

    /// The client's secrets, and those of this request.
    fn mask_of(&self, request: &mut Request<Bytes>) -> Arc<Mask> {
        match request.extensions_mut().remove::<Hide>() {
            Some(Hide(more)) => Arc::new(self.mask.and(&more)),
            None => Arc::clone(&self.mask),
        }
    }
}

/// Secrets that one request holds, as an extension of it: a password among its parameters. Errors of the call leave
/// them out where the service quotes them, beside those of the [client](ClientBuilder::hide).
#[derive(Debug, Clone)]
pub struct Hide(
    /// The secrets; texts of fewer than four characters are not looked for.
    pub Vec<Secret>,
);

/// Names of parameters that hold a secret or a signature, in the query or in a form, as an extension of a request: for
/// an [`Authorize`](crate::Authorize) whose names can be configured. Recordings leave out their values.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_structs, reason = "it is a name for a list")]
pub struct HideParameters(
    /// The names, as they are sent.
    pub Arc<[String]>,
);
