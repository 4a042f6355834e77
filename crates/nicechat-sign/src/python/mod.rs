//! `'&'.join('%s=%s' % (k, v) …)` over the sorted keys (N20).

pub(crate) mod float;
pub(crate) mod printable;
mod repr;

use alloc::vec::Vec;

use crate::canonical::{MAX_DEPTH, push_int};
use crate::{Error, Value};

/// Appends one pair: nothing is escaped.
pub(crate) fn write_field(key: &str, value: &Value, out: &mut Vec<u8>) -> Result<(), Error> {
    if !out.is_empty() {
        out.push(b'&');
    }
    out.extend_from_slice(key.as_bytes());
    out.push(b'=');
    write_str(value, out)
}

/// `str(value)`: differs from `repr` for text alone.
pub(crate) fn write_str(value: &Value, out: &mut Vec<u8>) -> Result<(), Error> {
    match value {
        Value::Text(text) => {
            out.extend_from_slice(text.as_bytes());
            Ok(())
        }
        Value::Int(value) => {
            push_int(*value, out);
            Ok(())
        }
        other => repr::write(other, MAX_DEPTH, out),
    }
}
