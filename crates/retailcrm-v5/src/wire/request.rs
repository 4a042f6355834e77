//! Builds requests from an operation's parameters.

use bytes::Bytes;
use common_api::{WireFormat as _, each_param, invalid_input};
use common_model::{Map, Model, Value, Writer, from_json};
use common_transport::{Error, Metadata, Place, path};
use http::{HeaderValue, Method, Request, header};

use super::{Wire, brackets};

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Builds a request with raw bytes as its body.
// RE15
pub(crate) fn request_binary(
    metadata: &'static Metadata,
    params: &dyn Model,
    body: &Bytes,
) -> Result<Request<Bytes>, Error> {
    let mut request = Wire::request(metadata, params)?;
    *request.body_mut() = body.clone();
    Ok(request)
}

/// Adds one parameter to a request's query.
pub(crate) fn add_to_query(
    request: &mut Request<Bytes>,
    name: &str,
    text: &str,
) -> Result<(), Error> {
    let mut query = request.uri().query().unwrap_or_default().to_owned();
    brackets::append_text(&mut query, name, text);
    let mut parts = request.uri().clone().into_parts();
    let target = format!("{}?{query}", request.uri().path());
    parts.path_and_query = Some(target.try_into().map_err(|_| unsendable(name))?);
    *request.uri_mut() = http::Uri::from_parts(parts).map_err(|_| unsendable(name))?;
    Ok(())
}

/// Adds one parameter to a request's form.
pub(crate) fn add_to_form(request: &mut Request<Bytes>, name: &str, text: &str) {
    let mut form = String::from_utf8_lossy(request.body()).into_owned();
    brackets::append_text(&mut form, name, text);
    request.headers_mut().insert(header::CONTENT_TYPE, FORM);
    *request.body_mut() = Bytes::from(form);
}

/// The parameters by their place in the request.
#[derive(Default)]
struct Parts {
    path: Map<String>,
    query: String,
    form: String,
}

/// Builds the request of an operation. Bytes to upload are no member of its parameters; the caller puts them into the
/// request.
pub(super) fn build(
    metadata: &'static Metadata,
    params: &dyn Model,
) -> Result<Request<Bytes>, Error> {
    let parts = distribute(metadata, params)?;
    let mut target = path::expand(metadata.path, |name| parts.path.get(name).cloned())?;
    if !parts.query.is_empty() {
        target.push('?');
        target.push_str(&parts.query);
    }
    let mut request = Request::builder()
        .method(metadata.method.clone())
        .uri(target)
        .header(header::ACCEPT, "application/json")
        .body(Bytes::new())
        .map_err(|_| unsendable("query"))?;
    let mut places = metadata.params.iter().map(|param| param.place);
    if places.any(|place| place == Place::Binary) {
        request.headers_mut().insert(header::CONTENT_TYPE, BYTES);
    } else if !parts.form.is_empty() {
        request.headers_mut().insert(header::CONTENT_TYPE, FORM);
        *request.body_mut() = Bytes::from(parts.form);
    }
    Ok(request)
}

fn distribute(metadata: &'static Metadata, params: &dyn Model) -> Result<Parts, Error> {
    let mut parts = Parts::default();
    each_param(params, Writer::request(), &mut |name, json| {
        parts.put(metadata, name, json)
    })?;
    Ok(parts)
}

impl Parts {
    /// Puts a parameter into its place. A parameter without a description goes into the query of a GET, else into the
    /// form.
    fn put(&mut self, metadata: &Metadata, name: &str, json: &str) -> Result<(), Error> {
        if json == "null" {
            return Ok(());
        }
        let place = match metadata.param(name) {
            Some(param) => param.place,
            None if metadata.method == Method::GET => Place::Query,
            None if json.starts_with(['{', '[']) => Place::FormJson,
            None => Place::Form,
        };
        // JSON keeps its text, so that the body of a large upload is not parsed again.
        if place == Place::FormJson {
            brackets::append_text(&mut self.form, name, json);
            return Ok(());
        }
        let value: Value = from_json(json).map_err(|error| invalid_input(&error.in_field(name)))?;
        match place {
            Place::Path => {
                let text = brackets::scalar(&value).ok_or_else(|| {
                    Error::invalid_input(name, "a nested value cannot stand in a path")
                })?;
                self.path.insert(name, text);
            }
            Place::Query => brackets::append(&mut self.query, name, &value),
            Place::Binary => {
                return Err(Error::invalid_input(name, "bytes do not travel in JSON"));
            }
            _ => brackets::append(&mut self.form, name, &value),
        }
        Ok(())
    }
}

fn unsendable(name: &str) -> Error {
    Error::invalid_input(name, "the value does not fit into a request line")
}
