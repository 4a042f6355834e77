//! Answers as the service writes them, for a test double.

use bytes::Bytes;
use common_api::mock::{json_answer, json_refusal};
use common_model::{Encode, to_json};
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::FileContents;

/// Writes an output in its envelope.
pub(crate) fn json<T: Encode>(output: &T) -> Response<Bytes> {
    json_answer(output, &[("success", "true")])
}

/// Writes a file with its name and its media type.
pub(crate) fn binary(output: &FileContents) -> Response<Bytes> {
    let mut response = Response::new(output.bytes.clone());
    let media_type = output.content_type.as_deref();
    let media_type = media_type.unwrap_or("application/octet-stream");
    if let Ok(value) = HeaderValue::from_str(media_type) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    let name = output.filename.as_deref().unwrap_or_default();
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// Writes a refusal.
pub(crate) fn refusal(status: StatusCode, message: &str) -> Response<Bytes> {
    json_refusal(
        status,
        &[("success", "false"), ("errorMsg", &to_json(message))],
    )
}
