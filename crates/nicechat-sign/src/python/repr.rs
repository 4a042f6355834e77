//! `repr` of the values a payload may hold.

use alloc::vec::Vec;

use super::{float, printable};
use crate::canonical::push_int;
use crate::error::Kind;
use crate::{Error, Value};

pub(super) fn write(value: &Value, depth: usize, out: &mut Vec<u8>) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or(Error::new(Kind::TooDeep))?;
    match value {
        Value::Null => out.extend_from_slice(b"None"),
        Value::Bool(true) => out.extend_from_slice(b"True"),
        Value::Bool(false) => out.extend_from_slice(b"False"),
        Value::Int(value) => push_int(*value, out),
        Value::BigInt(value) => out.extend_from_slice(value.as_str().as_bytes()),
        Value::Float(value) => out.extend_from_slice(float::format(*value).as_bytes()),
        Value::Text(text) => write_text(text, out),
        Value::List(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                separate(index, out);
                write(item, depth, out)?;
            }
            out.push(b']');
        }
        Value::Map(members) => {
            out.push(b'{');
            for (index, (key, member)) in members.iter().enumerate() {
                separate(index, out);
                write_text(key, out);
                out.extend_from_slice(b": ");
                write(member, depth, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn separate(index: usize, out: &mut Vec<u8>) {
    if index > 0 {
        out.extend_from_slice(b", ");
    }
}

/// Single quotes, unless the text holds single quotes and no double ones.
fn write_text(text: &str, out: &mut Vec<u8>) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    push(quote, out);
    for letter in text.chars() {
        match letter {
            '\\' => out.extend_from_slice(br"\\"),
            '\n' => out.extend_from_slice(br"\n"),
            '\r' => out.extend_from_slice(br"\r"),
            '\t' => out.extend_from_slice(br"\t"),
            _ if letter == quote => {
                out.push(b'\\');
                push(letter, out);
            }
            _ if printable::is_printable(letter) => push(letter, out),
            _ => escape(u32::from(letter), out),
        }
    }
    push(quote, out);
}

fn escape(code: u32, out: &mut Vec<u8>) {
    let text = match code {
        0..=0xff => alloc::format!("\\x{code:02x}"),
        0x100..=0xffff => alloc::format!("\\u{code:04x}"),
        _ => alloc::format!("\\U{code:08x}"),
    };
    out.extend_from_slice(text.as_bytes());
}

fn push(letter: char, out: &mut Vec<u8>) {
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}
