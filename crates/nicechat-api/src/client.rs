//! The client.

mod builder;
#[cfg(feature = "mock")]
mod mock;

use std::time::Duration;

use bytes::Bytes;
use common_api::{Decoding, Reports, Sender};
use common_model::Odd;
use common_transport::{BaseUrl, Error, Metadata, Operation};
use http::{Method, Request, Response};
use nicechat_sign::{Credentials, Signer};

pub use builder::ClientBuilder;
pub use common_api::{Answered, Call};

use crate::{Authentication, Page, Pages, Strictness, answer, feed::FeedWatch, repair};

/// Sends operations to NiceChat. Cheap to clone; clones share connections and limits.
///
/// A create that failed with [`Error::may_have_landed`] is best repeated by hand: when the answer
/// is then [`Error::is_conflict`], the first one had landed (acceptance row N49).
///
/// ```
/// use common_transport::BoxError;
/// use http::{Request, Response};
/// use nicechat_api::{Client, Credentials, Decimal};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// // In place of the network; leave `transport` out to use it.
/// let service = tower::service_fn(async |request: Request<bytes::Bytes>| {
///     assert_eq!(request.uri(), "https://account.nice.chat/marketplaces/v1/products/");
///     assert_eq!(request.headers()["x-api-key"], "key-1");
///     let json = r#"{"status":"ok","code":201,"description":"Created","result":{"id":"PQ1"}}"#;
///     Ok::<_, BoxError>(Response::new(json.into()))
/// });
/// let client = Client::builder(Credentials::new("key-1", "secret-1"))
///     .transport(move |transport| transport.service(service))
///     .build()?;
/// let price: Decimal = "15.00".parse()?;
/// let created = client
///     .products()
///     .create("PQ1")
///     .with(|product| product.title("Плед").price(price).currency("usd"))
///     .await?;
/// assert_eq!(created.code, Some(201));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    transport: common_transport::Client,
    authentication: Authentication,
    strictness: Strictness,
    gone: Gone,
    decoding: Decoding,
}

/// What deleting an object that does not exist is (acceptance row N50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Gone {
    /// An error: [`Error::is_not_found`].
    #[default]
    Error,
    /// A success: what was wanted is the case. Right for whoever repeats deletes.
    Success,
}

impl Client {
    /// A client for these credentials, to be configured.
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        ClientBuilder::new(Signer::new(credentials))
    }

    /// Binds an operation to this client; `.await` sends it.
    pub fn call<O>(&self, operation: O) -> Call<'_, O> {
        Call::new(self, operation)
    }

    /// The pages of a list, following `next`.
    pub fn pages<O: Operation<Output: Page>>(&self, list: O) -> Pages<'_, O> {
        Pages::new(self, list)
    }

    /// Asks for the result of a feed import until it is there.
    pub fn watch_feed(&self, token: impl Into<String>) -> FeedWatch<'_> {
        FeedWatch::new(self, token.into())
    }

    /// Sends an operation.
    ///
    /// # Errors
    /// What the transport or the service says.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        let sender: &dyn Sender = self;
        sender.send(operation).await
    }

    /// Where the service lives.
    pub fn base_url(&self) -> &BaseUrl {
        self.transport.base_url()
    }

    pub(crate) fn total_timeout(&self) -> Duration {
        self.transport.total_timeout()
    }

    /// Sends a request that stands for an operation: a further page of a list.
    pub(crate) async fn send_request<O: Operation>(
        &self,
        operation: &O,
        request: Request<Bytes>,
    ) -> Result<(O::Output, Vec<Odd>), Error> {
        let response = self.execute(operation.metadata(), request).await?;
        let reports = Reports::of(&response).unwrap_or_default();
        let output = common_transport::Client::read(operation, response).await?;
        Ok((output, reports.take()))
    }

    async fn execute(
        &self,
        metadata: &'static Metadata,
        mut request: Request<Bytes>,
    ) -> Result<Response<Bytes>, Error> {
        self.prepare(metadata, &mut request)
            .map_err(|error| error.with_operation(metadata))?;
        let response = self.transport.execute(metadata, request).await?;
        Ok(self.receive(metadata, response))
    }
}

impl Sender for Client {
    fn client(&self) -> &common_transport::Client {
        &self.transport
    }

    fn prepare(&self, _: &'static Metadata, request: &mut Request<Bytes>) -> Result<(), Error> {
        self.authentication.encode(request)
    }

    fn receive(
        &self,
        metadata: &'static Metadata,
        mut response: Response<Bytes>,
    ) -> Response<Bytes> {
        self.strictness.attach(&mut response, repair);
        response = self.decoding.receive(response);
        if metadata.method == Method::DELETE && self.gone == Gone::Success {
            response.extensions_mut().insert(answer::GoneIsFine);
        }
        response
    }
}

#[cfg(test)]
mod tests;
