//! Proxies: HTTP tunnels and SOCKS, from configuration or from the environment.

use std::{fmt, sync::Arc};

use http::Uri;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use crate::{Error, base_url::has_sound_port};

/// The supported schemes of proxy URLs.
const SCHEMES: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The proxy of a [`Pool`](super::Pool).
///
/// Only `https` connections use a proxy, through a tunnel, so the proxy sees no requests. Plain `http` is for loopback
/// hosts, which a proxy cannot reach.
#[derive(Clone)]
pub struct Proxy {
    matcher: Option<Arc<Matcher>>,
}

impl Proxy {
    /// The proxy of the environment variables `HTTPS_PROXY` or `ALL_PROXY`, in upper or lower case. Hosts in `NO_PROXY`
    /// are connected to directly.
    pub fn environment() -> Self {
        Self {
            matcher: Some(Arc::new(Matcher::from_env())),
        }
    }

    /// No proxy, regardless of the environment.
    pub const fn none() -> Self {
        Self { matcher: None }
    }

    /// The proxy at this URL:
    ///
    /// - `http://proxy:3128`;
    /// - `https://proxy:3129`, reached over TLS, with its certificate checked as those of servers are;
    /// - `socks5://proxy:1080` or `socks4://proxy:1080`, which resolve names themselves.
    ///
    /// A user name and a password go before the host as `user:password@` (not with `socks4`). Hosts in `except` are
    /// connected to directly; its format is that of `NO_PROXY`: `.corp.example, 10.0.0.0/8`.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] when the URL is invalid, has another scheme, an invalid port or a misplaced `@`.
    pub fn url(url: &str, except: &str) -> Result<Self, Error> {
        check(url).map_err(|reason| Error::invalid_input("proxy", reason))?;
        let matcher = Matcher::builder().https(url).no(except).build();
        Ok(Self {
            matcher: Some(Arc::new(matcher)),
        })
    }

    /// The proxy for this destination.
    pub(super) fn of(&self, destination: &Uri) -> Option<Intercept> {
        self.matcher.as_ref()?.intercept(destination)
    }
}

/// Checks the URL of a proxy. hyper-util would accept an invalid URL and guess its meaning.
fn check(url: &str) -> Result<(), String> {
    let uri = url.parse::<Uri>().unwrap_or_default();
    let is_known = |scheme: &str| SCHEMES.contains(&scheme);
    let is_known = uri.scheme_str().is_some_and(is_known);
    let Some(authority) = uri.authority().filter(|_| is_known) else {
        let schemes = SCHEMES.join(", ");
        return Err(format!("it is no URL of these schemes: {schemes}"));
    };
    if authority.as_str().matches('@').count() > 1 {
        return Err("an @ in a user name or a password is written %40".to_owned());
    }
    if !has_sound_port(authority) {
        return Err("its port is no number up to 65535".to_owned());
    }
    Ok(())
}

/// Shows no field, since the URL may hold a password.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_and_schemes() {
        let proxy =
            Proxy::url("http://u:p@proxy.example:3128", ".corp.example, 10.0.0.0/8").unwrap();
        let goes = |url: &str| proxy.of(&url.parse().unwrap()).is_some();
        assert!(goes("https://demo.example/"));
        assert!(!goes("https://crm.corp.example/"));
        assert!(!goes("https://10.1.2.3/"));
        assert!(!goes("http://127.0.0.1/"));
        assert!(
            Proxy::none()
                .of(&"https://demo.example/".parse().unwrap())
                .is_none()
        );
        for bad in [
            "proxy:3128",
            "ftp://proxy",
            "http://",
            "http://u:p@ss@proxy",
            "http://proxy:80800",
        ] {
            let error = Proxy::url(bad, "").unwrap_err();
            assert!(error.is_invalid_input(), "{bad}");
            assert!(!format!("{error:?}").contains("ss@"), "{error:?}");
        }
        assert_eq!(format!("{proxy:?}"), "Proxy { .. }");
    }
}
