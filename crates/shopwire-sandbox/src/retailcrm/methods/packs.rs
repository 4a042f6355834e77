//! Packs: stock that is set aside for order items.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::{Field, Rule};
use crate::retailcrm::protocol::history;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::history::differences;
use crate::retailcrm::value::{self, Object};

const PACKS: Collection = Collection {
    table: "packs",
    item: "pack",
    list: "packs",
    required: &["itemId", "store", "quantity"],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("stores", Rule::OneOf("store")),
        ("itemId", Rule::OneOf("item.id")),
        ("orderId", Rule::OneOf("joined.order.id")),
        ("orderExternalId", Rule::OneOf("joined.order.externalId")),
        ("offerExternalId", Rule::OneOf("item.offer.externalId")),
        ("offerXmlId", Rule::OneOf("item.offer.xmlId")),
        ("shipmentDateFrom", Rule::From("shipmentDate")),
        ("shipmentDateTo", Rule::To("shipmentDate")),
        ("invoiceNumber", Rule::Contains(&["invoiceNumber"])),
        (
            "deliveryNoteNumber",
            Rule::Contains(&["deliveryNoteNumber"]),
        ),
    ],
    join: Account::joined_pack,
    hidden: &[],
};

const HISTORY_FILTERS: &[Field] = &[
    ("sinceId", Rule::SinceId),
    ("orderId", Rule::OneOf("joined.order.id")),
    ("orderExternalId", Rule::OneOf("joined.order.externalId")),
    ("startDate", Rule::From("createdAt")),
    ("endDate", Rule::To("createdAt")),
];

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    PACKS.list(account, call)
}

pub(crate) fn list_history(account: &mut Account, call: &Call) -> Outcome {
    let history = account.records.changes(PACKS.table);
    history::list(history, call, HISTORY_FILTERS, |entry, path| {
        account.joined_pack_change(entry, path)
    })
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    PACKS.get(account, call)
}

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let mut input = call.object(PACKS.item)?;
    store_exists(account, &input)?;
    if let Some(item) = input.shift_remove("itemId") {
        let item = order_item(account, &item)
            .ok_or_else(|| Failure::field("itemId", "Order product does not exist."))?;
        input.insert("item".into(), item.clone());
        input.insert("itemId".into(), item["id"].clone());
    }
    let id = PACKS.insert(account, input)?;
    account
        .records
        .table_mut(PACKS.table)
        .update(id, |row| row.shift_remove("itemId"));
    note(
        account,
        id,
        &json!({"created": true, "field": "id", "oldValue": null, "newValue": id}),
    );
    Ok(Answer::created(json!({"id": id})))
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    store_exists(account, &call.object(PACKS.item)?)?;
    let before = account
        .records
        .table(PACKS.table)
        .get(call.id()?)
        .cloned()
        .ok_or_else(Failure::not_found)?;
    let id = PACKS.change(account, call)?;
    let after = account
        .records
        .table(PACKS.table)
        .get(id)
        .cloned()
        .unwrap_or_default();
    for change in differences(&before, &after, &["item"]) {
        note(
            account,
            id,
            &json!({"field": change.field, "oldValue": change.old, "newValue": change.new}),
        );
    }
    Ok(Answer::ok(json!({"id": id})))
}

pub(crate) fn delete(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    if account.records.table(PACKS.table).get(id).is_some() {
        note(
            account,
            id,
            &json!({"deleted": true, "field": "id", "oldValue": id, "newValue": null}),
        );
    }
    PACKS.delete(account, call)
}

/// History shows the store as an object, lists show its code.
fn note(account: &mut Account, id: i64, change: &Value) {
    let mut pack = account
        .records
        .table(PACKS.table)
        .get(id)
        .cloned()
        .unwrap_or_default();
    if let Some(store) = value::member(&pack, "store") {
        pack.insert("store".into(), json!({"code": store}));
    }
    let mut change = change.clone();
    change["pack"] = Value::Object(pack);
    account
        .records
        .history(PACKS.table)
        .note_without_key(change);
}

fn store_exists(account: &Account, input: &Object) -> Result<(), Failure> {
    match value::member(input, "store") {
        Some(code) if !account.references.has("stores", &code) => Err(Failure::field(
            "store",
            format!("\"store\" with \"code\"=\"{code}\" does not exist."),
        )),
        _ => Ok(()),
    }
}

/// A short form of the item and its order.
fn order_item(account: &Account, id: &Value) -> Option<Value> {
    let id = value::integer(id)?;
    account.orders.table.iter().find_map(|order| {
        let items = order.get("items")?.as_array()?;
        let item = items.iter().find(|item| item["id"] == id)?;
        let order = json!({"id": order.get("id")});
        Some(json!({"id": id, "order": order, "offer": item["offer"]}))
    })
}
