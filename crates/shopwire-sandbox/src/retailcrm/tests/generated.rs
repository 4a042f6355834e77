//! Generated rows are as the description has them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::harness::Crm;
use crate::plan::RetailCrmPlan;
use crate::retailcrm::described::DESCRIPTION;
use crate::retailcrm::value::{self, Object};
use crate::schema::Unknown;

/// Removes nulls: a field that is not set may come as null, about which the description says nothing.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, member)| !member.is_null());
            let members = members.map(|(name, member)| (name, without_nulls(member)));
            Value::Object(members.collect())
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}

fn check(schema: &str, rows: impl Iterator<Item = Value>) -> usize {
    let schema = DESCRIPTION.schema(schema).expect("a schema");
    let mut count = 0;
    for row in rows {
        let row = without_nulls(row);
        let wrong = schema.violations(&row, Unknown::Refused);
        assert!(wrong.is_empty(), "{wrong:?} in {row}");
        count += 1;
    }
    count
}

#[test]
fn s1_generated_rows_are_valid_by_the_description() {
    let crm = Crm::new();
    let plan = RetailCrmPlan {
        orders: 300,
        customers: 90,
        products: 50,
    };
    crm.account().fill(&plan, 11);
    let account = crm.account();
    let orders = account.orders.table.iter();
    assert_eq!(
        check("Order", orders.map(|row| account.whole_order(row))),
        300
    );
    let customers = account.customers.table.iter().cloned();
    assert_eq!(check("Customer", customers.map(Value::Object)), 90);
    let history = &account.orders.history;
    let entries = (0..history.len()).map(|index| Value::Object(history.entry(index).into_owned()));
    assert_eq!(check("OrderHistory", entries), 300);
    drop(account);
    let (status, page) = crm.get("/api/v5/store/products?limit=100");
    assert_eq!(status, 200);
    let products = page["products"].as_array().expect("products").clone();
    assert_eq!(check("Product", products.into_iter()), 55);
}

#[test]
fn s1_generated_rows_have_what_clients_trip_over() {
    let crm = Crm::new();
    let plan = RetailCrmPlan {
        orders: 300,
        ..RetailCrmPlan::default()
    };
    crm.account().fill(&plan, 11);
    let account = crm.account();
    let rows: Vec<&Object> = account.orders.table.iter().collect();
    assert_eq!(account.customers.table.len(), 100, "one for three orders");
    let some = |what: &str, is: &dyn Fn(&Object) -> bool| {
        let count = rows.iter().filter(|row| is(row)).count();
        assert!(count > 0 && count < rows.len(), "{what}: {count}");
    };
    some("nulls", &|row| row["email"].is_null());
    some("Ukrainian", &|row| {
        row["lastName"].to_string().contains('к')
    });
    some("English", &|row| row["lastName"].to_string().is_ascii());
    some("several items", &|row| {
        value::all_at(row, "items.id").len() > 1
    });
    some("decimals", &|row| row["totalSumm"].is_f64());
    some("whole sums", &|row| !row["totalSumm"].is_f64());
    some("paid", &|row| row.contains_key("fullPaidAt"));
    some("discounts", &|row| {
        row.contains_key("discountManualPercent")
    });
    some("an empty address", &|row| {
        row["delivery"]["address"] == json!({})
    });
    let times: Vec<String> = rows
        .iter()
        .filter_map(|row| value::member(row, "createdAt"))
        .collect();
    assert!(times.iter().all(|time| value::is_date_time(time)));
    assert!(times.is_sorted() && times.last() < Some(&account.now()));
    let statuses: BTreeSet<String> = rows
        .iter()
        .filter_map(|row| value::member(row, "status"))
        .collect();
    assert!(statuses.len() > 5, "{statuses:?}");
    let is_known = |status: &String| account.references.has("statuses", status);
    assert!(statuses.iter().all(is_known));
    let regular = account.customers.table.iter();
    let regular = regular
        .filter(|row| !value::all_at(row, "segments.code").is_empty())
        .count();
    assert!(regular > 0 && regular < 100, "{regular}");
}
