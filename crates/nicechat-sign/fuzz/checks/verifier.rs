//! Two requests with the same hashed bytes: at most one is accepted, or they are the same.

use bytes::Bytes;
use http::Request;
use nicechat_sign::{Credentials, Dialect, Form, Signer, Verifier, canonical};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const TYPES: [&str; 4] = [FORM, JSON, "multipart/form-data; boundary=b", "text/plain"];

/// Builds a request from the bytes, signs it, and splits the hashed bytes in another place.
pub(crate) fn run(data: &[u8]) {
    let [choice, cut, mask, path_length, rest @ ..] = data else {
        return;
    };
    let (path, body) = rest.split_at(usize::from(*path_length).min(rest.len()));
    let path = String::from_utf8_lossy(path);
    let dialect = Dialect::ALL[usize::from(choice % 4)];
    let method = METHODS[usize::from(choice / 4 % 5)];
    let content = TYPES[usize::from(choice / 20 % 4)];
    let Some(mut honest) = request(method, &path, content, body) else {
        return;
    };
    let signer = Signer::new(Credentials::new("key", "secret")).with_dialect(dialect);
    if signer.sign_request(&mut honest).is_err() || !accepted(dialect, &honest) {
        return;
    }
    let Some(payload) = payload(dialect, content, body) else {
        return;
    };
    let hashed = [honest.uri().path().as_bytes(), &payload].concat();
    let (path, rest) = hashed.split_at(usize::from(*cut).min(hashed.len()));
    let Ok(path) = std::str::from_utf8(path) else {
        return;
    };
    for content in TYPES {
        for body in [rest.to_vec(), encode(rest, *mask)] {
            let Some(mut other) = request(method, path, content, &body) else {
                continue;
            };
            *other.headers_mut() = [
                ("x-api-key", &honest.headers()["x-api-key"]),
                ("x-api-sign", &honest.headers()["x-api-sign"]),
            ]
            .into_iter()
            .map(|(name, value)| (name.parse().expect("a header"), value.clone()))
            .collect();
            other
                .headers_mut()
                .insert("content-type", content.parse().expect("a type"));
            if accepted(dialect, &other) {
                assert_eq!(other.uri().path(), honest.uri().path(), "another path");
                assert_eq!(
                    fields(dialect, &other),
                    fields(dialect, &honest),
                    "another payload"
                );
            }
        }
    }
}

fn request(method: &str, path: &str, content: &str, body: &[u8]) -> Option<Request<Bytes>> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", content)
        .body(Bytes::copy_from_slice(body))
        .ok()
        .filter(|request| request.uri().path() == path)
}

fn accepted(dialect: Dialect, request: &Request<Bytes>) -> bool {
    let (parts, body) = request.clone().into_parts();
    let account = |_: &str| Some(Credentials::new("key", "secret"));
    Verifier::new()
        .dialect(dialect)
        .verify(&parts, &body, account)
        .is_ok()
}

/// The part between path and method in the hash.
fn payload(dialect: Dialect, content: &str, body: &[u8]) -> Option<Vec<u8>> {
    match content {
        FORM => canonical(dialect, &form(dialect, body)?)
            .ok()
            .map(String::into_bytes),
        JSON => Some(body.to_vec()),
        _ => None,
    }
}

/// The body as a handler reads it: an empty body is empty in any type.
fn fields(dialect: Dialect, request: &Request<Bytes>) -> String {
    match request.headers()["content-type"].to_str() {
        _ if request.body().is_empty() => String::new(),
        Ok(FORM) => {
            let mut fields: Vec<_> = form(dialect, request.body())
                .unwrap_or_default()
                .into_iter()
                .collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            if fields.is_empty() {
                String::new()
            } else {
                format!("{fields:?}")
            }
        }
        _ => format!("{:?}", request.body()),
    }
}

fn form(dialect: Dialect, body: &[u8]) -> Option<Form> {
    match dialect {
        Dialect::Php | Dialect::Php81 => Form::parse_urlencoded(body).ok(),
        _ => Form::parse_urlencoded_flat(body).ok(),
    }
}

/// Percent-encodes all bytes except the separators in the mask.
fn encode(bytes: &[u8], mask: u8) -> Vec<u8> {
    let mut separators = 0;
    let mut out = Vec::new();
    for &byte in bytes {
        if matches!(byte, b'=' | b'&') {
            separators += 1;
            if mask >> (separators % 8) & 1 == 1 {
                out.push(byte);
                continue;
            }
        }
        out.extend_from_slice(format!("%{byte:02X}").as_bytes());
    }
    out
}
