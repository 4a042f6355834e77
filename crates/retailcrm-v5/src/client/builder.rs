//! The client's configuration.

use std::sync::{Arc, LazyLock};

use common_api::Decoding;
use common_transport::{
    BaseUrl, Error, Limiter, RateClass, RateLimits, Secret, client::AroundAttempt,
};

use super::{Client, KeyPlace, key::ApiKey};

/// Builds a [`Client`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    inner: common_transport::ClientBuilder,
    key: Secret,
    place: KeyPlace,
    site: Option<Arc<str>>,
    decoding: Decoding,
}

impl ClientBuilder {
    pub(super) fn new(base_url: BaseUrl, key: Secret) -> Self {
        // The service's own documents print its address with the version.
        let inner = common_transport::Client::builder(base_url.without("/api/v5"))
            .default_limits(default_limits())
            .user_agent(concat!(
                env!("CARGO_PKG_NAME"),
                "/",
                env!("CARGO_PKG_VERSION")
            ));
        Self {
            inner,
            key,
            place: KeyPlace::default(),
            site: None,
            decoding: Decoding::new(),
        }
    }

    /// Where the key travels. Default: the header.
    pub fn key_in(mut self, place: KeyPlace) -> Self {
        self.place = place;
        self
    }

    /// The symbolic code of the shop, for calls that take `site` and do not name one. Default: none, which the
    /// service takes from keys that see one shop only.
    pub fn site(mut self, site: &str) -> Self {
        self.site = Some(site.into());
        self
    }

    /// How answers are read: strictly or not, and within how much memory. Default: one odd element does not lose the
    /// rest, and is told by an event.
    pub fn decoding(mut self, decoding: Decoding) -> Self {
        self.decoding = decoding;
        self
    }

    /// The rate limits. Default: [`default_limits`], which all clients of the process share, but for those over a
    /// [service](common_transport::ClientBuilder::service) in place of the network: each of them counts for itself.
    /// Give all processes behind one address the same limits, through a [`Limiter`] over a shared store.
    pub fn limits(mut self, limits: impl Limiter + 'static) -> Self {
        self.inner = self.inner.limits(limits);
        self
    }

    /// Puts a tower layer of your own around each attempt; the first one added is the outermost. See
    /// [`common_transport::ClientBuilder::layer`].
    pub fn layer(mut self, layer: impl AroundAttempt) -> Self {
        self.inner = self.inner.layer(layer);
        self
    }

    /// Everything else of the stack: pool, timeouts, retries.
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
    /// [`Error::is_invalid_input`] when the configuration cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let key = ApiKey {
            key: self.key,
            place: self.place,
        };
        Ok(Client {
            inner: self.inner.hide(key.key.clone()).authorize(key).build()?,
            site: self.site,
            decoding: self.decoding,
        })
    }
}

/// The quotas of the service for each IP: 10 requests a second, and a separate quota of 40 for telephony.
///
/// All clients of the process share one limiter, since the service counts by IP and not by key. It counts each host
/// separately. If an account has two host names, give `default_limits().alias(…)`, which is a separate limiter, to all
/// clients. A limiter starts afresh when its clock goes back, for example at the paused clock of another test.
// R17, R18, R19
pub fn default_limits() -> RateLimits {
    static OF_THE_PROCESS: LazyLock<RateLimits> = LazyLock::new(|| {
        RateLimits::new()
            .class(RateClass::DEFAULT, 10)
            .class(RateClass("telephony"), 40)
    });
    OF_THE_PROCESS.clone()
}
