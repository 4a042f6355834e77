//! `ksort` and `http_build_query`.

mod float;
mod key;
mod nest;
mod number;
mod order;
mod sort;

pub(crate) use key::Rules;
pub(crate) use nest::{TWICE, nested};
pub(crate) use order::{is_name, sort_fields};

use crate::buffer::Buffer;
use crate::error::Kind;
use crate::value::MAX_DEPTH;
use crate::{Error, Value};

/// Appends the pairs of one top-level field. Null and empty arrays add no pairs.
// N21
pub(crate) fn write_field(key: &str, value: &Value, out: &mut Buffer) -> Result<(), Error> {
    match value {
        Value::List(_) | Value::Map(_) => {
            let mut prefix = Buffer::default();
            prefix.urlencode(key);
            write_nested(&mut prefix, value, MAX_DEPTH, out)
        }
        Value::Null => Ok(()),
        scalar => {
            separate(out);
            out.urlencode(key);
            out.push(b'=');
            write_scalar(scalar, out);
            Ok(())
        }
    }
}

/// Inner keys keep their order: only the top level is sorted.
fn write_nested(
    prefix: &mut Buffer,
    value: &Value,
    depth: usize,
    out: &mut Buffer,
) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or(Error::new(Kind::TooDeep))?;
    let length = prefix.len();
    match value {
        Value::Null => {}
        Value::List(items) => {
            for (item, index) in items.iter().zip(0..) {
                prefix.extend(b"%5B");
                prefix.int(index);
                prefix.extend(b"%5D");
                write_nested(prefix, item, depth, out)?;
                prefix.truncate(length);
            }
        }
        Value::Map(members) => {
            for (key, member) in members.iter() {
                prefix.extend(b"%5B");
                prefix.urlencode(key);
                prefix.extend(b"%5D");
                write_nested(prefix, member, depth, out)?;
                prefix.truncate(length);
            }
        }
        scalar => {
            separate(out);
            out.extend(prefix.as_slice());
            out.push(b'=');
            write_scalar(scalar, out);
        }
    }
    Ok(())
}

fn write_scalar(value: &Value, out: &mut Buffer) {
    match value {
        Value::Bool(value) => out.push(if *value { b'1' } else { b'0' }),
        Value::Int(value) => out.int(*value),
        Value::BigInt(value) => out.urlencode(&float::format(value.to_f64())),
        Value::Float(value) => out.urlencode(&float::format(*value)),
        Value::Text(value) => out.urlencode(value),
        Value::Null | Value::List(_) | Value::Map(_) => {}
    }
}

fn separate(out: &mut Buffer) {
    if !out.is_empty() {
        out.push(b'&');
    }
}
