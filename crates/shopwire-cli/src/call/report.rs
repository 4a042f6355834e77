//! The error report for scripts: one line of JSON on standard error.

use common_api::answer::others;
use common_model::{Value as Json, from_json, from_json_bytes, to_json};
use common_transport::{Error, ErrorKind};

use super::mask::Mask;
use crate::{failure::Failure, output};

/// Members of an envelope that the report shows under other names.
const TOLD: [&str; 3] = ["success", "errorMsg", "errors"];

/// The only call whose answer is a secret. A text in which the secret cannot be located is not shown.
const SECRET_ANSWER: &str = "getToken";

/// `{"error":{"kind","status","message","errors","body","may_have_landed"}}`, exit code 1.
pub(super) fn error(error: &Error, mask: &Mask) -> Failure {
    let report = Report {
        kind: error.kind(),
        status: error.status().map(|status| status.as_u16()),
        message: message(error),
        errors: error.service_error().errors_json.as_deref().map(as_given),
        body: body(error),
        may_have_landed: error.may_have_landed(),
    };
    report.line(mask)
}

/// The report of a batch that was refused in part, so that a part of it has certainly landed.
pub(super) fn partial(status: u16, answer: &str, mask: &Mask) -> Failure {
    let envelope: Json = from_json(answer).unwrap_or(Json::Null);
    let message = envelope.get("errorMsg").and_then(Json::as_str);
    let report = Report {
        kind: ErrorKind::Partial,
        status: Some(status),
        message: message
            .unwrap_or("part of the batch was refused")
            .to_owned(),
        errors: envelope.get("errors").cloned(),
        body: others(answer, &TOLD).map(|json| as_given(&json)),
        may_have_landed: true,
    };
    report.line(mask)
}

struct Report {
    kind: ErrorKind,
    status: Option<u16>,
    message: String,
    errors: Option<Json>,
    body: Option<Json>,
    may_have_landed: bool,
}

impl Report {
    fn line(self, mask: &Mask) -> Failure {
        let json = |value: Option<Json>| {
            let shown = value.map(|value| to_json(&mask.json(value)));
            shown.unwrap_or_else(|| "null".to_owned())
        };
        let status = self.status.map(|status| status.to_string());
        let line = format!(
            "{{\"error\":{{\"kind\":\"{}\",\"status\":{},\"message\":{},\"errors\":{},\"body\":{},\"may_have_landed\":{}}}}}",
            self.kind.as_str(),
            status.as_deref().unwrap_or("null"),
            to_json(&mask.text(&self.message)),
            json(self.errors),
            json(self.body),
            self.may_have_landed,
        );
        Failure::reported(output::one_line(&line).into_owned())
    }
}

/// The service's own text, or our error with its causes.
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

/// The other members of an object, or all of other JSON, or the first KiB of any other text.
fn body(error: &Error) -> Option<Json> {
    if let Some(members) = &error.service_error().others_json {
        return Some(as_given(members));
    }
    let came = error.body()?;
    if let Ok(json) = from_json_bytes::<Json>(came) {
        return Some(json);
    }
    let head = error.body_excerpt()?;
    (error.operation() != Some(SECRET_ANSWER)).then(|| Json::String(head.into()))
}

/// Reads JSON; any other text becomes a JSON string.
fn as_given(json: &str) -> Json {
    from_json(json).unwrap_or_else(|_| Json::String(json.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use common_transport::{
        ServiceError,
        verdict::{End, Verdict},
    };
    use http::StatusCode;

    // X6, RE5, H7
    #[test]
    fn x6_the_line_has_all_its_members_always() {
        let mut fault = ServiceError::default();
        fault.message = Some("Errors in the \"order\"".into());
        fault.errors_json = Some("{\"a\": [\"b\"],\n \"n\": 1.50}".into());
        fault.others_json = Some("{\"combinedTo\": {\"id\": 9}}".into());
        let verdict = Verdict::new(ErrorKind::Validation, false, false);
        let refused = Error::from_service_error(verdict, StatusCode::BAD_REQUEST, fault);
        let shown = |failed: &Error| error(failed, &Mask::default()).text().to_owned();
        assert_eq!(
            shown(&refused),
            r#"{"error":{"kind":"validation","status":400,"message":"Errors in the \"order\"","errors":{"a":["b"],"n":1.50},"body":{"combinedTo":{"id":9}},"may_have_landed":false}}"#
        );
        let cause = std::io::Error::other("reset");
        let lost = Error::ended(End::Lost, "the connection broke").with_source(cause);
        assert_eq!(
            shown(&lost),
            r#"{"error":{"kind":"transport","status":null,"message":"the connection broke; the call may have landed: look before repeating it: reset","errors":null,"body":null,"may_have_landed":true}}"#
        );
    }

    // F5
    #[test]
    fn f5_a_body_is_shown_as_what_it_is() {
        let shown = |body: &'static [u8]| {
            let failed = Error::new(ErrorKind::Decode, "x").with_body(&body.into());
            super::body(&failed).map(|json| to_json(&json))
        };
        assert_eq!(shown(b"[1,2.50]").as_deref(), Some("[1,2.50]"));
        assert_eq!(shown(b"<html>").as_deref(), Some("\"<html>\""));
        assert_eq!(shown(b"").as_deref(), Some("\"\""));
    }
}
