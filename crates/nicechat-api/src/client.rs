//! The client.

mod builder;
#[cfg(feature = "mock")]
mod mock;

use std::sync::Arc;

use bytes::Bytes;
use common_api::{Paged, Pages, Reading, Sender};
use common_transport::{Error, Metadata};
use http::{Method, Request, Response};
use nicechat_sign::{Credentials, Signer};

pub use builder::ClientBuilder;

use crate::{Authentication, answer, feed::FeedWatch};

/// Sends operations to NiceChat. Cheap to clone; clones share connections and limits.
///
/// A create that failed with [`Error::may_have_landed`] is best repeated explicitly: if the second call fails with
/// [`Error::is_conflict`], the first one had landed.
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
// N49
#[derive(Debug, Clone)]
pub struct Client {
    transport: common_transport::Client,
    authentication: Authentication,
    reading: Reading,
    gone: Gone,
}

/// The outcome of deleting an object that does not exist.
// N50
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Gone {
    /// An error: [`Error::is_not_found`].
    #[default]
    Error,
    /// A success, since the object is gone as requested. For callers that repeat deletes.
    Success,
}

impl Client {
    /// A client for these credentials, to be configured.
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        ClientBuilder::new(Signer::new(credentials))
    }

    /// Walks the pages of a list from the first one, following `next`. One that leads to another host, or to a page that
    /// was walked already, is an error.
    ///
    /// ```
    /// use common_transport::BoxError;
    /// use http::{Request, Response};
    /// use nicechat_api::{Client, Credentials, products};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), BoxError> {
    /// // In place of the network; leave `transport` out to use it.
    /// let service = tower::service_fn(async |request: Request<bytes::Bytes>| {
    ///     let (id, next) = match request.uri().query() {
    ///         None => ("PQ1", r#""?page=2""#),
    ///         Some(_) => ("PQ2", "null"),
    ///     };
    ///     let page = format!(r#"{{"status":"ok","result":{{"next":{next},"results":[{{"id":"{id}"}}]}}}}"#);
    ///     Ok::<_, BoxError>(Response::new(page.into()))
    /// });
    /// let client = Client::builder(Credentials::new("key-1", "secret-1"))
    ///     .transport(move |transport| transport.service(service))
    ///     .build()?;
    /// let mut products = client.pages(products::List::new()).items();
    /// let mut ids = Vec::new();
    /// while let Some(product) = products.next().await? {
    ///     ids.extend(product.id);
    /// }
    /// assert_eq!(ids, ["PQ1", "PQ2"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<O: Paged>(&self, list: O) -> Pages<O> {
        Pages::new(Arc::new(self.clone()), list)
    }

    /// Asks for the result of a feed import until it is there.
    pub fn watch_feed(&self, token: impl Into<String>) -> FeedWatch<'_> {
        FeedWatch::new(self, token.into())
    }

    common_api::client_methods!();
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
        response = self.reading.receive(response);
        if metadata.method == Method::DELETE && self.gone == Gone::Success {
            response.extensions_mut().insert(answer::GoneIsFine);
        }
        response
    }
}

#[cfg(test)]
mod tests;
