//! Lists without pages, one item at a time.

use bytes::Bytes;
use common_api::answer::members;
use common_model::{Decode, Kind, Odd, Options, Reader, from_json_with};
use common_transport::{Error, ErrorKind};

/// Calls a function with each item of a list or map in an answer. The service has no pages; this
/// way only one item at a time is in memory as a model. `key` is the payload's key: `ITEMS`,
/// `SECTIONS`.
///
/// If `key` occurs twice in the answer, the last one counts, as everywhere. Items come in the answer's order; two
/// items with the same name both come.
///
/// An item, or a part of one, that is not of its type is left out and does not affect the rest.
/// Returns these parts, as [`Odd`], after the last item.
///
/// ```
/// use uvygoda_rpc::{products::Product, for_each_item};
///
/// let body = r#"{"RESULT":true,"ITEMS":{"1":{"ID":1,"NAME":"Плед"},"2":{"ID":2},"3":false},"ERROR":false}"#;
/// let mut ids = Vec::new();
/// let odd = for_each_item(body, "ITEMS", |product: Product| ids.extend(product.id)).unwrap();
/// assert_eq!(ids, [1, 2]);
/// assert_eq!(odd[0].path, "ITEMS.3");
/// ```
///
/// # Errors
/// The text is not such an answer, or an item takes too much memory. The items before the fault were passed
/// to the function.
// U33
pub fn for_each_item<T: Decode>(
    body: &str,
    key: &str,
    mut take: impl FnMut(T),
) -> Result<Vec<Odd>, Error> {
    let mut odd = Vec::new();
    let mut item = |place: &str, reader: &mut Reader<'_>| {
        let text = reader.raw()?;
        let start = reader.offset() - text.len();
        match from_json_with(text, &Options::new()) {
            Ok(read) => {
                take(read.value);
                odd.extend(read.odd.into_iter().map(|part| within(place, start, part)));
            }
            Err(error) if error.is_budget() => return Err(error),
            // The reader has accepted the text as JSON.
            Err(error) => odd.push(Odd::new(place, start, error.to_string())),
        }
        Ok(())
    };
    walk(body.trim_start_matches('\u{feff}'), key, &mut item).map_err(|error| {
        Error::new(ErrorKind::Decode, error.to_string())
            .with_body(&Bytes::copy_from_slice(body.as_bytes()))
    })?;
    Ok(odd)
}

/// A part of an item, as a part of the answer.
fn within(place: &str, start: usize, part: Odd) -> Odd {
    let separator = if part.path.starts_with('[') { "" } else { "." };
    let path = format!("{place}{separator}{}", part.path);
    Odd::new(path, start + part.byte, part.message)
}

/// A function that takes an item: its path, and a reader at its start.
type Take<'t> = dyn FnMut(&str, &mut Reader<'_>) -> Result<(), common_model::Error> + 't;

fn walk(body: &str, wanted: &str, item: &mut Take<'_>) -> Result<(), common_model::Error> {
    // In a text with broken JSON, the items before the fault are still read.
    let last = members(body, [wanted]).map_or(None, |[last]| last);
    let counts = |at: usize| last.is_none_or(|last| last.as_ptr() == body[at..].as_ptr());
    let mut reader = Reader::new(body);
    reader.object(&mut |key, reader| {
        let kind = reader.peek()?;
        let is_it = key == wanted && counts(reader.offset());
        match kind {
            Kind::Object if is_it => {
                reader.object(&mut |name, reader| item(&format!("{wanted}.{name}"), reader))
            }
            Kind::Array if is_it => {
                let mut place = 0;
                reader.array(&mut |reader| {
                    item(&format!("{wanted}[{place}]"), reader)?;
                    place += 1;
                    Ok(())
                })
            }
            _ => reader.raw().map(drop),
        }
    })?;
    reader.end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Section;

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

    // F4
    #[test]
    fn f4_of_a_key_that_stands_twice_the_last_counts() {
        for (body, expected) in [
            (
                r#"{"SECTIONS":[{"ID":1}],"SECTIONS": {"2":{"ID":2}} }"#,
                &[2][..],
            ),
            (
                r#"{"SECTIONS":[{"ID":1}],"\u0053ECTIONS":[{"ID":3}]}"#,
                &[3],
            ),
            (
                r#"{"SECTIONS":[{"ID":1}],"X":{"SECTIONS":[{"ID":2}]}}"#,
                &[1],
            ),
            (r#"{"SECTIONS":[{"ID":1}],"SECTIONS":false}"#, &[]),
        ] {
            assert_eq!(ids(body).unwrap(), expected, "{body}");
        }
    }

    // U33, F6
    #[test]
    fn f6_an_odd_item_leaves_the_others_and_is_told() {
        let mut seen = Vec::new();
        let body = r#"{"SECTIONS":[{"ID":1},{"ID":"x"},false,{"ID":3}]}"#;
        let odd =
            for_each_item(body, "SECTIONS", |section: Section| seen.push(section.id)).unwrap();
        assert_eq!(seen, [Some(1), None, Some(3)]);
        let told: Vec<_> = odd
            .iter()
            .map(|odd| (odd.path.as_str(), &body[odd.byte..][..3]))
            .collect();
        assert_eq!(told, [("SECTIONS[1].ID", "\"x\""), ("SECTIONS[2]", "fal")]);
    }

    #[test]
    fn u33_what_is_no_json_is_an_error_after_the_good_ones() {
        let mut seen = 0;
        let body = r#"{"SECTIONS":[{"ID":1},{"ID":x},{"ID":3}]}"#;
        let error = for_each_item(body, "SECTIONS", |_: Section| seen += 1).unwrap_err();
        assert!(error.is_decode(), "{error}");
        assert_eq!(seen, 1);
        assert!(ids("<html>").is_err());
    }
}
