//! The `prose` dialect, as a sentence of the document has it: url-encoded, sorted by key name.
// N17

use crate::buffer::Buffer;
use crate::{Error, Value};

/// Appends one pair, escaped as PHP does it. Other values than text and integers are an error,
/// because the sentence gives no rule for them.
pub(crate) fn write_field(key: &str, value: &Value, out: &mut Buffer) -> Result<(), Error> {
    if !out.is_empty() {
        out.push(b'&');
    }
    out.urlencode(key);
    out.push(b'=');
    match value {
        Value::Text(text) => out.urlencode(text),
        Value::Int(value) => out.int(*value),
        Value::BigInt(value) => out.extend(value.as_str().as_bytes()),
        Value::Null => return Err(Error::undefined(key, "null")),
        Value::Bool(_) => return Err(Error::undefined(key, "a boolean")),
        Value::Float(_) => return Err(Error::undefined(key, "a fraction")),
        Value::List(_) => return Err(Error::undefined(key, "a list")),
        Value::Map(_) => return Err(Error::undefined(key, "a map")),
    }
    Ok(())
}
