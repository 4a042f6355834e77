//! The error report that scripts rely on: one line of JSON on standard error.

use common_model::{Value as Json, from_json, to_json};
use common_transport::{Error, ErrorKind};

use crate::{failure::Failure, output};

/// `{"error":{"kind","status","message","errors"}}`, exit code 1.
pub(super) fn error(error: &Error) -> Failure {
    let status = error.status().map(|status| status.as_u16());
    let errors = error.fault().errors_json.as_deref();
    line(error.kind(), status, &message(error), errors)
}

/// A batch of which a part was refused; `errors` as the service gave them.
pub(super) fn partial(status: u16, message: &str, errors: Option<&str>) -> Failure {
    line(ErrorKind::Partial, Some(status), message, errors)
}

fn line(kind: ErrorKind, status: Option<u16>, message: &str, errors: Option<&str>) -> Failure {
    let status = status.map_or("null".to_owned(), |status| status.to_string());
    let json = format!(
        "{{\"error\":{{\"kind\":\"{}\",\"status\":{status},\"message\":{},\"errors\":{}}}}}",
        kind.as_str(),
        to_json(message),
        errors.map_or("null".to_owned(), as_given),
    );
    Failure::reported(output::one_line(&json).into_owned())
}

/// The service's own text, or ours with its causes.
fn message(error: &Error) -> String {
    if error.is_service() {
        return error.message().to_owned();
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        let said = source.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = source.source();
    }
    text
}

/// JSON on one line; what is no JSON becomes a text.
fn as_given(errors: &str) -> String {
    match from_json::<Json>(errors) {
        Ok(json) => to_json(&json),
        Err(_) => to_json(errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use common_transport::Fault;
    use http::StatusCode;

    // X6, RE5
    #[test]
    fn x6_the_line_has_all_four_members_always() {
        let mut fault = Fault::default();
        fault.message = Some("Errors in the \"order\"".into());
        fault.errors_json = Some("{\"a\": [\"b\"],\n \"n\": 1.50}".into());
        let refused = Error::from_fault(ErrorKind::Validation, StatusCode::BAD_REQUEST, fault);
        assert_eq!(
            error(&refused).text(),
            r#"{"error":{"kind":"validation","status":400,"message":"Errors in the \"order\"","errors":{"a":["b"],"n":1.50}}}"#
        );
        let cause = std::io::Error::other("refused");
        let lost = Error::new(ErrorKind::Connect, "no connection").with_source(cause);
        assert_eq!(
            error(&lost).text(),
            r#"{"error":{"kind":"connect","status":null,"message":"no connection: refused","errors":null}}"#
        );
    }
}
