//! The loyalty program: accounts and their bonuses.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::collection::Collection;
use crate::retailcrm::account::Account;
use crate::retailcrm::answer::{Answer, Failure, Object, Outcome, object};
use crate::retailcrm::call::Call;
use crate::retailcrm::filter::{Conditions, Field, Rule};
use crate::retailcrm::page::{Page, SIZES};
use crate::retailcrm::route::Route;
use crate::retailcrm::value;

const ACCOUNTS: Collection = Collection {
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
        ("customerId", Rule::OneOf("customer.id")),
        ("customerExternalId", Rule::OneOf("customer.externalId")),
        ("loyalties", Rule::OneOf("loyalty.id")),
        ("sites", Rule::OneOf("customer.site")),
        ("level", Rule::OneOf("level.id")),
        ("minAmount", Rule::Min("amount")),
        ("maxAmount", Rule::Max("amount")),
        ("minOrdersSum", Rule::Min("ordersSum")),
        ("maxOrdersSum", Rule::Max("ordersSum")),
        ("createdAtFrom", Rule::From("createdAt")),
        ("createdAtTo", Rule::To("createdAt")),
        ("customFields", Rule::CustomFields),
    ],
    hidden: &[],
};

const LOYALTIES: Collection = Collection {
    table: "loyalties",
    item: "loyalty",
    list: "loyalties",
    required: &[],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("active", Rule::Flag("active")),
        ("blocked", Rule::Flag("blocked")),
    ],
    hidden: &[],
};

/// Operations on bonuses of all accounts, oldest first.
const OPERATIONS: &str = "bonus-operations";

const OPERATION_FILTERS: &[Field] = &[
    ("createdAtFrom", Rule::From("createdAt")),
    ("createdAtTo", Rule::To("createdAt")),
    ("loyalties", Rule::OneOf("loyalty.id")),
];

pub(super) const ROUTES: &[Route] = &[
    Route::get(
        "loyalty.list_loyalties",
        "/api/v5/loyalty/loyalties",
        "loyalty",
        |account, call| LOYALTIES.list(account, call),
    ),
    Route::get(
        "loyalty.get_loyalty",
        "/api/v5/loyalty/loyalties/{id}",
        "loyalty",
        get_loyalty,
    ),
    Route::get(
        "loyalty.list_accounts",
        "/api/v5/loyalty/accounts",
        "loyalty",
        |account, call| ACCOUNTS.list(account, call),
    ),
    Route::get(
        "loyalty.get_account",
        "/api/v5/loyalty/account/{id}",
        "loyalty",
        |account, call| ACCOUNTS.get(account, call),
    ),
    Route::post(
        "loyalty.create_account",
        "/api/v5/loyalty/account/create",
        "loyalty",
        create,
    ),
    Route::post(
        "loyalty.edit_account",
        "/api/v5/loyalty/account/{id}/edit",
        "loyalty",
        edit,
    ),
    Route::post(
        "loyalty.activate_account",
        "/api/v5/loyalty/account/{id}/activate",
        "loyalty",
        activate,
    ),
    Route::post(
        "loyalty.credit_account_bonus",
        "/api/v5/loyalty/account/{id}/bonus/credit",
        "loyalty",
        credit,
    ),
    Route::post(
        "loyalty.charge_account_bonus",
        "/api/v5/loyalty/account/{id}/bonus/charge",
        "loyalty",
        charge,
    ),
    Route::get(
        "loyalty.list_account_bonus_operations",
        "/api/v5/loyalty/account/{id}/bonus/operations",
        "loyalty",
        list_account_operations,
    ),
    Route::get(
        "loyalty.list_account_bonus_details",
        "/api/v5/loyalty/account/{id}/bonus/{status}/details",
        "loyalty",
        list_details,
    ),
    Route::get(
        "loyalty.list_bonus_operations",
        "/api/v5/loyalty/bonus/operations",
        "loyalty",
        list_operations,
    ),
    Route::post(
        "loyalty.calculate",
        "/api/v5/loyalty/calculate",
        "loyalty",
        calculate,
    ),
];

fn get_loyalty(account: &mut Account, call: &Call) -> Outcome {
    let row = account
        .records
        .table(LOYALTIES.table)
        .get(call.id()?)
        .ok_or_else(Failure::not_found)?;
    Ok(Answer::ok(json!({"loyalty": row, "requiredFields": []})))
}

fn create(account: &mut Account, call: &Call) -> Outcome {
    let site = account.site(call)?;
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

fn edit(account: &mut Account, call: &Call) -> Outcome {
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

fn activate(account: &mut Account, call: &Call) -> Outcome {
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

fn credit(account: &mut Account, call: &Call) -> Outcome {
    let amount = amount(call)?;
    let date = |name: &str| match call.text(name) {
        Some(text) if !value::is_date(text) => {
            Err(Failure::input(name, "This value is not a valid date."))
        }
        other => Ok(other.map(str::to_owned)),
    };
    let (activation, expiry) = (date("activationDate")?, date("expireDate")?);
    move_bonuses(account, call.id()?, amount, "credit_manual")?;
    let mut bonus = object(json!({"amount": value::number(amount)}));
    bonus.extend(activation.map(|date| ("activationDate".to_owned(), date.into())));
    bonus.extend(expiry.map(|date| ("expireDate".to_owned(), date.into())));
    Ok(Answer::ok(json!({"loyaltyBonus": bonus})))
}

fn charge(account: &mut Account, call: &Call) -> Outcome {
    let amount = amount(call)?;
    move_bonuses(account, call.id()?, -amount, "charge_manual")?;
    Ok(Answer::ok(json!({})))
}

fn amount(call: &Call) -> Result<Decimal, Failure> {
    call.required("amount")?;
    let amount = call
        .parameter("amount")
        .and_then(value::decimal)
        .filter(|amount| *amount > Decimal::ZERO);
    amount.ok_or_else(|| Failure::input("amount", "This value should be greater than 0."))
}

/// Changes the balance of an active account, never below zero, and notes the operation.
fn move_bonuses(account: &mut Account, id: i64, by: Decimal, kind: &str) -> Result<(), Failure> {
    let row = account
        .records
        .table(ACCOUNTS.table)
        .get(id)
        .ok_or_else(Failure::not_found)?;
    if row.get("active").and_then(value::flag) != Some(true) {
        return Err(Failure::bad_request("Loyalty account is not active"));
    }
    let balance = value::amount(row, "amount") + by;
    if balance.is_sign_negative() {
        return Err(Failure::validation("amount", "Not enough bonuses."));
    }
    account.records.table_mut(ACCOUNTS.table).update(id, |row| {
        row.insert("amount".into(), value::number(balance))
    });
    account.records.table_mut(OPERATIONS).insert(object(json!({
        "type": kind, "createdAt": value::now(), "amount": value::number(by),
        "loyaltyAccount": {"id": id}, "loyalty": {"id": 1},
    })));
    Ok(())
}

fn list_account_operations(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    account
        .records
        .table(ACCOUNTS.table)
        .get(id)
        .ok_or_else(Failure::not_found)?;
    let conditions = Conditions::read(call, OPERATION_FILTERS)?;
    let page = Page::read(call, SIZES)?;
    let operations = account.records.table(OPERATIONS).iter();
    let rows: Vec<&Object> = operations
        .filter(|row| row["loyaltyAccount"]["id"] == id && conditions.hold(row))
        .collect();
    let total = rows.len();
    let shown: Vec<Value> = page.cut(rows).into_iter().map(shown).collect();
    Ok(Answer::ok(
        json!({"pagination": page.block(total), "bonusOperations": shown}),
    ))
}

/// Operations are shown without their ids.
fn shown(operation: &Object) -> Value {
    value::without(operation, &["id"])
}

/// The one list that pages by cursor: it is the id of the last operation seen.
fn list_operations(account: &mut Account, call: &Call) -> Outcome {
    let conditions = Conditions::read(call, OPERATION_FILTERS)?;
    let limit = Page::read(call, SIZES)?.limit();
    let after: i64 = match call.text("cursor") {
        None => 0,
        Some(cursor) => cursor
            .parse()
            .map_err(|_| Failure::input("cursor", "This value is not valid."))?,
    };
    let is_later = |row: &&Object| row["id"].as_i64() > Some(after);
    let operations = account.records.table(OPERATIONS).iter();
    let mut rows: Vec<&Object> = operations
        .filter(is_later)
        .filter(|row| conditions.hold(row))
        .take(limit + 1)
        .collect();
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows
        .last()
        .filter(|_| more)
        .and_then(|row| value::member(row, "id"));
    let shown: Vec<Value> = rows.into_iter().map(shown).collect();
    Ok(Answer::ok(
        json!({"pagination": {"nextCursor": next}, "bonusOperations": shown}),
    ))
}

/// Bonuses that wait or burn soon: credited ones are active at once and for ever, so there are none.
fn list_details(account: &mut Account, call: &Call) -> Outcome {
    let page = Page::read(call, SIZES)?;
    account
        .records
        .table(ACCOUNTS.table)
        .get(call.id()?)
        .ok_or_else(Failure::not_found)?;
    if !["waiting_activation", "burn_soon"].contains(&call.segment("status")) {
        return Err(Failure::not_found());
    }
    let none: Vec<Value> = Vec::new();
    Ok(Answer::ok(
        json!({"pagination": page.block(0), "statistic": {"totalAmount": 0}, "bonuses": none}),
    ))
}

/// What the program would give for an order: five per cent in bonuses.
fn calculate(account: &mut Account, call: &Call) -> Outcome {
    let site = account.site(call)?;
    let order = call.object("order")?;
    let items = order
        .get("items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let sum = |item: &Object| value::amount(item, "initialPrice") * value::amount(item, "quantity");
    let total: Decimal = items.iter().filter_map(Value::as_object).map(sum).sum();
    let credit = (total * Decimal::new(5, 2)).round_dp(2);
    let shown = json!({"site": site, "totalSumm": value::number(total), "bonusesCreditTotal": value::number(credit), "bonusesChargeTotal": 0, "currency": "RUB"});
    let calculation = json!({
        "privilegeType": "loyalty_level", "discount": 0, "creditBonuses": value::number(credit), "maxChargeBonuses": value::number(total), "maximum": true,
    });
    Ok(Answer::ok(json!({
        "order": shown, "calculations": [calculation], "loyalty": {"name": "Бонусная программа", "chargeRate": 1},
    })))
}
