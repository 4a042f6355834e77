//! Building of requests and reading of answers, for all operations. Only the last step is generic.

#[cfg(feature = "mock")]
pub(crate) mod mock;

use bytes::Bytes;
use common_model::{Decode, Model, Writer, write_object};
use common_transport::{Error, Metadata};
use http::{HeaderName, HeaderValue, Method, Request, Response, header::CONTENT_TYPE};

use crate::answer;

/// The path of all methods.
// U1
pub(crate) const PATH: &str = "/local/api/api.php";

/// The headers with the token and the method's name.
// U3
pub(crate) const TOKEN: HeaderName = HeaderName::from_static("token");
const METHOD: HeaderName = HeaderName::from_static("method");

const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// The only method that is called without a token, and the value of its `Token` header.
// U13
const GET_TOKEN: &str = "getToken";
const NO_AUTH: HeaderValue = HeaderValue::from_static("NO_AUTH");

/// The request of an operation.
pub(crate) fn request(
    metadata: &'static Metadata,
    params: &dyn Model,
) -> Result<Request<Bytes>, Error> {
    // U6: PHP's empty array stands for no parameters.
    let body = if metadata.params.is_empty() && params.extra().is_empty() {
        "[]".to_owned()
    } else {
        let mut out = Writer::new();
        write_object(params, &mut out);
        out.into_string()
    };
    let request = call(metadata.name, body).map_err(|error| error.with_operation(metadata));
    #[cfg(feature = "mock")]
    let request = request.map(|request| mock::with_params(request, params));
    request
}

/// A call of any method with any JSON.
// U5
pub(crate) fn call(method: &str, body: String) -> Result<Request<Bytes>, Error> {
    let name = HeaderValue::from_str(method)
        .ok()
        .filter(|_| !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        .ok_or_else(|| Error::invalid_input("method", "a method's name is letters and digits"))?;
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = http::Uri::from_static(PATH);
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, JSON);
    headers.insert(METHOD, name);
    if method == GET_TOKEN {
        headers.insert(TOKEN, NO_AUTH);
    }
    Ok(request)
}

/// Reads an answer.
pub(crate) fn decode<T: Decode>(
    metadata: &'static Metadata,
    response: Response<Bytes>,
) -> Result<T, Error> {
    common_api::read(metadata, response, &answer::success)
}

/// [`decode`] without the model's type.
fn decode_into(
    metadata: &'static Metadata,
    response: Response<Bytes>,
    model: &mut dyn Model,
) -> Result<(), Error> {
    common_api::read_into(metadata, response, model, &answer::success)
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

#[cfg(test)]
mod tests;
