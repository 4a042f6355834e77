//! Writing a value again in the form it came, as long as it is the same value.

use crate::{Decode, Encode, Reader, Value, Writer, civil, extra::Kept, scalar};

/// Gives the value written after `start` the form that was kept, if it is still the same value.
#[cold]
#[inline(never)]
pub(crate) fn restore(kept: &Kept, start: usize, out: &mut Writer) {
    if !matches!(kept, Kept::Form(_) | Kept::Keys(_)) {
        return;
    }
    let Some(written) = parse(&out.as_str()[start..]) else {
        return;
    };
    match (kept, &written) {
        (Kept::Form(form), _) if alike(&written, form) => {
            out.replace(start, "");
            form.encode(out);
        }
        (Kept::Keys(keys), Value::Array(items)) if items.len() == keys.len() => {
            out.replace(start, "");
            out.object(&mut |object| {
                keys.iter()
                    .zip(items)
                    .for_each(|(key, item)| item.encode(object.key(key)));
            });
        }
        _ => {}
    }
}

fn parse(json: &str) -> Option<Value> {
    Value::decode(&mut Reader::new(json)).ok()
}

/// Whether a decoder would make the same of both.
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
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(key, left)| right.get(key).is_some_and(|right| alike(left, right)))
        }
        _ => written == form || alike_scalars(written, form),
    }
}

fn alike_scalars(written: &Value, form: &Value) -> bool {
    let (Some(text), Some(came)) = (scalar_text(written), scalar_text(form)) else {
        return false;
    };
    let came = came.trim();
    match written {
        Value::Bool(truth) => scalar::truth(came) == Some(*truth),
        Value::Number(_) => {
            scalar::decimal(&text).is_some() && scalar::decimal(&text) == scalar::decimal(came)
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
