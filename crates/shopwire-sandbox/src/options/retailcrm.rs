//! Settings of the emulated RetailCRM.

/// Settings of [`crate::RetailCrm`]; see [`super::Options::retailcrm`].
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct RetailCrmOptions {
    pub(crate) port: u16,
    pub(crate) rate_limit: RateLimit,
    pub(crate) scopes: Option<Vec<String>>,
}

impl RetailCrmOptions {
    /// Sets the port on 127.0.0.1. Default: 0, the system chooses.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets whether the limit of 10 requests a second (telephony: 40) is enforced. It goes by the real time, and not by
    /// the [clock](crate::Clock) of the sandbox. Default: it is.
    #[must_use]
    pub fn rate_limit(mut self, rate_limit: RateLimit) -> Self {
        self.rate_limit = rate_limit;
        self
    }

    /// Sets the scopes of the key, for example `["order_read"]`. A method that needs another scope answers 403.
    /// Default: all scopes in the description.
    ///
    /// ```
    /// use shopwire_sandbox::Options;
    ///
    /// let reads_orders = Options::default().retailcrm(|crm| crm.scopes(["order_read"]));
    /// assert!(format!("{reads_orders:?}").contains("order_read"));
    /// ```
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }
}

/// Whether the rate limits are enforced.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateLimit {
    /// Requests above the documented rate get the 503 page.
    #[default]
    Enforced,
    /// Requests are not limited.
    Lifted,
}
