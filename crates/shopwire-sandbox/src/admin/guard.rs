//! Protection of the admin port from web pages: it answers only its own names, and only its own page.
//!
//! A page on the web can make a browser send requests to loopback. With DNS rebinding, the browser even takes them for
//! requests to the page's own server. So the `Host` must be a name of the loopback port, and an `Origin` must be the
//! admin page's own. There are no CORS headers, so a browser hides the answers from other pages.

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Request, Response, StatusCode};

use super::failure::Failure;

/// Headers of every answer.
static HEADERS: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// The names under which the admin port may be called.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    hosts: Vec<String>,
}

impl Guard {
    /// The names of this port on loopback.
    pub(super) fn new(port: u16) -> Self {
        let names = ["127.0.0.1", "localhost", "[::1]"];
        let mut hosts: Vec<String> = names.map(|name| format!("{name}:{port}")).into();
        if port == 80 {
            // Clients leave out the default port.
            hosts.extend(names.map(str::to_owned));
        }
        Self { hosts }
    }

    /// Refuses requests to other names, and from other pages.
    pub(super) fn check<B>(&self, request: &Request<B>) -> Result<(), Failure> {
        let headers = request.headers();
        let host = one(headers, &header::HOST);
        // A target in absolute form names the host too.
        let target = request
            .uri()
            .authority()
            .map(|authority| authority.as_str());
        let is_ours = host.is_some_and(|host| self.is_ours(host));
        if !is_ours || target.is_some_and(|target| !self.is_ours(target)) {
            let hosts = self.hosts.join(", ");
            return Err(Failure::new(
                StatusCode::MISDIRECTED_REQUEST,
                format!("Host: must be one of {hosts}"),
            ));
        }
        if headers.contains_key(header::ORIGIN) {
            let origin =
                one(headers, &header::ORIGIN).and_then(|text| text.strip_prefix("http://"));
            if !origin.is_some_and(|origin| self.is_ours(origin)) {
                return Err(Failure::new(
                    StatusCode::FORBIDDEN,
                    "Origin: only the sandbox's own page may call the admin API from a browser",
                ));
            }
        }
        Ok(())
    }

    fn is_ours(&self, host: &str) -> bool {
        self.hosts
            .iter()
            .any(|ours| ours.eq_ignore_ascii_case(host))
    }
}

/// Adds the headers of every answer.
pub(super) fn protect(response: &mut Response<Body>) {
    for (name, value) in &HEADERS {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
}

/// The value of a header that is given once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(headers: &[(&str, &str)], target: &str) -> Option<u16> {
        let mut request = Request::get(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).expect("a request");
        let refused = Guard::new(4711).check(&request).err();
        refused.map(|failure| failure.status.as_u16())
    }

    #[test]
    fn s1_only_names_of_loopback_and_the_own_page_are_answered() {
        for host in [
            "127.0.0.1:4711",
            "localhost:4711",
            "[::1]:4711",
            "LocalHost:4711",
        ] {
            let own = format!("http://{host}");
            assert_eq!(status(&[("host", host)], "/"), None, "{host}");
            assert_eq!(
                status(&[("host", host), ("origin", &own)], "/"),
                None,
                "{host}"
            );
        }
        for host in [
            "",
            "evil.example",
            "evil.example:4711",
            "127.0.0.1",
            "localhost:80",
            "127.0.0.1:4711.evil.example",
        ] {
            assert_eq!(status(&[("host", host)], "/"), Some(421), "{host}");
        }
        assert_eq!(status(&[], "/"), Some(421));
        let ours = ("host", "localhost:4711");
        assert_eq!(status(&[ours, ("host", "evil.example")], "/"), Some(421));
        assert_eq!(status(&[ours], "http://evil.example/"), Some(421));
        assert_eq!(status(&[ours], "http://localhost:4711/"), None);
        for origin in [
            "null",
            "http://evil.example",
            "https://localhost:4711",
            "http://localhost:4712",
            "http://localhost:4711/",
        ] {
            assert_eq!(
                status(&[ours, ("origin", origin)], "/"),
                Some(403),
                "{origin}"
            );
        }
    }
}
