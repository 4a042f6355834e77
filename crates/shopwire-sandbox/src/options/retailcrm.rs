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
    /// The port on 127.0.0.1; 0 (default) lets the system choose.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Whether it holds its callers to 10 (telephony 40) requests a second. Default: it does.
    #[must_use]
    pub fn rate_limit(mut self, rate_limit: RateLimit) -> Self {
        self.rate_limit = rate_limit;
        self
    }

    /// The scopes that the key has: `["order_read"]`. A method that needs another one answers 403.
    /// Default: all that the description names.
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

/// Whether rate limits hold.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RateLimit {
    /// Above the documented rate comes the 503 page.
    #[default]
    Enforced,
    /// Any rate will do.
    Lifted,
}
