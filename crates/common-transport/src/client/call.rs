//! A call bound to a client: what the methods of API crates give back.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use bytes::Bytes;
use http::{Request, Response};

use super::{Client, DownloadBody};
use crate::{Error, ErrorKind, Metadata, Operation};

/// A client that sends operations: [`Client`], and the typed clients of API crates around it.
///
/// A typed client gives its `Client`, and may put defaults of its own into each request before it is sent.
pub trait Sender: Send + Sync {
    /// The client that sends.
    fn client(&self) -> &Client;

    /// Puts defaults into a request: a site, a language. The request is in origin form.
    ///
    /// # Errors
    /// When a default cannot be put in; nothing is sent.
    fn prepare(
        &self,
        metadata: &'static Metadata,
        request: &mut Request<Bytes>,
    ) -> Result<(), Error> {
        let _ = (metadata, request);
        Ok(())
    }

    /// Looks at an answer before the operation reads it: puts into its extensions how it is to be read. Those that
    /// are there have to stay. It runs on the thread that awaits the call, so it should not read the body.
    fn receive(&self, metadata: &'static Metadata, response: Response<Bytes>) -> Response<Bytes> {
        let _ = metadata;
        response
    }
}

impl Sender for Client {
    fn client(&self) -> &Client {
        self
    }
}

impl dyn Sender + '_ {
    /// Sends an operation with the defaults of this client.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        Client::read(operation, self.answer(operation).await?).await
    }

    /// Sends an operation, and gives its answer as [`Client::read`] takes it.
    ///
    /// # Errors
    /// As [`Client::execute`].
    pub async fn answer<O: Operation>(&self, operation: &O) -> Result<Response<Bytes>, Error> {
        let metadata = operation.metadata();
        let request = self.request(operation)?;
        let response = self.client().execute(metadata, request).await?;
        Ok(self.receive(metadata, response))
    }

    /// Sends an operation with the defaults of this client, and gives the body of its answer piece by piece.
    ///
    /// # Errors
    /// As [`Client::download`]; and what the operation makes of an answer that is no success.
    pub async fn download<O: Operation>(
        &self,
        operation: &O,
    ) -> Result<Response<DownloadBody>, Error> {
        let metadata = operation.metadata();
        let request = self.request(operation)?;
        let response = self.client().download(metadata, request).await?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let whole = self.receive(metadata, DownloadBody::whole(response).await?);
        let read = Client::read(operation, whole).await.map(|_| ());
        Err(read.err().unwrap_or_else(|| {
            Error::new(ErrorKind::Decode, "the answer holds nothing to download")
                .with_operation(metadata)
                .with_status(status)
        }))
    }

    fn request<O: Operation>(&self, operation: &O) -> Result<Request<Bytes>, Error> {
        let metadata = operation.metadata();
        let with_name = |error: Error| error.with_operation(metadata);
        let mut request = operation.request().map_err(with_name)?;
        self.prepare(metadata, &mut request).map_err(with_name)?;
        Ok(request)
    }
}

/// An operation and the client that will send it; `.await` sends.
///
/// ```
/// # use bytes::Bytes;
/// # use common_transport::{BoxError, Call, Client, Error, Idempotency, Metadata, Operation};
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
#[must_use = "a call is sent by `.await`"]
pub struct Call<'c, O> {
    sender: &'c dyn Sender,
    operation: O,
}

impl<'c, O> Call<'c, O> {
    /// Binds an operation to a client.
    pub fn new(sender: &'c dyn Sender, operation: O) -> Self {
        Self { sender, operation }
    }

    /// Changes the operation: sets what the method that made the call did not ask for.
    pub fn with(self, f: impl FnOnce(O) -> O) -> Self {
        Self {
            sender: self.sender,
            operation: f(self.operation),
        }
    }

    /// Sends it, and gives the body of a successful answer piece by piece.
    ///
    /// # Errors
    /// As `.await` has them, up to the head of the answer. Later ones come with the pieces.
    pub async fn download(self) -> Result<Response<DownloadBody>, Error>
    where
        O: Operation,
    {
        self.sender.download(&self.operation).await
    }

    /// The operation as it stands.
    pub fn operation(&self) -> &O {
        &self.operation
    }

    /// The operation, not sent.
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
        Box::pin(async move { self.sender.send(&self.operation).await })
    }
}

impl<O: fmt::Debug> fmt::Debug for Call<'_, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.operation).finish()
    }
}
