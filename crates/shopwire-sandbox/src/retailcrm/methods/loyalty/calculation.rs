//! The calculation of loyalty and personal discounts for an order.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::programs::LOYALTIES;
use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::sites;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::party::Party;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object, object};

/// Returns the order's items at their own or the catalogue's prices, its customer's membership, and the discount of
/// each privilege. An order without a membership and without a personal discount has no privilege.
pub(crate) fn calculate(account: &mut Account, call: &Call) -> Outcome {
    let site = sites::of_new(account, call)?;
    let order = call.object("order")?;
    let items = items(account, &order)?;
    let customer = customer(account, &order)?;
    let total = total(&order, &items);
    let customer_id = customer.get("id").and_then(value::integer);
    let member = customer_id.and_then(|id| account.membership(id)).cloned();
    let balance = member.as_ref().map_or(Decimal::ZERO, |row| {
        let id = row.get("id").and_then(value::integer).unwrap_or_default();
        account.settle_bonuses(id)
    });
    let most = balance.min(total);
    let bonuses = bonuses(call, most)?;
    let level = member.as_ref().map(|row| row["level"].clone());
    let found = privileges(level.as_ref(), &customer, total, bonuses, most);
    let calculations: Vec<Value> = found.iter().map(|one| one.shown(&found)).collect();
    let wanted = value::member(&order, "privilegeType").unwrap_or_else(|| "none".to_owned());
    let taken = found.iter().find(|one| one.kind == wanted);
    let discount = taken.map_or(Decimal::ZERO, |one| one.discount);
    let delivery = order.get("delivery").and_then(Value::as_object);
    let delivery = delivery.map_or(Decimal::ZERO, |delivery| value::amount(delivery, "cost"));
    let mut shown = object(json!({
        "site": site,
        "privilegeType": wanted,
        "totalSumm": value::number(total - discount + delivery),
        "bonusesCreditTotal": value::number(taken.map_or(Decimal::ZERO, |one| one.credit)),
        "bonusesChargeTotal": value::number(taken.map_or(Decimal::ZERO, |_| bonuses)),
        "currency": account.references.currency_of_site(&site),
        "delivery": {"cost": value::number(delivery)},
        "items": items,
    }));
    if !customer.is_empty() {
        let names = ["id", "externalId", "personalDiscount"];
        shown.insert("customer".into(), value::pick(&customer, &names).into());
    }
    if let Some(member) = &member {
        let account = json!({"id": member.get("id"), "amount": value::number(balance)});
        shown.insert("loyaltyAccount".into(), account);
        shown.insert("loyaltyLevel".into(), member["level"].clone());
    }
    let program = account.records.table(LOYALTIES.table).get(1);
    let name = program.and_then(|row| row.get("name")).cloned();
    Ok(Answer::ok(json!({
        "order": shown, "calculations": calculations, "loyalty": {"name": name, "chargeRate": 1},
    })))
}

/// The result of one privilege.
struct Privilege {
    kind: &'static str,
    discount: Decimal,
    credit: Decimal,
    most: Decimal,
}

impl Privilege {
    fn gain(&self) -> Decimal {
        self.discount + self.credit
    }

    /// Writes a privilege for the answer; the most profitable one is marked.
    fn shown(&self, all: &[Self]) -> Value {
        let is_best = all.iter().all(|other| other.gain() <= self.gain());
        json!({
            "privilegeType": self.kind, "discount": value::number(self.discount),
            "creditBonuses": value::number(self.credit), "maxChargeBonuses": value::number(self.most),
            "maximum": is_best,
        })
    }
}

fn privileges(
    level: Option<&Value>,
    customer: &Object,
    total: Decimal,
    bonuses: Decimal,
    most: Decimal,
) -> Vec<Privilege> {
    let mut found = Vec::new();
    if let Some(level) = level {
        let size = level.get("privilegeSize").and_then(value::decimal);
        let size = size.unwrap_or_default();
        let percent = |of: Decimal| (of * size / Decimal::ONE_HUNDRED).round_dp(2);
        let (discount, credit) = match level["type"].as_str() {
            Some("discount") => (percent(total), Decimal::ZERO),
            Some("bonus_converting") if !size.is_zero() => {
                (bonuses, ((total - bonuses) / size).round_dp(2))
            }
            _ => (bonuses, percent(total - bonuses)),
        };
        found.push(Privilege {
            kind: "loyalty_level",
            discount,
            credit,
            most,
        });
    }
    let personal = value::amount(customer, "personalDiscount");
    if personal > Decimal::ZERO {
        found.push(Privilege {
            kind: "personal_discount",
            discount: (total * personal / Decimal::ONE_HUNDRED).round_dp(2),
            credit: Decimal::ZERO,
            most: Decimal::ZERO,
        });
    }
    found
}

/// Returns the bonuses that the caller wants to spend, up to the available number.
fn bonuses(call: &Call, most: Decimal) -> Result<Decimal, Failure> {
    let Some(given) = call.parameter("bonuses").filter(|given| **given != "") else {
        return Ok(Decimal::ZERO);
    };
    let number = value::decimal(given).filter(|number| !number.is_sign_negative());
    let number =
        number.ok_or_else(|| Failure::input("bonuses", "This value should be of type numeric."))?;
    if number > most {
        return Err(Failure::input("bonuses", "Not enough bonuses."));
    }
    Ok(number)
}

fn customer(account: &Account, order: &Object) -> Result<Object, Failure> {
    let Some(given) = resolve::given(order, "customer") else {
        return Ok(Object::new());
    };
    let reference = resolve::reference("customer", given)?;
    let row = account.referred_party("customer", reference, Party::Person)?;
    Ok(row.clone())
}

/// The items with their prices and discounts; an offer must exist.
fn items(account: &Account, order: &Object) -> Result<Vec<Value>, Failure> {
    let given = order.get("items").and_then(Value::as_array);
    let items = given.into_iter().flatten().enumerate();
    let item = |(index, one): (usize, &Value)| {
        let given = object(one.clone());
        let complain = |text| Failure::field(&format!("items[{index}]"), text);
        account.catalogue.check_offer(&given).map_err(complain)?;
        let taken = account.catalogue.taken_by_item(&given);
        let price = given.get("initialPrice").and_then(value::decimal);
        let price = price.unwrap_or(taken.price);
        let percent = value::amount(&given, "discountManualPercent") / Decimal::ONE_HUNDRED;
        let discount = value::amount(&given, "discountManualAmount") + price * percent;
        let discount = discount.min(price).round_dp(2);
        let quantity = given.get("quantity").and_then(value::decimal);
        let quantity = value::number(quantity.unwrap_or(Decimal::ONE));
        let mut shown = object(json!({
            "initialPrice": value::number(price), "discountTotal": value::number(discount),
            "quantity": quantity, "vatRate": taken.vat_rate,
            "prices": [{"price": value::number(price - discount), "quantity": quantity}],
        }));
        shown.extend(taken.shown.map(|offer| ("offer".to_owned(), offer)));
        Ok(Value::Object(shown))
    };
    items.map(item).collect()
}

/// The sum of the items after their discounts and the order's own.
fn total(order: &Object, items: &[Value]) -> Decimal {
    let sum: Decimal = items
        .iter()
        .filter_map(Value::as_object)
        .map(|item| {
            let price = value::amount(item, "initialPrice") - value::amount(item, "discountTotal");
            price * value::amount(item, "quantity")
        })
        .sum();
    let percent = value::amount(order, "discountManualPercent") / Decimal::ONE_HUNDRED;
    let discount = value::amount(order, "discountManualAmount") + sum * percent;
    (sum - discount).max(Decimal::ZERO).round_dp(2)
}
