//! The verdict of an answer on the signature.

use bytes::Bytes;
use common_model::{Value as Json, from_json_bytes};
use http::Response;

/// An answer, reduced to its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// The list of categories: the signature was accepted.
    Accepted,
    /// 401 or 403, by HTTP or by the envelope.
    // N34
    Refused(Said),
    /// Anything else.
    Other(Said),
}

/// The properties by which answers are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) status: u16,
    /// The envelope's description. It is compared but never shown, because a service may repeat
    /// parts of the request in it.
    pub(super) description: String,
}

impl Reply {
    pub(super) fn of(response: &Response<Bytes>) -> Self {
        let envelope: Json = from_json_bytes(response.body()).unwrap_or(Json::Null);
        let text = |name| envelope.get(name).and_then(Json::as_str);
        let code = envelope.get("code").and_then(Json::as_i64);
        let says_error = text("status") == Some("error");
        let http = response.status();
        let status = match code.and_then(|code| u16::try_from(code).ok()) {
            Some(code) if http.is_success() && says_error => code,
            _ => http.as_u16(),
        };
        let said = Said {
            status,
            description: text("description").unwrap_or_default().to_owned(),
        };
        match status {
            401 | 403 => Self::Refused(said),
            _ if http.is_success() && text("status").is_some() && !says_error => Self::Accepted,
            _ => Self::Other(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &'static str) -> Reply {
        let response = Response::builder().status(status).body(body.into());
        Reply::of(&response.expect("a response"))
    }

    fn said(status: u16, description: &str) -> Said {
        Said {
            status,
            description: description.to_owned(),
        }
    }

    // N32, N33, N34, N92
    #[test]
    fn n34_http_and_envelope_decide_together() {
        let page = r#"{"status":"ok","code":200,"result":{"results":[]}}"#;
        assert_eq!(of(200, page), Reply::Accepted);
        let error = r#"{"status":"error","code":401,"description":"non-valid"}"#;
        assert_eq!(of(401, error), Reply::Refused(said(401, "non-valid")));
        assert_eq!(of(200, error), Reply::Refused(said(401, "non-valid")));
        assert_eq!(of(403, "<html>"), Reply::Refused(said(403, "")));
        assert_eq!(of(200, "<html>"), Reply::Other(said(200, "")));
        assert_eq!(of(200, "{}"), Reply::Other(said(200, "")));
        let busy = r#"{"status":"error","code":503}"#;
        assert_eq!(of(200, busy), Reply::Other(said(503, "")));
        assert_eq!(of(302, ""), Reply::Other(said(302, "")));
    }
}
