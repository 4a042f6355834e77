//! Combining two orders into one.

use serde_json::{Value, json};

use super::path;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::history::Source;
use crate::retailcrm::state::orders::{amounts, reference};
use crate::retailcrm::value;
use crate::retailcrm::value::Object;

/// `order` goes into `resultOrder` and is deleted. By `technique`: `ours` keeps the result's items,
/// `theirs` takes the other's, `merge` keeps those of both, `summ` also adds up equal offers.
pub(crate) fn combine(account: &mut Account, call: &Call) -> Outcome {
    let technique = call.text("technique").unwrap_or("ours").to_owned();
    if !["ours", "theirs", "merge", "summ"].contains(&technique.as_str()) {
        return Err(Failure::input(
            "technique",
            "The value you selected is not a valid choice.",
        ));
    }
    let source = path::in_field(account, call, "order")?;
    let target = path::in_field(account, call, "resultOrder")?;
    if source == target {
        return Err(Failure::validation(
            "resultOrder",
            "An order cannot be combined with itself.",
        ));
    }
    let gone = account
        .orders
        .table
        .remove(source)
        .ok_or_else(Failure::not_found)?;
    let before = account
        .orders
        .table
        .get(target)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    let mut row = before.clone();
    row.insert("items".into(), items(&technique, &before, &gone).into());
    adopt_payments(account, target, &mut row, &gone);
    amounts::compute(&account.references, &account.now(), &mut row);
    account.count_order(&gone, -1);
    let entry = json!({
        "deleted": true, "field": "id", "oldValue": source, "newValue": null, "order": reference(&gone),
        "combinedTo": value::pick(&row, &["id", "externalId", "site"]),
    });
    account.orders.history.note_as(Source::Combine, entry);
    account.replace_order_as(Source::Combine, target, &before, row);
    account.settle_packs(source);
    account.follow_order_merge(source, target);
    Ok(Answer::ok(json!({"errors": []})))
}

fn items(technique: &str, ours: &Object, theirs: &Object) -> Vec<Value> {
    let list = |row: &Object| {
        row.get("items")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let (mut ours, theirs) = (list(ours), list(theirs));
    match technique {
        "ours" => ours,
        "theirs" => theirs,
        _ => {
            for item in theirs {
                let same = ours
                    .iter_mut()
                    .find(|own| technique == "summ" && is_same_offer(own, &item));
                match same {
                    Some(own) => add_up(own, &item),
                    None => ours.push(item),
                }
            }
            ours
        }
    }
}

fn is_same_offer(one: &Value, other: &Value) -> bool {
    let offer = |item: &Value| {
        item["offer"]
            .get("id")
            .or_else(|| item["offer"].get("externalId"))
            .cloned()
    };
    offer(one).is_some() && offer(one) == offer(other)
}

fn add_up(own: &mut Value, item: &Value) {
    let quantity = |item: &Value| {
        item.get("quantity")
            .and_then(value::decimal)
            .unwrap_or_default()
    };
    let sum = value::number(quantity(own) + quantity(item));
    own["quantity"] = sum.clone();
    if let Some(price) = own["prices"].get_mut(0) {
        price["quantity"] = sum;
    }
}

fn adopt_payments(account: &mut Account, target: i64, row: &mut Object, gone: &Object) {
    let mut payments = row
        .get("payments")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for (id, payment) in gone
        .get("payments")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        payments.insert(id.clone(), payment.clone());
        if let Ok(id) = id.parse() {
            account
                .orders
                .payments
                .update(id, |stored| stored.insert("order".into(), target.into()));
        }
    }
    row.insert("payments".into(), value::php_map(payments));
}
