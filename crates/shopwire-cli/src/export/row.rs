//! The rows of a file, made of the items of a list.

use std::borrow::Cow;

use common_api::RawItem;
use common_model::{Error, Reader, to_json};

use super::lists::Shape;
use crate::rows::elements;

/// Members that name an item, for rows that are parts of one.
const NAMES: [&str; 3] = ["id", "externalId", "number"];

/// Calls `each` with the JSON text of each row that an item gives, on one line.
pub(super) fn each(
    item: &RawItem,
    shape: Shape,
    part: &str,
    row: &mut dyn FnMut(&str),
) -> Result<(), Error> {
    match shape {
        Shape::Item => row(&one_line(item.json())),
        Shape::Named => {
            let json = one_line(item.json());
            row(&format!(r#"{{"list":{},"row":{json}}}"#, to_json(part)));
        }
        Shape::Member {
            of,
            member,
            row: name,
        } => {
            let found = Parts::read(item.json(), member)?;
            let of = format!("{}:{{{}}}", to_json(of), found.names.join(","));
            for element in found.elements {
                let element = one_line(element);
                row(&format!("{{{of},{}:{element}}}", to_json(name)));
            }
        }
    }
    Ok(())
}

/// JSON without ends of lines between its tokens. Within strings they are escaped anyway.
fn one_line(json: &str) -> Cow<'_, str> {
    match json.contains(['\n', '\r']) {
        false => Cow::Borrowed(json),
        true => Cow::Owned(json.replace(['\n', '\r'], "")),
    }
}

/// The names of an item, as members, and the elements of one of its members.
struct Parts<'j> {
    names: Vec<String>,
    elements: Vec<&'j str>,
}

impl<'j> Parts<'j> {
    fn read(json: &'j str, member: &str) -> Result<Self, Error> {
        let mut parts = Self {
            names: Vec::new(),
            elements: Vec::new(),
        };
        let mut reader = Reader::new(json);
        reader.object(&mut |key, reader| {
            if key == member {
                parts.elements = elements(reader)?;
                return Ok(());
            }
            let raw = reader.raw()?;
            if NAMES.contains(&key) {
                parts.names.push(format!("{}:{raw}", to_json(key)));
            }
            Ok(())
        })?;
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J2
    #[test]
    fn j2_a_row_is_one_line_and_keeps_its_text() {
        let json = "{\r\n \"a\": 1.50,\n \"b\": \"x\\ny\" }";
        assert_eq!(one_line(json), r#"{ "a": 1.50, "b": "x\ny" }"#);
    }

    // J1
    #[test]
    fn j1_payments_are_told_beside_their_order() {
        let json = r#"{"id":7,"number":"7A","payments":{"3":{"id":3,"amount":1.50},"4":{"id":4}},"x":{"id":1}}"#;
        let parts = Parts::read(json, "payments").expect("JSON");
        assert_eq!(parts.names, [r#""id":7"#, r#""number":"7A""#]);
        assert_eq!(parts.elements, [r#"{"id":3,"amount":1.50}"#, r#"{"id":4}"#]);
        let none = Parts::read(r#"{"id":7,"payments":[]}"#, "payments").expect("JSON");
        assert!(none.elements.is_empty());
    }
}
