//! `'&'.join('%s=%s' % (k, v) …)` over the sorted keys.
// N20

pub(crate) mod float;
pub(crate) mod printable;
mod repr;

use crate::buffer::Buffer;
use crate::value::MAX_DEPTH;
use crate::{Error, Value};

/// Appends one pair without escaping.
pub(crate) fn write_field(key: &str, value: &Value, out: &mut Buffer) -> Result<(), Error> {
    if !out.is_empty() {
        out.push(b'&');
    }
    out.extend(key.as_bytes());
    out.push(b'=');
    write_str(value, out)
}

/// `str(value)`: differs from `repr` only for text.
pub(crate) fn write_str(value: &Value, out: &mut Buffer) -> Result<(), Error> {
    match value {
        Value::Text(text) => {
            out.extend(text.as_bytes());
            Ok(())
        }
        Value::Int(value) => {
            out.int(*value);
            Ok(())
        }
        other => repr::write(other, MAX_DEPTH, out),
    }
}
