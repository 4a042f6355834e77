//! Secrets that requests and answers hold under a name that says so. They are masked wherever they come again.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use common_model::{Value, from_json_bytes};
use common_transport::Secret;
use http::{
    HeaderMap, Request,
    header::{CONTENT_TYPE, COOKIE, SET_COOKIE},
};

use super::{is_random, is_secret, is_secret_header, is_secret_member, scan};
use crate::form;

/// The secrets that a request holds under a name that says so.
pub(super) fn in_request(request: &Request<Bytes>, names: &[String]) -> Vec<Secret> {
    let query = request.uri().query().unwrap_or_default();
    let mut found = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match is_secret(&name, names) {
            true => found.push(Secret::new(value)),
            // It may be a link.
            false => scan::in_text(value.as_bytes(), names, &mut found),
        }
    }
    found.extend(in_headers(request.headers()));
    found.extend(in_body(request.headers(), request.body(), names));
    found
}

/// The secrets that headers hold.
pub(crate) fn in_headers(headers: &HeaderMap) -> Vec<Secret> {
    let mut found = Vec::new();
    for (name, value) in headers {
        let Ok(text) = value.to_str() else { continue };
        match name {
            &COOKIE => cookies(text.split(';'), &mut found),
            // What follows are words such as `HttpOnly`.
            &SET_COOKIE => cookies(text.split(';').take(1), &mut found),
            name if is_secret_header(name, value) => credential(text, &mut found),
            _ => scan::in_text(text.as_bytes(), &[], &mut found),
        }
    }
    found
}

/// The values of cookies, unless they look like words or numbers: `lang=ru_RU` is no secret.
fn cookies<'c>(pairs: impl Iterator<Item = &'c str>, found: &mut Vec<Secret>) {
    let values = pairs.filter_map(|pair| Some(pair.split_once('=')?.1.trim()));
    let is_session = |value: &&str| {
        let has_letter = value.bytes().any(|byte| byte.is_ascii_alphabetic());
        has_letter && is_random(value.as_bytes())
    };
    found.extend(values.filter(is_session).map(Secret::from));
}

/// A credential: of `Bearer key` the key too, and of `Basic …` the password.
fn credential(text: &str, found: &mut Vec<Secret>) {
    found.push(text.into());
    let Some((scheme, rest)) = text.split_once(' ') else {
        return;
    };
    found.push(rest.into());
    if scheme.eq_ignore_ascii_case("basic") {
        let decoded = STANDARD.decode(rest.trim()).unwrap_or_default();
        let decoded = String::from_utf8_lossy(&decoded);
        found.extend(decoded.split_once(':').map(|(_, password)| password.into()));
    }
}

/// The secrets that a form or a JSON text holds.
pub(crate) fn in_body(headers: &HeaderMap, body: &[u8], names: &[String]) -> Vec<Secret> {
    let content_type = headers.get(CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let mut found = Vec::new();
    if let Some(fields) = content_type.and_then(|of| form::fields(of, body)) {
        for (name, value) in fields {
            match is_secret(&name, names) {
                true => found.push(Secret::new(value)),
                false => in_json(value.as_bytes(), names, &mut found),
            }
        }
    } else {
        in_json(body, names, &mut found);
    }
    found
}

fn in_json(text: &[u8], names: &[String], found: &mut Vec<Secret>) {
    let Ok(whole) = from_json_bytes::<Value>(text) else {
        scan::in_text(text, names, found);
        return;
    };
    // A value, and whether it stands under the name of a secret.
    let mut left = vec![(&whole, false)];
    while let Some((value, is_secret)) = left.pop() {
        match value {
            Value::String(text) if is_secret => found.push(text.as_str().into()),
            Value::Number(number) if is_secret => found.push(number.to_string().into()),
            // It may be JSON itself, or a link.
            Value::String(text) => scan::in_text(text.as_bytes(), names, found),
            Value::Array(items) => left.extend(items.iter().map(|item| (item, is_secret))),
            Value::Object(members) => {
                let members = members.iter();
                left.extend(members.map(|(name, member)| (member, is_secret_member(name))));
            }
            _ => {}
        }
    }
}
