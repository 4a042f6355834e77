//! Writing a value again in the form it came, as long as it is the same value.

use crate::{Decode, Encode, Reader, Value, Writer, civil, extra::Kept, scalar};

/// Gives the value written after `start` the form that was kept, if it is still the same value.
#[cold]
#[inline(never)]
pub(crate) fn restore(kept: &Kept, start: usize, out: &mut Writer) {
    match kept {
        Kept::Form(form) => {
            if parse(&out.as_str()[start..]).is_some_and(|written| alike(&written, form)) {
                out.replace(start, "");
                form.encode(out);
            }
        }
        Kept::Keys(keys) => {
            if let Some(Value::Array(items)) = parse(&out.as_str()[start..])
                && items.len() == keys.len()
            {
                out.replace(start, "");
                out.object(&mut |object| {
                    for (key, item) in keys.iter().zip(&items) {
                        item.encode(object.key(key));
                    }
                });
            }
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
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| alike(left, right))
        }
        (Value::Array(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().zip(right.values()).all(|(left, right)| alike(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| alike(left, right)))
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
        Value::Number(_) => scalar::decimal(&text).is_some() && scalar::decimal(&text) == scalar::decimal(came),
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
