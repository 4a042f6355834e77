//! Cases outside of the tables: pages, limits of values, fields that change the answer, several fields at once.

use serde_json::{Value, json};

use super::lists;
use super::sweep::{asked, list};
use super::world::world;
use crate::retailcrm::described::DESCRIPTION;
use crate::retailcrm::tests::harness::Crm;
use crate::schema::{Unknown, Violation};

fn total(crm: &Crm, operation: &str, filter: &str) -> i64 {
    let (status, body) = asked(crm, list(operation), filter);
    assert_eq!(status, 200, "{filter}: {body}");
    body["pagination"]["totalCount"].as_i64().unwrap()
}

// F12
#[test]
fn f12_details_add_the_stock_of_each_store() {
    let crm = world();
    let stores = |filter: &str| {
        asked(&crm, list("store.list_inventories"), filter).1["offers"][0]["stores"].clone()
    };
    assert_eq!(
        stores("filter[details]=1").as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(stores("filter[details]=0"), Value::Null);
    assert_eq!(stores(""), Value::Null);
}

// F12
#[test]
fn f12_fields_narrow_together_and_values_widen() {
    let crm = world();
    let orders = |filter: &str| total(&crm, "orders.list", filter);
    assert_eq!(orders("filter[extendedStatus][]=complete"), 1);
    assert_eq!(
        orders("filter[extendedStatus][]=complete-group&filter[extendedStatus][]=new"),
        6
    );
    assert_eq!(orders("filter[numbers][]=100A&filter[numbers][]=200B"), 2);
    assert_eq!(orders("filter[numbers][]=100A&filter[vip]=0"), 0);
    assert_eq!(orders("filter[product]=чайник белый"), 2);
    assert_eq!(
        orders("filter[productSearchType]=exact&filter[product]=чайник белый"),
        1
    );
    assert_eq!(
        orders("filter[statusHistorySequence][]=complete&filter[statusHistorySequence][]=new"),
        0
    );
    assert_eq!(
        orders("filter[customFields][score][min]=1&filter[customFields][score][max]=5"),
        1
    );
    assert_eq!(
        orders("filter[customFields][score][min]=&filter[ids][]="),
        6
    );
    assert_eq!(orders("filter[customer]=7111 anna"), 1);
    assert_eq!(orders("filter[customer]=anna boris"), 0);
    assert_eq!(orders("filter[customer]=vasilek"), 2);
    let persons = |filter: &str| total(&crm, "customers.list", filter);
    assert_eq!(persons("filter[sex]=male"), 1);
    assert_eq!(
        persons("filter[subscriptions][0][channel]=email&filter[subscriptions][0][subscribed]=0"),
        1
    );
    let tasks = |filter: &str| total(&crm, "tasks.list", filter);
    assert_eq!(tasks("filter[tagsFilter][attached]=1"), 1);
    assert_eq!(tasks("filter[tagsFilter][without]=0"), 3);
}

// F12: a filter and the answer say the same of a customer.
#[test]
fn f12_customers_show_the_sums_that_they_are_found_by() {
    let crm = world();
    let (_, body) = asked(&crm, list("customers.list"), "filter[ids][]=1");
    let customer = &body["customers"][0];
    // Orders of 5280 and 200; purchase 2000, own cost of delivery 100, costs 700.
    let sums = ["totalSumm", "costSumm", "marginSumm", "avgMarginSumm"].map(|name| &customer[name]);
    assert_eq!(
        sums,
        [&json!(5480), &json!(700), &json!(2680), &json!(1340)]
    );
    let (_, order) = crm.get("/api/v5/orders/1?by=id");
    assert_eq!(order["order"]["customer"]["costSumm"], 700);
}

// F12
#[test]
fn f12_too_much_and_what_is_no_choice_are_refused() {
    let crm = world();
    let refusal = |operation: &str, filter: &str| {
        let (status, body) = asked(&crm, list(operation), filter);
        assert_eq!(status, 400, "{filter}");
        body["errors"].clone()
    };
    let many = "filter[numbers][]=1&".repeat(101);
    assert_eq!(
        refusal("orders.list", &many)["filter[numbers]"],
        "This collection should contain 100 elements or less."
    );
    let long = format!("filter[customer]={}", "a".repeat(256));
    assert_eq!(
        refusal("orders.list", &long)["filter[customer]"],
        "This value is too long. It should have 255 characters or less."
    );
    for operation in ["orders.list", "customers.list", "customers_corporate.list"] {
        for field in ["attachments", "tasksCounts"] {
            let errors = refusal(operation, &format!("filter[{field}]=7"));
            let text = "The value you selected is not a valid choice.";
            assert_eq!(errors[format!("filter[{field}]")], text);
        }
    }
    let odd = refusal("tasks.list", "filter[tagsFilter][odd]=1");
    assert!(odd["filter[tagsFilter]"].is_string(), "{odd}");
    let late = refusal("orders.list", "filter[deliveryTimeFrom]=25:00");
    assert!(late["filter[deliveryTimeFrom]"].is_string(), "{late}");
}

/// The sizes that a list offers.
fn sizes(operation: &str) -> &'static [i64] {
    match operation {
        "store.list_inventories" => &[20, 50, 100, 250],
        _ => &[20, 50, 100],
    }
}

// F12, RE9
#[test]
fn f12_every_list_takes_its_page_sizes_and_no_other() {
    let crm = world();
    let mut paged = 0;
    for operation in DESCRIPTION.operations() {
        let parameters = operation.parameters("query");
        if !parameters.iter().any(|(name, ..)| *name == "limit") {
            continue;
        }
        paged += 1;
        let known = lists().find(|list| list.operation == operation.id());
        let path = known
            .map_or(operation.path(), |list| list.path)
            .replace("{id}", "1");
        let joint = if path.contains('?') { '&' } else { '?' };
        for size in [0, 1, 19, 20, 50, 100, 101, 250, 500] {
            let (status, body) = crm.get(&format!("{path}{joint}limit={size}"));
            if sizes(operation.id()).contains(&size) {
                assert_eq!(status, 200, "{path} {size}: {body}");
            } else {
                assert_eq!(status, 400, "{path} {size}");
                assert!(body["errors"]["limit"].is_string(), "{path} {size}: {body}");
            }
        }
        if parameters.iter().any(|(name, ..)| *name == "page") {
            pages(&crm, &format!("{path}{joint}"));
        }
    }
    println!("{paged} lists with pages");
    assert!(paged >= 36, "{paged}");
}

/// A page beyond the end is empty and has the number of rows. A page is a number from 1.
fn pages(crm: &Crm, target: &str) {
    let (_, first) = crm.get(&format!("{target}limit=20"));
    let total = first["pagination"]["totalCount"].as_i64().unwrap();
    let (status, beyond) = crm.get(&format!("{target}limit=20&page=1000"));
    let expected = json!({
        "limit": 20, "totalCount": total, "currentPage": 1000, "totalPageCount": (total + 19) / 20,
    });
    assert_eq!(
        (status, &beyond["pagination"]),
        (200, &expected),
        "{target}"
    );
    let rows = beyond
        .as_object()
        .unwrap()
        .values()
        .filter_map(Value::as_array);
    assert!(rows.clone().all(Vec::is_empty), "{target}");
    for wrong in ["0", "-1", "x", "1.5"] {
        let (status, body) = crm.get(&format!("{target}page={wrong}"));
        assert_eq!(status, 400, "{target}page={wrong}");
        assert!(body["errors"]["page"].is_string(), "{body}");
    }
}

// F12
#[test]
fn f12_every_list_answers_as_described_on_a_full_account() {
    let crm = world();
    let mut wrong = Vec::new();
    for list in lists() {
        let (status, body) = asked(&crm, list, "");
        let operation = DESCRIPTION.operation(list.operation).unwrap();
        let schema = operation.answer(status).unwrap();
        // An empty map of PHP is a list.
        let is_empty_map = |violation: &Violation| {
            violation.message == "must be object" && at(&body, &violation.path) == Some(&json!([]))
        };
        let violations = schema.violations(&body, Unknown::Refused);
        // A file hangs on a company in the world, and the description has no type there to say so.
        let is_kind = |violation: &Violation| violation.path.ends_with("].customer.type");
        let is_wrong = |violation: &Violation| !is_empty_map(violation) && !is_kind(violation);
        for violation in violations.into_iter().filter(is_wrong) {
            wrong.push(format!("{}: {violation}", list.operation));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The value at `orders[0].customFields`.
fn at<'v>(body: &'v Value, path: &str) -> Option<&'v Value> {
    let keys = path.split(['.', '[']).map(|key| key.trim_end_matches(']'));
    keys.filter(|key| !key.is_empty())
        .try_fold(body, |value, key| match value {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?),
            other => other.get(key),
        })
}
