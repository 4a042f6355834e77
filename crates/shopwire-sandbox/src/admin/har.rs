//! The requests as an HTTP Archive 1.2 (<http://www.softwareishard.com/blog/har-12-spec/>).

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::context::Context;
use super::handled::Handled;
use super::requests::{all, filter};
use crate::journal::{Body, Exchange, Message};

/// `GET /api/har`: all kept requests, oldest first.
pub(super) fn get(context: &Context, call: &Call) -> Handled {
    let exchanges = all(&context.journal, filter(call)?);
    let creator = json!({"name": "shopwire-sandbox", "version": env!("CARGO_PKG_VERSION")});
    // Each entry becomes text at once: as values, the entries of a full journal would take a gigabyte.
    let mut text = format!(r#"{{"log":{{"version":"1.2","creator":{creator},"entries":["#);
    for (at, exchange) in exchanges.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        let entry = entry(&exchange, &context.url_of(exchange.service));
        text.push_str(&entry.to_string());
    }
    text.push_str("]}}");
    Ok(Answer::Text(text))
}

/// Of the phases, only the time to the whole answer is known.
fn entry(exchange: &Exchange, base: &str) -> Value {
    let time = exchange
        .duration
        .map_or(0.0, |time| time.as_micros() as f64 / 1000.0);
    let mut entry = json!({
        "startedDateTime": exchange.summary()["at"],
        "time": time,
        "request": request(exchange, base),
        "response": response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": time, "receive": 0},
    });
    // The format has no members for the operation, the fault and the reasons.
    let mut notes: Vec<String> = exchange
        .operation
        .iter()
        .map(|id| (*id).to_owned())
        .collect();
    notes.extend(exchange.fault.map(|kind| format!("fault {kind}")));
    notes.extend(exchange.reasons.iter().map(ToString::to_string));
    if !notes.is_empty() {
        entry["comment"] = notes.join("; ").into();
    }
    entry
}

fn request(exchange: &Exchange, base: &str) -> Value {
    let (path, query) = (&exchange.path, &exchange.query);
    let mark = if query.is_empty() { "" } else { "?" };
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| named(&name, &value))
        .collect();
    let mut request = json!({
        "method": exchange.method,
        "url": format!("{base}{path}{mark}{query}"),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(&exchange.request),
        "queryString": pairs,
        "headersSize": -1,
        "bodySize": exchange.request.body.size(),
    });
    let body = &exchange.request.body;
    if body.size() > 0 {
        let mut data = json!({"mimeType": media_type(&exchange.request), "params": []});
        // `postData` has no encoding for bytes.
        data["text"] = String::from_utf8_lossy(body.kept()).into();
        if let Some(comment) = cut(body) {
            data["comment"] = comment.into();
        }
        request["postData"] = data;
    }
    request
}

/// A request without an answer has the status 0, as browsers write it.
fn response(exchange: &Exchange) -> Value {
    let none = Message::default();
    let answer = exchange.answer.as_ref().unwrap_or(&none);
    let status = exchange.status.unwrap_or(0);
    let known = StatusCode::from_u16(status).ok();
    let reason = known.and_then(|status| status.canonical_reason());
    json!({
        "status": status,
        "statusText": reason.unwrap_or_default(),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers(answer),
        "content": content(answer),
        "redirectURL": answer.header("location").unwrap_or_default(),
        "headersSize": -1,
        "bodySize": answer.body.size(),
    })
}

fn content(answer: &Message) -> Value {
    let mut content = json!({"size": answer.body.size(), "mimeType": media_type(answer)});
    let shown = answer.body.to_json();
    if let Some(base64) = shown.get("base64") {
        content["text"] = base64.clone();
        content["encoding"] = "base64".into();
    } else {
        content["text"] = shown["text"].clone();
    }
    if let Some(comment) = cut(&answer.body) {
        content["comment"] = comment.into();
    }
    content
}

fn cut(body: &Body) -> Option<String> {
    let (kept, size) = (body.kept().len(), body.size());
    (!body.is_whole()).then(|| format!("{kept} of {size} bytes are kept"))
}

fn headers(message: &Message) -> Vec<Value> {
    let headers = message.headers();
    headers
        .iter()
        .map(|(name, value)| named(name, value))
        .collect()
}

fn named(name: &str, value: &str) -> Value {
    json!({"name": name, "value": value})
}

fn media_type(message: &Message) -> String {
    message.header("content-type").unwrap_or_default()
}
