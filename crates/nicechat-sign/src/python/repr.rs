//! `repr` of the values a payload may hold.

use super::{float, printable};
use crate::buffer::Buffer;
use crate::error::Kind;
use crate::{Error, Value};

pub(super) fn write(value: &Value, depth: usize, out: &mut Buffer) -> Result<(), Error> {
    let depth = depth.checked_sub(1).ok_or(Error::new(Kind::TooDeep))?;
    match value {
        Value::Null => out.extend(b"None"),
        Value::Bool(true) => out.extend(b"True"),
        Value::Bool(false) => out.extend(b"False"),
        Value::Int(value) => out.int(*value),
        Value::BigInt(value) => out.extend(value.as_str().as_bytes()),
        Value::Float(value) => out.extend(float::format(*value).as_bytes()),
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
                out.extend(b": ");
                write(member, depth, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn separate(index: usize, out: &mut Buffer) {
    if index > 0 {
        out.extend(b", ");
    }
}

/// Single quotes, unless the text holds single quotes and no double ones.
fn write_text(text: &str, out: &mut Buffer) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    push(quote, out);
    for letter in text.chars() {
        match letter {
            '\\' => out.extend(br"\\"),
            '\n' => out.extend(br"\n"),
            '\r' => out.extend(br"\r"),
            '\t' => out.extend(br"\t"),
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

fn escape(code: u32, out: &mut Buffer) {
    let text = match code {
        0..=0xff => alloc::format!("\\x{code:02x}"),
        0x100..=0xffff => alloc::format!("\\u{code:04x}"),
        _ => alloc::format!("\\U{code:08x}"),
    };
    out.extend(text.as_bytes());
}

fn push(letter: char, out: &mut Buffer) {
    out.extend(letter.encode_utf8(&mut [0; 4]).as_bytes());
}
