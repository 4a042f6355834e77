//! The client over a test double.

use common_api::mock::Mock;
use nicechat_sign::Credentials;

use super::Client;

impl Client {
    /// Builds a client that a [`Mock`] answers, with made-up credentials. Everything else is as in production:
    /// the retries, the time limits, the checks of answers. A client with other settings gets the mock by
    /// `.transport(|transport| transport.service(mock.service()))`.
    ///
    /// ```
    /// use common_model::from_json;
    /// use nicechat_api::{Client, Error, Mock, categories};
    ///
    /// // The code under test: the names of all categories.
    /// async fn names(client: &Client) -> Result<Vec<String>, Error> {
    ///     let mut categories = client.pages(categories::List::new()).items();
    ///     let mut names = Vec::new();
    ///     while let Some(category) = categories.next().await? {
    ///         names.extend(category.name);
    ///     }
    ///     Ok(names)
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // Outputs have public fields; whole ones are shorter as JSON.
    /// let first = r#"{"result":{"results":[{"id":"1","name":"Подушки"}],"next":"?page=2"}}"#;
    /// let second = r#"{"result":{"results":[{"id":"2","name":"Пледы"}],"next":null}}"#;
    ///
    /// let mock = Mock::new();
    /// mock.on::<categories::List>()
    ///     .when_request(|request| request.uri().query() == Some("page=2"))
    ///     .answer(from_json(second)?)
    ///     .always();
    /// mock.on::<categories::List>().answer(from_json(first)?).always();
    ///
    /// assert_eq!(names(&Client::mock(&mock)).await?, ["Подушки", "Пледы"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn mock(mock: &Mock) -> Self {
        Self::builder(Credentials::new("mock-key", "mock-secret"))
            .transport(|transport| transport.service(mock.service()))
            .build()
            .expect("the settings are constants")
    }
}
