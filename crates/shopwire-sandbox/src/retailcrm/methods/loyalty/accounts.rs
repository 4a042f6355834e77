//! Accounts of customers who take part.

use serde_json::{Value, json};

use super::programs::LOYALTIES;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::loyalty;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object, object};

pub(super) const ACCOUNTS: Collection = Collection {
    table: loyalty::ACCOUNTS,
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
    let rows = account.records.table(ACCOUNTS.table).iter();
    let ids: Vec<i64> = rows
        .filter_map(|row| row.get("id").and_then(value::integer))
        .collect();
    for id in ids {
        account.settle_bonuses(id);
    }
    ACCOUNTS.list(account, call)
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    account.settle_bonuses(call.id()?);
    ACCOUNTS.get(account, call)
}

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let site = sites::of_new(account, call)?;
    let given = call.object(ACCOUNTS.item)?;
    let mut input = value::pick(&given, WRITTEN);
    check_fields(account, &input)?;
    let reference = resolve::given(&given, "customer")
        .ok_or_else(|| Failure::field("customer", "This value should not be blank."))?;
    let reference = resolve::reference("customer", reference)?;
    let customer = account.referred_party("customer", reference, Party::Person)?;
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
        "active": false, "status": "not_confirmed", "amount": 0, "ordersSum": 0, "nextLevelSum": 0, "createdAt": account.now(), "customFields": [],
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

/// Fields that a caller may write. Balance, level and state follow from other methods.
const WRITTEN: &[&str] = &["phoneNumber", "cardNumber", "customFields"];

fn check_fields(account: &Account, input: &Object) -> Result<(), Failure> {
    let mut errors = Object::new();
    account.check_custom_fields("loyalty_account", input, &mut errors);
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Failure::format(errors))
    }
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let (id, given) = (call.id()?, call.object(ACCOUNTS.item)?);
    let mut input = value::pick(&given, WRITTEN);
    check_fields(account, &input)?;
    if let Some(level) = resolve::given(&given, "loyaltyLevelId") {
        input.insert("level".into(), self::level(account, id, level)?);
    }
    ACCOUNTS.write(account, id, input)?;
    let row = account.records.table(ACCOUNTS.table).get(id);
    let row = row.cloned().unwrap_or_default();
    Ok(Answer::ok(
        json!({"site": row["customer"]["site"], "loyaltyAccount": row, "warnings": []}),
    ))
}

/// A level of the membership's program.
fn level(account: &Account, id: i64, wanted: &Value) -> Result<Value, Failure> {
    let row = account.records.table(ACCOUNTS.table).get(id);
    let row = row.ok_or_else(Failure::not_found)?;
    let program = value::integer(&row["loyalty"]["id"]);
    let program = program.and_then(|id| account.records.table(LOYALTIES.table).get(id));
    let levels = program
        .and_then(|row| row.get("levels"))
        .and_then(Value::as_array);
    let found = levels
        .into_iter()
        .flatten()
        .find(|level| level.get("id").and_then(value::integer) == value::integer(wanted));
    found
        .cloned()
        .ok_or_else(|| Failure::field("loyaltyLevelId", "The level does not exist."))
}

/// Activates a membership, or sends an SMS first where the program asks for one.
pub(crate) fn activate(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    let row = account.records.table(ACCOUNTS.table).get(id);
    let row = row.cloned().ok_or_else(Failure::not_found)?;
    let program = value::integer(&row["loyalty"]["id"]).unwrap_or_default();
    let programs = account.records.table(LOYALTIES.table);
    let asks = programs
        .get(program)
        .and_then(|row| row.get("confirmSmsRegistration"))
        .and_then(value::flag);
    let is_active = row.get("active").and_then(value::flag) == Some(true);
    if asks == Some(true) && !is_active {
        let check = account.send_sms(id);
        let row = account.records.table(ACCOUNTS.table).get(id);
        return Ok(Answer::ok(
            json!({"loyaltyAccount": row, "verification": check}),
        ));
    }
    account.activate_membership(id);
    let row = account.records.table(ACCOUNTS.table).get(id);
    Ok(Answer::ok(json!({"loyaltyAccount": row})))
}
