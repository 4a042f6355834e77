//! Building of requests and reading of answers, for all operations. Only the last step is generic.
//!
//! A request is built with a JSON body and a URI in origin form. [`Encoding`](crate::Encoding)
//! later decides how it is encoded and signed.

#[cfg(feature = "mock")]
pub(crate) mod mock;

use bytes::Bytes;
use common_model::{Decode, Model, Reader, Writer, from_json, to_json, write_object};
use common_transport::{Error, Metadata, Place, path};
use http::{HeaderValue, Method, Request, Response, header::CONTENT_TYPE};

use crate::answer;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Builds the request of an operation.
// N2 to N4
pub(crate) fn request(
    metadata: &'static Metadata,
    params: &dyn Model,
) -> Result<Request<Bytes>, Error> {
    let request = build(metadata, params).map_err(|error| error.with_operation(metadata));
    #[cfg(feature = "mock")]
    let request = request.map(|request| mock::with_params(request, params));
    request
}

/// Reads an answer.
pub(crate) fn decode<T: Decode>(
    metadata: &'static Metadata,
    response: Response<Bytes>,
) -> Result<T, Error> {
    common_api::read(metadata, response, &|reply| {
        answer::success(metadata, reply)
    })
}

/// [`decode`] without the model's type.
fn decode_into(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    model: &mut dyn Model,
) -> Result<(), Error> {
    common_api::read_into(metadata, response, model, &|reply| {
        answer::success(metadata, reply)
    })
}

/// Constructors of rows for the operation table.
pub(crate) mod row {
    use common_api::{AnyModel, OperationEntry};
    use common_transport::Metadata;

    /// An operation whose answer is a model.
    pub(crate) const fn json(
        metadata: &'static Metadata,
        operation: fn() -> AnyModel,
        answer: fn() -> AnyModel,
    ) -> OperationEntry {
        OperationEntry::json(
            metadata,
            super::request,
            operation,
            answer,
            super::decode_into,
        )
    }
}

/// The parameters of a request by their place in it.
#[derive(Default)]
struct Parts {
    path: Vec<(String, String)>,
    /// The members of the JSON body, without braces.
    body: String,
}

fn build(metadata: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error> {
    let mut out = Writer::new();
    write_object(params, &mut out);
    let parts = distribute(metadata, out.as_str())?;
    let value = |name: &str| {
        let mut path = parts.path.iter();
        path.find(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
    };
    let path = path::expand(metadata.path, value)?;
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = metadata.method.clone();
    *request.uri_mut() = path
        .parse()
        .map_err(|_| Error::invalid_input("path", "the parameters do not make a path"))?;
    if has_body(&metadata.method) {
        request.headers_mut().insert(CONTENT_TYPE, JSON);
        *request.body_mut() = format!("{{{}}}", parts.body).into();
    }
    Ok(request)
}

/// Puts each member, with its unchanged text, into the place that its parameter names. Reads the
/// members once.
fn distribute(metadata: &'static Metadata, json: &str) -> Result<Parts, Error> {
    let mut parts = Parts::default();
    let mut refused = None;
    Reader::new(json)
        .object(&mut |name, reader| {
            let raw = reader.raw()?;
            match metadata.param(name).map(|param| param.place) {
                Some(Place::Path) => parts.path.push((name.to_owned(), from_json(raw)?)),
                None if !has_body(&metadata.method) => {
                    refused.get_or_insert_with(|| metadata.unknown_param(name));
                }
                _ => {
                    if needs_full_url(metadata, name) && !is_full_url(raw) {
                        let message = "a full URL is needed, as in https://shop.example/1.jpg";
                        refused.get_or_insert_with(|| Error::invalid_input(name, message));
                    }
                    if !parts.body.is_empty() {
                        parts.body.push(',');
                    }
                    parts.body.push_str(&to_json(name));
                    parts.body.push(':');
                    parts.body.push_str(raw);
                }
            }
            Ok(())
        })
        .map_err(|error| common_api::invalid_input(&error))?;
    refused.map_or(Ok(parts), Err)
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
