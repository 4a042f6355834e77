//! HTTP Archive 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common_model::to_json;
use http::StatusCode;

use super::exchange::{Exchange, Headers, Outcome, target};

pub(super) fn write(exchanges: &[Exchange]) -> String {
    let entries: Vec<String> = exchanges.iter().map(entry).collect();
    format!(
        "{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"shopwire\",\"version\":{}}},\"entries\":[{}]}}}}",
        to_json(env!("CARGO_PKG_VERSION")),
        entries.join(",")
    )
}

fn entry(exchange: &Exchange) -> String {
    let time = format!(
        "{}.{:03}",
        exchange.took_micros / 1000,
        exchange.took_micros % 1000
    );
    // Of the phases, the time to the whole answer alone is known.
    format!(
        "{{\"startedDateTime\":{},\"time\":{time},\"request\":{},\"response\":{},\"cache\":{{}},\"timings\":{{\"send\":0,\"wait\":{time},\"receive\":0}}{}}}",
        to_json(exchange.started.as_str()),
        request(exchange),
        response(&exchange.outcome),
        comment(exchange)
    )
}

/// Operation and failure: the format has no members for them.
fn comment(exchange: &Exchange) -> String {
    let failure = match &exchange.outcome {
        Outcome::Failure { message, .. } => Some(message.as_str()),
        Outcome::Answer { .. } => None,
    };
    let parts = [exchange.operation.as_deref(), failure];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!(",\"comment\":{}", to_json(parts.join(": ").as_str())),
    }
}

fn request(exchange: &Exchange) -> String {
    let query = target(&exchange.url)
        .split_once('?')
        .map_or("", |(_, query)| query);
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let post_data = match exchange.body.is_empty() {
        true => String::new(),
        false => format!(
            ",\"postData\":{{\"mimeType\":{},\"params\":[],\"text\":{}}}",
            to_json(media_type(&exchange.headers)),
            to_json(String::from_utf8_lossy(&exchange.body).as_ref())
        ),
    };
    format!(
        "{{\"method\":{},\"url\":{},\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":{},\"queryString\":{},\"headersSize\":-1,\"bodySize\":{}{post_data}}}",
        to_json(exchange.method.as_str()),
        to_json(exchange.url.as_str()),
        named(&exchange.headers),
        named(&pairs),
        exchange.body.len(),
    )
}

/// An attempt without an answer has the status 0, as browsers write it.
fn response(outcome: &Outcome) -> String {
    let none = (0, Headers::new(), Vec::new());
    let (status, headers, body) = match outcome {
        Outcome::Answer {
            status,
            headers,
            body,
        } => (status, headers, body),
        Outcome::Failure { .. } => (&none.0, &none.1, &none.2),
    };
    let text = match std::str::from_utf8(body) {
        Ok(text) => format!("\"text\":{}", to_json(text)),
        Err(_) => format!(
            "\"text\":\"{}\",\"encoding\":\"base64\"",
            STANDARD.encode(body)
        ),
    };
    let known = StatusCode::from_u16(*status).ok();
    let reason = known.and_then(|status| status.canonical_reason());
    let location = headers.iter().find(|(name, _)| name == "location");
    format!(
        "{{\"status\":{status},\"statusText\":{},\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":{},\"content\":{{\"size\":{},\"mimeType\":{},{text}}},\"redirectURL\":{},\"headersSize\":-1,\"bodySize\":-1}}",
        to_json(reason.unwrap_or_default()),
        named(headers),
        body.len(),
        to_json(media_type(headers)),
        to_json(location.map_or("", |(_, value)| value)),
    )
}

fn named(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| {
        let (name, value) = (to_json(name.as_str()), to_json(value.as_str()));
        format!("{{\"name\":{name},\"value\":{value}}}")
    });
    format!("[{}]", pairs.collect::<Vec<_>>().join(","))
}

fn media_type(headers: &Headers) -> &str {
    let found = headers.iter().find(|(name, _)| name == "content-type");
    found.map_or("", |(_, value)| value)
}
