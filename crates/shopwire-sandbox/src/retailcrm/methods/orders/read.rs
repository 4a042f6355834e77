//! Reading orders: list, one, statuses, history.

use serde_json::{Value, json};

use super::path;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::filter::{Conditions, Field, Rule};
use crate::retailcrm::protocol::history;
use crate::retailcrm::protocol::page::{Page, SIZES};
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object};

const FILTERS: &[Field] = &[
    ("ids", Rule::OneOf("id")),
    ("externalIds", Rule::OneOf("externalId")),
    ("numbers", Rule::OneOf("number")),
    (
        "customer",
        Rule::Contains(&[
            "firstName",
            "lastName",
            "patronymic",
            "phone",
            "additionalPhone",
            "email",
        ]),
    ),
    ("customerId", Rule::OneOf("customer.id")),
    ("customerExternalId", Rule::OneOf("customer.externalId")),
    ("customerType", Rule::OneOf("customer.type")),
    ("companyName", Rule::Contains(&["company.name"])),
    ("email", Rule::Contains(&["email"])),
    ("extendedStatus", Rule::OneOf("status")),
    ("sites", Rule::OneOf("site")),
    ("orderTypes", Rule::OneOf("orderType")),
    ("orderMethods", Rule::OneOf("orderMethod")),
    ("managers", Rule::OneOf("managerId")),
    ("countries", Rule::OneOf("countryIso")),
    ("paymentTypes", Rule::OneOf("payments.*.type")),
    ("paymentStatuses", Rule::OneOf("payments.*.status")),
    ("deliveryTypes", Rule::OneOf("delivery.code")),
    ("deliveryServices", Rule::OneOf("delivery.service.code")),
    ("shipmentStores", Rule::OneOf("shipmentStore")),
    (
        "product",
        Rule::Contains(&[
            "items.productName",
            "items.offer.displayName",
            "items.offer.name",
            "items.offer.article",
        ]),
    ),
    ("customerComment", Rule::Contains(&["customerComment"])),
    ("managerComment", Rule::Contains(&["managerComment"])),
    ("city", Rule::Contains(&["delivery.address.city"])),
    ("region", Rule::Contains(&["delivery.address.region"])),
    ("index", Rule::Contains(&["delivery.address.index"])),
    ("metro", Rule::Contains(&["delivery.address.metro"])),
    (
        "trackNumber",
        Rule::Contains(&["delivery.data.trackNumber"]),
    ),
    ("contragentTypes", Rule::OneOf("contragent.contragentType")),
    ("contragentName", Rule::Contains(&["contragent.legalName"])),
    ("contragentInn", Rule::Contains(&["contragent.INN"])),
    ("contragentKpp", Rule::Contains(&["contragent.KPP"])),
    ("minPrice", Rule::Min("totalSumm")),
    ("maxPrice", Rule::Max("totalSumm")),
    ("minPrepaySumm", Rule::Min("prepaySum")),
    ("maxPrepaySumm", Rule::Max("prepaySum")),
    ("minPurchaseSumm", Rule::Min("purchaseSumm")),
    ("maxPurchaseSumm", Rule::Max("purchaseSumm")),
    ("minDeliveryCost", Rule::Min("delivery.cost")),
    ("maxDeliveryCost", Rule::Max("delivery.cost")),
    ("minDeliveryNetCost", Rule::Min("delivery.netCost")),
    ("maxDeliveryNetCost", Rule::Max("delivery.netCost")),
    ("call", Rule::Flag("call")),
    ("expired", Rule::Flag("expired")),
    ("shipped", Rule::Flag("shipped")),
    ("createdAtFrom", Rule::From("createdAt")),
    ("createdAtTo", Rule::To("createdAt")),
    ("statusUpdatedAtFrom", Rule::From("statusUpdatedAt")),
    ("statusUpdatedAtTo", Rule::To("statusUpdatedAt")),
    ("fullPaidAtFrom", Rule::From("fullPaidAt")),
    ("fullPaidAtTo", Rule::To("fullPaidAt")),
    ("paidAtFrom", Rule::From("payments.*.paidAt")),
    ("paidAtTo", Rule::To("payments.*.paidAt")),
    ("deliveryDateFrom", Rule::From("delivery.date")),
    ("deliveryDateTo", Rule::To("delivery.date")),
    ("shipmentDateFrom", Rule::From("shipmentDate")),
    ("shipmentDateTo", Rule::To("shipmentDate")),
    ("sourceName", Rule::Contains(&["source.source"])),
    ("mediumName", Rule::Contains(&["source.medium"])),
    ("campaignName", Rule::Contains(&["source.campaign"])),
    ("keywordName", Rule::Contains(&["source.keyword"])),
    ("adContentName", Rule::Contains(&["source.content"])),
    ("customFields", Rule::CustomFields),
];

const HISTORY_FILTERS: &[Field] = &[
    ("sinceId", Rule::SinceId),
    ("orderId", Rule::OneOf("order.id")),
    ("orderExternalId", Rule::OneOf("order.externalId")),
    ("startDate", Rule::From("createdAt")),
    ("endDate", Rule::To("createdAt")),
];

/// The most identifiers that `statuses` takes at once.
const MOST_STATUSES: usize = 500;

/// Newest first, as the service lists orders.
pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let rows: Vec<&Object> = account
        .orders
        .table
        .iter()
        .rev()
        .filter(|row| account.sees(row) && conditions.hold(row))
        .collect();
    let total = rows.len();
    let orders: Vec<Value> = page
        .cut(rows)
        .into_iter()
        .map(|row| account.whole_order(row))
        .collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(total), "orders": orders}),
    ))
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    let id = path::order(account, call)?;
    let order = path::row(account, id)?;
    Ok(Answer::ok(json!({"order": account.whole_order(&order)})))
}

pub(crate) fn list_statuses(account: &mut Account, call: &Call) -> Outcome {
    let (ids, external) = (call.scalars("ids")?, call.scalars("externalIds")?);
    if ids.is_empty() && external.is_empty() {
        return Err(Failure::missing("ids"));
    }
    if ids.len() + external.len() > MOST_STATUSES {
        let text = format!("This collection should contain {MOST_STATUSES} elements or less.");
        return Err(Failure::input("ids", text));
    }
    let one_of = |row: &Object, name: &str, wanted: &[String]| {
        row.get(name)
            .and_then(value::text)
            .is_some_and(|text| wanted.contains(&text))
    };
    let rows = account.orders.table.iter();
    let meant = rows.filter(|row| one_of(row, "id", &ids) || one_of(row, "externalId", &external));
    let orders: Vec<Value> = meant.map(|row| status(account, row)).collect();
    Ok(Answer::ok(json!({"orders": orders})))
}

fn status(account: &Account, row: &Object) -> Value {
    let code = value::member(row, "status").unwrap_or_default();
    let mut status = value::identifiers(row);
    status["status"] = code.as_str().into();
    status["group"] = account.references.text("statuses", &code, "group").into();
    status
}

pub(crate) fn list_history(account: &mut Account, call: &Call) -> Outcome {
    history::list(&account.orders.history, call, HISTORY_FILTERS)
}
