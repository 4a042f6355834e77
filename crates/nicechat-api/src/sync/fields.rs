//! The fields of products by name, and edits with some of them.

use common_model::{Decimal, Encode, Map, Model, Reader, Value, to_json};

use crate::products::{Create, Product, Update};

const ID: &str = "id";

/// The fields that a catalogue sets; an explicit null is one.
pub(super) fn wanted(update: &Update) -> Map<Value> {
    fields(update)
}

/// The fields that a product shows. One that came empty, in whatever shape, is not among them.
pub(super) fn shown(product: &Product) -> Map<Value> {
    let came_empty = |name: &str| product.extra.empty_shape(name).is_some();
    let fields = fields(product).into_iter();
    fields.filter(|(name, _)| !came_empty(name)).collect()
}

fn fields(model: &dyn Encode) -> Map<Value> {
    let Value::Object(mut fields) = Value::of(model) else {
        return Map::default();
    };
    fields.remove(ID);
    fields
}

/// Whether two values of a field mean the same: `10` and `10.00`, `usd` and `USD`, nothing and an empty text.
pub(super) fn same(field: &str, one: &Value, other: &Value) -> bool {
    if one == other || (is_nothing(one) && is_nothing(other)) {
        return true;
    }
    match (one, other) {
        (Value::String(one), Value::String(other)) => {
            field == "currency" && one.eq_ignore_ascii_case(other)
        }
        (Value::Number(_), _) | (_, Value::Number(_)) => {
            number(one).is_some() && number(one) == number(other)
        }
        _ => false,
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => number.as_decimal(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The edit of a product with these fields alone.
pub(super) fn edit(id: &str, fields: Map<Value>) -> Update {
    with_id(id, fields)
}

/// The creation of a product with all that is wanted.
pub(super) fn creation(update: &Update) -> Create {
    // An explicit null empties a field, and a new product has nothing to empty.
    let fields = wanted(update).into_iter();
    let fields = fields.filter(|(_, value)| !value.is_null());
    with_id(&update.id, fields.collect())
}

fn with_id<T: Model + Default>(id: &str, mut fields: Map<Value>) -> T {
    fields.insert(ID, Value::from(id));
    let mut model = T::default();
    for (name, value) in fields {
        let json = to_json(&value);
        // Whatever is no field of its own, or cannot be read as one, goes out as it is.
        let is_read = model.read_field(&name, &mut Reader::new(&json));
        if !is_read.unwrap_or(false) {
            model.extra_mut().insert(name, value);
        }
    }
    model
}

#[cfg(test)]
mod tests {
    use super::*;

    // N62: however a value is nested, the edit keeps it, and the id.
    #[test]
    fn n62_an_edit_loses_no_field() {
        let deep = (0..300).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
        let mut fields = Map::default();
        fields.insert("title", Value::from("Tea"));
        fields.insert("image_url", Value::Null);
        fields.insert("deep", deep.clone());
        let edit = edit("p-1", fields);
        assert_eq!(
            (edit.id.as_str(), edit.title.as_deref()),
            ("p-1", Some("Tea"))
        );
        assert!(to_json(&edit).contains(r#""image_url":null"#));
        assert!(edit.extra.get("deep") == Some(&deep));
    }
}
