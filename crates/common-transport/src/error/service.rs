//! The error report of a service.

use std::fmt;

/// The error report of a service, as read from its answer.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// The service's own error code (such as `code` in NiceChat's body), which is not the HTTP status.
    pub code: Option<String>,
    /// The service's unchanged message.
    pub message: Option<String>,
    /// The service's list or map of errors, as JSON text.
    pub errors_json: Option<String>,
    /// The list or map of errors, flattened to field and message.
    pub fields: Vec<FieldError>,
    /// The other members of the answer, as the text of one JSON object. `None` if the answer was not a JSON object.
    pub others_json: Option<String>,
}

/// Shows only the length of the other members: their content is unknown and may be secret.
impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("code", &self.code)
            .field("message", &self.message)
            .field("errors_json", &self.errors_json)
            .field("fields", &self.fields)
            .field("others_bytes", &self.others_json.as_ref().map(String::len))
            .finish()
    }
}

/// One entry of a service's list of errors.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// Path of the field in the service's own naming. Empty for errors without a field.
    pub field: String,
    /// The service's message about the field.
    pub message: String,
}

/// Writes `field: message`, cut if it is long.
impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN_BYTES: usize = 200;
        if !self.field.is_empty() {
            write!(f, "{}: ", cut(&self.field, SHOWN_BYTES))?;
        }
        f.write_str(cut(&self.message, SHOWN_BYTES))
    }
}

impl FieldError {
    /// Builds an entry.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// Cuts a text to at most this many bytes.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
