//! Every order that the parts of a payload may have been hashed in.

use common_model::{Value as Json, from_json_bytes, to_json};
use nicechat_sign::{Form, canonical};

use super::{bodies::spaced, request::Payload};

/// Up to this many parts all orders are tried: 40,320 of them.
const MOST: usize = 8;

/// The order of the parts, by their names, in which the payload has this property.
pub(super) fn other_order(payload: &Payload, is_it: &dyn Fn(&[u8]) -> bool) -> Option<String> {
    match payload {
        Payload::Raw(bytes) => {
            let json: Json = from_json_bytes(bytes).ok()?;
            let members = json.as_object()?;
            let written = |join: fn(&str, &Json) -> String| -> Vec<(&str, String)> {
                let members = members.iter();
                members
                    .map(|(name, json)| (name, join(name, json)))
                    .collect()
            };
            let compact = |name: &str, json: &Json| format!("{}:{}", to_json(name), to_json(json));
            let wide = |name: &str, json: &Json| format!("{}: {}", to_json(name), spaced(json));
            search(written(compact), ["{", ",", "}"], is_it)
                .or_else(|| search(written(wide), ["{", ", ", "}"], is_it))
                .map(|names| format!("with the JSON's members in the order {names}"))
        }
        Payload::Form(fields, dialect) => {
            let form = fields.of(*dialect).ok()?;
            let fields: Result<Vec<(&str, String)>, _> = form
                .iter()
                .map(|(key, value)| {
                    let alone = Form::new().with(key, value.clone());
                    Ok::<_, nicechat_sign::Error>((key, canonical(*dialect, &alone)?))
                })
                .collect();
            search(fields.ok()?, ["", "&", ""], is_it)
                .map(|names| format!("with the fields in the order {names}"))
        }
    }
}

/// Goes through the orders by Heap's algorithm: each is one exchange away from the last.
fn search(
    mut parts: Vec<(&str, String)>,
    [open, join, close]: [&str; 3],
    is_it: &dyn Fn(&[u8]) -> bool,
) -> Option<String> {
    if parts.len() > MOST {
        return None;
    }
    let hit = |parts: &[(&str, String)]| {
        let texts: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
        is_it(format!("{open}{}{close}", texts.join(join)).as_bytes()).then(|| {
            let names: Vec<&str> = parts.iter().map(|(name, _)| *name).collect();
            names.join(", ")
        })
    };
    let mut counters = vec![0; parts.len()];
    let mut level = 0;
    let mut found = hit(&parts);
    while found.is_none() && level < parts.len() {
        if counters[level] < level {
            let other = if level % 2 == 0 { 0 } else { counters[level] };
            parts.swap(other, level);
            found = hit(&parts);
            counters[level] += 1;
            level = 0;
        } else {
            counters[level] = 0;
            level += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, collections::HashSet};

    use super::*;

    // N16, N17
    #[test]
    fn n17_every_order_is_tried_once() {
        let parts: Vec<(&str, String)> = ["a", "b", "c", "d", "e"]
            .map(|name| (name, name.to_owned()))
            .into();
        let (seen, tried) = (RefCell::new(HashSet::new()), RefCell::new(0));
        let none = search(parts, ["", "", ""], &|text| {
            seen.borrow_mut().insert(text.to_vec());
            *tried.borrow_mut() += 1;
            false
        });
        assert_eq!(
            (none, seen.borrow().len(), *tried.borrow()),
            (None, 120, 120)
        );
        let many: Vec<(&str, String)> = vec![("a", String::new()); MOST + 1];
        assert_eq!(search(many, ["", "", ""], &|_| true), None);
    }
}
