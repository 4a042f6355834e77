//! A service's own words.

use std::fmt;

/// The details of a failure in the service's response.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServiceError {
    /// The service's own code (NiceChat's body `code`), apart from the HTTP status.
    pub code: Option<String>,
    /// The service's text, as it came.
    pub message: Option<String>,
    /// The service's list or map of errors, as the JSON text it sent.
    pub errors_json: Option<String>,
    /// The same, flattened to field and text.
    pub fields: Vec<FieldError>,
    /// The other members of the answer, as the text of one JSON object: what a service says beside the usual. None
    /// where the answer was no JSON object.
    pub others_json: Option<String>,
}

/// Shows only the size of the other members, since they may hold personal data.
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
    /// The field's path as the service names it; empty when it gave a bare list.
    pub field: String,
    /// The text.
    pub message: String,
}

/// `field: text`, cut off where it is long.
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
    /// An entry.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// As much of a text as fits into so many bytes.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
