//! Building of requests and reading of answers, for all operations.
//!
//! A request is built with a JSON body and a URI in origin form. [`Encoding`](crate::Encoding)
//! later decides how it is encoded and signed.

#[cfg(feature = "mock")]
pub(crate) mod mock;

use std::borrow::Cow;

use bytes::Bytes;
use common_api::{WireFormat, answer::Reply, each_param, invalid_input};
use common_model::{Map, Model, Writer, from_json, to_json};
use common_transport::{Error, Metadata, Place, path};
use http::{HeaderValue, Method, Request, header::CONTENT_TYPE};

use crate::answer;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The wire format of all operations.
pub(crate) struct Wire;

impl WireFormat for Wire {
    // N2 to N4
    fn build(metadata: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error> {
        let parts = distribute(metadata, params)?;
        let path = path::expand(metadata.path, |name| parts.path.get(name).cloned())?;
        let body = has_body(&metadata.method).then(|| format!("{{{}}}", parts.body));
        request(&metadata.method, &path, body)
    }

    fn success<'r>(metadata: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
        answer::success(metadata, reply)
    }
}

/// Builds a request with a body of JSON, or without a body. The target is in origin form.
pub(crate) fn request(
    method: &Method,
    target: &str,
    json: Option<String>,
) -> Result<Request<Bytes>, Error> {
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = method.clone();
    *request.uri_mut() = target
        .parse()
        .map_err(|_| Error::invalid_input("path", "it is not valid in a URL"))?;
    if let Some(json) = json {
        request.headers_mut().insert(CONTENT_TYPE, JSON);
        *request.body_mut() = json.into();
    }
    Ok(request)
}

/// The parameters of a request by their place in it.
#[derive(Default)]
struct Parts {
    path: Map<String>,
    /// The members of the JSON body, without braces.
    body: String,
}

/// Puts each parameter, with its unchanged text, into its place.
fn distribute(metadata: &'static Metadata, params: &dyn Model) -> Result<Parts, Error> {
    let mut parts = Parts::default();
    each_param(params, Writer::new(), &mut |name, json| {
        match metadata.param(name).map(|param| param.place) {
            Some(Place::Path) => {
                let value =
                    from_json(json).map_err(|error| invalid_input(&error.in_field(name)))?;
                parts.path.insert(name, value);
            }
            None if !has_body(&metadata.method) => return Err(metadata.unknown_param(name)),
            _ if needs_full_url(metadata, name) && !is_full_url(json) => {
                let message = "a full URL is needed, as in https://shop.example/1.jpg";
                return Err(Error::invalid_input(name, message));
            }
            _ => {
                if !parts.body.is_empty() {
                    parts.body.push(',');
                }
                parts.body.extend([&to_json(name), ":", json]);
            }
        }
        Ok(())
    })?;
    Ok(parts)
}

fn has_body(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH].contains(method)
}

/// Whether the service fetches this address itself, so that it must be a full URL.
// N60, N72, N74
fn needs_full_url(metadata: &Metadata, name: &str) -> bool {
    name == "image_url" || (metadata.name == "feeds.push" && matches!(name, "url" | "callback"))
}

/// Whether the value is a full URL. `null` also passes, since it clears the field.
fn is_full_url(raw: &str) -> bool {
    raw == "null" || raw.starts_with("\"https://") || raw.starts_with("\"http://")
}

#[cfg(test)]
mod tests;
