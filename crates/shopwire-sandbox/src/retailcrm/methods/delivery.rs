//! Shipments, tracking, delivery costs.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object, object};

const SHIPMENTS: Collection = Collection {
    table: "shipments",
    item: "deliveryShipment",
    list: "deliveryShipments",
    required: &["date"],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("externalId", Rule::OneOf("externalId")),
        ("orderNumber", Rule::Contains(&["joined.orders.number"])),
        ("statuses", Rule::OneOf("status")),
        ("deliveryTypes", Rule::OneOf("deliveryType")),
        ("managers", Rule::OneOf("managerId")),
        ("stores", Rule::OneOf("store")),
        ("dateFrom", Rule::From("date")),
        ("dateTo", Rule::To("date")),
    ],
    join: Account::joined_shipment,
    hidden: &[],
};

pub(crate) fn list_shipments(account: &mut Account, call: &Call) -> Outcome {
    SHIPMENTS.list(account, call)
}

pub(crate) fn get_shipment(account: &mut Account, call: &Call) -> Outcome {
    SHIPMENTS.get(account, call)
}

pub(crate) fn create_shipment(account: &mut Account, call: &Call) -> Outcome {
    let kind = call.required("deliveryType")?.to_owned();
    delivery_type(account, &kind)?;
    sites::of_new(account, call)?;
    let mut input = call.object(SHIPMENTS.item)?;
    input.insert("deliveryType".into(), kind.into());
    input.entry("status").or_insert(json!("new"));
    let id = SHIPMENTS.insert(account, input)?;
    Ok(Answer::created(
        json!({"id": id, "status": status(account, id)}),
    ))
}

pub(crate) fn edit_shipment(account: &mut Account, call: &Call) -> Outcome {
    if let Some(kind) = call.text("deliveryType") {
        delivery_type(account, kind)?;
    }
    let id = SHIPMENTS.change(account, call)?;
    Ok(Answer::ok(json!({"id": id, "status": status(account, id)})))
}

fn status(account: &Account, id: i64) -> Option<Value> {
    account
        .records
        .table(SHIPMENTS.table)
        .get(id)?
        .get("status")
        .cloned()
}

fn delivery_type(account: &Account, code: &str) -> Result<(), Failure> {
    if account.references.has("delivery-types", code) {
        return Ok(());
    }
    Err(Failure::input(
        "deliveryType",
        format!("\"deliveryType\" with \"code\"=\"{code}\" does not exist."),
    ))
}

/// Notes the states of deliveries under the module's code.
pub(crate) fn update_tracking(account: &mut Account, call: &Call) -> Outcome {
    let updates = call.batch("statusUpdate", 100)?;
    for (index, update) in updates.iter().enumerate() {
        let named = update.get("deliveryId").and_then(value::text).is_some();
        if !named || !update.get("history").is_some_and(Value::is_array) {
            let text = "\"deliveryId\" and \"history\" should not be blank.";
            return Err(Failure::field(&format!("statusUpdate[{index}]"), text));
        }
    }
    let key = format!("tracking/{}", call.segment("subcode"));
    let row = account.records.keyed.entry(key).or_default();
    for update in updates {
        row.insert(
            update["deliveryId"].as_str().unwrap_or_default().to_owned(),
            update,
        );
    }
    Ok(Answer::ok(json!({})))
}

/// The active delivery types asked for, at their default costs.
pub(crate) fn calculate(account: &mut Account, call: &Call) -> Outcome {
    let codes = call.list("deliveryTypeCodes")?;
    call.object("order")?;
    let mut calculations = Vec::new();
    for code in codes {
        let code = value::text(&code).unwrap_or_default();
        delivery_type(account, &code)?;
        let types = account.references.rows("delivery-types").iter();
        calculations.extend(
            types
                .filter(|row| row.get("code").is_some_and(|own| *own == code.as_str()))
                .map(calculation),
        );
    }
    Ok(Answer::ok(json!({"calculations": calculations})))
}

fn calculation(row: &Object) -> Object {
    object(json!({
        "code": row.get("code"),
        "available": row.get("active").and_then(value::flag) == Some(true),
        "vatRate": "none",
        "cost": row.get("defaultCost").cloned().unwrap_or(json!(0)),
    }))
}
