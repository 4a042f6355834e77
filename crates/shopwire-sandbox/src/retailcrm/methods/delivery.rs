//! Shipments, tracking, delivery costs.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::resolve;
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
    let mut input = checked(account, call.object(SHIPMENTS.item)?)?;
    input.insert("deliveryType".into(), kind.into());
    input.entry("status").or_insert(json!("new"));
    let id = SHIPMENTS.insert(account, input)?;
    Ok(Answer::created(
        json!({"id": id, "status": status(account, id)}),
    ))
}

pub(crate) fn edit_shipment(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    let kind = call.text("deliveryType").map(str::to_owned);
    if let Some(kind) = &kind {
        delivery_type(account, kind)?;
    }
    let mut input = checked(account, call.object(SHIPMENTS.item)?)?;
    input.extend(kind.map(|kind| ("deliveryType".to_owned(), kind.into())));
    SHIPMENTS.write(account, id, input)?;
    Ok(Answer::ok(json!({"id": id, "status": status(account, id)})))
}

/// The shipment as it may be stored: manager, store and orders must exist.
fn checked(account: &Account, mut shipment: Object) -> Result<Object, Failure> {
    if value::member(&shipment, "date").is_some_and(|date| !value::is_date(&date)) {
        return Err(Failure::field("date", "This value is not a valid date."));
    }
    if let Some(manager) = resolve::given(&shipment, "managerId") {
        account.check_user("managerId", manager)?;
    }
    if let Some(store) = resolve::given(&shipment, "store") {
        account.check_code("store", "stores", "store", store)?;
    }
    if let Some(given) = shipment.get("orders").and_then(Value::as_array) {
        let shown = given.iter().enumerate().map(|(index, one)| {
            let field = format!("orders[{index}]");
            let row = account.referred_order(&field, resolve::reference(&field, one)?)?;
            Ok(resolve::shown_order(row, &["id", "externalId", "number"]))
        });
        let shown: Vec<Value> = shown.collect::<Result<_, Failure>>()?;
        shipment.insert("orders".into(), shown.into());
    }
    Ok(shipment)
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
        "vatRate": row.get("vatRate").cloned().unwrap_or(json!("none")),
        "cost": row.get("defaultCost").cloned().unwrap_or(json!(0)),
    }))
}
