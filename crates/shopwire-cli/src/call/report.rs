//! The report of a failed call: one line of JSON on standard error, or text for people.

use common_model::{Map, Value as Json, from_json, from_json_bytes, to_json};
use common_transport::{Error, ErrorKind};

use super::mask::Mask;
use crate::{failure::Failure, layout::Layout, output};

/// The only call whose answer is a secret. A text in which the secret cannot be located is not shown.
const SECRET_ANSWER: &str = "getToken";

/// The error of input that was checked before anything was sent. Its text has no values, so nothing is masked.
impl From<Error> for Failure {
    fn from(failed: Error) -> Self {
        error(&failed, &Mask::default())
    }
}

/// `{"error":{"kind","status","message","errors","body","may_have_landed"}}`, exit code 1.
pub(crate) fn error(error: &Error, mask: &Mask) -> Failure {
    told(error, "", mask)
}

/// As [`error`], with a note behind the message.
pub(super) fn told(error: &Error, note: &str, mask: &Mask) -> Failure {
    let report = Report {
        kind: error.kind(),
        status: error.status().map(|status| status.as_u16()),
        message: message(error) + note,
        errors: error.service_error().errors_json.as_deref().map(as_given),
        body: body(error),
        may_have_landed: error.may_have_landed(),
    };
    report.failure(mask)
}

/// The report of a batch that was refused in part, so that a part of it has certainly landed. The answer is printed
/// like any other, so the report does not have it once more.
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
        body: None,
        may_have_landed: true,
    };
    report.failure(mask)
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
    fn failure(mut self, mask: &Mask) -> Failure {
        self.message = mask.text(&self.message);
        self.errors = self.errors.map(|json| mask.json(json));
        self.body = self.body.map(|json| mask.json(json));
        Failure::reported(self.text(), output::one_line(&self.json()).into_owned())
    }

    fn json(&self) -> String {
        let json = |value: &Option<Json>| value.as_ref().map_or("null".to_owned(), to_json);
        let status = self.status.map(|status| status.to_string());
        format!(
            "{{\"error\":{{\"kind\":\"{}\",\"status\":{},\"message\":{},\"errors\":{},\"body\":{},\"may_have_landed\":{}}}}}",
            self.kind.as_str(),
            status.as_deref().unwrap_or("null"),
            to_json(self.message.as_str()),
            json(&self.errors),
            json(&self.body),
            self.may_have_landed,
        )
    }

    /// The same for people, a line each.
    fn text(&self) -> String {
        let kind = self.kind.as_str();
        let status = self.status.map(|status| format!(", HTTP {status}"));
        let mut text = format!("{} ({kind}{})", self.message, status.unwrap_or_default());
        for (name, json) in [("errors", &self.errors), ("body", &self.body)] {
            if let Some(json) = json {
                let json = Layout::Indented.apply(&to_json(json));
                text.push_str(&format!("\n{name}: {json}"));
            }
        }
        if self.may_have_landed {
            text.push_str("\nthe call may have landed");
        }
        text
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
        // Without other members, the report has the whole body under other names.
        return Some(as_given(members)).filter(|json| *json != Json::Object(Map::default()));
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
    use crate::failure::Form;
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
        let shown = |failed: &Error| error(failed, &Mask::default()).shown(Form::Json);
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

    // C14
    #[test]
    fn c14_people_read_the_report_line_by_line() {
        let mut fault = ServiceError::default();
        fault.message = Some("Errors".into());
        fault.errors_json = Some("[\"b\"]".into());
        fault.others_json = Some("{}".into());
        let verdict = Verdict::new(ErrorKind::Validation, false, false);
        let refused = Error::from_service_error(verdict, StatusCode::BAD_REQUEST, fault);
        let failure = error(&refused, &Mask::default());
        assert_eq!(
            failure.shown(Form::Text),
            "error: Errors (validation, HTTP 400)\nerrors: [\n  \"b\"\n]"
        );
        // An empty object is not the body.
        assert!(failure.shown(Form::Json).contains("\"body\":null"));
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
