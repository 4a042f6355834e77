//! The client.

use bytes::Bytes;
use common_api::{Decoding, Sender};
use common_transport::{
    AssumeProcessed, BaseUrl, Error, Metadata, Operation, Secret, client::AroundAttempt,
};
use http::{Request, Response};

pub use common_api::{Answered, Call};

use crate::{
    HtmlPolicy, Noise, Property, RawOperation,
    auth::{self, TokenHeader},
    known_sections::KnownSections,
};

/// Where the service lives.
const BASE_URL: &str = "https://uvygoda.ru";

/// Sends operations to Uvygoda. Cheap to clone; clones share connections and limits.
///
/// The API answers sellers with a PRO account alone (acceptance row U2). Calls are repeated by the
/// table of row U53: reads, `updateProduct` and `setWebHook` are, with the same values;
/// `addProduct`, `sendProductPublish` and `getToken` never are once a byte of them may have left,
/// also not after a 429 or 503.
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
#[derive(Debug, Clone)]
pub struct Client {
    transport: common_transport::Client,
    html: HtmlPolicy,
    noise: Noise,
    decoding: Decoding,
    sections: KnownSections,
}

impl Client {
    /// A client to be configured.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Binds an operation to this client; `.await` sends it.
    pub fn call<O>(&self, operation: O) -> Call<'_, O> {
        Call::new(self, operation)
    }

    /// A method that this crate does not know, by name (acceptance row U5).
    pub fn call_by_name(
        &self,
        method: impl Into<String>,
        json: impl Into<String>,
    ) -> Call<'_, RawOperation> {
        self.call(RawOperation::new(method, json))
    }

    /// Sends an operation.
    ///
    /// # Errors
    /// What the transport or the service says.
    pub async fn send<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        let sender: &dyn Sender = self;
        sender.send(operation).await
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

    fn receive(&self, _: &'static Metadata, mut response: Response<Bytes>) -> Response<Bytes> {
        self.noise.attach(&mut response);
        self.decoding.receive(response)
    }
}

/// Builds a [`Client`].
#[must_use = "a builder does nothing until `build`"]
#[derive(Debug)]
pub struct ClientBuilder {
    inner: common_transport::ClientBuilder,
    token: Option<Secret>,
    html: HtmlPolicy,
    noise: Noise,
    decoding: Decoding,
    sections: KnownSections,
}

impl ClientBuilder {
    fn new() -> Self {
        let inner = common_transport::Client::builder(BaseUrl::from_static(BASE_URL))
            .user_agent(concat!(
                env!("CARGO_PKG_NAME"),
                "/",
                env!("CARGO_PKG_VERSION")
            ))
            // No rate limit is documented, and a second `getToken` makes the first token void (U53).
            .classify(AssumeProcessed);
        Self {
            inner,
            token: None,
            html: HtmlPolicy::default(),
            noise: Noise::default(),
            decoding: Decoding::new(),
            sections: KnownSections::default(),
        }
    }

    /// The seller's token, as `getToken` issued it. Without one, `getToken` is all that can be
    /// called.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Another address than `https://uvygoda.ru`.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        // The service's own documents print its address with the path.
        self.inner = self.inner.base_url(base_url.without("/local/api/api.php"));
        self
    }

    /// What to do with descriptions of cards that hold other tags than the service allows. Default:
    /// refuse them.
    pub fn html(mut self, html: HtmlPolicy) -> Self {
        self.html = html;
        self
    }

    /// Checks the cards of this section before they are sent, against its properties as `getSectionProperties` lists
    /// them: `addProduct` with a value that [`check_properties`](crate::check_properties) refuses is not sent. Cards of
    /// other sections are sent unchecked, which is the default for all.
    ///
    /// The service may change what a section asks for; a client that lives long is built anew from time to time.
    ///
    /// ```
    /// use common_model::from_json;
    /// use common_transport::BoxError;
    /// use http::{Request, Response};
    /// use uvygoda_rpc::{Client, Map, Pictures, Property, products};
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
    /// let pictures = Pictures::new(["https://shop.example/1.jpg"])?;
    /// let preview = "https://shop.example/0.jpg";
    /// let card = products::Add::new(311, "Плед", 177, 5, "Шерсть", Map::new(), pictures, preview);
    /// let error = client.call(card).await.unwrap_err();
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

    /// What to do with answers that are not strict JSON. Default: refuse them.
    pub fn noise(mut self, noise: Noise) -> Self {
        self.noise = noise;
        self
    }

    /// How answers are read: strictly or not, and within how much memory. Default: one odd element does not lose the
    /// rest, and is told by an event.
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.decoding = decoding;
        self
    }

    /// Puts a tower layer of your own around each attempt; the first one added is the outermost. See
    /// [`common_transport::ClientBuilder::layer`].
    pub fn layer(mut self, layer: impl AroundAttempt) -> Self {
        self.inner = self.inner.layer(layer);
        self
    }

    /// Configures the stack: time-outs, limits, a shared pool, the retry policy, another HTTP
    /// stack.
    pub fn transport(
        mut self,
        configure: impl FnOnce(common_transport::ClientBuilder) -> common_transport::ClientBuilder,
    ) -> Self {
        self.inner = configure(self.inner);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// A token that cannot stand in a header, or what the transport refuses.
    pub fn build(self) -> Result<Client, Error> {
        let header = TokenHeader::new(self.token.as_ref())?;
        let secrets = self.token.into_iter();
        let transport = secrets.fold(self.inner, |inner, token| inner.hide(token));
        Ok(Client {
            transport: transport.authorize(header).build()?,
            html: self.html,
            noise: self.noise,
            decoding: self.decoding,
            sections: self.sections,
        })
    }
}

#[cfg(test)]
mod tests;
