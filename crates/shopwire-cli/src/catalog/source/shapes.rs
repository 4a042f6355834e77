//! Exports of NiceChat and Uvygoda.

use common_model::Value;

use super::{
    super::feed::{Field, Param, adapt::Losses},
    Mapped, Mapping, count_rest, put, scalar,
};

/// A product of NiceChat.
pub(super) fn nicechat(row: &Value, mapping: &Mapping, losses: &mut Losses) -> Mapped {
    const FIELDS: [(&str, Field); 8] = [
        ("id", Field::Id),
        ("category", Field::Category),
        ("title", Field::Name),
        ("price", Field::Price),
        ("description", Field::Description),
        ("url", Field::Url),
        ("image_url", Field::Picture),
        ("in_stock", Field::Available),
    ];
    let mut mapped = Mapped::default();
    for (name, field) in FIELDS {
        put(&mut mapped.offer, field, row, name);
    }
    // NiceChat has codes in small letters.
    if let Some(currency) = row.get("currency").and_then(scalar) {
        mapped.offer.push(Field::Currency, currency.to_uppercase());
    }
    let is_known =
        |name: &str| name == "currency" || FIELDS.iter().any(|(known, _)| *known == name);
    count_rest(
        row,
        |name| is_known(name) || mapping.has_column(name),
        losses,
    );
    mapped
}

/// A card of Uvygoda, from the list or with its properties. It has no price: `--map price=…` names where it is.
pub(super) fn uvygoda(row: &Value, mapping: &Mapping, losses: &mut Losses) -> Mapped {
    const FIELDS: [(&str, Field); 4] = [
        ("ID", Field::Id),
        ("NAME", Field::Name),
        ("SECTION_ID", Field::Category),
        ("URL", Field::Url),
    ];
    let mut mapped = Mapped::default();
    for (name, field) in FIELDS {
        put(&mut mapped.offer, field, row, name);
    }
    if let Some(stage) = row.get("STAGE").and_then(scalar) {
        let is_sold = stage == "PUBLIC";
        mapped.offer.push(Field::Available, is_sold.to_string());
        mapped
            .offer
            .push(Field::ProductActivity, if is_sold { "Y" } else { "N" });
    }
    let properties = row.get("PROPERTIES");
    let list = properties
        .and_then(Value::as_array)
        .unwrap_or_default()
        .iter();
    let map = properties
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|map| map.values());
    for property in list.chain(map) {
        let Some(name) = property.get("NAME").and_then(scalar) else {
            continue;
        };
        for value in property.get("VALUES").map(values).unwrap_or_default() {
            mapped.offer.params.push(Param {
                name: name.clone(),
                value,
                ..Param::default()
            });
        }
    }
    let is_known = |name: &str| {
        matches!(name, "STAGE" | "PROPERTIES") || FIELDS.iter().any(|(known, _)| *known == name)
    };
    count_rest(
        row,
        |name| is_known(name) || mapping.has_column(name),
        losses,
    );
    mapped
}

/// The values of a property: texts, objects with a VALUE, or none.
fn values(value: &Value) -> Vec<String> {
    let one = |value: &Value| scalar(value.get("VALUE").unwrap_or(value));
    match value {
        Value::Bool(false) | Value::Null => Vec::new(),
        Value::Array(items) => items.iter().filter_map(one).collect(),
        Value::Object(members) => members.values().filter_map(one).collect(),
        value => scalar(value).into_iter().collect(),
    }
}
