//! The client's configuration.

use common_api::Reading;
use common_transport::{AssumeProcessed, BaseUrl, Error, Limiter};
use nicechat_sign::{Dialect, Signer};

use super::{Client, Gone};
use crate::{Authentication, Encoding, repair};

/// The base URL in the overview of the service's documentation. The sections about entities have `accounts` instead.
// N1
const BASE_URL: &str = "https://account.nice.chat";

/// Builds a [`Client`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    inner: common_transport::ClientBuilder,
    signer: Signer,
    encoding: Encoding,
    reading: Reading,
    gone: Gone,
}

impl ClientBuilder {
    pub(super) fn new(signer: Signer) -> Self {
        let inner = common_transport::Client::builder(BaseUrl::from_static(BASE_URL))
            .user_agent(common_api::user_agent!())
            // No rate limit is documented, and of its 50x only that they are temporary (N91).
            .classify(AssumeProcessed);
        Self {
            inner,
            signer,
            encoding: Encoding::default(),
            reading: Reading::new(repair),
            gone: Gone::default(),
        }
    }

    /// Another address than `https://account.nice.chat`.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        // The service's own documents print its address with the path.
        self.inner = self.inner.base_url(base_url.without("/marketplaces/v1"));
        self
    }

    /// How forms are brought into the text that is signed. Default: as PHP does.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.signer = self.signer.with_dialect(dialect);
        self
    }

    /// A signer with names or rules of its own; its credentials take the place of those given
    /// before.
    pub fn signer(mut self, signer: Signer) -> Self {
        self.signer = signer;
        self
    }

    /// How bodies are encoded and where the signature goes. Default: JSON, with headers.
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Sets the outcome of deleting an object that does not exist. Default: an error.
    pub fn deleting_gone(mut self, gone: Gone) -> Self {
        self.gone = gone;
        self
    }

    /// The rate limits. Default: none, since the service documents none.
    pub fn limits(self, limits: impl Limiter + 'static) -> Self {
        self.transport(|stack| stack.limits(limits))
    }

    common_api::stack_settings!();

    /// The client.
    ///
    /// # Errors
    /// The errors of the transport's configuration.
    pub fn build(self) -> Result<Client, Error> {
        let inner = self.inner.hide(self.signer.key());
        let inner = inner.hide(self.signer.expose_secret());
        let authentication = Authentication::new(self.signer, self.encoding);
        Ok(Client {
            transport: inner.authorize(authentication.clone()).build()?,
            authentication,
            reading: self.reading,
            gone: self.gone,
        })
    }
}
