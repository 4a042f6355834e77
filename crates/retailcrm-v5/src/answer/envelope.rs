//! `{"success":false,"errorMsg":"…","errors":…}` (acceptance rows R25, RE5).

use common_model::{Kind, Reader, Value};
use common_transport::{Fault, FieldError};

/// What the service says of a failure.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    pub(super) message: String,
    /// The JSON text of `errors`, a list or a map.
    errors: Option<String>,
    pub(super) fields: Vec<FieldError>,
}

impl Envelope {
    /// Reads it from a body; none when the body is no JSON object.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let text = text(body)?;
        let mut envelope = Self::default();
        let mut reader = Reader::new(text);
        let read = reader.object(&mut |key, reader| {
            match key {
                "errorMsg" if reader.peek()? == Kind::String => {
                    envelope.message = reader.string()?.into_owned();
                }
                "errors" => envelope.errors = Some(reader.raw()?.to_owned()),
                _ => drop(reader.raw()?),
            }
            Ok(())
        });
        read.and_then(|()| reader.end()).ok()?;
        envelope.fields = flatten(envelope.errors.as_deref());
        Some(envelope)
    }

    /// As the error keeps it: the service's text, else the first of its errors.
    pub(super) fn into_fault(self) -> Fault {
        let mut fault = Fault::default();
        fault.message = match self.message.is_empty() {
            false => Some(self.message),
            true => self.fields.first().map(|error| error.message.clone()),
        };
        fault.errors_json = self.errors;
        fault.fields = self.fields;
        fault
    }
}

/// Whether a body is an envelope with `"success": false`, whatever the status says.
pub(super) fn says_failure(body: &[u8]) -> bool {
    let Some(text) = text(body) else {
        return false;
    };
    let mut success = None;
    let mut reader = Reader::new(text);
    // It stands first in the service's answers: the walk ends there, by an error of its own.
    let _ = reader.object(&mut |key, reader| {
        if key == "success" {
            success = reader.bool().ok();
            return Err(common_model::Error::new("found", reader.offset()));
        }
        reader.raw().map(drop)
    });
    success == Some(false)
}

/// Whether a body is a JSON object at all.
pub(super) fn is_object(body: &[u8]) -> bool {
    text(body).is_some_and(|text| {
        Reader::new(text)
            .peek()
            .is_ok_and(|kind| kind == Kind::Object)
    })
}

fn text(body: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(body).ok()?;
    Some(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// A list gives bare texts, a map gives fields; a value that is no text is kept as its JSON.
fn flatten(errors: Option<&str>) -> Vec<FieldError> {
    let value = errors.and_then(|text| text.parse::<Value>().ok());
    match value {
        Some(Value::Array(items)) => items.iter().map(|item| entry("", item)).collect(),
        Some(Value::Object(map)) => map.iter().map(|(key, value)| entry(key, value)).collect(),
        Some(Value::String(text)) if !text.is_empty() => vec![FieldError::new("", text)],
        _ => Vec::new(),
    }
}

fn entry(field: &str, value: &Value) -> FieldError {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    FieldError::new(field, text)
}
