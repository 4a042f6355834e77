//! Generated orders with items, payments, delivery and a history.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::random::Random;
use crate::retailcrm::state::account::Account;
use crate::retailcrm::state::orders::amounts;
use crate::retailcrm::state::party;
use crate::retailcrm::state::references::FIRST_SITE;
use crate::retailcrm::value::{self, Object, object};
use crate::words;

/// How often an order is in a status, and whether it is paid then.
const STATUSES: &[(&str, bool)] = &[
    ("complete", true),
    ("complete", true),
    ("complete", true),
    ("new", false),
    ("new", false),
    ("client-confirmed", false),
    ("prepayed", true),
    ("assembling", false),
    ("delivering", false),
    ("cancel-other", false),
];

/// A thing that can be bought.
struct Good {
    shown: Value,
    price: Decimal,
    cost: Decimal,
}

/// Adds orders of the persons that there are.
pub(super) fn add(account: &mut Account, random: &mut Random, count: usize) {
    let goods = goods(account);
    let people: Vec<i64> = account
        .customers
        .table
        .iter()
        .filter_map(|row| row.get("id").and_then(value::integer))
        .collect();
    if people.is_empty() || goods.is_empty() {
        return;
    }
    let mut totals = vec![(0_i64, Decimal::ZERO); people.len()];
    for index in 0..count {
        let at = account.made_at(index, count);
        let who = usize::try_from(random.below(people.len() as u64)).unwrap_or_default();
        let row = order(account, random, &goods, people[who], &at);
        totals[who].0 += 1;
        totals[who].1 += value::amount(&row, "totalSumm");
        store(account, row, &at);
    }
    for (id, (count, sum)) in people.into_iter().zip(totals) {
        account.customers.set_totals(id, count, sum);
    }
}

fn goods(account: &Account) -> Vec<Good> {
    let offers = account.catalogue.offers.iter();
    offers
        .map(|offer| {
            let names = [
                "id",
                "externalId",
                "xmlId",
                "name",
                "article",
                "vatRate",
                "unit",
            ];
            let mut shown = object(json!({"displayName": offer.get("name")}));
            shown.extend(value::pick(offer, &names));
            Good {
                shown: shown.into(),
                price: value::amount(offer, "price"),
                cost: value::amount(offer, "purchasePrice"),
            }
        })
        .collect()
}

fn order(
    account: &mut Account,
    random: &mut Random,
    goods: &[Good],
    customer: i64,
    at: &str,
) -> Object {
    let id = account.orders.table.next_id();
    let person = account.customers.table.get(customer);
    let person = person.cloned().unwrap_or_default();
    let (status, is_paid) = random.one_of(STATUSES);
    let items: Vec<Value> = (0..=random.below(3))
        .map(|_| item(account, random, goods, status, at))
        .collect();
    let comment = (random.below(4) == 0).then(|| random.one_of(words::COMMENTS));
    let mut row = object(json!({
        "id": id,
        "slug": id,
        "bonusesCreditTotal": 0,
        "bonusesChargeTotal": 0,
        "summ": 0,
        "currency": account.references.currency_of_site(FIRST_SITE),
        "number": format!("{id}C"),
        "externalId": format!("order-{id}"),
        "orderType": "eshop-individual",
        "orderMethod": random.one_of(&["shopping-cart", "shopping-cart", "phone", "one-click", "messenger"]),
        "privilegeType": "none",
        "countryIso": "UA",
        "createdAt": at,
        "statusUpdatedAt": at,
        "totalSumm": 0,
        "prepaySum": 0,
        "purchaseSumm": 0,
        "markDatetime": at,
        "firstName": person.get("firstName"),
        "lastName": person.get("lastName"),
        "patronymic": person.get("patronymic"),
        "phone": person.get("phones").map(|phones| phones[0]["number"].clone()),
        "email": person.get("email"),
        "call": random.below(10) == 0,
        "expired": false,
        "customerComment": comment,
        "managerId": (status != "new").then_some(2),
        "customer": party::reference(&person),
        "contragent": {"contragentType": "individual"},
        "delivery": delivery(random, &person),
        "site": FIRST_SITE,
        "status": status,
        "items": items,
        "payments": [],
        "fromApi": true,
        "shipped": matches!(status, "complete" | "delivering"),
        "customFields": [],
    }));
    if random.below(10) == 0 {
        row.insert("discountManualPercent".into(), json!(5));
    }
    let references = &account.references;
    amounts::compute(references, at, &mut row);
    pay(account, random, &mut row, is_paid, at);
    row
}

fn item(
    account: &mut Account,
    random: &mut Random,
    goods: &[Good],
    status: &str,
    at: &str,
) -> Value {
    let place = usize::try_from(random.below(goods.len() as u64)).unwrap_or_default();
    let (good, quantity) = (&goods[place], 1 + random.below(3));
    let status = match status {
        "complete" => "sold",
        "cancel-other" => "canceled",
        _ => "new",
    };
    json!({
        "id": account.orders.next_item(),
        "externalIds": [],
        "priceType": {"code": "base"},
        "initialPrice": value::number(good.price),
        "discounts": [],
        "discountTotal": 0,
        "prices": [{"price": value::number(good.price), "quantity": quantity}],
        "vatRate": "none",
        "createdAt": at,
        "quantity": quantity,
        "status": status,
        "offer": good.shown,
        "purchasePrice": value::number(good.cost),
    })
}

fn delivery(random: &mut Random, person: &Object) -> Value {
    let (code, cost) = random.one_of(&[
        ("courier", 300),
        ("self-delivery", 0),
        ("russian-post", 250),
    ]);
    let address = person.get("address").and_then(Value::as_object);
    let names = [
        "index",
        "countryIso",
        "region",
        "city",
        "street",
        "building",
        "flat",
    ];
    let address = address.filter(|_| code != "self-delivery");
    let address = address.map(|address| value::pick(address, &names));
    json!({"code": code, "cost": cost, "netCost": 0, "address": address.unwrap_or_default()})
}

/// Adds a payment of the whole sum.
fn pay(account: &mut Account, random: &mut Random, row: &mut Object, is_paid: bool, at: &str) {
    let stub = json!({"externalId": null, "order": row["id"]});
    let id = account.orders.payments.insert(object(stub));
    let mut payment = json!({
        "id": id, "status": if is_paid { "paid" } else { "not-paid" }, "amount": row["totalSumm"],
        "type": random.one_of(&["bank-card", "bank-card", "cash", "bank-transfer"]),
    });
    if is_paid {
        payment["paidAt"] = json!(at);
    }
    let mut payments = Object::new();
    payments.insert(id.to_string(), payment);
    row.insert("payments".into(), payments.into());
    amounts::compute(&account.references, at, row);
}

/// Stores an order, and the entry that makes it.
fn store(account: &mut Account, row: Object, at: &str) {
    let whole = account.whole_order(&row);
    let code = json!({"code": row["status"]});
    account.orders.history.note_of_other_key(
        at,
        json!({"created": true, "field": "status", "oldValue": null, "newValue": code, "order": whole}),
    );
    // A copy has no spare room, which rows that grew have.
    account.orders.table.insert(row.clone());
}
