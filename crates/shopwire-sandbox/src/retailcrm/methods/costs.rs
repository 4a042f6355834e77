//! Costs.

use serde_json::{Value, json};

use crate::retailcrm::protocol::answer::{Answer, Failure, Outcome};
use crate::retailcrm::protocol::batch;
use crate::retailcrm::protocol::call::Call;
use crate::retailcrm::protocol::collection::Collection;
use crate::retailcrm::protocol::filter::Rule;
use crate::retailcrm::state::Account;
use crate::retailcrm::state::resolve;
use crate::retailcrm::value::{self, Object};

const COSTS: Collection = Collection {
    table: "costs",
    item: "cost",
    list: "costs",
    required: &["dateFrom", "dateTo", "summ", "costItem"],
    filters: &[
        ("ids", Rule::OneOf("id")),
        ("sites", Rule::OneOf("sites")),
        ("comment", Rule::Contains(&["comment"])),
        ("costItems", Rule::OneOf("costItem")),
        ("costGroups", Rule::OneOf("joined.group")),
        ("createdBy", Rule::OneOf("createdBy")),
        ("users", Rule::OneOf("userId")),
        ("orderIds", Rule::OneOf("joined.order.id")),
        ("orderExternalIds", Rule::OneOf("joined.order.externalId")),
        ("orderNumber", Rule::Contains(&["joined.order.number"])),
        ("minSumm", Rule::Min("summ")),
        ("maxSumm", Rule::Max("summ")),
        ("dateFrom", Rule::From("dateTo")),
        ("dateTo", Rule::To("dateFrom")),
        ("createdAtFrom", Rule::From("createdAt")),
        ("createdAtTo", Rule::To("createdAt")),
    ],
    join: Account::joined_cost,
    hidden: &[],
};

pub(crate) fn list(account: &mut Account, call: &Call) -> Outcome {
    COSTS.list(account, call)
}

pub(crate) fn get(account: &mut Account, call: &Call) -> Outcome {
    COSTS.get(account, call)
}

pub(crate) fn delete(account: &mut Account, call: &Call) -> Outcome {
    COSTS.delete(account, call)
}

pub(crate) fn create(account: &mut Account, call: &Call) -> Outcome {
    let input = call.object(COSTS.item)?;
    let id = place(account, input)?;
    Ok(Answer::created(json!({"id": id})))
}

pub(crate) fn edit(account: &mut Account, call: &Call) -> Outcome {
    let id = call.id()?;
    let cost = checked(account, call.object(COSTS.item)?)?;
    COSTS.write(account, id, cost)?;
    Ok(Answer::ok(json!({"id": id})))
}

fn place(account: &mut Account, cost: Object) -> Result<i64, Failure> {
    let mut cost = checked(account, cost)?;
    cost.insert("createdAt".into(), account.now().into());
    COSTS.insert(account, cost)
}

/// Dates and sum must make sense; what the cost is about must exist, and is completed.
fn checked(account: &Account, mut cost: Object) -> Result<Object, Failure> {
    form(&cost)?;
    if let Some(code) = resolve::given(&cost, "costItem") {
        account.check_code("costItem", "cost-items", "costItem", code)?;
    }
    if let Some(user) = resolve::given(&cost, "userId") {
        account.check_user("userId", user)?;
    }
    for site in cost
        .get("sites")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        account.check_code("sites", "sites", "site", site)?;
    }
    if let Some(given) = resolve::given(&cost, "order") {
        let order = account.referred_order("order", resolve::reference("order", given)?)?;
        let shown = resolve::shown_order(order, &["id", "number", "externalId"]);
        cost.insert("order".into(), shown);
    }
    Ok(cost)
}

fn form(input: &Object) -> Result<(), Failure> {
    let mut errors = Object::new();
    for name in ["dateFrom", "dateTo"] {
        if value::member(input, name).is_some_and(|date| !value::is_date(&date)) {
            errors.insert(name.into(), "This value is not a valid date.".into());
        }
    }
    let dates = (
        value::member(input, "dateFrom"),
        value::member(input, "dateTo"),
    );
    if let (true, (Some(from), Some(to))) = (errors.is_empty(), dates)
        && from > to
    {
        let text = "This value should not be before \"dateFrom\".";
        errors.insert("dateTo".into(), text.into());
    }
    if input
        .get("summ")
        .is_some_and(|summ| !summ.is_null() && value::decimal(summ).is_none())
    {
        errors.insert(
            "summ".into(),
            "This value should be of type numeric.".into(),
        );
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Failure::format(errors))
    }
}

/// Ids come in brackets or as JSON; those that are not there are reported.
pub(crate) fn delete_batch(account: &mut Account, call: &Call) -> Outcome {
    let ids = call.scalars("ids")?;
    if ids.is_empty() {
        return Err(Failure::missing("ids"));
    }
    let ids: Vec<i64> = ids
        .iter()
        .map(|id| id.parse().ok())
        .collect::<Option<_>>()
        .ok_or_else(|| Failure::input("ids", "This value should be of type integer."))?;
    let table = account.records.table_mut(COSTS.table);
    let mut removed = 0;
    let mut kept = Vec::new();
    for id in ids {
        match table.remove(id) {
            Some(_) => removed += 1,
            None => kept.push(id),
        }
    }
    Ok(Answer::ok(json!({"count": removed, "notRemovedIds": kept})))
}

pub(crate) fn upload(account: &mut Account, call: &Call) -> Outcome {
    let costs = call.elements("costs", batch::MOST)?;
    let report = batch::run(&costs, |cost| place(account, cost.clone()).map(Value::from));
    Ok(report.answer(
        "uploadedCosts",
        "failedCosts",
        "Costs are loaded with errors",
    ))
}
