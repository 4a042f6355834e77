//! Writes an unchanged value again in its original form.

use crate::{
    Decode, Encode, Extra, Reader, Value, Writer, aside, civil, extra::Kept, plain, scalar,
};

/// Gives the value that was written after `start` its original form, if it is still the same value. Puts its
/// odd elements back, if it still has as many others.
#[cold]
#[inline(never)]
pub(crate) fn restore(kept: &Kept, start: usize, out: &mut Writer) {
    match kept {
        Kept::Form(form) => restore_form(form, start, out),
        Kept::Keys(keys) => restore_keys(keys, start, out),
        Kept::Aside(form, aside) => {
            if let Some(form) = form {
                restore(form, start, out);
            }
            // Their content is unknown and may be secret.
            if !out.redacts() {
                aside.put_back(start, out);
            }
        }
        _ => {}
    }
}

fn restore_form(form: &Value, start: usize, out: &mut Writer) {
    if parse(&out.as_str()[start..]).is_some_and(|written| alike(&written, form)) {
        out.replace(start, "");
        form.encode(out);
    }
}

fn restore_keys(keys: &[Box<str>], start: usize, out: &mut Writer) {
    let written = out.as_str()[start..].to_owned();
    match aside::members(&written) {
        Some(items) if written.starts_with('[') && items.len() == keys.len() => {
            out.replace(start, "");
            out.object(&mut |object| {
                keys.iter()
                    .zip(&items)
                    .for_each(|(key, (_, item))| object.key(key).raw(item));
            });
        }
        _ => {}
    }
}

/// Puts the odd elements of required fields back into the object written after `start`.
#[cold]
#[inline(never)]
pub(crate) fn restore_required(extra: &Extra, start: usize, out: &mut Writer) {
    if out.redacts() {
        return;
    }
    let written = out.as_str()[start..].to_owned();
    let Some(members) = aside::members(&written) else {
        return;
    };
    out.replace(start, "");
    out.object(&mut |object| {
        for (key, value) in &members {
            let name = key.as_deref().unwrap_or_default();
            let member = object.raw_key(name);
            let start = member.position();
            member.raw(value);
            let mut required = extra.required();
            let aside = required.find(|(field, _)| name.trim_matches('"') == *field);
            if let Some((_, aside)) = aside {
                aside.put_back(start, member);
            }
        }
    });
}

fn parse(json: &str) -> Option<Value> {
    Value::decode(&mut Reader::new(json)).ok()
}

/// Whether a decoder would read both as the same value.
fn alike(written: &Value, form: &Value) -> bool {
    match (written, form) {
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| alike(left, right))
        }
        (Value::Array(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right.values())
                    .all(|(left, right)| alike(left, right))
        }
        (Value::Object(left), Value::Object(right)) => left.is_like(right, &alike),
        _ => written == form || alike_scalars(written, form),
    }
}

fn alike_scalars(written: &Value, form: &Value) -> bool {
    let (Some(text), Some(came)) = (scalar_text(written), scalar_text(form)) else {
        return false;
    };
    let came = came.trim();
    match written {
        Value::Bool(truth) => {
            let number = form.as_number().and_then(|_| plain::plain(came));
            scalar::truth(number.as_deref().unwrap_or(came)) == Some(*truth)
        }
        Value::Number(_) => {
            scalar::decimal(&text).is_some() && scalar::decimal(&text) == scalar::decimal(came)
        }
        // A number that became a text, such as an id of many digits, was written out in full.
        _ if form.as_number().is_some() => {
            text == came || plain::plain(came).as_deref() == Some(text.as_str())
        }
        _ => text == came || civil::same(&text, came),
    }
}

fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
