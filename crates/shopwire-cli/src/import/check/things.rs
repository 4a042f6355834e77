//! The things that a row is, or sets, so that a second row of the same is found.

use common_model::{Map, Value};

use super::super::{kind::Unique, request::name};

/// The names by which a row names its object.
const IDS: [&str; 3] = ["externalId", "xmlId", "id"];

/// The things of a row. Each is a text that no other thing has.
pub(super) fn of(unique: Unique, row: &Map<Value>) -> Vec<String> {
    let mut names = IDS.iter();
    let object = names.find_map(|id| Some(format!("{id} {}", name(row.get(id)?)?)));
    let Some(object) = object else {
        return Vec::new();
    };
    let list = match unique {
        Unique::Nothing => return Vec::new(),
        Unique::Object => return vec![object],
        Unique::Element(list) => list,
    };
    let elements = row.get(list).and_then(Value::as_array).into_iter();
    let codes = elements
        .flatten()
        .filter_map(|element| name(element.get("code")?));
    codes.map(|code| format!("{code}\0{object}")).collect()
}
