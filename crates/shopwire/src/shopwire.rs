//! The three clients over one connection pool.

use common_transport::{Error, Pool};

use crate::Config;

/// The clients of the services that a [`Config`] describes.
///
/// They share one connection pool. Cheap to clone; clones share it too.
#[derive(Clone, Debug)]
pub struct Shopwire {
    #[cfg(feature = "nicechat")]
    nicechat: Option<nicechat_api::Client>,
    #[cfg(feature = "uvygoda")]
    uvygoda: uvygoda_rpc::Client,
    #[cfg(feature = "retailcrm")]
    retailcrm: Option<retailcrm_v5::Client>,
}

impl Shopwire {
    /// Builds the clients; nothing is sent.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] when a setting cannot be used, such as a key that no header can hold.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let pool = Pool::builder().build();
        Ok(Self {
            #[cfg(feature = "nicechat")]
            nicechat: build::nicechat(&config.nicechat, &pool)?,
            #[cfg(feature = "uvygoda")]
            uvygoda: build::uvygoda(&config.uvygoda, &pool)?,
            #[cfg(feature = "retailcrm")]
            retailcrm: build::retailcrm(&config.retailcrm, &pool)?,
        })
    }

    /// The client of NiceChat.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] when the key pair is not set.
    #[cfg(feature = "nicechat")]
    pub fn nicechat(&self) -> Result<&nicechat_api::Client, Error> {
        self.nicechat
            .as_ref()
            .ok_or_else(|| missing("NICECHAT_API_KEY and NICECHAT_API_SECRET"))
    }

    /// The client of Uvygoda; without a token it can call `getToken` alone.
    #[cfg(feature = "uvygoda")]
    pub fn uvygoda(&self) -> &uvygoda_rpc::Client {
        &self.uvygoda
    }

    /// The client of RetailCRM.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] when the account's host or key is not set.
    #[cfg(feature = "retailcrm")]
    pub fn retailcrm(&self) -> Result<&retailcrm_v5::Client, Error> {
        self.retailcrm
            .as_ref()
            .ok_or_else(|| missing("RETAILCRM_URL and RETAILCRM_API_KEY"))
    }
}

#[cfg(any(feature = "nicechat", feature = "retailcrm"))]
fn missing(names: &'static str) -> Error {
    Error::invalid_input(names, "both have to be set")
}

/// One function for each service: settings and pool to client.
mod build {
    use common_transport::{Error, Pool};

    use crate::config;

    #[cfg(feature = "nicechat")]
    pub(super) fn nicechat(
        config: &config::NiceChat,
        pool: &Pool,
    ) -> Result<Option<nicechat_api::Client>, Error> {
        let (Some(key), Some(secret)) = (&config.api_key, &config.api_secret) else {
            return Ok(None);
        };
        let credentials = nicechat_sign::Credentials::new(key.expose(), secret.expose());
        let signer = nicechat_sign::Signer::new(credentials.clone())
            .dialect(config.dialect)
            .names(config.names.clone())
            .query_rule(config.query_rule);
        let pool = pool.clone();
        let mut builder = nicechat_api::Client::builder(credentials)
            .signer(signer)
            .encoding(config.encoding)
            .transport(|transport| transport.shared(pool));
        if let Some(url) = &config.url {
            builder = builder.base_url(url.clone());
        }
        builder.build().map(Some)
    }

    #[cfg(feature = "uvygoda")]
    pub(super) fn uvygoda(
        config: &config::Uvygoda,
        pool: &Pool,
    ) -> Result<uvygoda_rpc::Client, Error> {
        let pool = pool.clone();
        let mut builder =
            uvygoda_rpc::Client::builder().transport(|transport| transport.shared(pool));
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
        config: &config::RetailCrm,
        pool: &Pool,
    ) -> Result<Option<retailcrm_v5::Client>, Error> {
        let (Some(url), Some(key)) = (&config.url, &config.api_key) else {
            return Ok(None);
        };
        let pool = pool.clone();
        let mut builder = retailcrm_v5::Client::builder(url.clone(), key.clone())
            .transport(|transport| transport.shared(pool));
        if let Some(site) = &config.site {
            builder = builder.site(site);
        }
        builder.build().map(Some)
    }
}
