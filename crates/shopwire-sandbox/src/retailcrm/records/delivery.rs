//! Shipments, tracking, delivery costs.

use serde_json::{Value, json};

use super::collection::Collection;
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Object, Outcome, object};
use crate::retailcrm::call::Call;
use crate::retailcrm::filter::Rule;
use crate::retailcrm::route::Route;
use crate::retailcrm::value;

const SHIPMENTS: Collection = Collection {
    table: "shipments",
    item: "deliveryShipment",
    list: "deliveryShipments",
    required: &["date"],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("externalId", Rule::OneOf("externalId")),
        ("orderNumber", Rule::OneOf("orders.number")),
        ("statuses", Rule::OneOf("status")),
        ("deliveryTypes", Rule::OneOf("deliveryType")),
        ("managers", Rule::OneOf("managerId")),
        ("stores", Rule::OneOf("store")),
        ("dateFrom", Rule::From("date")),
        ("dateTo", Rule::To("date")),
    ],
    hidden: &[],
};

pub(super) const ROUTES: &[Route] = &[
    Route::get(
        "delivery.list_shipments",
        "/api/v5/delivery/shipments",
        "delivery",
        |account, call| SHIPMENTS.list(account, call),
    ),
    Route::get(
        "delivery.get_shipment",
        "/api/v5/delivery/shipments/{id}",
        "delivery",
        |account, call| SHIPMENTS.get(account, call),
    ),
    Route::post(
        "delivery.create_shipment",
        "/api/v5/delivery/shipments/create",
        "delivery",
        create_shipment,
    ),
    Route::post(
        "delivery.edit_shipment",
        "/api/v5/delivery/shipments/{id}/edit",
        "delivery",
        edit_shipment,
    ),
    Route::post(
        "delivery.update_tracking",
        "/api/v5/delivery/generic/{subcode}/tracking",
        "delivery",
        update_tracking,
    ),
    Route::post(
        "delivery.calculate",
        "/api/v5/delivery/calculate",
        "delivery",
        calculate,
    ),
];

fn create_shipment(account: &mut Account, call: &Call) -> Outcome {
    let kind = call.required("deliveryType")?.to_owned();
    delivery_type(account, &kind)?;
    account.site(call)?;
    let mut input = call.object(SHIPMENTS.item)?;
    input.insert("deliveryType".into(), kind.into());
    input.entry("status").or_insert(json!("new"));
    let id = SHIPMENTS.insert(account, input)?;
    Ok(Answer::created(
        json!({"id": id, "status": status(account, id)}),
    ))
}

fn edit_shipment(account: &mut Account, call: &Call) -> Outcome {
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
fn update_tracking(account: &mut Account, call: &Call) -> Outcome {
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
fn calculate(account: &mut Account, call: &Call) -> Outcome {
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
