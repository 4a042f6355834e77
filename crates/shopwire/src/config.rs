//! Addresses and credentials of the services.

mod client;
#[cfg(feature = "nicechat")]
mod nicechat;

use std::{cell::OnceCell, ffi::OsString};

use common_transport::{BaseUrl, Error, Secret};

pub use client::ClientConfig;

/// The settings of all three services. A service may be left without settings.
///
/// # Example
/// ```
/// use shopwire::Config;
///
/// // As `Config::from_env` does it, with a map in place of the environment.
/// let config = Config::from_lookup(|name| match name {
///     "RETAILCRM_URL" => Some("https://demo.retailcrm.example".into()),
///     "RETAILCRM_API_KEY" => Some("k-1".into()),
///     _ => None,
/// })?;
/// assert!(config.retailcrm.url.is_some());
/// assert!(config.nicechat.api_key.is_none());
/// assert!(!format!("{config:?}").contains("k-1"), "keys never show");
/// # Ok::<(), shopwire::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Config {
    /// NiceChat.
    pub nicechat: NiceChatConfig,
    /// Uvygoda.
    pub uvygoda: UvygodaConfig,
    /// RetailCRM.
    pub retailcrm: RetailCrmConfig,
    /// Settings of all clients.
    pub client: ClientConfig,
}

/// Settings of NiceChat.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct NiceChatConfig {
    /// `NICECHAT_URL`. Default: the public service.
    pub url: Option<BaseUrl>,
    /// `NICECHAT_API_KEY`.
    pub api_key: Option<Secret>,
    /// `NICECHAT_API_SECRET`.
    pub api_secret: Option<Secret>,
    /// `NICECHAT_DIALECT`: the canonical form of signed forms, `php` (default), `php81`, `python` or `prose`.
    // N22
    #[cfg(feature = "nicechat")]
    pub dialect: nicechat_sign::Dialect,
    /// `NICECHAT_KEY_HEADER`, `NICECHAT_SIGNATURE_HEADER`, `NICECHAT_KEY_PARAMETER`,
    /// `NICECHAT_SIGNATURE_PARAMETER`. Defaults: `X-API-Key`, `X-API-Sign`, `_key` and `_sign`.
    // N9, N10
    #[cfg(feature = "nicechat")]
    pub names: nicechat_sign::Names,
    /// `NICECHAT_QUERY_RULE`: whether the query of a GET is signed, `unsigned` (default) or `signed`.
    // N27
    #[cfg(feature = "nicechat")]
    pub query_rule: nicechat_sign::QueryRule,
    /// `NICECHAT_ENCODING`: encoding of bodies and place of the signature, `json-with-headers` (default),
    /// `form-with-headers`, `form-with-parameters`, `multipart-with-headers` or `multipart-with-parameters`.
    // N6, N93, N94
    #[cfg(feature = "nicechat")]
    pub encoding: nicechat_api::Encoding,
    /// Whether deleting an object that does not exist is an error (default) or a success.
    #[cfg(feature = "nicechat")]
    pub deleting_gone: nicechat_api::Gone,
    /// Settings of this client, which win over those of [all clients](Config::client).
    pub client: ClientConfig,
}

/// Settings of Uvygoda.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct UvygodaConfig {
    /// `UVYGODA_URL`. Default: the public service.
    pub url: Option<BaseUrl>,
    /// `UVYGODA_TOKEN`. Without it only `getToken` can be called.
    pub token: Option<Secret>,
    /// The policy for descriptions of cards with tags that the service does not allow. Default: they are refused.
    #[cfg(feature = "uvygoda")]
    pub html: uvygoda_rpc::HtmlPolicy,
    /// Settings of this client, which win over those of [all clients](Config::client).
    pub client: ClientConfig,
}

/// Settings of RetailCRM.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct RetailCrmConfig {
    /// `RETAILCRM_URL`: the account's host. There is no default.
    pub url: Option<BaseUrl>,
    /// `RETAILCRM_API_KEY`.
    pub api_key: Option<Secret>,
    /// `RETAILCRM_SITE`: the shop's symbolic code, for keys with access to several shops.
    pub site: Option<String>,
    /// Where the key travels. Default: the header.
    #[cfg(feature = "retailcrm")]
    pub key_in: retailcrm_v5::KeyPlace,
    /// Settings of this client, which win over those of [all clients](Config::client).
    pub client: ClientConfig,
}

impl Config {
    /// Creates empty settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads `NICECHAT_URL`, `NICECHAT_API_KEY`, `NICECHAT_API_SECRET`, `UVYGODA_URL`, `UVYGODA_TOKEN`,
    /// `RETAILCRM_URL`, `RETAILCRM_API_KEY` and `RETAILCRM_SITE` from the environment, and the rules of NiceChat's
    /// signature: see the fields of [`NiceChatConfig`].
    ///
    /// # Errors
    /// [`Error::is_invalid_input`]: a variable cannot be used, such as a bad URL. The error names the variable
    /// without its value.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(|name| std::env::var_os(name))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let not_text = OnceCell::new();
        let config = Self::from_lookup(|name| match variable(name)?.into_string() {
            Ok(text) => Some(text),
            Err(_) => {
                let _ = not_text.set(name.to_owned());
                None
            }
        });
        match not_text.into_inner() {
            Some(name) => Err(Error::invalid_input(
                name,
                "the variable's text is not UTF-8",
            )),
            None => config,
        }
    }

    /// Reads the same names with a function. An empty text counts as absent.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let text = |name: &str| lookup(name).filter(|text| !text.is_empty());
        let secret = |name: &str| text(name).map(Secret::new);
        let url = |name: &str| text(name).map(|text| parse_url(name, &text)).transpose();
        Ok(Self {
            nicechat: NiceChatConfig {
                url: url("NICECHAT_URL")?,
                api_key: secret("NICECHAT_API_KEY"),
                api_secret: secret("NICECHAT_API_SECRET"),
                #[cfg(feature = "nicechat")]
                dialect: nicechat::dialect(&text)?,
                #[cfg(feature = "nicechat")]
                names: nicechat::names(&text)?,
                #[cfg(feature = "nicechat")]
                query_rule: nicechat::query_rule(&text)?,
                #[cfg(feature = "nicechat")]
                encoding: nicechat::encoding(&text)?,
                ..NiceChatConfig::default()
            },
            uvygoda: UvygodaConfig {
                url: url("UVYGODA_URL")?,
                token: secret("UVYGODA_TOKEN"),
                ..UvygodaConfig::default()
            },
            retailcrm: RetailCrmConfig {
                url: url("RETAILCRM_URL")?,
                api_key: secret("RETAILCRM_API_KEY"),
                site: text("RETAILCRM_SITE"),
                ..RetailCrmConfig::default()
            },
            client: ClientConfig::default(),
        })
    }

    /// Sets NiceChat's key pair.
    #[must_use]
    pub fn nicechat(mut self, api_key: impl Into<Secret>, api_secret: impl Into<Secret>) -> Self {
        self.nicechat.api_key = Some(api_key.into());
        self.nicechat.api_secret = Some(api_secret.into());
        self
    }

    /// Sets the address of NiceChat. Default: the public service.
    #[must_use]
    pub fn nicechat_url(mut self, url: BaseUrl) -> Self {
        self.nicechat.url = Some(url);
        self
    }

    /// Sets the dialect of NiceChat's signed forms.
    #[cfg(feature = "nicechat")]
    #[must_use]
    pub fn nicechat_dialect(mut self, dialect: nicechat_sign::Dialect) -> Self {
        self.nicechat.dialect = dialect;
        self
    }

    /// Sets the names of the headers and parameters with NiceChat's key and signature.
    #[cfg(feature = "nicechat")]
    #[must_use]
    pub fn nicechat_names(mut self, names: nicechat_sign::Names) -> Self {
        self.nicechat.names = names;
        self
    }

    /// Sets whether the query of a GET to NiceChat is signed.
    #[cfg(feature = "nicechat")]
    #[must_use]
    pub fn nicechat_query_rule(mut self, rule: nicechat_sign::QueryRule) -> Self {
        self.nicechat.query_rule = rule;
        self
    }

    /// Sets the encoding of bodies to NiceChat, and the place of key and signature.
    #[cfg(feature = "nicechat")]
    #[must_use]
    pub fn nicechat_encoding(mut self, encoding: nicechat_api::Encoding) -> Self {
        self.nicechat.encoding = encoding;
        self
    }

    /// Sets Uvygoda's token.
    #[must_use]
    pub fn uvygoda(mut self, token: impl Into<Secret>) -> Self {
        self.uvygoda.token = Some(token.into());
        self
    }

    /// Sets the address of Uvygoda. Default: the public service.
    #[must_use]
    pub fn uvygoda_url(mut self, url: BaseUrl) -> Self {
        self.uvygoda.url = Some(url);
        self
    }

    /// Sets the RetailCRM account's host and key.
    #[must_use]
    pub fn retailcrm(mut self, url: BaseUrl, api_key: impl Into<Secret>) -> Self {
        self.retailcrm.url = Some(url);
        self.retailcrm.api_key = Some(api_key.into());
        self
    }

    /// Sets the symbolic code of the RetailCRM shop, which is sent with calls.
    #[must_use]
    pub fn retailcrm_site(mut self, site: impl Into<String>) -> Self {
        self.retailcrm.site = Some(site.into());
        self
    }

    /// Changes the settings of all clients.
    #[must_use]
    pub fn client(mut self, configure: impl FnOnce(ClientConfig) -> ClientConfig) -> Self {
        self.client = configure(self.client);
        self
    }

    /// Changes the settings of the client of NiceChat, which win over those of [all clients](Self::client).
    #[must_use]
    pub fn nicechat_client(mut self, configure: impl FnOnce(ClientConfig) -> ClientConfig) -> Self {
        self.nicechat.client = configure(self.nicechat.client);
        self
    }

    /// Changes the settings of the client of Uvygoda, which win over those of [all clients](Self::client).
    #[must_use]
    pub fn uvygoda_client(mut self, configure: impl FnOnce(ClientConfig) -> ClientConfig) -> Self {
        self.uvygoda.client = configure(self.uvygoda.client);
        self
    }

    /// Changes the settings of the client of RetailCRM, which win over those of [all clients](Self::client).
    #[must_use]
    pub fn retailcrm_client(
        mut self,
        configure: impl FnOnce(ClientConfig) -> ClientConfig,
    ) -> Self {
        self.retailcrm.client = configure(self.retailcrm.client);
        self
    }
}

fn parse_url(name: &str, text: &str) -> Result<BaseUrl, Error> {
    text.parse()
        .map_err(|error: common_transport::InvalidBaseUrl| {
            Error::invalid_input(name, error.to_string())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_a_url_that_is_not_https_is_refused_by_name_and_not_shown() {
        let error = Config::from_lookup(|name| {
            (name == "UVYGODA_URL").then(|| "http://hidden.example".to_owned())
        });
        let error = error.expect_err("refused").to_string();
        assert!(
            error.contains("UVYGODA_URL") && error.contains("https"),
            "{error}"
        );
        assert!(!error.contains("hidden"), "{error}");
    }

    #[test]
    fn x7_debug_shows_no_secret() {
        let url: BaseUrl = "https://demo.example".parse().expect("a URL");
        let config = Config::new()
            .nicechat("key-1", "secret-2")
            .uvygoda("token-3")
            .retailcrm(url, "key-4")
            .retailcrm_site("shop-5");
        let text = format!("{config:?} {config:#?}");
        for secret in ["key-1", "secret-2", "token-3", "key-4"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(
            text.contains("shop-5") && text.contains("demo.example"),
            "{text}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn c11_a_variable_that_is_no_text_is_refused_by_name_and_not_left_out() {
        use std::os::unix::ffi::OsStringExt as _;
        for name in ["RETAILCRM_SITE", "RETAILCRM_API_KEY", "NICECHAT_URL"] {
            let config = Config::from_variables(|asked| {
                (asked == name).then(|| OsString::from_vec(b"shop-\xff".to_vec()))
            });
            let error = config.expect_err("refused").to_string();
            assert!(error.contains(name) && !error.contains("shop-"), "{error}");
        }
    }

    #[test]
    fn an_empty_variable_is_none() {
        let config = Config::from_lookup(|_| Some(String::new())).expect("nothing is set");
        assert!(config.uvygoda.token.is_none() && config.nicechat.url.is_none());
    }
}
