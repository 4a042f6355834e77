//! The emulation's credentials in place of those that the recording does not have.

use bytes::Bytes;
use common_model::{Value as Json, from_json_bytes, to_json};
use common_transport::Mask;
use form_urlencoded::{byte_serialize, parse};
use http::{HeaderValue, Request, Uri, header::CONTENT_TYPE};

use super::{Recorded, emulation::Emulation, sign};
use crate::args::Service;

/// Uvygoda's method that takes login and password, and what it wants in place of a token.
const GIVES_TOKEN: &str = "getToken";
const NO_TOKEN: &str = "NO_AUTH";

/// Puts the emulation's credentials into a request. One that was refused for its credentials is sent with wrong ones.
///
/// # Errors
/// Why the request cannot be sent.
pub(super) fn insert(
    request: &mut Request<Bytes>,
    recorded: &Recorded,
    emulation: &Emulation,
) -> Result<(), String> {
    let were_refused = matches!(recorded.answer.status, 401 | 403);
    match recorded.service {
        Service::Uvygoda => uvygoda(request, recorded, emulation),
        _ if were_refused => Ok(()),
        Service::Nicechat => sign::anew(request, &emulation.signer),
        Service::Retailcrm => retailcrm(request, emulation),
    }
}

/// Puts token, login and password where the recording hides them.
fn uvygoda(
    request: &mut Request<Bytes>,
    recorded: &Recorded,
    emulation: &Emulation,
) -> Result<(), String> {
    let uvygoda = emulation.services.uvygoda();
    if recorded.metadata.name != GIVES_TOKEN {
        return header(request, "token", &uvygoda.token());
    }
    header(request, "token", NO_TOKEN)?;
    let Ok(Json::Object(mut body)) = from_json_bytes::<Json>(request.body()) else {
        return Ok(());
    };
    if !recorded.answer.is_success() {
        return Ok(());
    }
    for (name, value) in [("LOGIN", uvygoda.login()), ("PASS", uvygoda.password())] {
        if body.get(name).and_then(Json::as_str) == Some(Mask::HIDDEN) {
            body.insert(name, Json::from(value));
        }
    }
    *request.body_mut() = to_json(&Json::Object(body)).into();
    Ok(())
}

/// Puts the key where the recording hides it: in the header, the query or the form.
fn retailcrm(request: &mut Request<Bytes>, emulation: &Emulation) -> Result<(), String> {
    let key = emulation.services.retailcrm().api_key();
    header(request, "x-api-key", &key)?;
    if let Some(query) = request.uri().query() {
        let target = format!("{}?{}", request.uri().path(), filled(query, &key));
        let uri = target.parse::<Uri>();
        *request.uri_mut() = uri.map_err(|error| format!("its address cannot be sent: {error}"))?;
    }
    let media = request.headers().get(CONTENT_TYPE);
    let is_form = media.is_some_and(|media| media.as_bytes().starts_with(b"application/x-www"));
    if is_form && let Ok(form) = str::from_utf8(request.body()) {
        *request.body_mut() = filled(form, &key).into();
    }
    Ok(())
}

/// Fills a header that the recording hides.
fn header(request: &mut Request<Bytes>, name: &'static str, secret: &str) -> Result<(), String> {
    if let Some(value) = request.headers_mut().get_mut(name)
        && value.as_bytes() == Mask::HIDDEN.as_bytes()
    {
        let secret = HeaderValue::from_str(secret);
        *value = secret.map_err(|_| "the sandbox's key does not stand in a header".to_owned())?;
    }
    Ok(())
}

/// Parameters with the key in place of what is hidden under its name.
fn filled(pairs: &str, key: &str) -> String {
    let pairs = pairs.split('&').map(|pair| {
        let is_key = parse(pair.as_bytes())
            .next()
            .is_some_and(|(name, value)| name == "apiKey" && value == Mask::HIDDEN);
        match is_key {
            true => format!(
                "apiKey={}",
                byte_serialize(key.as_bytes()).collect::<String>()
            ),
            false => pair.to_owned(),
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}
