//! Answers as the service writes them, for a test double.

use bytes::Bytes;
use common_api::mock::{attach_params, json_answer};
use common_model::{Encode, Model, to_json};
use http::{Request, Response, StatusCode, header::CONTENT_TYPE};

/// Adds the parameters of the operation to its request, for the conditions of a mock.
pub(crate) fn with_params(mut request: Request<Bytes>, params: &dyn Model) -> Request<Bytes> {
    attach_params(&mut request, params);
    request
}

/// Writes an output in its envelope.
pub(crate) fn json<T: Encode>(output: &T) -> Response<Bytes> {
    json_answer(output, &[("status", "\"ok\"")])
}

/// Writes a refusal.
pub(crate) fn refusal(status: StatusCode, message: &str) -> Response<Bytes> {
    let body = format!(
        "{{\"status\":\"error\",\"code\":{},\"description\":{}}}",
        status.as_u16(),
        to_json(message)
    );
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, super::JSON);
    response
}
