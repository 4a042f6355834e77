//! The composition of an order: which items an edit keeps, changes, adds and drops.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::check;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::fields::{self, Field, Kind};
use crate::retailcrm::value::{self, Object, object};

/// The fields of an item that a caller may set.
const FIELDS: &[Field] = &[
    ("externalId", Kind::Text),
    ("externalIds", Kind::List),
    ("markingCodes", Kind::List),
    ("initialPrice", Kind::Number),
    ("discountManualAmount", Kind::Number),
    ("discountManualPercent", Kind::Number),
    ("vatRate", Kind::Text),
    ("createdAt", Kind::DateTime),
    ("quantity", Kind::Number),
    ("status", Kind::Text),
    ("comment", Kind::Text),
    ("productName", Kind::Text),
    ("purchasePrice", Kind::Number),
    ("priceType", Kind::Block),
];

/// The items of an order after an edit. The list given is the whole composition: items that it
/// names by `id` or `externalId` are changed, others are added, the rest is dropped.
pub(crate) fn replace(account: &mut Account, old: &[Value], given: &Value) -> Vec<Value> {
    let given = check::list(given).unwrap_or_default();
    given
        .into_iter()
        .filter_map(Value::as_object)
        .map(|input| {
            let kept = old
                .iter()
                .filter_map(Value::as_object)
                .find(|item| is_same(item, input));
            let mut item = match kept {
                Some(item) => item.clone(),
                None => fresh(account, input),
            };
            fields::merge(&mut item, input, FIELDS);
            external_ids(&mut item, input);
            properties(&mut item, input);
            compute(&mut item);
            Value::Object(item)
        })
        .collect()
}

/// A plain external id is kept under the code `default`.
fn external_ids(item: &mut Object, input: &Object) {
    if let Some(external) = value::member(input, "externalId") {
        let ids = json!([{"code": "default", "value": external}]);
        item.insert("externalIds".into(), ids);
    }
}

fn is_same(item: &Object, input: &Object) -> bool {
    match input.get("id").and_then(value::integer) {
        Some(id) => item.get("id").and_then(value::integer) == Some(id),
        None => {
            let external = value::member(input, "externalId");
            external.is_some() && external == value::member(item, "externalId")
        }
    }
}

fn fresh(account: &mut Account, input: &Object) -> Object {
    let id = account.orders.next_item();
    let taken = account.catalogue.taken_by_item(input);
    let mut item = object(json!({
        "id": id,
        "externalIds": [],
        "priceType": {"code": "base"},
        "initialPrice": value::number(taken.price),
        "discounts": [],
        "discountTotal": 0,
        "prices": [],
        "vatRate": taken.vat_rate,
        "createdAt": account.now(),
        "quantity": 1,
        "status": "new",
    }));
    if let Some(offer) = taken.shown {
        item.insert("offer".into(), offer);
    }
    item.insert("properties".into(), json!([]));
    let purchase = value::number(taken.purchase_price);
    item.insert("purchasePrice".into(), purchase);
    item
}

/// Reads properties, which are given as a list and shown as a map by code; no properties are shown as `[]`.
fn properties(item: &mut Object, input: &Object) {
    let Some(given) = input.get("properties").and_then(check::list) else {
        return;
    };
    let mut shown = Object::new();
    for property in given.into_iter().filter_map(Value::as_object) {
        let code = value::member(property, "code").or_else(|| value::member(property, "name"));
        if let Some(code) = code {
            shown.insert(code, Value::Object(property.clone()));
        }
    }
    item.insert("properties".into(), value::php_map(shown));
}

/// Computes the fields that follow from price, discounts and quantity.
fn compute(item: &mut Object) {
    let price = value::amount(item, "initialPrice");
    let percent = value::amount(item, "discountManualPercent");
    let discount =
        value::amount(item, "discountManualAmount") + price * percent / Decimal::ONE_HUNDRED;
    let discount = discount.min(price).round_dp(2);
    let quantity = item.get("quantity").cloned().unwrap_or(json!(1));
    let discounts = if discount.is_zero() {
        json!([])
    } else {
        json!([{"type": "manual_product", "amount": value::number(discount)}])
    };
    item.insert("discounts".into(), discounts);
    item.insert("discountTotal".into(), value::number(discount));
    item.insert(
        "prices".into(),
        json!([{"price": value::number(price - discount), "quantity": quantity}]),
    );
}
