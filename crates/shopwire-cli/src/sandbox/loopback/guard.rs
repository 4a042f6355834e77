//! Protection of the ports from web pages, and from being used as a proxy to elsewhere.
//!
//! A page on the web can make a browser send requests to loopback, by DNS rebinding even as its own. So the `Host` must
//! be a name of the port, and a request with an `Origin` is refused: no service is called from browsers. For an image
//! browsers send no `Origin`, but they say that a page is behind it.

use http::{
    HeaderMap, Method, Request, StatusCode,
    header::{HOST, ORIGIN},
};

/// The header in which browsers say where a request comes from; `none` is a person.
const FETCH_SITE: &str = "sec-fetch-site";

/// The names under which a port may be called.
#[derive(Debug, Clone)]
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

    /// Refuses requests to other names, tunnels, and requests of web pages.
    ///
    /// # Errors
    /// The status and the reason for the answer.
    pub(super) fn check<B>(&self, request: &Request<B>) -> Result<(), (StatusCode, String)> {
        if request.method() == Method::CONNECT {
            let why = "CONNECT: this is no proxy; call the service under the address of this port";
            return Err((StatusCode::METHOD_NOT_ALLOWED, why.to_owned()));
        }
        // A target in absolute form names the host too.
        let target = request.uri().authority();
        let is_elsewhere = target.is_some_and(|target| !self.is_ours(target.as_str()));
        let host = host(request.headers());
        if is_elsewhere || !host.is_some_and(|host| self.is_ours(host)) {
            let hosts = self.hosts.join(", ");
            let why = format!("Host: must be one of {hosts}; this is no proxy to other hosts");
            return Err((StatusCode::MISDIRECTED_REQUEST, why));
        }
        let site = request.headers().get(FETCH_SITE);
        if request.headers().contains_key(ORIGIN) || site.is_some_and(|site| site != "none") {
            let why = "Origin, Sec-Fetch-Site: no web page may call this port from a browser";
            return Err((StatusCode::FORBIDDEN, why.to_owned()));
        }
        Ok(())
    }

    /// Whether this is a name of the port.
    pub(super) fn is_ours(&self, host: &str) -> bool {
        let mut hosts = self.hosts.iter();
        hosts.any(|ours| ours.eq_ignore_ascii_case(host))
    }
}

/// The host, if it is given once.
fn host(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(HOST).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(headers: &[(&str, &str)], method: Method, target: &str) -> Option<u16> {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(()).expect("a request");
        let refused = Guard::new(4711).check(&request).err();
        refused.map(|(status, _)| status.as_u16())
    }

    #[test]
    fn s7_only_the_own_names_are_served_and_no_tunnel() {
        let ours = ("host", "localhost:4711");
        for host in ["127.0.0.1:4711", "LocalHost:4711", "[::1]:4711"] {
            assert_eq!(status(&[("host", host)], Method::GET, "/"), None, "{host}");
        }
        for host in [
            "",
            "evil.example",
            "127.0.0.1",
            "127.0.0.1:4711.evil.example",
        ] {
            assert_eq!(
                status(&[("host", host)], Method::GET, "/"),
                Some(421),
                "{host}"
            );
        }
        let twice = [ours, ("host", "evil.example")];
        assert_eq!(status(&twice, Method::GET, "/"), Some(421));
        assert_eq!(status(&[], Method::GET, "/"), Some(421));
        assert_eq!(
            status(&[ours], Method::GET, "http://evil.example/"),
            Some(421)
        );
        assert_eq!(status(&[ours], Method::GET, "http://localhost:4711/"), None);
        assert_eq!(
            status(&[ours], Method::CONNECT, "evil.example:443"),
            Some(405)
        );
        let page = ("origin", "http://localhost:4711");
        assert_eq!(status(&[ours, page], Method::POST, "/"), Some(403));
    }

    // `<img src="http://127.0.0.1:4711/…">`
    #[test]
    fn s7_what_a_page_embeds_is_refused() {
        let site = |site| {
            let headers = [("host", "localhost:4711"), ("sec-fetch-site", site)];
            status(&headers, Method::GET, "/")
        };
        for page in ["cross-site", "same-site", "same-origin", ""] {
            assert_eq!(site(page), Some(403), "{page}");
        }
        assert_eq!(site("none"), None, "a person has typed the address");
    }
}
