//! Requests and answers without their secrets: those that the client knows, and those that stand under a name that
//! says so.

mod found;
mod scan;

use std::{borrow::Cow, sync::Arc};

use crate::credential::is_credential;
use bytes::Bytes;
use common_transport::Mask;
#[cfg(feature = "client")]
use common_transport::client::HideParameters;
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
}

impl Masked {
    /// Builds the mask for a request: of the secrets that its client knows, and those that it holds by their names.
    pub(crate) fn of(request: &Request<Bytes>) -> Self {
        let known = Mask::of_request(request);
        let known = known.as_deref().cloned().unwrap_or_default();
        let names = named(request);
        Self {
            mask: known.and(&found::in_request(request, &names)),
            names,
        }
    }

    /// Adds the secrets of another mask.
    #[cfg(feature = "cassette")]
    pub(crate) fn with(self, more: &Mask) -> Self {
        Self {
            mask: self.mask.with(more),
            names: self.names,
        }
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

fn folded(name: &str) -> String {
    name.to_lowercase().replace(['_', '-'], "")
}

#[cfg(test)]
mod tests {
    use http::header;

    use super::*;

    fn request(uri: &str, content_type: &str, body: &'static str) -> Request<Bytes> {
        let request = Request::post(uri).header(header::CONTENT_TYPE, content_type);
        request.body(Bytes::from_static(body.as_bytes())).unwrap()
    }

    // C4, C5
    #[test]
    fn c5_secrets_under_a_name_are_masked_wherever_they_come_again() {
        let form = "application/x-www-form-urlencoded";
        let json = "application/json";
        for (uri, content_type, body) in [
            (
                "https://u:pw@a.example/x?apiKey=S3CRET%2F1&b=S3CRET/1",
                json,
                "{}",
            ),
            ("/x?_key=S3CRET&_sign=S3CRET", json, r#"{"said":"S3CRET"}"#),
            ("/S3CRET", form, "api_key=S3CRET&x=S3CRET"),
            (
                "/S3CRET",
                json,
                r#"{"a":[{"TOKEN":"S3CRET"}],"b":"S3CRET"}"#,
            ),
            ("/", json, r#"{"PASS":"S3CRET"}"#),
            ("/", form, "order=%7B%22password%22%3A%22S3CRET%22%7D"),
            (
                "/?a=S3CRET",
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"_sign\"\r\n\r\nS3CRET\r\n--b--\r\n",
            ),
        ] {
            let mut request = request(uri, content_type, body);
            let bearer = HeaderValue::from_static("Bearer H1DDEN");
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
            request
                .headers_mut()
                .insert("x-seen", HeaderValue::from_static("H1DDEN"));
            let masked = Masked::of(&request);
            let shown = format!(
                "{} {:?} {}",
                masked.uri(request.uri()),
                masked.headers(request.headers()),
                String::from_utf8_lossy(&masked.bytes(request.body()))
            );
            assert!(
                !shown.contains("S3CRET") && !shown.contains("H1DDEN"),
                "{shown}"
            );
            assert!(!shown.contains("u:pw"), "{shown}");
            assert!(shown.contains(Mask::HIDDEN), "{shown}");
        }
    }

    #[test]
    fn c5_headers_that_deliveries_leave_out_are_masked() {
        let masked = Masked::of(&request("/", "application/json", "{}"));
        for (name, is_hidden) in [
            ("x-session-id", true),
            ("authentication-info", true),
            ("access-key-id", true),
            ("www-authenticate", false),
            ("x-request-id", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static("S3CRET"));
            let shown = masked.headers(&headers);
            assert_eq!(shown[0].1 == Mask::HIDDEN, is_hidden, "{name}");
        }
    }

    #[test]
    fn c5_ordinary_members_stay() {
        let body = r#"{"key":"delivery","design":"blue","tokens":5,"signs":"many"}"#;
        let request = request("/x?page=2&design=blue", "application/json", body);
        let masked = Masked::of(&request);
        assert_eq!(masked.bytes(body.as_bytes()), body.as_bytes());
        assert_eq!(masked.target(request.uri()), "/x?page=2&design=blue");
    }

    fn shown(uri: &str, content_type: &str, body: &'static [u8]) -> String {
        let request = Request::post(uri).header(header::CONTENT_TYPE, content_type);
        let request = request.body(Bytes::from_static(body)).unwrap();
        let masked = Masked::of(&request);
        let body = masked.bytes(request.body()).into_owned();
        format!(
            "{} {}",
            masked.uri(request.uri()),
            String::from_utf8_lossy(&body)
        )
    }

    // Clients repair such answers and use the token that they hold.
    #[test]
    fn c5_secrets_of_a_text_that_is_no_strict_json_are_masked() {
        for body in [
            &b"<br />\n<b>Warning</b>: x[\"a\"] {\"TOKEN\":\"S3CRET\",\"ttl\":5}"[..],
            b"{\"TOKEN\" :\n \"S3CRET\",}",
            b"{\"TOKEN\":\"S3CRET\",\"name\":\"cut",
            b"{\"TOKEN\":\"S3CRET\",\"name\":\"\xcf\xf0\xe8\xe2\xe5\xf2\"}",
            b"{\"TOKEN\":\"S\\u0033CRET\" /* x */, \"b\":\"S3CRET\"",
            b"{\"data\":\"{\\\"token\\\":\\\"S3CRET\\\"}\"}",
        ] {
            let shown = shown("/x", "application/json", body);
            assert!(!shown.contains("S3CRET"), "{shown}");
        }
    }

    #[test]
    fn c5_secrets_that_are_numbers_are_masked() {
        for (content_type, body) in [
            (
                "application/json",
                &b"{\"password\":72649301,\"b\":\"72649301\"}"[..],
            ),
            ("application/json", b"[{\"token\":72649301}"),
        ] {
            let shown = shown("/x", content_type, body);
            assert!(!shown.contains("72649301"), "{shown}");
        }
    }

    #[test]
    fn c5_secrets_in_nested_parameters_are_masked() {
        let form = "application/x-www-form-urlencoded";
        for (uri, body) in [
            ("/x?filter[token]=S3CRET&b=S3CRET", &b""[..]),
            ("/x?filter%5Btoken%5D=S3CRET", b""),
            ("/x", b"user[password]=S3CRET&b=S3CRET"),
            ("/x", b"user%5Btokens%5D%5B0%5D%5Bapi_key%5D=S3CRET"),
            ("/x", b"token[]=S3CRET"),
        ] {
            let shown = shown(uri, form, body);
            assert!(!shown.contains("S3CRET"), "{shown}");
        }
        assert_eq!(
            shown("/x?filter[key]=delivery", form, b"a[sign]=plus1"),
            "/x?filter[key]=delivery a[sign]=plus1"
        );
    }
}
