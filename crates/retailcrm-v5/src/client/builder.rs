//! The client's configuration.

use std::sync::{Arc, LazyLock};

use common_api::Reading;
use common_transport::{BaseUrl, Error, Limiter, RateClass, RateLimits, Secret};

use super::Client;
use crate::{Authentication, KeyPlace, repair};

/// Builds a [`Client`].
#[derive(Debug)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    inner: common_transport::ClientBuilder,
    key: Secret,
    place: KeyPlace,
    site: Option<Arc<str>>,
    reading: Reading,
}

impl ClientBuilder {
    pub(super) fn new(base_url: BaseUrl, key: Secret) -> Self {
        // The service's own documents print its address with the version.
        let inner = common_transport::Client::builder(base_url.without("/api/v5"))
            .default_limits(default_limits())
            .user_agent(common_api::user_agent!());
        Self {
            inner,
            key,
            place: KeyPlace::default(),
            site: None,
            reading: Reading::new(repair),
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

    /// The rate limits. Default: [`default_limits`], which all clients of the process share, but for those over a
    /// [service](common_transport::ClientBuilder::service) in place of the network: each of them counts for itself.
    /// Give all processes behind one address the same limits, through a [`Limiter`] that they share: the crate
    /// `common-limit-redis` has one.
    pub fn limits(mut self, limits: impl Limiter + 'static) -> Self {
        self.inner = self.inner.limits(limits);
        self
    }

    /// Another address than the one the client was begun with.
    pub fn base_url(mut self, base_url: BaseUrl) -> Self {
        // The service's own documents print its address with the version.
        self.inner = self.inner.base_url(base_url.without("/api/v5"));
        self
    }

    common_api::stack_settings!();

    /// The client.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] when the configuration cannot be used.
    pub fn build(self) -> Result<Client, Error> {
        let stack = self.inner.hide(self.key.clone());
        let authentication = Authentication::new(self.key, self.place);
        Ok(Client {
            inner: stack.authorize(authentication).build()?,
            site: self.site,
            reading: self.reading,
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
