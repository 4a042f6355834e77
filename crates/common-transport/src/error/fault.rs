//! A service's own words.

/// What the service said of a failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The service's own code (NiceChat's body `code`), apart from the HTTP status.
    pub code: Option<String>,
    /// The service's text, as it came.
    pub message: Option<String>,
    /// The service's list or map of errors, as the JSON text it sent.
    pub errors_json: Option<String>,
    /// The same, flattened to field and text.
    pub fields: Vec<FieldError>,
}

/// One entry of a service's list of errors.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field's path as the service names it; empty when it gave a bare list.
    pub field: String,
    /// The text.
    pub message: String,
}

impl FieldError {
    /// An entry.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}
