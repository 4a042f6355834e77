//! The client: the tower stack of `common-transport` with this service's key, limits and rules.

mod builder;
#[cfg(feature = "mock")]
mod mock;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use bytes::Bytes;
use common_api::{Changes, History, Paged, Pages, Reading, Sender};
use common_transport::{BaseUrl, Error, Metadata, Place, Secret};
use http::{Request, Response};

pub use builder::{ClientBuilder, default_limits};

use crate::wire;

/// A client of one account.
///
/// Cheap to clone; clones share connections and the retry budget. The service counts requests by IP and not by key, so
/// all clients of a process share one limiter, unless [`ClientBuilder::limits`] sets another one. A client over a
/// service in place of the network, as in tests, has its own limiter.
///
/// Before bulk loads, turn off the account's e-mail and SMS triggers: every created order may send a message. The
/// service does not support browsers, so this crate makes no promise for WebAssembly there.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use retailcrm_v5::{By, Client};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
/// // In place of the network; leave `transport` out to use it.
/// let service = tower::service_fn(async |request: Request<Bytes>| {
///     assert_eq!(request.uri(), "https://demo.retailcrm.ru/api/v5/orders/5?by=id&site=main");
///     assert_eq!(request.headers()["x-api-key"], "key");
///     let body = r#"{"success":true,"order":{"id":5,"totalSumm":1180.00}}"#;
///     Ok::<_, std::io::Error>(Response::new(Bytes::from_static(body.as_bytes())))
/// });
/// let client = Client::builder("https://demo.retailcrm.ru".parse()?, "key")
///     .site("main")
///     .transport(|builder| builder.service(service))
///     .build()?;
/// let answer = client.orders().get(By::id(5)).await?;
/// let total = answer.order.and_then(|order| order.total_summ);
/// assert_eq!(total.map(|sum| sum.to_string()).as_deref(), Some("1180.00"));
/// # Ok(())
/// # }
/// ```
///
/// A number is no externalId, so it has to be named; this does not compile:
///
/// ```compile_fail,E0277
/// # fn of(client: retailcrm_v5::Client) {
/// let call = client.orders().get(5);
/// # }
/// ```
// R19, R30, R31
#[derive(Debug, Clone)]
pub struct Client {
    inner: common_transport::Client,
    site: Option<Arc<str>>,
    reading: Reading,
}

impl Client {
    /// Returns a builder for a client of the account at `base_url`: `https://demo.retailcrm.ru`, or another domain of
    /// the account.
    // R1
    pub fn builder(base_url: BaseUrl, api_key: impl Into<Secret>) -> ClientBuilder {
        ClientBuilder::new(base_url, api_key.into())
    }

    /// Walks the pages of a list from the first one. A call that names no `limit` asks for 100 items.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use http::{Request, Response};
    /// use retailcrm_v5::{Client, Position, orders};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    /// # let service = tower::service_fn(async |request: Request<Bytes>| {
    /// #     let number = &request.uri().query().unwrap()["limit=100&page=".len()..];
    /// #     let body = format!(
    /// #         r#"{{"success":true,"pagination":{{"totalPageCount":2,"currentPage":{number}}},"orders":[{{"id":{number},"x":1.50}}]}}"#
    /// #     );
    /// #     Ok::<_, std::io::Error>(Response::new(Bytes::from(body)))
    /// # });
    /// # let client = Client::builder("https://demo.retailcrm.ru".parse()?, "key")
    /// #     .transport(|builder| builder.service(service))
    /// #     .build()?;
    /// let mut orders = client.pages(orders::List::new()).items();
    /// assert_eq!(orders.next().await?.and_then(|order| order.id), Some(1));
    /// let stored = orders.position().to_string();
    /// assert_eq!(stored, "retailcrm/orders.list page 2");
    ///
    /// // In another program, and as the service wrote them.
    /// let position: Position = stored.parse()?;
    /// let rest = client.pages(orders::List::new()).from_position(&position)?;
    /// let rest = rest.raw().collect().await?;
    /// assert_eq!(rest[0].json(), r#"{"id":2,"x":1.50}"#);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages<O: Paged>(&self, list: O) -> Pages<O> {
        Pages::new(Arc::new(self.clone()), list)
    }

    /// Reads the changes after `since`, from the beginning without one. The service refuses `page` beside
    /// `filter[sinceId]`, so none is sent. A call that names no `limit` asks for 100 changes.
    ///
    /// [`Changes::latest`] turns the pages of the history without an id, which the service allows: the first tells how
    /// many there are. [`Changes::from_date`] is `filter[startDate]`.
    pub fn changes<O: History>(&self, history: O, since: Option<i64>) -> Changes<O> {
        Changes::new(Arc::new(self.clone()), history, since)
    }

    /// The shop that calls name when they name none themselves.
    pub fn site(&self) -> Option<&str> {
        self.site.as_deref()
    }

    common_api::client_methods!();
}

impl Sender for Client {
    fn client(&self) -> &common_transport::Client {
        &self.inner
    }

    fn receive(&self, _: &'static Metadata, response: Response<Bytes>) -> Response<Bytes> {
        self.reading.receive(response)
    }

    /// Adds the client's `site` if the operation takes a site and does not set it.
    // R11
    fn prepare(
        &self,
        metadata: &'static Metadata,
        request: &mut Request<Bytes>,
    ) -> Result<(), Error> {
        let (Some(site), Some(param)) = (&self.site, metadata.param("site")) else {
            return Ok(());
        };
        match param.place {
            Place::Query if !names_site(request.uri().query().unwrap_or_default().as_bytes()) => {
                wire::add_to_query(request, "site", site)
            }
            Place::Form if !names_site(request.body()) => {
                wire::add_to_form(request, "site", site);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn names_site(pairs: &[u8]) -> bool {
    pairs
        .split(|byte| *byte == b'&')
        .any(|pair| pair.starts_with(b"site="))
}
