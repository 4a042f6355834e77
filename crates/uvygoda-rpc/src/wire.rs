//! Building of requests and reading of answers, for all operations.

#[cfg(feature = "mock")]
pub(crate) mod mock;

use std::borrow::Cow;

use bytes::Bytes;
use common_api::{WireFormat, answer::Reply};
use common_model::{Model, Writer, write_object};
use common_transport::{Error, Metadata};
use http::{HeaderName, HeaderValue, Method, Request, header::CONTENT_TYPE};

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

/// The wire format of all operations.
pub(crate) struct Wire;

impl WireFormat for Wire {
    fn build(metadata: &'static Metadata, params: &dyn Model) -> Result<Request<Bytes>, Error> {
        // U6: PHP's empty array stands for no parameters.
        if metadata.params.is_empty() && params.extra().is_empty() {
            return call(metadata.name, "[]".to_owned());
        }
        let mut out = Writer::new();
        write_object(params, &mut out);
        call(metadata.name, out.into_string())
    }

    fn success<'r>(_: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
        answer::success(reply)
    }
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

#[cfg(test)]
mod tests;
