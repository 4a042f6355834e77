//! The client of the service.

#[cfg(feature = "mock")]
mod mock;

use std::sync::Arc;

use bytes::Bytes;
use common_api::{Paged, Pages, Reading, Sender, WireFormat as _};
use common_model::{Absent, Decode, Odd, Reader};
use common_transport::{AssumeProcessed, BaseUrl, Error, Limiter, Metadata, Operation, Secret};
use http::{Request, Response};

use crate::{
    Authentication, HtmlPolicy, auth, known_sections::KnownSections, repair, shared::Property,
    wire::Wire,
};

/// The default address of the service.
const BASE_URL: &str = "https://uvygoda.ru";

/// Sends operations to Uvygoda. Cheap to clone; clones share connections and limits.
///
/// The API is open to sellers with a PRO account only. The client retries reads, `updateProduct`
/// and `setWebHook`, since a repeat with the same values changes nothing. It does not retry
/// `addProduct`, `sendProductPublish` and `getToken` once a byte of the request may have been sent,
/// not even after a 429 or 503.
///
/// ```
/// use common_transport::BoxError;
/// use http::{Request, Response};
/// use uvygoda_rpc::{Client, SectionFilter, SectionTree};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BoxError> {
/// // In place of the network; leave `transport` out to use it.
/// let service = tower::service_fn(async |request: Request<bytes::Bytes>| {
///     assert_eq!(request.uri(), "https://uvygoda.ru/local/api/api.php");
///     assert_eq!(request.headers()["token"], "token-1");
///     let json = r#"{"RESULT":true,"SECTIONS":{"1":{"ID":1,"LVL":1,"PARENT_ID":false}},"ERROR":false}"#;
///     Ok::<_, BoxError>(Response::new(json.into()))
/// });
/// let client = Client::builder()
///     .token("token-1")
///     .transport(move |transport| transport.service(service))
///     .build()?;
/// let answer = client.catalog().sections(SectionFilter::All).await?;
/// let sections = answer.sections.unwrap_or_default();
/// assert_eq!(SectionTree::new(&sections).roots().len(), 1);
/// # Ok(())
/// # }
/// ```
// U2, U53
#[derive(Debug, Clone)]
pub struct Client {
    transport: common_transport::Client,
    html: HtmlPolicy,
    reading: Reading,
    sections: KnownSections,
}

impl Client {
    /// Returns a builder to configure a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A list as the other services' clients walk theirs. The service has no pages: the list is one page, and takes one
    /// request. As a walk it gives its items one by one, as a stream, or as raw JSON.
    pub fn pages<O: Paged>(&self, list: O) -> Pages<O> {
        Pages::new(Arc::new(self.clone()), list)
    }

    /// Sends an operation that lists, and hands out the items of its answer one by one, as
    /// [`for_each_item`](crate::for_each_item) does: the whole list stands in memory as text alone.
    ///
    /// ```
    /// # use common_transport::BoxError;
    /// # use http::{Request, Response};
    /// use uvygoda_rpc::{Client, catalog, catalog::Section, SectionFilter};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), BoxError> {
    /// # let service = tower::service_fn(async |_: Request<bytes::Bytes>| {
    /// #     let json = r#"{"RESULT":true,"SECTIONS":{"1":{"ID":1},"2":{"ID":2}},"ERROR":false}"#;
    /// #     Ok::<_, BoxError>(Response::new(json.into()))
    /// # });
    /// # let client = Client::builder()
    /// #     .token("token-1")
    /// #     .transport(move |transport| transport.service(service))
    /// #     .build()?;
    /// let list = catalog::Sections::new(SectionFilter::All);
    /// let mut ids = Vec::new();
    /// let odd = client.for_each_item(&list, "SECTIONS", |section: Section| ids.extend(section.id)).await?;
    /// assert_eq!((ids, odd.len()), (vec![1, 2], 0));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The errors of the transport and of the service; after a refusal, no item is passed on. A response larger than
    /// `max_body` of the stack is an error, too.
    pub async fn for_each_item<O: Operation, T: Decode>(
        &self,
        operation: &O,
        key: &str,
        take: impl FnMut(T),
    ) -> Result<Vec<Odd>, Error> {
        let metadata = operation.metadata();
        let sender: &dyn Sender = self;
        let response = sender.answer(operation, None).await?;
        let answer: Text = Wire::decode(metadata, response)?;
        crate::for_each_item(&answer.0, key, take).map_err(|error| error.with_operation(metadata))
    }

    common_api::client_methods!();
}

/// An answer that says success, as its text.
struct Text(String);

impl Decode for Text {
    const ABSENT: Absent = Absent::NONE;

    fn decode(reader: &mut Reader<'_>) -> Result<Self, common_model::Error> {
        reader.raw().map(|text| Self(text.to_owned()))
    }
}

impl Sender for Client {
    fn client(&self) -> &common_transport::Client {
        &self.transport
    }

    fn prepare(
        &self,
        metadata: &'static Metadata,
        request: &mut Request<Bytes>,
    ) -> Result<(), Error> {
        auth::hide_login(metadata, request);
        self.sections.check(metadata, request)?;
        self.html.apply_to(metadata, request)
    }

    fn receive(&self, _: &'static Metadata, response: Response<Bytes>) -> Response<Bytes> {
        self.reading.receive(response)
    }
}

/// Builds a [`Client`].
#[must_use = "a builder does nothing until `build`"]
#[derive(Debug)]
pub struct ClientBuilder {
    inner: common_transport::ClientBuilder,
    token: Option<Secret>,
    html: HtmlPolicy,
    reading: Reading,
    sections: KnownSections,
}

impl ClientBuilder {
    fn new() -> Self {
        let inner = common_transport::Client::builder(BaseUrl::from_static(BASE_URL))
            .user_agent(common_api::user_agent!())
            // No rate limit is documented, and a second `getToken` revokes the first token (U53).
            .classify(AssumeProcessed);
        Self {
            inner,
            token: None,
            html: HtmlPolicy::default(),
            reading: Reading::new(repair),
            sections: KnownSections::default(),
        }
    }

    /// Sets the seller's token, as issued by `getToken`. Without a token, only `getToken` can be
    /// called.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the address of the service. Default: `https://uvygoda.ru`.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        // The service's own documents print its address with the path.
        self.inner = self.inner.base_url(base_url.without("/local/api/api.php"));
        self
    }

    /// Sets the policy for descriptions of cards with tags that the service does not allow.
    /// Default: [`HtmlPolicy::Check`], which refuses them.
    pub fn html(mut self, html: HtmlPolicy) -> Self {
        self.html = html;
        self
    }

    /// Checks cards of this section against its properties, as `getSectionProperties` lists them. An `addProduct` with
    /// a value that [`check_properties`](crate::check_properties) refuses is not sent. By default cards are sent
    /// unchecked, as are cards of other sections.
    ///
    /// The service may change the properties of a section. Rebuild a long-lived client from time to time.
    ///
    /// ```
    /// use common_model::from_json;
    /// use common_transport::BoxError;
    /// use http::{Request, Response};
    /// use uvygoda_rpc::{Client, Map, Pictures, shared::Property, products};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), BoxError> {
    /// let properties: Vec<Property> = from_json(r#"[{"ID":5,"NAME":"Цвет","REQUIRED":true,"TYPE":"STRING"}]"#)?;
    /// # let network = tower::service_fn(async |_: Request<bytes::Bytes>| {
    /// #     Err::<Response<bytes::Bytes>, BoxError>("nothing is sent".into())
    /// # });
    /// let client = Client::builder()
    ///     .token("token-1")
    ///     .check_section(311, properties)
    /// #   .transport(move |transport| transport.service(network))
    ///     .build()?;
    /// let card = products::AddFields {
    ///     section_id: 311,
    ///     name: "Плед".into(),
    ///     price: 177.into(),
    ///     stock: 5,
    ///     description: "Шерсть".into(),
    ///     properties: Map::new(),
    ///     pictures: Pictures::new(["https://shop.example/1.jpg"])?,
    ///     preview_picture: "https://shop.example/0.jpg".into(),
    /// };
    /// let error = client.products().add(card).await.unwrap_err();
    /// assert!(error.is_invalid_input() && error.to_string().contains("Цвет"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn check_section(
        mut self,
        section_id: i64,
        properties: impl IntoIterator<Item = Property>,
    ) -> Self {
        self.sections.insert(section_id, properties);
        self
    }

    /// The rate limits. Default: none, since the service documents none.
    pub fn limits(self, limits: impl Limiter + 'static) -> Self {
        self.transport(|stack| stack.limits(limits))
    }

    common_api::stack_settings!();

    /// Builds the client.
    ///
    /// # Errors
    /// The token is not valid in a header, or the transport refuses its settings.
    pub fn build(self) -> Result<Client, Error> {
        let header = Authentication::of(self.token.as_ref())?;
        let secrets = self.token.into_iter();
        let transport = secrets.fold(self.inner, |inner, token| inner.hide(token));
        Ok(Client {
            transport: transport.authorize(header).build()?,
            html: self.html,
            reading: self.reading,
            sections: self.sections,
        })
    }
}

#[cfg(test)]
mod tests;
