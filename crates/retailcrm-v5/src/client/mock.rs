//! The client over a test double.

use common_api::mock::Mock;
use common_transport::{BaseUrl, RateLimits};

use super::Client;

impl Client {
    /// Builds a client that a [`Mock`] answers, with made-up credentials and without rate limits. Everything else is as in production:
    /// the retries, the time limits, the checks of answers. A client with other settings gets the mock by
    /// `.transport(|transport| transport.service(mock.service()))`.
    ///
    #[cfg_attr(feature = "orders", doc = "```")]
    #[cfg_attr(not(feature = "orders"), doc = "```text")]
    /// use common_transport::Error;
    /// use retailcrm_v5::{Client, Mock, orders};
    ///
    /// // The code under test: it creates an order, and looks before it does so again.
    /// async fn create(client: &Client, order: orders::Order) -> Result<(), Error> {
    ///     let id = order.external_id.clone().unwrap_or_default();
    ///     match client.orders().create(order.clone()).await {
    ///         Err(error) if error.may_have_landed() => match client.orders().get(id).await {
    ///             Err(error) if error.is_not_found() => client.orders().create(order).await.map(drop),
    ///             found => found.map(drop),
    ///         },
    ///         created => created.map(drop),
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Error> {
    /// let order = orders::Order::new().external_id("a-1");
    ///
    /// // The connection breaks, and the order is not there: it is created again.
    /// let mock = Mock::new();
    /// mock.on::<orders::Create>()
    ///     .lost()
    ///     .answer_with(|create| {
    ///         let mut created = orders::OrdersCreateResponse::default();
    ///         created.order = Some(create.order.clone());
    ///         created
    ///     });
    /// mock.on::<orders::Get>().when(|get| get.external_id.as_str() == Some("a-1")).refuse(404, "Not found");
    /// create(&Client::mock(&mock), order.clone()).await?;
    /// mock.verify();
    ///
    /// // The connection breaks, and the order is there.
    /// let mock = Mock::new();
    /// mock.on::<orders::Create>().lost();
    /// let mut found = orders::OrdersGetResponse::default();
    /// found.order = Some(order.clone().into());
    /// mock.on::<orders::Get>().answer(found);
    /// create(&Client::mock(&mock), order).await?;
    /// mock.verify();
    /// # Ok(())
    /// # }
    /// ```
    pub fn mock(mock: &Mock) -> Self {
        Self::builder(BaseUrl::from_static("https://mock.example"), "mock-key")
            .limits(RateLimits::new())
            .transport(|transport| transport.service(mock.service()))
            .build()
            .expect("the settings are constants")
    }
}
