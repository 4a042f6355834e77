//! From a form to the text that is hashed, and to the text that is sent.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use crate::encode::urlencode;
use crate::error::Kind;
use crate::php::{self, Rules};
use crate::{Dialect, Error, Form, Value, prose, python};

/// How deep lists and maps may nest.
pub(crate) const MAX_DEPTH: usize = 256;

/// Forms of up to this many fields are sorted without an allocation.
const ON_STACK: usize = 64;

/// The canonical form: what stands between path and method in the hash (N17, N20 to N22).
///
/// An empty form is the empty string (N25).
///
/// # Errors
/// The dialect does not define the value ([`Dialect::Prose`]), or it nests deeper than 256.
pub fn canonical(dialect: Dialect, form: &Form) -> Result<String, Error> {
    let mut out = Vec::new();
    write_sorted(dialect, form, &mut out)?;
    into_text(out)
}

/// The urlencoded text to send, such that a server that reads it and sorts it again comes to
/// [`canonical`]. For PHP and the prose it is the canonical form itself; for Python it is the
/// percent-encoding of the printed values.
///
/// # Errors
/// As [`canonical`]; and when no order on the wire would lead a server of PHP to the same canonical
/// form, because its key comparison runs in a circle or it reads the keys otherwise (`a[]`).
pub fn wire(dialect: Dialect, form: &Form) -> Result<String, Error> {
    Ok(both(dialect, form)?.1)
}

/// Canonical form, if it differs from the text to send, and the text to send.
pub(crate) fn both(dialect: Dialect, form: &Form) -> Result<(Option<String>, String), Error> {
    match dialect {
        Dialect::Prose => Ok((None, canonical(dialect, form)?)),
        Dialect::Python => Ok((Some(canonical(dialect, form)?), python_wire(form)?)),
        Dialect::Php | Dialect::Php81 => php_wire(dialect, form),
    }
}

/// Key and printed value of each field, in canonical order.
fn python_wire(form: &Form) -> Result<String, Error> {
    let mut out = Vec::with_capacity(estimate(form));
    with_order(form, Dialect::Python, |order| {
        let mut printed = Vec::new();
        for &index in order {
            let (key, value) = &form.fields()[index as usize];
            if !out.is_empty() {
                out.push(b'&');
            }
            urlencode(key, &mut out);
            out.push(b'=');
            printed.clear();
            python::write_str(value, &mut printed)?;
            urlencode(&String::from_utf8_lossy(&printed), &mut out);
        }
        Ok(())
    })?;
    into_text(out)
}

/// The canonical form is sent if sorting what arrives changes nothing, else the insertion order,
/// else nothing can be sent.
fn php_wire(dialect: Dialect, form: &Form) -> Result<(Option<String>, String), Error> {
    let canonical = canonical(dialect, form)?;
    let flat = form.iter().all(|(key, value)| {
        !key.contains('[') && !matches!(value, Value::List(_) | Value::Map(_))
    });
    if flat && php::sorts_totally(form) || leads_to(&canonical, dialect, &canonical)? {
        return Ok((None, canonical));
    }
    let mut unsorted = Vec::with_capacity(canonical.len());
    for (key, value) in form.fields() {
        php::write_field(key, value, &mut unsorted)?;
    }
    let unsorted = into_text(unsorted)?;
    if leads_to(&unsorted, dialect, &canonical)? {
        return Ok((Some(canonical), unsorted));
    }
    Err(Error::new(Kind::Unsendable))
}

/// Whether a server that receives this text comes to that canonical form. Nulls and empty lists do
/// not arrive, though they may have steered the sort; keys may nest on the way.
fn leads_to(sent: &str, dialect: Dialect, signed: &str) -> Result<bool, Error> {
    let arrived = Form::parse_urlencoded(sent.as_bytes());
    match arrived {
        Ok(arrived) => Ok(canonical(dialect, &arrived)? == signed),
        Err(_) => Ok(false),
    }
}

/// Appends the canonical form to an empty buffer.
pub(crate) fn write_sorted(
    dialect: Dialect,
    form: &Form,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    out.reserve(estimate(form));
    let write = match dialect {
        Dialect::Php | Dialect::Php81 => php::write_field,
        Dialect::Python => python::write_field,
        Dialect::Prose => prose::write_field,
    };
    with_order(form, dialect, |order| {
        order.iter().try_for_each(|&index| {
            let (key, value) = &form.fields()[index as usize];
            write(key, value, out)
        })
    })
}

/// Calls `then` with the indices of the fields in canonical order.
fn with_order<R>(form: &Form, dialect: Dialect, then: impl FnOnce(&[u32]) -> R) -> R {
    let count = form.len();
    let mut stack = [0; ON_STACK];
    let mut heap = Vec::new();
    let order = if count <= ON_STACK {
        &mut stack[..count]
    } else {
        heap.resize(count, 0);
        heap.as_mut_slice()
    };
    for (place, index) in order.iter_mut().zip(0..) {
        *place = index;
    }
    let fields = form.fields();
    match dialect {
        Dialect::Php => php::sort_fields(fields, Rules::Php82, order),
        Dialect::Php81 => php::sort_fields(fields, Rules::Php7, order),
        // The order of bytes is that of code points, and keys are unique.
        Dialect::Python | Dialect::Prose => order.sort_unstable_by(|&a, &b| {
            fields[a as usize].0.cmp(&fields[b as usize].0)
        }),
    }
    then(order)
}

/// Enough room for flat fields, so that the buffer is allocated once.
fn estimate(form: &Form) -> usize {
    form.iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Text(text) => text.len() * 3,
                Value::List(items) => items.len() * (key.len() + 16),
                Value::Map(members) => members.len() * (key.len() + 32),
                _ => 24,
            };
            key.len() * 3 + value + 2
        })
        .sum()
}

/// Appends an integer in decimal.
pub(crate) fn push_int(value: impl core::fmt::Display, out: &mut Vec<u8>) {
    struct Bytes<'a>(&'a mut Vec<u8>);
    impl core::fmt::Write for Bytes<'_> {
        fn write_str(&mut self, text: &str) -> core::fmt::Result {
            self.0.extend_from_slice(text.as_bytes());
            Ok(())
        }
    }
    // Writing to memory does not fail.
    let _ = write!(Bytes(out), "{value}");
}

fn into_text(out: Vec<u8>) -> Result<String, Error> {
    // Every writer appends whole UTF-8.
    String::from_utf8(out).map_err(|_| Error::malformed("", "the canonical form is not UTF-8"))
}
