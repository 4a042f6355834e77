//! Packs: stock that is set aside for order items.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::{Field, Rule};
use crate::retailcrm::protocol::history;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::packs;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object};

const PACKS: Collection = Collection {
    table: packs::TABLE,
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
    let mut pack = call.object(PACKS.item)?;
    let Some(item) = pack.get("itemId").and_then(value::integer) else {
        return Err(Failure::field("itemId", "This value should not be blank."));
    };
    check(account, &pack, item, None)?;
    complete(account, &mut pack, item)?;
    let id = PACKS.insert(account, pack)?;
    account
        .records
        .table_mut(PACKS.table)
        .update(id, |row| row.shift_remove("itemId"));
    let store = account.records.table(PACKS.table).get(id);
    let store = store.and_then(|row| row.get("store")).cloned();
    account.note_pack(
        id,
        json!({"created": true, "field": "store", "newValue": {"code": store}}),
    );
    Ok(Answer::created(json!({"id": id})))
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    let table = account.records.table(PACKS.table);
    let before = table.get(id).cloned().ok_or_else(Failure::not_found)?;
    let mut pack = call.object(PACKS.item)?;
    let named = pack
        .shift_remove("itemId")
        .as_ref()
        .and_then(value::integer);
    let item = named.or_else(|| value::integer(&before["item"]["id"]));
    let item = item.unwrap_or_default();
    check(account, &pack, item, Some(id))?;
    if named.is_some() {
        pack.insert("item".into(), order_item(account, item)?.0);
    }
    PACKS.write(account, id, pack)?;
    let table = account.records.table(PACKS.table);
    let after = table.get(id).cloned().unwrap_or_default();
    for change in changes(&before, &after) {
        account.note_pack(id, change);
    }
    Ok(Answer::ok(json!({"id": id})))
}

pub(crate) fn delete(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    let gone = account.remove_pack(id);
    gone.map(|_| Answer::ok(json!({})))
        .ok_or_else(Failure::not_found)
}

/// Fields of a pack in its history, with the names used there.
const NOTED: &[&str] = &[
    "store",
    "quantity",
    "purchasePrice",
    "shipmentDate",
    "invoiceNumber",
    "deliveryNoteNumber",
];

/// An entry for each field that changed. Packs keep the names of the JSON.
fn changes(before: &Object, after: &Object) -> Vec<Value> {
    let shown = |row: &Object, name: &str| match (name, row.get(name)) {
        ("store", Some(store)) => json!({"code": store}),
        ("shipmentDate", Some(date)) => with_time(date),
        (_, given) => given.cloned().unwrap_or_default(),
    };
    let changed = NOTED
        .iter()
        .filter(|name| before.get(**name) != after.get(**name));
    changed
        .map(|name| json!({"field": name, "oldValue": shown(before, name), "newValue": shown(after, name)}))
        .collect()
}

/// History shows the day of shipment with a time of midnight.
fn with_time(date: &Value) -> Value {
    match date.as_str() {
        Some(date) if value::is_date(date) => format!("{date} 00:00:00").into(),
        _ => date.clone(),
    }
}

/// Store, day and quantity: no more is packed of an item than was ordered.
fn check(account: &Account, pack: &Object, item: i64, except: Option<i64>) -> Result<(), Failure> {
    if let Some(store) = resolve::given(pack, "store") {
        account.check_code("store", "stores", "store", store)?;
    }
    if value::member(pack, "shipmentDate").is_some_and(|date| !value::is_date(&date)) {
        let text = "This value is not a valid date.";
        return Err(Failure::field("shipmentDate", text));
    }
    let (_, ordered) = order_item(account, item)?;
    let packs = account.records.table(PACKS.table).iter();
    let of_item = |row: &&Object| row["item"]["id"] == item && row["id"].as_i64() != except;
    let packed: Decimal = packs
        .filter(of_item)
        .map(|row| value::amount(row, "quantity"))
        .sum();
    let own = match (pack.get("quantity"), except) {
        (Some(quantity), _) => value::decimal(quantity)
            .filter(|quantity| *quantity > Decimal::ZERO)
            .ok_or_else(|| Failure::field("quantity", "This value should be greater than 0."))?,
        (None, Some(id)) => {
            let row = account.records.table(PACKS.table).get(id);
            row.map(|row| value::amount(row, "quantity"))
                .unwrap_or_default()
        }
        (None, None) => Decimal::ZERO,
    };
    if packed + own > ordered {
        let text = format!("Of {ordered} ordered, {packed} are packed already.");
        return Err(Failure::field("quantity", text));
    }
    Ok(())
}

/// Completes a new pack with data of its item and of its store's stock.
fn complete(account: &Account, pack: &mut Object, item: i64) -> Result<(), Failure> {
    let (shown, _) = order_item(account, item)?;
    let offer = shown["offer"]
        .as_object()
        .and_then(|offer| account.catalogue.offer(offer));
    if let Some(offer) = offer {
        let stores = offer.get("stores").and_then(Value::as_array);
        let stock = stores
            .into_iter()
            .flatten()
            .find(|stock| stock.get("store") == pack.get("store"));
        let price = stock
            .and_then(|stock| stock.get("purchasePrice"))
            .or_else(|| offer.get("purchasePrice"));
        if let Some(price) = price {
            pack.entry("purchasePrice").or_insert_with(|| price.clone());
        }
        if let Some(unit) = offer.get("unit") {
            pack.entry("unit").or_insert_with(|| unit.clone());
        }
    }
    pack.insert("item".into(), shown);
    Ok(())
}

/// A short form of the item with its order, and how much of it was ordered.
fn order_item(account: &Account, id: i64) -> Result<(Value, Decimal), Failure> {
    let found = account.orders.table.iter().find_map(|order| {
        let items = order.get("items")?.as_array()?;
        let item = items.iter().find(|item| item["id"] == id)?;
        let order = json!({"id": order.get("id")});
        let mut shown = json!({"id": id, "order": order});
        if let Some(offer) = item.get("offer") {
            shown["offer"] = offer.clone();
        }
        let quantity = item.get("quantity").and_then(value::decimal);
        Some((shown, quantity.unwrap_or_default()))
    });
    found.ok_or_else(|| {
        let text = format!("\"orderProduct\" with \"id\"=\"{id}\" does not exist.");
        Failure::field("itemId", text)
    })
}
