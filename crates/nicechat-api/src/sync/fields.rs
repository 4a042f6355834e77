//! The fields of products by name, and edits with some of them.

use common_model::{Decimal, Model as _, Value};

use crate::{Image, Product, products::Create, products::Update};

/// The fields that a catalogue sets; an explicit null is one.
pub(super) fn wanted(update: &Update) -> Vec<(String, Value)> {
    let Value::Object(fields) = Value::of(update) else {
        return Vec::new();
    };
    fields
        .into_iter()
        .filter(|(name, _)| name != "id")
        .collect()
}

/// What a product shows in a field; null where it shows nothing.
pub(super) fn shown(product: &Product, field: &str) -> Value {
    // Every field is named here, so that a new one cannot be forgotten.
    let Product {
        id,
        category,
        title,
        price,
        currency,
        description,
        url,
        image_url,
        in_stock,
        extra,
    } = product;
    match field {
        "id" => Value::of(id),
        "category" => Value::of(category),
        "title" => Value::of(title),
        "price" => Value::of(price),
        "currency" => Value::of(currency),
        "description" => Value::of(description),
        "url" => Value::of(url),
        "image_url" => Value::of(image_url),
        "in_stock" => Value::of(in_stock),
        _ => extra.get(field).cloned().unwrap_or_default(),
    }
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

/// The edit with these fields alone.
pub(super) fn only(wanted: &Update, fields: &[(String, Value)]) -> Update {
    fn pick<T: Clone>(is_picked: bool, value: &Option<T>) -> Option<T> {
        value.clone().filter(|_| is_picked)
    }
    let has = |name: &str| fields.iter().any(|(field, _)| field == name);
    let mut update = Update {
        id: wanted.id.clone(),
        category: pick(has("category"), &wanted.category),
        title: pick(has("title"), &wanted.title),
        price: pick(has("price"), &wanted.price),
        currency: pick(has("currency"), &wanted.currency),
        description: pick(has("description"), &wanted.description),
        url: pick(has("url"), &wanted.url),
        image_url: pick(has("image_url"), &wanted.image_url),
        in_stock: pick(has("in_stock"), &wanted.in_stock),
        extra: Default::default(),
    };
    // What has no field of its own: explicit nulls, and what is not described.
    let written = Value::of(&update);
    for (name, value) in fields
        .iter()
        .filter(|(name, _)| written.get(name).is_none())
    {
        if !value.is_null() || update.clear(name).is_err() {
            update.extra.insert(name, value.clone());
        }
    }
    update
}

/// The creation of a product with all that is wanted.
pub(super) fn creation(wanted: &Update) -> Create {
    let image = wanted.image_url.as_ref();
    let mut create = Create {
        id: wanted.id.clone(),
        category: wanted.category.clone(),
        title: wanted.title.clone(),
        price: wanted.price,
        currency: wanted.currency.clone(),
        description: wanted.description.clone(),
        url: wanted.url.clone(),
        image_url: image.and_then(Image::url).map(str::to_owned),
        in_stock: wanted.in_stock,
        // An explicit null empties a field, and a new product has nothing to empty.
        extra: Default::default(),
    };
    for (name, value) in wanted.extra.iter() {
        create.extra.insert(name, value.clone());
    }
    create
}
