//! The parts of a request by which a recorded answer is found.

use common_transport::Mask;

use super::exchange::{Exchange, Headers, target};
use crate::masked::is_secret_parameter;

/// Headers that differ from run to run, or that belong to the connection.
const VOLATILE: [&str; 11] = [
    "accept",
    "accept-encoding",
    "baggage",
    "connection",
    "content-length",
    "date",
    "host",
    "traceparent",
    "tracestate",
    "user-agent",
    "x-request-id",
];

/// The parts that are equal in two requests with the same answer. Secrets and random parts are left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: String,
    pub(super) body: Vec<u8>,
}

impl Key {
    pub(super) fn of(exchange: &Exchange) -> Self {
        let target = target(&exchange.url);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (content_type, boundary) = content_type(&exchange.headers);
        Self {
            method: exchange.method.clone(),
            // A client that was given a masked value sends it in its own spelling.
            path: path.replace("%5Bhidden%5D", Mask::HIDDEN),
            query: pairs(query.as_bytes()),
            headers: headers(&exchange.headers, &content_type),
            body: body(&exchange.body, &content_type, boundary.as_deref()),
        }
    }

    /// The first part that differs, and both values of it.
    pub(super) fn difference(&self, asked: &Self) -> Option<(&'static str, String, String)> {
        let parts = [
            ("method", &self.method, &asked.method),
            ("path", &self.path, &asked.path),
            ("query", &self.query, &asked.query),
            ("headers", &self.headers, &asked.headers),
        ];
        let differs = parts
            .into_iter()
            .find(|(_, recorded, asked)| recorded != asked);
        if let Some((part, recorded, asked)) = differs {
            return Some((part, recorded.clone(), asked.clone()));
        }
        let at = first_difference(&self.body, &asked.body)?;
        Some(("body", around(&self.body, at), around(&asked.body, at)))
    }
}

/// The media type, and the boundary of a multipart body.
fn content_type(headers: &Headers) -> (String, Option<String>) {
    let value = headers.iter().find(|(name, _)| name == "content-type");
    let Some((_, value)) = value else {
        return (String::new(), None);
    };
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let boundary = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let is_it = name.trim().eq_ignore_ascii_case("boundary");
        is_it.then(|| value.trim().trim_matches('"').to_owned())
    });
    (media_type, boundary)
}

fn headers(all: &Headers, content_type: &str) -> String {
    let mut kept: Vec<String> = all
        .iter()
        .filter(|(name, value)| {
            let is_kept = !VOLATILE.contains(&&**name) && name != "content-type";
            is_kept && !is_secret_parameter(name) && value != Mask::HIDDEN
        })
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    if !content_type.is_empty() {
        kept.push(format!("content-type: {content_type}"));
    }
    kept.sort_unstable();
    kept.join(", ")
}

/// The parameters of a query or a form that are no secret, decoded.
fn pairs(text: &[u8]) -> String {
    let kept = form_urlencoded::parse(text)
        .filter(|(name, value)| !is_secret_parameter(name) && value != Mask::HIDDEN)
        .map(|(name, value)| format!("{}={}", apart(&name), apart(&value)));
    kept.collect::<Vec<_>>().join("&")
}

/// Escapes what stands between parameters.
fn apart(text: &str) -> String {
    text.replace('%', "%25")
        .replace('&', "%26")
        .replace('=', "%3D")
}

fn body(body: &[u8], content_type: &str, boundary: Option<&str>) -> Vec<u8> {
    if content_type == "application/x-www-form-urlencoded" {
        return pairs(body).into_bytes();
    }
    match boundary.filter(|boundary| !boundary.is_empty()) {
        Some(boundary) => without(body, boundary.as_bytes()),
        None => body.to_vec(),
    }
}

/// Leaves out each boundary, which is chosen at random.
fn without(body: &[u8], boundary: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(body.len());
    let mut at = 0;
    while at < body.len() {
        if body[at..].starts_with(boundary) {
            at += boundary.len();
        } else {
            kept.push(body[at]);
            at += 1;
        }
    }
    kept
}

fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    let differs = one.iter().zip(other).position(|(one, other)| one != other);
    differs.or_else(|| (one.len() != other.len()).then(|| one.len().min(other.len())))
}

/// The text around a place.
fn around(body: &[u8], at: usize) -> String {
    let start = at.saturating_sub(20);
    let end = body.len().min(at + 40);
    String::from_utf8_lossy(&body[start..end]).into_owned()
}
