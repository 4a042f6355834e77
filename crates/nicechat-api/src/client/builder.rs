//! The client's configuration.

use bytes::Bytes;
use common_transport::{BaseUrl, ByStatus, Classify, Error, Verdict};
use http::Response;
use nicechat_sign::{Dialect, Signer};

use super::{Client, Gone};
use crate::{Authentication, Encoding, Strictness};

/// Where the service lives, by its overview; its entity sections say `accounts` (acceptance row
/// N1).
const BASE_URL: &str = "https://account.nice.chat";

type Configure =
    Box<dyn FnOnce(common_transport::ClientBuilder) -> common_transport::ClientBuilder + Send>;

/// Builds a [`Client`].
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    signer: Signer,
    base_url: Option<BaseUrl>,
    encoding: Encoding,
    strictness: Strictness,
    gone: Gone,
    configure: Vec<Configure>,
}

impl ClientBuilder {
    pub(super) fn new(signer: Signer) -> Self {
        Self {
            signer,
            base_url: None,
            encoding: Encoding::default(),
            strictness: Strictness::default(),
            gone: Gone::default(),
            configure: Vec::new(),
        }
    }

    /// Another address than `https://account.nice.chat`.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        self.base_url = Some(base_url);
        self
    }

    /// How forms are brought into the text that is signed. Default: as PHP does.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.signer = self.signer.dialect(dialect);
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

    /// What to do with answers that are not strict JSON. Default: refuse them.
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// What deleting an object that does not exist is. Default: an error.
    pub fn deleting_gone(mut self, gone: Gone) -> Self {
        self.gone = gone;
        self
    }

    /// Configures the stack: time-outs, limits, a shared pool, the retry policy, another HTTP
    /// stack.
    pub fn transport(
        mut self,
        configure: impl FnOnce(common_transport::ClientBuilder) -> common_transport::ClientBuilder
        + Send
        + 'static,
    ) -> Self {
        self.configure.push(Box::new(configure));
        self
    }

    /// The client.
    ///
    /// # Errors
    /// What the transport refuses.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = match self.base_url {
            Some(base_url) => base_url,
            None => BASE_URL.parse().map_err(|error| {
                Error::invalid_input("base_url", "the default cannot be read").with_source(error)
            })?,
        };
        let authentication = Authentication::new(self.signer, self.encoding);
        // The service's own documents print its address with the path.
        let builder = common_transport::Client::builder(base_url.without("/marketplaces/v1"))
            .user_agent(concat!(
                env!("CARGO_PKG_NAME"),
                "/",
                env!("CARGO_PKG_VERSION")
            ))
            .authorize(authentication.clone())
            .classify(NothingIsSurelyUnprocessed);
        let configured = self
            .configure
            .into_iter()
            .fold(builder, |builder, next| next(builder));
        Ok(Client {
            transport: configured.build()?,
            authentication,
            strictness: self.strictness,
            gone: self.gone,
        })
    }
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("encoding", &self.encoding)
            .field("strictness", &self.strictness)
            .field("gone", &self.gone)
            .finish_non_exhaustive()
    }
}

/// The service documents no rate limit, and of its 50x only that they are temporary: none proves
/// that a call was not processed, so only what is idempotent is repeated (acceptance row N91).
struct NothingIsSurelyUnprocessed;

impl Classify for NothingIsSurelyUnprocessed {
    fn classify(&self, response: &Response<Bytes>) -> Verdict {
        match ByStatus.classify(response) {
            Verdict::Throttled => Verdict::ThrottledAmbiguous,
            verdict => verdict,
        }
    }
}
