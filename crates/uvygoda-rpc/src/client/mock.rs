//! The client over a test double.

use common_api::mock::Mock;

use super::Client;

impl Client {
    /// Builds a client that a [`Mock`] answers, with made-up credentials. Everything else is as in production:
    /// the retries, the time limits, the checks of answers. A client with other settings gets the mock by
    /// `.transport(|transport| transport.service(mock.service()))`.
    ///
    /// ```
    /// use uvygoda_rpc::{Client, Mock, products::{self, UpdateProductAnswer}};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), uvygoda_rpc::Error> {
    /// let mock = Mock::new();
    /// mock.on::<products::Update>()
    ///     .when(|update| update.stock == Some(3))
    ///     .answer(UpdateProductAnswer::default());
    /// mock.on::<products::Update>().refuse(200, "Товар не найден");
    ///
    /// let client = Client::mock(&mock);
    /// client.products().update(5).with(|update| update.stock(3)).await?;
    /// let error = client.products().update(6).await.unwrap_err();
    /// assert_eq!(error.service_error().message.as_deref(), Some("Товар не найден"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn mock(mock: &Mock) -> Self {
        Self::builder()
            .token("mock-token")
            .transport(|transport| transport.service(mock.service()))
            .build()
            .expect("the settings are constants")
    }
}
