//! Keys that come twice in the parameters: only the last of them is sent, so one of the two is a mistake.

use common_model::{Kind, Reader};
use common_transport::Error;

use super::mask::Mask;
use crate::{args::Call, output};

/// Warns of the keys that come twice, or refuses them with `--strict`.
///
/// # Errors
/// [`Error::is_invalid_input`] names the first of the keys, and tells of all.
pub(super) fn check(call: &Call, params: &str, mask: &Mask) -> Result<(), Error> {
    let paths = doubled(params);
    let Some(first) = paths.first() else {
        return Ok(());
    };
    if !call.strict {
        for path in &paths {
            let text = format!("{path}: the key comes twice; the last one is sent");
            output::warning(&mask.text(&text));
        }
        return Ok(());
    }
    let others = paths.iter().skip(1);
    let others = others.map(|path| format!("; {path}: the key comes twice"));
    let message = "the key comes twice".to_owned() + &others.collect::<String>();
    Err(Error::invalid_input(first, message))
}

/// The paths of the keys that come twice in one object, in the order of the text.
pub(crate) fn doubled(params: &str) -> Vec<String> {
    let mut found = Vec::new();
    // What is no JSON was refused before; the search ends where it stops being JSON.
    let _ = value(&mut Reader::new(params), &mut String::new(), &mut found);
    found
}

fn value(
    reader: &mut Reader<'_>,
    path: &mut String,
    found: &mut Vec<String>,
) -> Result<(), common_model::Error> {
    let length = path.len();
    match reader.peek()? {
        Kind::Object => {
            let mut keys = std::collections::HashSet::new();
            reader.object(&mut |key, reader| {
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                if !keys.insert(key.to_owned()) && !found.contains(path) {
                    found.push(path.clone());
                }
                let read = value(reader, path, found);
                path.truncate(length);
                read
            })
        }
        Kind::Array => {
            let mut index = 0;
            reader.array(&mut |reader| {
                path.push_str(&format!("[{index}]"));
                index += 1;
                let read = value(reader, path, found);
                path.truncate(length);
                read
            })
        }
        _ => reader.raw().map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::doubled;

    // F22
    #[test]
    fn f22_keys_that_come_twice_are_found_at_any_depth_and_in_any_spelling() {
        for (params, paths) in [
            (r#"{"id":"a9","id":"a10"}"#, &["id"][..]),
            (r#"{"id":1,"\u0069d":2,"id":3}"#, &["id"]),
            (
                r#"{"order":{"customFields":{"a":1,"a":2}}}"#,
                &["order.customFields.a"],
            ),
            (r#"{"a":{"b":1,"b":2},"a":{"b":3}}"#, &["a.b", "a"]),
            (
                r#"{"l":[{"x":1},{"x":1,"y":{"z":0,"z":0},"x":2}]}"#,
                &["l[1].y.z", "l[1].x"],
            ),
            (
                r#"{"a":{"x":1},"b":{"x":1},"l":[{"x":1},{"x":1}],"id":1,"Id":2}"#,
                &[],
            ),
            (r#"[1,1]"#, &[]),
            (r#"{"a":1,"a":2"#, &["a"]),
        ] {
            assert_eq!(doubled(params), paths, "{params}");
        }
    }
}
