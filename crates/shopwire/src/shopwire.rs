//! The three clients over one connection pool.

use common_transport::{ClientBuilder, Error, Pool};

use crate::Config;

/// The clients of the services in a [`Config`].
///
/// They share one connection pool. Cheap to clone; clones share the pool.
#[derive(Clone, Debug)]
pub struct Shopwire {
    #[cfg(feature = "nicechat")]
    nicechat: Result<nicechat_api::Client, Missing>,
    #[cfg(feature = "uvygoda")]
    uvygoda: uvygoda_rpc::Client,
    #[cfg(feature = "retailcrm")]
    retailcrm: Result<retailcrm_v5::Client, Missing>,
}

impl Shopwire {
    /// Builds the clients. Sends no request.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`]: a setting cannot be used, such as a key that is not valid in a header.
    pub fn new(config: &Config) -> Result<Self, Error> {
        Self::with_transport(config, |transport| transport)
    }

    /// Builds the clients, each with these changes to its transport: time limits, an observer, a layer around each
    /// attempt, a service in place of the network. Sends no request.
    ///
    /// ```
    /// use std::time::Duration;
    /// use shopwire::{Config, Shopwire};
    ///
    /// let config = Config::new().uvygoda("token-1");
    /// let timeout = Duration::from_secs(10);
    /// let shopwire = Shopwire::with_transport(&config, |transport| transport.total_timeout(timeout))?;
    /// # Ok::<(), shopwire::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_transport(
        config: &Config,
        change: impl Fn(ClientBuilder) -> ClientBuilder,
    ) -> Result<Self, Error> {
        let pool = Pool::builder().build();
        let change = |transport: ClientBuilder| change(transport.shared(pool.clone()));
        Ok(Self {
            #[cfg(feature = "nicechat")]
            nicechat: build::nicechat(&config.nicechat, &change)?,
            #[cfg(feature = "uvygoda")]
            uvygoda: build::uvygoda(&config.uvygoda, &change)?,
            #[cfg(feature = "retailcrm")]
            retailcrm: build::retailcrm(&config.retailcrm, &change)?,
        })
    }

    /// The client of NiceChat.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`]: key or secret is not set. The error names only the missing settings.
    #[cfg(feature = "nicechat")]
    pub fn nicechat(&self) -> Result<&nicechat_api::Client, Error> {
        self.nicechat.as_ref().map_err(missing)
    }

    /// The client of Uvygoda. Without a token it can call only `getToken`.
    #[cfg(feature = "uvygoda")]
    pub fn uvygoda(&self) -> &uvygoda_rpc::Client {
        &self.uvygoda
    }

    /// The client of RetailCRM.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`]: the account's host or key is not set. The error names only the missing
    /// settings.
    #[cfg(feature = "retailcrm")]
    pub fn retailcrm(&self) -> Result<&retailcrm_v5::Client, Error> {
        self.retailcrm.as_ref().map_err(missing)
    }
}

/// The names of the required settings that are missing.
#[cfg(any(feature = "nicechat", feature = "retailcrm"))]
type Missing = Vec<&'static str>;

#[cfg(any(feature = "nicechat", feature = "retailcrm"))]
fn missing(names: &Missing) -> Error {
    let message = match names.len() {
        1 => "it has to be set",
        _ => "they have to be set",
    };
    Error::invalid_input(names.join(" and "), message)
}

/// Builders of the clients from settings and pool, one function for each service.
mod build {
    use common_transport::{ClientBuilder, Error};

    #[cfg(any(feature = "nicechat", feature = "retailcrm"))]
    use super::Missing;
    use crate::config;

    /// The names of the settings that are not set.
    #[cfg(any(feature = "nicechat", feature = "retailcrm"))]
    fn unset<const N: usize>(settings: [(&'static str, bool); N]) -> Missing {
        let unset = settings.into_iter().filter(|(_, is_set)| !is_set);
        unset.map(|(name, _)| name).collect()
    }

    #[cfg(feature = "nicechat")]
    pub(super) fn nicechat(
        config: &config::NiceChatConfig,
        change: &dyn Fn(ClientBuilder) -> ClientBuilder,
    ) -> Result<Result<nicechat_api::Client, Missing>, Error> {
        let (Some(key), Some(secret)) = (&config.api_key, &config.api_secret) else {
            return Ok(Err(unset([
                ("NICECHAT_API_KEY", config.api_key.is_some()),
                ("NICECHAT_API_SECRET", config.api_secret.is_some()),
            ])));
        };
        let credentials = nicechat_sign::Credentials::new(key.expose(), secret.expose());
        let signer = nicechat_sign::Signer::new(credentials.clone())
            .with_dialect(config.dialect)
            .with_names(config.names.clone())
            .with_query_rule(config.query_rule);
        let mut builder = nicechat_api::Client::builder(credentials)
            .signer(signer)
            .encoding(config.encoding)
            .transport(change);
        if let Some(url) = &config.url {
            builder = builder.base_url(url.clone());
        }
        builder.build().map(Ok)
    }

    #[cfg(feature = "uvygoda")]
    pub(super) fn uvygoda(
        config: &config::UvygodaConfig,
        change: &dyn Fn(ClientBuilder) -> ClientBuilder,
    ) -> Result<uvygoda_rpc::Client, Error> {
        let mut builder = uvygoda_rpc::Client::builder().transport(change);
        if let Some(url) = &config.url {
            builder = builder.base_url(url.clone());
        }
        if let Some(token) = &config.token {
            builder = builder.token(token.clone());
        }
        builder.build()
    }

    #[cfg(feature = "retailcrm")]
    pub(super) fn retailcrm(
        config: &config::RetailCrmConfig,
        change: &dyn Fn(ClientBuilder) -> ClientBuilder,
    ) -> Result<Result<retailcrm_v5::Client, Missing>, Error> {
        let (Some(url), Some(key)) = (&config.url, &config.api_key) else {
            return Ok(Err(unset([
                ("RETAILCRM_URL", config.url.is_some()),
                ("RETAILCRM_API_KEY", config.api_key.is_some()),
            ])));
        };
        let mut builder = retailcrm_v5::Client::builder(url.clone(), key.clone()).transport(change);
        if let Some(site) = &config.site {
            builder = builder.site(site);
        }
        builder.build().map(Ok)
    }
}

#[cfg(all(test, feature = "nicechat", feature = "retailcrm"))]
mod tests {
    use super::*;

    // F24
    #[tokio::test]
    async fn f24_what_is_missing_is_named_and_nothing_else() {
        let field = |config: Config, of: fn(&Shopwire) -> Result<(), Error>| {
            let shopwire = Shopwire::new(&config).expect("nothing is wrong");
            let error = of(&shopwire).expect_err("something is missing");
            error.field().map(ToOwned::to_owned)
        };
        let retailcrm: fn(&Shopwire) -> Result<(), Error> = |it| it.retailcrm().map(drop);
        let nicechat: fn(&Shopwire) -> Result<(), Error> = |it| it.nicechat().map(drop);
        let mut with_url = Config::new();
        with_url.retailcrm.url = "https://demo.example".parse().ok();
        let mut with_key = Config::new();
        with_key.nicechat.api_key = Some("k-1".into());
        for (config, of, names) in [
            (with_url, retailcrm, "RETAILCRM_API_KEY"),
            (with_key, nicechat, "NICECHAT_API_SECRET"),
            (
                Config::new(),
                retailcrm,
                "RETAILCRM_URL and RETAILCRM_API_KEY",
            ),
        ] {
            assert_eq!(field(config, of).as_deref(), Some(names));
        }
    }
}
