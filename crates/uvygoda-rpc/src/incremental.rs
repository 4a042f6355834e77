//! Lists without pages, one item at a time.

use common_model::{Decode, Kind, Reader, from_json};
use common_transport::{Error, ErrorKind};

/// Hands out the items of a list or map in an answer one by one, so that a catalogue of any size
/// never stands in memory as models (acceptance row U33); the service has no pages. `key` is the
/// payload's: `ITEMS`, `SECTIONS`.
///
/// ```
/// use uvygoda_rpc::{Product, for_each_item};
///
/// let body = r#"{"RESULT":true,"ITEMS":{"1":{"ID":1,"NAME":"Плед"},"2":{"ID":2}},"ERROR":false}"#;
/// let mut ids = Vec::new();
/// for_each_item(body, "ITEMS", |product: Product| ids.extend(product.id)).unwrap();
/// assert_eq!(ids, [1, 2]);
/// ```
///
/// # Errors
/// The text is no such answer; the items before the fault were handed out.
pub fn for_each_item<T: Decode>(
    body: &str,
    key: &str,
    mut take: impl FnMut(T),
) -> Result<(), Error> {
    let mut item = |text: &str| from_json(text).map(&mut take);
    walk(body.trim_start_matches('\u{feff}'), key, &mut item).map_err(|error| {
        Error::new(ErrorKind::Decode, error.to_string()).with_body(body.as_bytes())
    })
}

fn walk(
    body: &str,
    wanted: &str,
    item: &mut dyn FnMut(&str) -> Result<(), common_model::Error>,
) -> Result<(), common_model::Error> {
    let mut reader = Reader::new(body);
    reader.object(&mut |key, reader| match (key == wanted, reader.peek()?) {
        (true, Kind::Object) => reader.object(&mut |_, reader| item(reader.raw()?)),
        (true, Kind::Array) => reader.array(&mut |reader| item(reader.raw()?)),
        _ => reader.raw().map(drop),
    })?;
    reader.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Section;

    fn ids(body: &str) -> Result<Vec<i64>, Error> {
        let mut ids = Vec::new();
        for_each_item(body, "SECTIONS", |section: Section| ids.extend(section.id))?;
        Ok(ids)
    }

    #[test]
    fn u33_maps_lists_and_false_are_walked() {
        assert_eq!(
            ids(r#"{"SECTIONS":{"5":{"ID":5},"6":{"ID":"6"}},"ERROR":false}"#).unwrap(),
            [5, 6]
        );
        assert_eq!(ids("\u{feff}{\"SECTIONS\":[{\"ID\":5}]}").unwrap(), [5]);
        assert_eq!(ids(r#"{"SECTIONS":false}"#).unwrap(), [0_i64; 0]);
        assert_eq!(ids(r#"{"ITEMS":[{"ID":1}]}"#).unwrap(), [0_i64; 0]);
    }

    #[test]
    fn u33_a_broken_item_is_told_after_the_good_ones() {
        let mut seen = 0;
        let body = r#"{"SECTIONS":[{"ID":1},{"ID":"x"},{"ID":3}]}"#;
        let error = for_each_item(body, "SECTIONS", |_: Section| seen += 1).unwrap_err();
        assert!(
            error.is_decode() && error.to_string().contains("ID"),
            "{error}"
        );
        assert_eq!(seen, 1);
        assert!(ids("<html>").is_err());
    }
}
