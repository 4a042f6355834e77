//! A recorded request, made anew for the emulation: its ids, its credentials, its signature.

use std::borrow::Cow;

use bytes::Bytes;
use common_api::cassette::Exchange;
use common_model::{Map, Value as Json, from_json, from_json_bytes, to_json};
use form_urlencoded::{byte_serialize, parse};
use http::{
    HeaderMap, HeaderName, HeaderValue, Request, Uri,
    header::{CONTENT_LENGTH, CONTENT_TYPE, HOST},
};

use super::{
    Recorded, credentials,
    emulation::Emulation,
    ids::{Ids, scalar},
};
use crate::{args::Service, sandbox::loopback::end_to_end};

/// Builds the request.
///
/// # Errors
/// Why it cannot be sent.
pub(super) fn anew(
    exchange: &Exchange,
    recorded: &Recorded,
    ids: &Ids,
    emulation: &Emulation,
) -> Result<(Service, Request<Bytes>), String> {
    let (path, query) = match exchange.target().split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (exchange.target(), None),
    };
    let thing = recorded.thing();
    let path = self::path(path, recorded.metadata.path, ids);
    let target = match query {
        Some(query) => format!("{path}?{}", form(thing, query, ids)),
        None => path,
    };
    let mut headers = headers(exchange);
    headers.remove(HOST);
    headers.remove(CONTENT_LENGTH);
    let body = body(thing, exchange.body(), &headers, ids);
    let uri: Uri = target
        .parse()
        .map_err(|error| format!("its address cannot be sent: {error}"))?;
    let mut request = Request::new(body);
    *request.method_mut() = exchange
        .method()
        .parse()
        .map_err(|_| "its method is not one of HTTP".to_owned())?;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    credentials::insert(&mut request, recorded, emulation)?;
    Ok((recorded.service, request))
}

/// The headers of the request, without those of its connection. Codings are not asked for.
pub(super) fn headers(exchange: &Exchange) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in exchange.headers() {
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), value) {
            headers.append(name, value);
        }
    }
    headers.remove(http::header::ACCEPT_ENCODING);
    end_to_end(&headers)
}

/// The path, with the emulation's ids in place of its parameters.
fn path(path: &str, template: &str, ids: &Ids) -> String {
    let (mut template, mut thing) = (template.split('/'), "");
    let segments = path.split('/').map(|segment| {
        let is_parameter = template.next().is_some_and(|part| part.starts_with('{'));
        if !is_parameter {
            thing = segment;
        }
        let mapped = ids.emulated(thing, "id", segment).filter(|_| is_parameter);
        match mapped.and_then(scalar) {
            Some(id) => Cow::Owned(byte_serialize(id.as_bytes()).collect::<String>()),
            None => Cow::Borrowed(segment),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The parameters of a query or a form. Parameters without an id of the recording keep their spelling.
fn form(thing: &str, pairs: &str, ids: &Ids) -> String {
    let pairs = pairs.split('&').map(|pair| {
        let Some((name, value)) = parse(pair.as_bytes()).next() else {
            return Cow::Borrowed(pair);
        };
        let Some(mapped) = text(thing, &name, &value, ids) else {
            return Cow::Borrowed(pair);
        };
        let spelt = pair.split('=').next().unwrap_or_default();
        let value: String = byte_serialize(mapped.as_bytes()).collect();
        Cow::Owned(format!("{spelt}={value}"))
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The value of a parameter, if it has another id: an id itself, or JSON with one.
fn text(thing: &str, name: &str, value: &str, ids: &Ids) -> Option<String> {
    if value.starts_with(['{', '[']) {
        let json: Json = from_json(value).ok()?;
        let mapped = mapped(thing, name, &json, ids);
        return (mapped != json).then(|| to_json(&mapped));
    }
    ids.emulated(thing, name, value).and_then(scalar)
}

fn body(thing: &str, body: &[u8], headers: &HeaderMap, ids: &Ids) -> Bytes {
    let media = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let is_form = media.is_some_and(|media| {
        let media = media.to_ascii_lowercase();
        media.starts_with("application/x-www-form-urlencoded")
    });
    if let (true, Ok(pairs)) = (is_form, str::from_utf8(body)) {
        return form(thing, pairs, ids).into();
    }
    let Ok(json) = from_json_bytes::<Json>(body) else {
        return Bytes::copy_from_slice(body);
    };
    let mapped = mapped(thing, "", &json, ids);
    match mapped == json {
        true => Bytes::copy_from_slice(body),
        false => to_json(&mapped).into(),
    }
}

/// A value with the emulation's ids. `name` is that of the member which holds it, `thing` what it is a member of.
fn mapped(thing: &str, name: &str, value: &Json, ids: &Ids) -> Json {
    match value {
        Json::Object(members) => {
            let thing = if name.is_empty() { thing } else { name };
            let members = members.iter();
            let members =
                members.map(|(name, value)| (name.to_owned(), mapped(thing, name, value, ids)));
            Json::Object(members.collect::<Map<Json>>())
        }
        Json::Array(items) => {
            let items = items.iter().map(|item| mapped(thing, name, item, ids));
            Json::Array(items.collect())
        }
        value => {
            let id = scalar(value).and_then(|recorded| ids.emulated(thing, name, &recorded));
            id.unwrap_or(value).clone()
        }
    }
}
