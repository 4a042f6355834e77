//! Requests and answers without their secrets: those that the client knows, and those that stand under a name that
//! says so.

mod found;
mod scan;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, sync::Arc};

use crate::credential::is_credential;
use bytes::Bytes;
#[cfg(feature = "client")]
use common_transport::client::HideParameters;
use common_transport::{Mask, Secret};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};

#[cfg(feature = "cassette")]
pub(crate) use found::{in_body, in_headers};

/// How JSON members, parameters and headers end that hold a secret, in small letters and without `_` and `-`.
const SUFFIXES: [&str; 7] = [
    "apikey",
    "apisecret",
    "authorization",
    "password",
    "secret",
    "signature",
    "token",
];

/// Whole names of JSON members that hold a secret.
const MEMBERS: [&str; 2] = ["pass", "pwd"];

/// Names of NiceChat's key and signature, which stand in links of its answers too.
const NICECHAT: [&str; 3] = ["_key", "_sign", "_sing"];

/// Whole names of parameters and headers that hold a secret. NiceChat's prose writes `_sing`.
const PARAMETERS: [&str; 10] = [
    "cookie",
    "key",
    "login",
    "pass",
    "pwd",
    "setcookie",
    "sign",
    "sing",
    "xapisign",
    "apisign",
];

/// A mask for one exchange.
pub(crate) struct Masked {
    mask: Mask,
    /// Further names of parameters that hold a secret.
    names: Arc<[String]>,
    /// The secrets that the request itself holds.
    #[cfg_attr(
        not(feature = "cassette"),
        expect(dead_code, reason = "recordings alone learn them")
    )]
    own: Vec<Secret>,
}

impl Masked {
    /// Builds the mask for a request: of the secrets that its client knows, and those that it holds by their names.
    pub(crate) fn of(request: &Request<Bytes>) -> Self {
        let known = Mask::of_request(request);
        let known = known.as_deref().cloned().unwrap_or_default();
        let names = named(request);
        let own = found::in_request(request, &names);
        Self {
            mask: known.and(&own),
            names,
            own,
        }
    }

    /// Adds the secrets of another mask.
    #[cfg(feature = "cassette")]
    pub(crate) fn with(self, more: &Mask) -> Self {
        Self {
            mask: self.mask.with(more),
            ..self
        }
    }

    /// The secrets that the request itself holds.
    #[cfg(feature = "cassette")]
    pub(crate) fn own(&self) -> &[Secret] {
        &self.own
    }

    #[cfg(feature = "cassette")]
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.mask.text(text)
    }

    /// The whole address.
    pub(crate) fn uri(&self, uri: &Uri) -> String {
        let scheme = uri.scheme_str().map(|scheme| format!("{scheme}://"));
        let host = uri.authority().map(|authority| {
            let port = authority.port().map(|port| format!(":{port}"));
            format!("{}{}", authority.host(), port.unwrap_or_default())
        });
        let origin = scheme.unwrap_or_default() + &host.unwrap_or_default();
        origin + &self.target(uri)
    }

    /// Path and query.
    pub(crate) fn target(&self, uri: &Uri) -> String {
        let path = self.mask.text(uri.path());
        let Some(query) = uri.query() else {
            return path.into_owned();
        };
        let query: Vec<String> = query.split('&').map(|pair| self.pair(pair)).collect();
        format!("{path}?{}", query.join("&"))
    }

    /// One parameter of a query, as it is written.
    fn pair(&self, pair: &str) -> String {
        let name = pair.split('=').next().unwrap_or_default();
        let parsed = form_urlencoded::parse(name.as_bytes()).next();
        match parsed {
            Some((parsed, _)) if is_secret(&parsed, &self.names) => {
                format!("{}={}", self.mask.text(name), Mask::HIDDEN)
            }
            _ => self.everywhere(pair),
        }
    }

    /// A text without the secrets that are known, and without values under a name that says so.
    fn everywhere(&self, text: &str) -> String {
        let masked = self.mask.text(text);
        scan::hidden_text(&masked, &self.names).into_owned()
    }

    /// Names and values.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let shown = |(name, value): (&HeaderName, &HeaderValue)| {
            let value = match is_secret_header(name, value) {
                true => Mask::HIDDEN.to_owned(),
                false => {
                    let text = String::from_utf8_lossy(value.as_bytes());
                    self.everywhere(&text)
                }
            };
            (name.as_str().to_owned(), value)
        };
        headers.iter().map(shown).collect()
    }

    /// A body as bytes.
    pub(crate) fn bytes<'b>(&self, body: &'b [u8]) -> Cow<'b, [u8]> {
        match self.mask.bytes(body) {
            Some(masked) => Cow::Owned(scan::hidden(&masked, &self.names).into_owned()),
            None => scan::hidden(body, &self.names),
        }
    }

    /// The beginning of a body, to be looked at.
    #[cfg(feature = "mock")]
    pub(crate) fn excerpt(&self, body: &[u8]) -> String {
        const SHOWN: usize = 2_000;
        let masked = self.bytes(body);
        let text = String::from_utf8_lossy(&masked);
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.into_owned(),
        }
    }
}

/// The names of parameters that the client's settings call a secret.
fn named(request: &Request<Bytes>) -> Arc<[String]> {
    #[cfg(feature = "client")]
    if let Some(HideParameters(names)) = request.extensions().get() {
        return Arc::clone(names);
    }
    let _ = request;
    Arc::default()
}

fn is_secret(name: &str, names: &[String]) -> bool {
    is_secret_parameter(name) || names.iter().any(|known| known == name)
}

fn is_secret_member(name: &str) -> bool {
    if NICECHAT.contains(&name) {
        return true;
    }
    let name = folded(name);
    MEMBERS.contains(&&*name) || SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

/// Of a nested name (`user[password]`), each part may say it.
pub(crate) fn is_secret_parameter(name: &str) -> bool {
    if name.contains('[') {
        return name.split(['[', ']']).any(is_secret_member);
    }
    let name = folded(name);
    PARAMETERS.contains(&&*name) || SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

/// Of headers, recordings leave out what deliveries leave out, and what parameters say.
fn is_secret_header(name: &HeaderName, value: &HeaderValue) -> bool {
    value.is_sensitive() || is_credential(name.as_str()) || is_secret_parameter(name.as_str())
}

/// Whether a value looks as if a machine had made it. Names such as `key` and `sign` also hold ordinary words.
pub(crate) fn is_random(value: &[u8]) -> bool {
    value.len() >= 8 && value.iter().any(u8::is_ascii_digit)
}

fn folded(name: &str) -> String {
    name.to_lowercase().replace(['_', '-'], "")
}
