//! Answers as the service writes them, for a test double.

use bytes::Bytes;
use common_api::mock::{json_answer, json_refusal};
use common_model::{Encode, to_json};
use http::{Response, StatusCode};

/// Writes an output in its envelope.
pub(crate) fn json<T: Encode>(output: &T) -> Response<Bytes> {
    json_answer(output, &[("status", "\"ok\"")])
}

/// Writes a refusal.
pub(crate) fn refusal(status: StatusCode, message: &str) -> Response<Bytes> {
    let members = [
        ("status", "\"error\""),
        ("code", status.as_str()),
        ("description", &to_json(message)),
    ];
    json_refusal(status, &members)
}
