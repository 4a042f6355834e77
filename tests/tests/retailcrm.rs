//! The RetailCRM client against the sandbox, from facade to socket.

use std::collections::HashSet;

use http::Method;
use shopwire::model::{Id, Options as Reading, from_json, from_json_with, to_json};
use shopwire::retailcrm::{
    Batch as _, Client, PageSize,
    delivery::DeliveryShipment,
    orders::{List, ListHistory, Order, OrderFilter, OrderHistoryFilterV4Type},
    references::GeoHierarchyRow,
    shared::{Customer, LoyaltyAccount, SubscriptionCategory},
};
use shopwire_sandbox::{Fault, Options, RateLimit, ResetAt, Sandbox};
use shopwire_tests::sandbox;

fn order(external_id: impl Into<String>) -> Order {
    Order::new().external_id(external_id)
}

async fn lifted() -> (Sandbox, Client) {
    let (sandbox, shopwire) =
        sandbox(Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted))).await;
    let client = shopwire.retailcrm().expect("it is configured").clone();
    (sandbox, client)
}

// R21, R22, R23, R24, R27, RE9
#[tokio::test]
async fn r24_a_walk_gives_every_order_once() {
    let (sandbox, client) = lifted().await;
    let batch: Vec<Order> = (0..45).map(|number| order(format!("w-{number}"))).collect();
    client.orders().upload(batch).await.expect("all land");

    let mut items = client.pages(List::new().limit(PageSize::P20)).items();
    let mut seen = HashSet::new();
    while let Some(order) = items.next().await.expect("a page") {
        assert!(
            seen.insert(order.external_id.expect("an id")),
            "given out twice"
        );
    }
    assert_eq!(seen.len(), 45);
    assert_eq!(
        sandbox
            .retailcrm()
            .requests()
            .count(&Method::GET, "/api/v5/orders"),
        5,
        "three pages, two of them twice"
    );
}

// R16, R28, RE7
#[tokio::test]
async fn re7_a_partial_batch_is_an_answer_with_both_lists() {
    let (_sandbox, client) = lifted().await;
    let answer = client
        .orders()
        .upload(vec![order("a"), order("a"), order("b")])
        .await;
    let answer = answer.expect("a partial success is an answer");
    assert!(answer.is_partial());
    let landed: Vec<_> = answer
        .uploaded_orders
        .iter()
        .flatten()
        .map(|row| &row.external_id)
        .collect();
    assert_eq!(landed, [&Some("a".to_owned()), &Some("b".to_owned())]);
    assert_eq!(answer.failed().len(), 1);
    assert!(answer.errors().is_some());
    assert!(
        client.orders().get("b").await.is_ok(),
        "what landed is there"
    );
}

// RE8, RE10
#[tokio::test]
async fn re10_history_since_an_id_tells_the_later_changes_alone() {
    let (_sandbox, client) = lifted().await;
    // The identifier needs escaping in a path.
    let id = client
        .orders()
        .create(order("h/1 ?"))
        .await
        .expect("created")
        .id
        .expect("an id");
    let mut changes = client.changes(ListHistory::new(), None);
    while changes.next().await.expect("a page").is_some() {}
    let since = changes.since();
    assert!(since.is_some());

    let change = Order::new().manager_comment("later");
    client
        .orders()
        .edit_by_id(id, change)
        .await
        .expect("edited");
    let page = client
        .changes(ListHistory::new(), since)
        .next()
        .await
        .expect("a page");
    let page = page.expect("something changed");
    assert!(page.items.iter().all(|change| change.id > since));
    assert!(
        page.items
            .iter()
            .any(|change| change.field.as_deref() == Some("manager_comment"))
    );
    let order = client
        .orders()
        .get("h/1 ?")
        .await
        .expect("found")
        .order
        .expect("an order");
    assert_eq!(order.manager_comment.as_deref(), Some("later"));
}

// R24, F2
#[tokio::test]
async fn f2_orders_that_leave_the_filter_while_they_are_walked_are_all_seen() {
    let (_sandbox, client) = lifted().await;
    for batch in 0..2 {
        let orders = (0..50).map(|number| order(format!("f-{batch}-{number}")).status("new"));
        client
            .orders()
            .upload(orders.collect::<Vec<_>>())
            .await
            .expect("all land");
    }
    let filter = OrderFilter::new().extended_status(vec!["new".to_owned()]);
    let list = List::new().limit(PageSize::P20).filter(filter);
    let mut pages = client.pages(list);
    let mut seen = HashSet::new();
    while let Some(page) = pages.next().await.expect("a page") {
        for order in page.items {
            let id = order.external_id.expect("an id");
            let done = Order::new().status("complete");
            client
                .orders()
                .edit(id.as_str(), done)
                .await
                .expect("edited");
            assert!(seen.insert(id), "given out twice");
        }
    }
    assert_eq!(seen.len(), 100);
}

// RE10
#[tokio::test]
async fn re10_histories_are_read_portion_by_portion_and_a_page_is_refused() {
    let (sandbox, client) = lifted().await;
    for batch in 0..3 {
        let orders = (0..50).map(|number| order(format!("h-{batch}-{number}")));
        client
            .orders()
            .upload(orders.collect::<Vec<_>>())
            .await
            .expect("all land");
    }
    let mut changes = client.changes(ListHistory::new().limit(PageSize::P50), None);
    let mut created = HashSet::new();
    while let Some(portion) = changes.next().await.expect("a portion") {
        let new = portion
            .items
            .iter()
            .filter(|change| change.created == Some(true));
        created.extend(new.filter_map(|change| change.order.as_ref()?.external_id.clone()));
    }
    assert_eq!(created.len(), 150);
    assert_eq!(sandbox.retailcrm().requests().answered(400), 0);

    let filter = OrderHistoryFilterV4Type::new().since_id(1);
    let call = client
        .orders()
        .list_history()
        .with(|list| list.filter(filter).page(1));
    let error = call
        .await
        .expect_err("the service refuses the two together");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
}

// R17, R19, R20, X3
#[tokio::test]
async fn r17_a_burst_is_spread_out_and_sees_no_503() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.retailcrm().expect("it is configured");
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..25 {
        let client = client.clone();
        calls.spawn(async move { client.api().get_credentials().await.map(drop) });
    }
    for outcome in calls.join_all().await {
        outcome.expect("every call is answered");
    }
    let requests = sandbox.retailcrm().requests();
    assert_eq!((requests.total(), requests.answered(503)), (25, 0));
}

// R20, X8
#[tokio::test]
async fn r20_a_throttled_create_is_repeated_since_it_was_not_processed() {
    let (sandbox, client) = lifted().await;
    sandbox
        .retailcrm()
        .faults()
        .push(Fault::unavailable().on(Method::POST, "/api/v5/orders/create"));
    client
        .orders()
        .create(order("t-1"))
        .await
        .expect("the second attempt lands");
    let requests = sandbox.retailcrm().requests();
    assert_eq!(requests.count(&Method::POST, "/api/v5/orders/create"), 2);
    let found = client
        .orders()
        .list()
        .await
        .expect("listed")
        .orders
        .expect("orders");
    assert_eq!(found.len(), 1, "and it landed once");
}

// X6, X8
#[tokio::test]
async fn x8_a_create_that_may_have_landed_is_not_repeated() {
    let (sandbox, client) = lifted().await;
    let fault = Fault::reset(ResetAt::AfterCommit).on(Method::POST, "/api/v5/orders/create");
    sandbox.retailcrm().faults().push(fault);
    let error = client
        .orders()
        .create(order("m-1"))
        .await
        .expect_err("the answer was lost");
    assert!(error.may_have_landed(), "{error}");
    assert!(client.orders().get("m-1").await.is_ok(), "it did land");
    let requests = sandbox.retailcrm().requests();
    assert_eq!(requests.count(&Method::POST, "/api/v5/orders/create"), 1);

    // A read is repeated.
    sandbox
        .retailcrm()
        .faults()
        .push(Fault::reset(ResetAt::AfterCommit).on(Method::GET, "/api/v5/orders"));
    assert!(client.orders().list().await.is_ok());
}

// RE12
#[tokio::test]
async fn re12_a_customer_that_was_read_is_sent_back_with_its_tags() {
    let (_sandbox, client) = lifted().await;
    let customers = client.customers();
    let new = Customer::new().external_id("t-1").tags(["vip"]);
    customers.create(new).await.expect("created");
    let tags = |customer: &Customer| -> Vec<String> {
        let tags = customer.tags.iter().flatten();
        tags.filter_map(|tag| tag.name().map(str::to_owned))
            .collect()
    };
    let read = customers.get("t-1").await.expect("it is there").customer;
    let read = read.expect("a customer");
    assert_eq!(tags(&read), ["vip"]);

    let change = read.clone().first_name("Анна");
    customers.edit("t-1", change).await.expect("edited");
    let change = Customer::new().add_tags(["new".to_owned()]);
    let id = read.id.expect("an id");
    customers.edit_by_id(id, change).await.expect("edited");
    let after = customers.get_by_id(id).await.expect("it is there").customer;
    assert_eq!(tags(&after.expect("a customer")), ["vip", "new"]);
}

// F17
#[tokio::test]
async fn f17_subscription_categories_are_edited_and_listed() {
    let (_sandbox, client) = lifted().await;
    let references = client.references();
    let news = SubscriptionCategory::new().name("News").ordering(10);
    let edited = references.edit_subscription("email", "news", news).await;
    assert_eq!(edited.expect("it is taken").success, Some(true));
    let listed = references.list_subscriptions().await.expect("a list");
    let listed = listed.subscriptions.expect("a list");
    let [category] = &listed[..] else {
        panic!("{listed:?}")
    };
    let known = [&category.channel, &category.code, &category.name].map(Option::as_deref);
    assert_eq!(known, [Some("email"), Some("news"), Some("News")]);
    assert_eq!(category.ordering, Some(10));
}

// RE11, U50: docs/quirks.md says what becomes of fields on which the official clients differ, and of numbers that do not
// fit.
#[test]
fn re11_forms_that_the_official_clients_differ_on_are_kept() {
    let json = r#"{"id":99999999999999999999,"lunchTime":"13:00-14:00"}"#;
    let read = from_json_with::<DeliveryShipment>(json, &Reading::new()).unwrap();
    assert_eq!((read.value.id, &read.value.lunch_time), (None, &None));
    let odd: Vec<&str> = read.odd.iter().map(|odd| odd.path.as_str()).collect();
    assert_eq!(odd, ["id", "lunchTime"]);
    assert_eq!(to_json(&read.value), json);

    let json = r#"{"regionId":"7","cityId":99999999999999999999}"#;
    let row: GeoHierarchyRow = from_json(json).unwrap();
    assert_eq!(row.region_id, Some(Id::from("7")));
    assert_eq!(row.city_id, Some(Id::from("99999999999999999999")));
    assert_eq!(to_json(&row), json);

    let customer: Customer = from_json(r#"{"mgCustomerId":"12"}"#).unwrap();
    assert_eq!(customer.mg_customer_id, Some(12));
    assert_eq!(to_json(&customer), r#"{"mgCustomerId":"12"}"#);
    let account: LoyaltyAccount = from_json(r#"{"lastCheckId":12}"#).unwrap();
    assert_eq!(account.last_check_id.as_deref(), Some("12"));
    assert_eq!(to_json(&account), r#"{"lastCheckId":12}"#);
}
