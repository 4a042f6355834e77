//! The meaning of the service's errors for the rows of a request.

use common_transport::Error;
use http::StatusCode;

use super::kind::{Form, Method};
use crate::call::Mask;

/// Whether the service refused the rows as they are, so that none has landed and others may be taken. Any other error
/// is about the account, the key or the connection.
pub(super) fn is_of_rows(error: &Error, method: &Method) -> bool {
    let Some(status) = error.status() else {
        return false;
    };
    // A parameter that is missing beside the rows, such as the shop.
    let is_of_call = error.field().is_some_and(|field| field == "site");
    // Only the service itself can refuse rows; a page in its place comes from a wrong address, or from something between.
    let is_told = error.service_error().message.is_some();
    let is_meant = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS => false,
        StatusCode::NOT_FOUND => is_told && method.form == Form::Path,
        // Half of the rows may fit.
        StatusCode::PAYLOAD_TOO_LARGE => true,
        _ => is_told && status.is_client_error(),
    };
    is_meant && !is_of_call && !error.may_have_landed()
}

/// The reason of a refusal in one line.
pub(super) fn reason(error: &Error, mask: &Mask) -> String {
    let mut text = error.message().to_owned();
    for field in &error.service_error().fields {
        let told = match field.field.as_str() {
            "" => field.message.clone(),
            name => format!("{name}: {}", field.message),
        };
        if !text.contains(&field.message) {
            text.push_str("; ");
            text.push_str(&told);
        }
    }
    mask.text(&text)
}
