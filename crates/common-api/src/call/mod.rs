//! A call bound to a client: the methods of API crates return one.

mod sender;

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
};

use common_transport::{Download, Error, Operation};
use http::Response;

pub use sender::Sender;

/// An operation and the client that will send it; `.await` sends.
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
    pub async fn download(self) -> Result<Response<Download>, Error>
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
