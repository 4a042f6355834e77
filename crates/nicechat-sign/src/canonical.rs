//! The two texts of a form: the text that is hashed and the text that is sent.

use alloc::string::String;

use crate::buffer::Buffer;
use crate::error::Kind;
use crate::order::{Sort, sort_by_bytes, with_order};
use crate::php::{self, Rules};
use crate::{Dialect, Error, Form, Value, prose, python};

/// Returns the canonical form: the text between path and method in the hash.
///
/// An empty form gives the empty string.
///
/// # Errors
/// The dialect does not define a type of value ([`Dialect::Prose`]), or values nest deeper than
/// 256.
// N17, N20 to N22, N25
pub fn canonical(dialect: Dialect, form: &Form) -> Result<String, Error> {
    let write = match dialect {
        Dialect::Php | Dialect::Php81 => php::write_field,
        Dialect::Python => python::write_field,
        Dialect::Prose => prose::write_field,
    };
    let mut out = Buffer::with_capacity(estimate(form));
    with_order(form, sort(dialect), |order| {
        order.iter().try_for_each(|entry| {
            let (key, value) = &form.fields()[entry.index()];
            write(key, value, &mut out)
        })
    })?;
    out.into_text()
}

fn sort(dialect: Dialect) -> Sort {
    match dialect {
        Dialect::Php => |fields, entries| php::sort_fields(fields, Rules::Php82, entries),
        Dialect::Php81 => |fields, entries| php::sort_fields(fields, Rules::Php7, entries),
        // The order of bytes is that of code points.
        Dialect::Python | Dialect::Prose => sort_by_bytes,
    }
}

/// Returns the urlencoded text to send. A server that reads and sorts it gets the [`canonical`]
/// form. For PHP it is usually the canonical form itself, for the prose always; for Python it is
/// the percent-encoding of the printed values.
///
/// # Errors
/// As [`canonical`]. Also an error where no order of the fields gives a PHP server the same
/// canonical form: its key comparison is circular, or it reads a key differently (`a[]`).
pub fn wire(dialect: Dialect, form: &Form) -> Result<String, Error> {
    Ok(both(dialect, form)?.1)
}

/// The canonical form, if it differs from the text to send, and the text to send.
pub(crate) fn both(dialect: Dialect, form: &Form) -> Result<(Option<String>, String), Error> {
    match dialect {
        Dialect::Prose => Ok((None, canonical(dialect, form)?)),
        Dialect::Python => Ok((Some(canonical(dialect, form)?), python_wire(form)?)),
        Dialect::Php | Dialect::Php81 => php_wire(dialect, form),
    }
}

/// Key and printed value of each field, in canonical order.
fn python_wire(form: &Form) -> Result<String, Error> {
    let mut out = Buffer::with_capacity(estimate(form));
    with_order(form, sort_by_bytes, |order| {
        let mut printed = Buffer::default();
        for entry in order {
            let (key, value) = &form.fields()[entry.index()];
            if !out.is_empty() {
                out.push(b'&');
            }
            out.urlencode(key);
            out.push(b'=');
            printed.truncate(0);
            python::write_str(value, &mut printed)?;
            out.urlencode(&String::from_utf8_lossy(printed.as_slice()));
        }
        Ok(())
    })?;
    out.into_text()
}

/// Sends the canonical form if sorting it again does not change it, else the fields in insertion
/// order. An error if neither restores the canonical form.
fn php_wire(dialect: Dialect, form: &Form) -> Result<(Option<String>, String), Error> {
    let canonical = canonical(dialect, form)?;
    let simple = form
        .iter()
        .all(|(key, value)| php::is_name(key) && !matches!(value, Value::List(_) | Value::Map(_)));
    if simple || leads_to(&canonical, dialect, &canonical)? {
        return Ok((None, canonical));
    }
    let mut unsorted = Buffer::with_capacity(canonical.len());
    for (key, value) in form.fields() {
        php::write_field(key, value, &mut unsorted)?;
    }
    let unsorted = unsorted.into_text()?;
    if leads_to(&unsorted, dialect, &canonical)? {
        return Ok((Some(canonical), unsorted));
    }
    Err(Error::new(Kind::Unsendable))
}

/// Whether a server that receives this text gets that canonical form. Nulls and empty lists are not
/// sent, though they may have affected the sort; the server may read keys as nested.
fn leads_to(sent: &str, dialect: Dialect, signed: &str) -> Result<bool, Error> {
    let arrived = Form::parse_urlencoded(sent.as_bytes());
    match arrived {
        Ok(arrived) => Ok(canonical(dialect, &arrived)? == signed),
        Err(_) => Ok(false),
    }
}

/// A capacity for flat fields, so that the buffer is allocated once.
fn estimate(form: &Form) -> usize {
    form.iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Text(text) => text.len() * 3,
                _ => 24,
            };
            key.len() * 3 + value + 2
        })
        .sum()
}
