//! The sentence of the document: url-encoded, sorted by key name (N17).

use alloc::vec::Vec;

use crate::canonical::push_int;
use crate::encode::urlencode;
use crate::{Error, Value};

/// Appends one pair, escaped as PHP does it. Where the sentence is silent there is no signature:
/// only text and integers are written.
pub(crate) fn write_field(key: &str, value: &Value, out: &mut Vec<u8>) -> Result<(), Error> {
    if !out.is_empty() {
        out.push(b'&');
    }
    urlencode(key, out);
    out.push(b'=');
    match value {
        Value::Text(text) => urlencode(text, out),
        Value::Int(value) => push_int(*value, out),
        Value::BigInt(value) => out.extend_from_slice(value.as_str().as_bytes()),
        Value::Null => return Err(Error::undefined(key, "null")),
        Value::Bool(_) => return Err(Error::undefined(key, "a boolean")),
        Value::Float(_) => return Err(Error::undefined(key, "a fraction")),
        Value::List(_) => return Err(Error::undefined(key, "a list")),
        Value::Map(_) => return Err(Error::undefined(key, "a map")),
    }
    Ok(())
}
