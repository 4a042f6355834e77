//! The base URL of a service, and the HTTPS-only rule.

use std::{fmt, net::IpAddr, str::FromStr};

use http::{
    Request, Uri,
    uri::{Authority, Parts, PathAndQuery, Scheme},
};

use crate::Error;

/// Scheme, host and an optional path prefix of a service.
///
/// Only HTTPS is accepted, except for loopback hosts. User names and queries are refused, since they could end up in
/// logs.
// R3
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    scheme: Scheme,
    authority: Authority,
    prefix: String,
}

impl BaseUrl {
    /// Parses a base URL that is a constant of the program.
    ///
    /// # Panics
    /// `text` is not a valid base URL. Parse texts that come from outside.
    #[must_use]
    pub fn from_static(text: &'static str) -> Self {
        match text.parse() {
            Ok(base_url) => base_url,
            Err(error) => panic!("{text}: {error}"),
        }
    }

    /// Adds this scheme, host and prefix to a request in origin form.
    ///
    /// # Errors
    /// [`Error::is_invalid_input`] if the prefix and the request's path do not form a valid URL.
    pub fn apply<B>(&self, request: &mut Request<B>) -> Result<(), Error> {
        let path = request.uri().path_and_query();
        let path = match path {
            Some(path) if self.prefix.is_empty() => path.clone(),
            path => {
                let path = path.map_or("/", PathAndQuery::as_str);
                let joined = format!("{}{path}", self.prefix);
                PathAndQuery::from_maybe_shared(joined).map_err(|_| does_not_join())?
            }
        };
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(path);
        let uri = Uri::from_parts(parts).map_err(|_| does_not_join())?;
        *request.uri_mut() = uri;
        Ok(())
    }

    /// Removes `path` from the end of the URL, if it ends so.
    ///
    /// Services often show their address with the path that every operation already has
    /// (`https://demo.example/api/v5/`). Users who set such an address mean the host.
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        let kept = self
            .prefix
            .strip_suffix(path.trim_end_matches('/'))
            .map(str::len);
        self.prefix.truncate(kept.unwrap_or(self.prefix.len()));
        self
    }

    /// Returns host and port.
    pub fn authority(&self) -> &str {
        self.authority.as_str()
    }

    /// Whether `uri` has this scheme and host: only such a URL may receive credentials.
    pub fn is_origin_of(&self, uri: &Uri) -> bool {
        uri.scheme() == Some(&self.scheme)
            && uri.authority().is_some_and(|authority| {
                authority
                    .as_str()
                    .eq_ignore_ascii_case(self.authority.as_str())
            })
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBaseUrl> {
        let invalid = |why| Err(InvalidBaseUrl { why });
        let Ok(uri) = text.parse::<Uri>() else {
            return invalid("it is not a URL");
        };
        let (Some(scheme), Some(authority)) = (uri.scheme().cloned(), uri.authority().cloned())
        else {
            return invalid("scheme and host are needed, as in https://demo.example");
        };
        if authority.as_str().contains('@') {
            return invalid("user names and passwords do not belong into a URL");
        }
        if !has_sound_port(&authority) {
            return invalid("its port is no number up to 65535");
        }
        if uri.query().is_some() {
            return invalid("a query does not belong into a base URL");
        }
        if scheme != Scheme::HTTPS && !(scheme == Scheme::HTTP && is_loopback(authority.host())) {
            return invalid("only https:// is allowed, http:// just for loopback hosts");
        }
        Ok(Self {
            scheme,
            authority,
            prefix: uri.path().trim_end_matches('/').to_owned(),
        })
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.prefix)
    }
}

fn does_not_join() -> Error {
    Error::invalid_input("url", "the path does not join the base URL")
}

/// Whether the port is valid. The HTTP stack treats an invalid port as the default port, so the call would go to
/// another server.
pub(crate) fn has_sound_port(authority: &Authority) -> bool {
    let without_user = authority.as_str().rsplit('@').next();
    authority.port_u16().is_some() || without_user == Some(authority.host())
}

/// Whether a URL's host is this machine: `localhost`, `127.0.0.0/8`, `[::1]`.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The error of an invalid base URL. It does not quote the text, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidBaseUrl {
    why: &'static str,
}

impl fmt::Display for InvalidBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "base URL refused: {}", self.why)
    }
}

impl std::error::Error for InvalidBaseUrl {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r3_http_only_for_loopback() {
        for good in [
            "https://a.example",
            "http://127.0.0.1:80",
            "http://localhost:1/x/",
            "http://[::1]:9",
        ] {
            assert!(good.parse::<BaseUrl>().is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "http://127.0.0.1.evil.example",
            "ftp://localhost",
            "a.example",
            "https://u:p@h",
            "https://h/?apiKey=1",
            // The HTTP stack would use the scheme's default port.
            "https://h:84430",
            "https://84430:84430",
            "http://127.0.0.1:80800",
            "https://h:",
        ] {
            assert!(bad.parse::<BaseUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_path_that_operations_have_anyway_is_left_out_once() {
        for (given, kept) in [
            ("https://a.example/api/v5/", "https://a.example"),
            ("https://a.example/proxy/api/v5", "https://a.example/proxy"),
            ("https://a.example/api/v4", "https://a.example/api/v4"),
        ] {
            let base: BaseUrl = given.parse().unwrap();
            assert_eq!(base.without("/api/v5/").to_string(), kept);
        }
    }

    #[test]
    fn prefix_and_query_join() {
        let base: BaseUrl = "http://localhost:8080/proxy/".parse().unwrap();
        let mut request = Request::get("/api/v5/orders?page=2").body(()).unwrap();
        base.apply(&mut request).unwrap();
        assert_eq!(
            request.uri(),
            "http://localhost:8080/proxy/api/v5/orders?page=2"
        );
        assert!(base.is_origin_of(request.uri()));
        assert!(!base.is_origin_of(&"https://localhost:8080/".parse().unwrap()));
    }
}
