//! `ksort` and `http_build_query`.

mod float;
mod key;
mod number;
mod order;
mod sort;

use alloc::vec::Vec;

pub(crate) use order::{Rules, sort_fields, sorts_totally};

use crate::canonical::{MAX_DEPTH, push_int};
use crate::encode::urlencode;
use crate::error::Kind;
use crate::{Error, Value};

/// Appends the pairs of one top-level field; nothing for null and for empty arrays (N21).
pub(crate) fn write_field(key: &str, value: &Value, out: &mut Vec<u8>) -> Result<(), Error> {
    match value {
        Value::List(_) | Value::Map(_) => {
            let mut prefix = Vec::new();
            urlencode(key, &mut prefix);
            write_nested(&mut prefix, value, MAX_DEPTH, out)
        }
        Value::Null => Ok(()),
        scalar => {
            separate(out);
            urlencode(key, out);
            out.push(b'=');
            write_scalar(scalar, out);
            Ok(())
        }
    }
}

/// Inner keys keep their order: only the top level is sorted.
fn write_nested(
    prefix: &mut Vec<u8>,
    value: &Value,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or(Error::new(Kind::TooDeep))?;
    let length = prefix.len();
    match value {
        Value::Null => {}
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                prefix.extend_from_slice(b"%5B");
                push_int(index, prefix);
                prefix.extend_from_slice(b"%5D");
                write_nested(prefix, item, depth, out)?;
                prefix.truncate(length);
            }
        }
        Value::Map(members) => {
            for (key, member) in members.iter() {
                prefix.extend_from_slice(b"%5B");
                urlencode(key, prefix);
                prefix.extend_from_slice(b"%5D");
                write_nested(prefix, member, depth, out)?;
                prefix.truncate(length);
            }
        }
        scalar => {
            separate(out);
            out.extend_from_slice(prefix);
            out.push(b'=');
            write_scalar(scalar, out);
        }
    }
    Ok(())
}

fn write_scalar(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Bool(value) => out.push(if *value { b'1' } else { b'0' }),
        Value::Int(value) => push_int(*value, out),
        Value::BigInt(value) => urlencode(&float::format(value.to_f64()), out),
        Value::Float(value) => urlencode(&float::format(*value), out),
        Value::Text(value) => urlencode(value, out),
        Value::Null | Value::List(_) | Value::Map(_) => {}
    }
}

fn separate(out: &mut Vec<u8>) {
    if !out.is_empty() {
        out.push(b'&');
    }
}
