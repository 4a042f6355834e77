//! A webhook that is sent by hand.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::invalid::{self, Invalid, text};
use crate::names::ServiceName;

/// Longest body, in bytes.
const MAX_BODY: usize = 1 << 20;

/// The characters of a form that are not written as they are.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The members of the JSON.
const FIELDS: [&str; 6] = ["service", "event", "body", "url", "content_type", "import"];

/// A webhook to be sent by hand with [`Sandbox::send_webhook`](crate::Sandbox::send_webhook).
///
/// - Uvygoda posts it to the address of `setWebHook`, after earlier events. Without a body it makes one up.
/// - NiceChat posts the callback of an import: of the given one, or of the last that has a callback. Without a body
///   it tells how the import ended.
/// - RetailCRM posts the callback of a module to the given address. An object is sent as a form: `clientId`, and the
///   data as JSON under the callback's name.
///
/// ```
/// use serde_json::json;
/// use shopwire_sandbox::{NewWebhook, ServiceName};
///
/// let order = NewWebhook::new(ServiceName::RetailCrm, "activity")
///     .url("http://127.0.0.1:8000/activity")
///     .body(json!({"clientId": "c-1", "activity": {"active": true, "freeze": false}}));
/// let same = NewWebhook::from_json(&json!({
///     "service": "retailcrm",
///     "event": "activity",
///     "url": "http://127.0.0.1:8000/activity",
///     "body": {"clientId": "c-1", "activity": {"active": true, "freeze": false}},
/// }))?;
/// assert_eq!(order, same);
/// # Ok::<(), shopwire_sandbox::Invalid>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct NewWebhook {
    pub(crate) service: ServiceName,
    pub(crate) event: String,
    pub(crate) body: Option<Value>,
    pub(crate) url: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) import: Option<String>,
}

impl NewWebhook {
    /// Builds a webhook of this event (see [`ServiceName::events`]).
    pub fn new(service: ServiceName, event: impl Into<String>) -> Self {
        Self {
            service,
            event: event.into(),
            body: None,
            url: None,
            content_type: None,
            import: None,
        }
    }

    /// Reads a webhook as the admin API takes it: `{"service", "event", "body", "url", "content_type", "import"}`, of
    /// which the first two are required.
    ///
    /// # Errors
    /// A member is unknown, missing or no text; the error names it.
    pub fn from_json(value: &Value) -> Result<Self, Invalid> {
        let Some(members) = value.as_object() else {
            return Err(Invalid::new("", "must be an object"));
        };
        if let Some(name) = members.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            let error = invalid::unknown("", name, FIELDS);
            return Err(Invalid::new(
                name,
                format!("is no field of a webhook: {error}"),
            ));
        }
        let required = |name| {
            let given = optional(members, name)?;
            given.ok_or_else(|| Invalid::new(name, "is missing"))
        };
        Ok(Self {
            service: required("service")?.parse()?,
            event: required("event")?,
            body: members.get("body").filter(|body| !body.is_null()).cloned(),
            url: optional(members, "url")?,
            content_type: optional(members, "content_type")?,
            import: optional(members, "import")?,
        })
    }

    /// Sets the body. A text is posted as it is, other JSON in the form that the service uses.
    #[must_use]
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the address. The sandbox calls the hosts that [`Options::hosts`](crate::Options::hosts) allows.
    #[must_use]
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Sets the media type, in place of the media type that the service uses.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// NiceChat: sets the import, by its token, whose callback is posted.
    #[must_use]
    pub fn import(mut self, token: impl Into<String>) -> Self {
        self.import = Some(token.into());
        self
    }

    /// Checks what does not depend on the state of the service.
    pub(crate) fn check(&self) -> Result<(), Invalid> {
        self.service.check_event(&self.event)?;
        if self.import.is_some() && self.service != ServiceName::NiceChat {
            return Err(Invalid::new("import", "has a meaning for nicechat only"));
        }
        if let Some(kind) = &self.content_type {
            let checked = http::HeaderValue::from_str(kind);
            checked
                .map_err(|_| Invalid::new("content_type", "has characters that no header has"))?;
        }
        let size = match &self.body {
            Some(Value::String(text)) => text.len(),
            Some(value) => value.to_string().len(),
            None => 0,
        };
        if size > MAX_BODY {
            return Err(Invalid::new("body", "must not be longer than 1 MiB"));
        }
        Ok(())
    }
}

/// Leaves out address and body, which may have secrets.
impl fmt::Debug for NewWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewWebhook")
            .field("service", &self.service)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

fn optional(members: &Map<String, Value>, name: &str) -> Result<Option<String>, Invalid> {
    let given = members.get(name).filter(|value| !value.is_null());
    let read = given.map(|value| text(value).map(str::to_owned));
    read.transpose()
        .map_err(|problem| Invalid::new(name, problem))
}

/// Returns the fields of a form with these members: texts as they are, other values as JSON.
pub(crate) fn fields(members: &Map<String, Value>) -> Vec<(&str, String)> {
    let field = |value: &Value| match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    members
        .iter()
        .map(|(name, value)| (name.as_str(), field(value)))
        .collect()
}

/// Writes a form as `application/x-www-form-urlencoded`.
pub(crate) fn urlencoded(fields: &[(&str, String)]) -> String {
    let encoded = |text| utf8_percent_encode(text, ENCODED);
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error(value: Value) -> String {
        let read = NewWebhook::from_json(&value).and_then(|one| one.check());
        read.expect_err("must be refused").to_string()
    }

    #[test]
    fn s1_a_webhook_that_makes_no_sense_is_refused_by_its_field() {
        let cases = [
            (json!([]), "must be an object"),
            (json!({"event": "raw"}), "service: is missing"),
            (json!({"service": "x", "event": "raw"}), "service: unknown"),
            (json!({"service": "uvygoda"}), "event: is missing"),
            (
                json!({"service": "uvygoda", "event": 5}),
                "event: must be a text",
            ),
            (
                json!({"service": "uvygoda", "event": "new_ordr"}),
                "did you mean \"new_order\"?",
            ),
            (
                json!({"service": "uvygoda", "event": "raw", "ulr": "x"}),
                "ulr: is no field of a webhook",
            ),
            (
                json!({"service": "uvygoda", "event": "raw", "import": "x"}),
                "import: has a meaning",
            ),
            (
                json!({"service": "retailcrm", "event": ""}),
                "event: must have 1 to 100 bytes",
            ),
            (
                json!({"service": "uvygoda", "event": "raw", "content_type": "a\nb"}),
                "content_type: has",
            ),
            (
                json!({"service": "uvygoda", "event": "raw", "body": "x".repeat(MAX_BODY + 1)}),
                "body: must not",
            ),
        ];
        for (value, wanted) in cases {
            let error = error(value);
            assert!(error.contains(wanted), "{error}");
        }
    }

    #[test]
    fn s1_a_form_carries_data_as_json() {
        let members = json!({"clientId": "c 1", "activity": {"active": true}, "n": 5});
        let text = urlencoded(&fields(members.as_object().expect("an object")));
        assert_eq!(
            text,
            "clientId=c%201&activity=%7B%22active%22%3Atrue%7D&n=5"
        );
    }
}
