//! The items and payments of orders as the history of orders names and shows them.

use serde_json::{Value, json};

use super::{Change, between, code};
use crate::retailcrm::value::{self, Object};

/// The items that came, went or changed, each beside the item.
pub(crate) fn changes(before: &Object, after: &Object) -> Vec<Change> {
    let list = |row: &Object| {
        let items = row.get("items").and_then(Value::as_array);
        items.cloned().unwrap_or_default()
    };
    let (old, new) = (list(before), list(after));
    let same = |items: &[Value], id: &Value| items.iter().find(|item| &item["id"] == id).cloned();
    let mut changes = Vec::new();
    for item in &new {
        match same(&old, &item["id"]) {
            None => changes.push(
                Change::new("order_product", Value::Null, short(item)).beside("item", item.clone()),
            ),
            Some(was) => {
                let differing = between(&fields(&was), &fields(item)).into_iter();
                changes.extend(differing.map(|change| change.beside("item", item.clone())));
            }
        }
    }
    let gone = old.iter().filter(|item| same(&new, &item["id"]).is_none());
    changes.extend(gone.map(|item| {
        Change::new("order_product", short(item), Value::Null).beside("item", item.clone())
    }));
    changes
}

/// An item as its coming and going show it.
fn short(item: &Value) -> Value {
    let mut shown = json!({"id": item["id"]});
    if let Some(offer) = item["offer"].as_object() {
        shown["offer"] = value::pick(offer, &["id", "externalId", "xmlId"]).into();
    }
    shown
}

fn fields(item: &Value) -> Object {
    let item = item.as_object().cloned().unwrap_or_default();
    let sum = (value::amount(&item, "initialPrice") - value::amount(&item, "discountTotal"))
        * value::amount(&item, "quantity");
    let mut fields = Object::new();
    for (name, field) in [
        ("quantity", "order_product.quantity"),
        ("initialPrice", "order_product.initial_price"),
        ("discountTotal", "order_product.discount_total"),
        ("vatRate", "order_product.vat_rate"),
    ] {
        if let Some(given) = item.get(name) {
            fields.insert(field.into(), given.clone());
        }
    }
    if let Some(status) = item.get("status") {
        fields.insert("order_product.status".into(), code(status));
    }
    fields.insert("order_product.summ".into(), value::number(sum));
    fields
}

/// A payment as its coming and going show it.
pub(crate) fn short_payment(payment: &Value) -> Value {
    json!({"id": payment["id"], "type": payment["type"]})
}

/// Returns the differences between two states of a payment.
pub(crate) fn payment_changes(before: &Object, after: &Object) -> Vec<Change> {
    let fields = |payment: &Object| -> Object {
        let told = payment.iter().filter(|(name, _)| *name != "id");
        let shown = |(name, given): (&String, &Value)| {
            let field = format!("payments.{}", value::snake(name));
            let given = match name.as_str() {
                "status" | "type" => code(given),
                _ => given.clone(),
            };
            (field, given)
        };
        told.map(shown).collect()
    };
    between(&fields(before), &fields(after))
}
