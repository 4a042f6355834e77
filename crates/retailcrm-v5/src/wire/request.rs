//! Builds requests from an operation's parameters.

use bytes::Bytes;
use common_api::WireFormat as _;
use common_model::{Kind, Map, Model, Reader, Value, Writer};
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
    let mut out = Writer::request();
    common_model::write_object(params, &mut out);
    let json = out.into_string();
    let mut parts = Parts::default();
    let mut reader = Reader::new(&json);
    // A model without members may be written as an empty list.
    if reader.peek().is_ok_and(|kind| kind == Kind::Array) {
        return Ok(parts);
    }
    let walked = reader.object(&mut |name, reader| place(metadata, name, reader, &mut parts));
    walked.map_err(|error| Error::invalid_input(error.path(), error.message().to_owned()))?;
    Ok(parts)
}

/// Puts a parameter into its place. A parameter without a description goes into the query of a GET, else into the
/// form.
fn place(
    metadata: &'static Metadata,
    name: &str,
    reader: &mut Reader<'_>,
    parts: &mut Parts,
) -> Result<(), common_model::Error> {
    let at = reader.offset();
    let is_nested = matches!(reader.peek()?, Kind::Array | Kind::Object);
    let raw = reader.raw()?;
    let place = metadata.param(name).map_or(
        match (metadata.method == Method::GET, is_nested) {
            (true, _) => Place::Query,
            (false, true) => Place::FormJson,
            (false, false) => Place::Form,
        },
        |param| param.place,
    );
    if raw == "null" {
        return Ok(());
    }
    // JSON keeps its text, so that the body of a large upload is not parsed again.
    if place == Place::FormJson {
        brackets::append_text(&mut parts.form, name, raw);
        return Ok(());
    }
    let value: Value = common_model::from_json(raw)?;
    match place {
        Place::Path => {
            let text = brackets::scalar(&value).ok_or_else(|| {
                common_model::Error::new("a nested value cannot stand in a path", at)
            })?;
            parts.path.insert(name, text);
        }
        Place::Query => brackets::append(&mut parts.query, name, &value),
        _ => brackets::append(&mut parts.form, name, &value),
    }
    Ok(())
}

fn unsendable(name: &str) -> Error {
    Error::invalid_input(name, "the value does not fit into a request line")
}
