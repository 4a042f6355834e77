//! One operation: its parameters, its body, its answers.

use serde_json::Value;

use super::node::{Schema, follow};

/// One operation of a description.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation<'d> {
    document: &'d Value,
    path: &'d str,
    verb: &'d str,
    node: &'d Value,
}

impl<'d> Operation<'d> {
    pub(super) fn new(document: &'d Value, path: &'d str, verb: &'d str, node: &'d Value) -> Self {
        Self {
            document,
            path,
            verb,
            node,
        }
    }

    /// Returns the path template, from the host's root.
    pub(crate) fn path(&self) -> &'d str {
        self.path
    }

    /// Returns the HTTP method in lower case.
    pub(crate) fn verb(&self) -> &'d str {
        self.verb
    }

    /// Returns the `operationId`.
    pub(crate) fn id(&self) -> &'d str {
        self.node
            .get("operationId")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// Returns the scope that the caller's key needs (`x-scope`).
    pub(crate) fn scope(&self) -> Option<&'d str> {
        self.node.get("x-scope")?.get("name")?.as_str()
    }

    /// Returns the parameters in a place (`path`, `query`, `header`): name, whether required, schema.
    pub(crate) fn parameters(&self, place: &str) -> Vec<(&'d str, bool, Schema<'d>)> {
        let list = self
            .node
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        list.map(|parameter| follow(self.document, parameter))
            .filter(|parameter| parameter.get("in").and_then(Value::as_str) == Some(place))
            .filter_map(|parameter| {
                let name = parameter.get("name")?.as_str()?;
                let required = parameter.get("required") == Some(&Value::Bool(true));
                Some((
                    name,
                    required,
                    Schema::new(self.document, parameter.get("schema")?),
                ))
            })
            .collect()
    }

    /// Returns the schema of the request body, for any content type.
    pub(crate) fn body(&self) -> Option<Schema<'d>> {
        Some(Schema::new(self.document, self.media()?.get("schema")?))
    }

    /// Whether a request must have a body.
    #[cfg(feature = "admin")]
    pub(crate) fn requires_body(&self) -> bool {
        let required = self.request_body().and_then(|body| body.get("required"));
        required == Some(&Value::Bool(true))
    }

    /// Whether a form field holds JSON text (`encoding.<field>.contentType`).
    pub(crate) fn is_json_field(&self, field: &str) -> bool {
        let encoding = self
            .media()
            .and_then(|media| media.get("encoding")?.get(field)?.get("contentType"));
        encoding.and_then(Value::as_str) == Some("application/json")
    }

    /// Returns the schema of the answer with this HTTP status, its class, or the default.
    #[cfg(any(test, feature = "admin"))]
    pub(crate) fn answer(&self, status: u16) -> Option<Schema<'d>> {
        let responses = self.node.get("responses")?;
        let names = [
            status.to_string(),
            format!("{}XX", status / 100),
            "default".to_owned(),
        ];
        let response = follow(
            self.document,
            names.iter().find_map(|name| responses.get(name))?,
        );
        let media = response.get("content")?.as_object()?.values().next()?;
        Some(Schema::new(self.document, media.get("schema")?))
    }

    /// Returns the media type of the request body.
    pub(crate) fn media_type(&self) -> Option<&'d str> {
        let content = self.request_body()?.get("content")?.as_object()?;
        content.keys().next().map(String::as_str)
    }

    fn media(&self) -> Option<&'d Value> {
        self.request_body()?
            .get("content")?
            .as_object()?
            .values()
            .next()
    }

    fn request_body(&self) -> Option<&'d Value> {
        self.node
            .get("requestBody")
            .map(|body| follow(self.document, body))
    }
}
