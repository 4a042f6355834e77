//! Accounts of customers who take part.

use serde_json::{Value, json};

use super::programs::LOYALTIES;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::value::{self, Object, object};

pub(super) const ACCOUNTS: Collection = Collection {
    table: "loyalty-accounts",
    item: "loyaltyAccount",
    list: "loyaltyAccounts",
    required: &["customer"],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("id", Rule::OneOf("id")),
        ("status", Rule::OneOf("status")),
        ("phoneNumber", Rule::Contains(&["phoneNumber"])),
        ("cardNumber", Rule::Contains(&["cardNumber"])),
        (
            "customer",
            Rule::Words(&[
                "joined.customer.firstName",
                "joined.customer.lastName",
                "joined.customer.patronymic",
                "joined.customer.phones.number",
            ]),
        ),
        ("customerId", Rule::OneOf("customer.id")),
        ("customerExternalId", Rule::OneOf("customer.externalId")),
        ("loyalties", Rule::OneOf("loyalty.id")),
        ("sites", Rule::OneOf("joined.sites")),
        ("customerSites", Rule::OneOf("joined.customer.site")),
        ("burnDateFrom", Rule::From("joined.burnDates")),
        ("burnDateTo", Rule::To("joined.burnDates")),
        ("level", Rule::OneOf("level.id")),
        ("minAmount", Rule::Min("amount")),
        ("maxAmount", Rule::Max("amount")),
        ("minOrdersSum", Rule::Min("ordersSum")),
        ("maxOrdersSum", Rule::Max("ordersSum")),
        ("createdAtFrom", Rule::From("createdAt")),
        ("createdAtTo", Rule::To("createdAt")),
        ("customFields", Rule::CustomFields("customFields")),
    ],
    join: Account::joined_loyalty_account,
    hidden: &[],
};

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    ACCOUNTS.list(account, call)
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    ACCOUNTS.get(account, call)
}

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let site = sites::of_new(account, call)?;
    let mut input = call.object(ACCOUNTS.item)?;
    let reference = input
        .get("customer")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let customer = account
        .customers
        .table
        .referred(&reference)
        .and_then(|id| account.customers.table.get(id));
    let customer =
        customer.ok_or_else(|| Failure::field("customer", "Customer does not exist."))?;
    let shown = json!({"id": customer.get("id"), "externalId": customer.get("externalId"), "site": customer.get("site")});
    let same = |row: &Object| row["customer"]["id"] == shown["id"];
    if account.records.table(ACCOUNTS.table).iter().any(same) {
        return Err(Failure::validation(
            "customer",
            "The customer already takes part in the loyalty program.",
        ));
    }
    input.insert("customer".into(), shown);
    let loyalty = account
        .records
        .table(LOYALTIES.table)
        .get(1)
        .cloned()
        .unwrap_or_default();
    let level = loyalty["levels"][0].clone();
    let blank = json!({
        "active": false, "status": "not_confirmed", "amount": 0, "ordersSum": 0, "nextLevelSum": 0, "createdAt": value::now(), "customFields": [],
        "level": level, "loyalty": {"id": 1, "name": loyalty["name"]},
    });
    for (name, value) in object(blank) {
        input.entry(name).or_insert(value);
    }
    let id = ACCOUNTS.insert(account, input)?;
    let row = account.records.table(ACCOUNTS.table).get(id);
    Ok(Answer::created(
        json!({"site": site, "loyaltyAccount": row, "warnings": []}),
    ))
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let id = ACCOUNTS.change(account, call)?;
    let row = account
        .records
        .table(ACCOUNTS.table)
        .get(id)
        .cloned()
        .unwrap_or_default();
    Ok(Answer::ok(
        json!({"site": row["customer"]["site"], "loyaltyAccount": row, "warnings": []}),
    ))
}

pub(crate) fn activate(account: &mut Account, call: &Call) -> Outcome {
    let activated = account
        .records
        .table_mut(ACCOUNTS.table)
        .update(call.id()?, |row| {
            row.insert("active".into(), true.into());
            row.insert("status".into(), "activated".into());
            row.entry("activatedAt")
                .or_insert_with(|| value::now().into());
            Value::Object(row.clone())
        });
    activated
        .map(|row| Answer::ok(json!({"loyaltyAccount": row})))
        .ok_or_else(Failure::not_found)
}
