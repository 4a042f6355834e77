//! What an edit clears, and what it cannot set.

use common_model::{Decimal, Model as _, civil, to_json};
use shopwire::nicechat::{self, Encoding, products};
use shopwire::retailcrm::{
    Client,
    costs::Cost,
    orders::{Order, SerializedOrderDelivery},
    shared::{Customer, CustomerAddress, OrderDeliveryAddress, OrderProduct, Source, TimeInterval},
};
use shopwire_sandbox::{Options, RateLimit, Sandbox};
use shopwire_tests::sandbox;

async fn retailcrm() -> (Sandbox, Client) {
    let options = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    let (sandbox, shopwire) = sandbox(options).await;
    let client = shopwire.retailcrm().expect("it is configured").clone();
    (sandbox, client)
}

/// How one field is cleared, and whether it holds anything.
type Case<T> = (&'static str, fn(T) -> T, fn(&T) -> bool);

fn set<T>(cases: &[Case<T>], entity: &T) -> Vec<&'static str> {
    let set = cases.iter().filter(|(_, _, is_set)| is_set(entity));
    set.map(|(name, _, _)| *name).collect()
}

const CUSTOMER: &[Case<Customer>] = &[
    ("text", Customer::clear_first_name, |c| {
        c.first_name.is_some()
    }),
    ("flag", Customer::clear_vip, |c| c.vip.is_some()),
    ("number", Customer::clear_manager_id, |c| {
        c.manager_id.is_some()
    }),
    ("decimal", Customer::clear_personal_discount, |c| {
        c.personal_discount.is_some()
    }),
    ("date", Customer::clear_birthday, |c| c.birthday.is_some()),
    ("object", Customer::clear_source, |c| c.source.is_some()),
    (
        "member",
        |c| c.address(CustomerAddress::new().clear_flat()),
        |c| {
            c.address
                .as_ref()
                .is_some_and(|address| address.flat.is_some())
        },
    ),
];

// C7
#[tokio::test]
async fn c7_null_clears_one_field_of_a_customer_and_no_other() {
    let (_sandbox, client) = retailcrm().await;
    let born = civil::Date::constant(1990, 2, 3);
    let whole = Customer::new()
        .external_id("c7")
        .first_name("Ann")
        .vip(true)
        .manager_id(1_u64)
        .personal_discount(5)
        .birthday(born)
        .source(Source::new().medium("cpc"))
        .address(CustomerAddress::new().city("Tver").flat("7"));
    client.customers().create(whole).await.expect("created");
    let read = async || {
        let answer = client.customers().get("c7").await.expect("read");
        *answer.customer.expect("a customer")
    };
    let mut left = set(CUSTOMER, &read().await);
    assert_eq!(left.len(), CUSTOMER.len(), "{left:?}");
    for (name, clear, _) in CUSTOMER {
        let edit = clear(Customer::new());
        assert!(to_json(&edit).contains("null"), "{name}");
        client.customers().edit("c7", edit).await.expect("edited");
        left.retain(|other| other != name);
        assert_eq!(set(CUSTOMER, &read().await), left, "after {name}");
    }
    let customer = read().await;
    let city = customer
        .address
        .as_ref()
        .and_then(|address| address.city.as_deref());
    assert_eq!(city, Some("Tver"), "a field that is not set stays");
}

fn delivery(delivery: SerializedOrderDelivery) -> Order {
    Order::new().delivery(delivery)
}

fn delivered<T>(order: &Order, part: fn(&SerializedOrderDelivery) -> Option<T>) -> bool {
    order
        .delivery
        .as_ref()
        .and_then(|delivery| part(delivery))
        .is_some()
}

const ORDER: &[Case<Order>] = &[
    ("date and time", Order::clear_mark_datetime, |o| {
        o.mark_datetime.is_some()
    }),
    ("day", Order::clear_shipment_date, |o| {
        o.shipment_date.is_some()
    }),
    ("decimal", Order::clear_weight, |o| o.weight.is_some()),
    ("flag", Order::clear_call, |o| o.call.is_some()),
    ("code", Order::clear_shipment_store, |o| {
        o.shipment_store.is_some()
    }),
    (
        "cost",
        |_| delivery(SerializedOrderDelivery::new().clear_net_cost()),
        |o| delivered(o, |delivery| delivery.net_cost),
    ),
    (
        "hours",
        |_| delivery(SerializedOrderDelivery::new().clear_time()),
        |o| delivered(o, |delivery| delivery.time.clone()),
    ),
    (
        "flat",
        |_| {
            let address = OrderDeliveryAddress::new().clear_flat();
            delivery(SerializedOrderDelivery::new().address(address))
        },
        |o| delivered(o, |delivery| delivery.address.as_ref()?.flat.clone()),
    ),
];

// C7
#[tokio::test]
async fn c7_null_clears_one_field_of_an_order_and_no_other() {
    let (_sandbox, client) = retailcrm().await;
    let hours = TimeInterval::new().from("10:00").to("12:00");
    let whole = Order::new()
        .external_id("c7")
        .mark_datetime(civil::Date::constant(2026, 1, 2).at(3, 4, 5, 0))
        .shipment_date(civil::Date::constant(2026, 1, 3))
        .try_weight("10.50")
        .expect("a decimal")
        .call(true)
        .shipment_store("main")
        .delivery(
            SerializedOrderDelivery::new()
                .net_cost(200)
                .time(hours)
                .address(OrderDeliveryAddress::new().city("Tver").flat("7")),
        );
    client.orders().create(whole).await.expect("created");
    let read = async || {
        let answer = client.orders().get("c7").await.expect("read");
        *answer.order.expect("an order")
    };
    let mut left = set(ORDER, &read().await);
    assert_eq!(left.len(), ORDER.len(), "{left:?}");
    for (name, clear, _) in ORDER {
        client
            .orders()
            .edit("c7", clear(Order::new()))
            .await
            .expect("edited");
        left.retain(|other| other != name);
        assert_eq!(set(ORDER, &read().await), left, "after {name}");
    }
}

// C7: lists too.
#[tokio::test]
async fn c7_null_clears_a_list() {
    let (_sandbox, client) = retailcrm().await;
    let cost = Cost::new()
        .date_from(civil::Date::constant(2026, 1, 1))
        .date_to(civil::Date::constant(2026, 1, 31))
        .summ(100)
        .cost_item("advertising")
        .sites(["simple-site"]);
    let id = client
        .costs()
        .create(cost)
        .await
        .expect("created")
        .id
        .expect("an id");
    let read = async || {
        client
            .costs()
            .get(id)
            .await
            .expect("read")
            .cost
            .expect("a cost")
    };
    assert_eq!(
        read().await.sites.as_deref(),
        Some(&["simple-site".to_owned()][..])
    );
    let edit = Cost::new().clear_sites();
    client.costs().edit(id, edit).await.expect("edited");
    let cost = read().await;
    assert_eq!((cost.sites, cost.summ), (None, Some(Decimal::from(100))));
}

/// How an update clears one field.
type Clear = fn(products::Update) -> products::Update;

const PRODUCT: &[(&str, Clear)] = &[
    ("category", products::Update::clear_category),
    ("title", products::Update::clear_title),
    ("price", products::Update::clear_price),
    ("currency", products::Update::clear_currency),
    ("description", products::Update::clear_description),
    ("url", products::Update::clear_url),
    ("image_url", products::Update::clear_image_url),
    ("in_stock", products::Update::clear_in_stock),
];

fn members(product: &nicechat::products::Product) -> Vec<&'static str> {
    let written = to_json(product);
    let is_set = |name: &str| {
        let is_null = written.contains(&format!("\"{name}\":null"));
        written.contains(&format!("\"{name}\":")) && !is_null
    };
    let names = PRODUCT.iter().map(|(name, _)| *name);
    names.filter(|name| is_set(name)).collect()
}

// C7
#[tokio::test]
async fn c7_null_clears_each_field_of_a_product() {
    let (_sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.nicechat().expect("it is configured");
    let whole = products::Create::new("c7")
        .category("CQ1")
        .title("Mug")
        .price(15)
        .currency("usd")
        .description("Blue")
        .url("https://shop.example/1")
        .image_url("https://shop.example/1.jpg")
        .in_stock(false);
    client
        .products()
        .create("c7")
        .with(|_| whole)
        .await
        .expect("created");
    let read = async || {
        let page = client
            .products()
            .list()
            .await
            .expect("read")
            .result
            .expect("a page");
        page.results.expect("products").remove(0)
    };
    let mut left = members(&read().await);
    assert_eq!(left.len(), PRODUCT.len(), "{left:?}");
    for (name, clear) in PRODUCT {
        client
            .products()
            .update("c7")
            .with(*clear)
            .await
            .expect("updated");
        left.retain(|other| other != name);
        assert_eq!(members(&read().await), left, "after {name}");
    }
}

// C7: a form has no null, so that the field is refused before anything is sent.
#[tokio::test]
async fn c7_a_form_refuses_what_it_cannot_clear_by_name() {
    let (sandbox, _) = sandbox(Options::default()).await;
    let service = sandbox.nicechat();
    let credentials = nicechat::Credentials::new(service.api_key(), service.api_secret());
    let client = nicechat::Client::builder(credentials)
        .base_url(service.url().parse().expect("a loopback URL"))
        .encoding(Encoding::FormWithHeaders)
        .build()
        .expect("a client");
    let call = client
        .products()
        .update("c7")
        .with(products::Update::clear_title);
    let error = call.await.expect_err("a form has no null");
    assert!(
        error.is_invalid_input() && !error.may_have_landed(),
        "{error}"
    );
    assert_eq!(error.field(), Some("title"));
}

// C7: the last word counts, and what was read keeps its other fields.
#[test]
fn c7_a_field_is_cleared_or_set_by_the_last_word() {
    let cleared = Customer::new().first_name("Ann").clear_first_name();
    assert_eq!(cleared.first_name, None);
    assert_eq!(to_json(&cleared), r#"{"firstName":null}"#);
    let set = cleared.first_name("Eve");
    assert_eq!(to_json(&set), r#"{"firstName":"Eve"}"#);
    let mut by_name = Customer::new();
    by_name.clear("firstName").expect("an optional field");
    assert_eq!(by_name, Customer::new().clear_first_name());
}

// C7: a field without a setter that is written all the same does nothing.
#[tokio::test]
async fn c7_the_service_ignores_what_it_computes() {
    let (_sandbox, client) = retailcrm().await;
    let item = OrderProduct::new()
        .product_name("Mug")
        .initial_price(100)
        .quantity(2);
    let order = Order::new()
        .external_id("c7")
        .items(vec![item])
        .first_name("Ann");
    client.orders().create(order).await.expect("created");
    let read = async || {
        let answer = client.orders().get("c7").await.expect("read");
        *answer.order.expect("an order")
    };
    let before = read().await;
    assert_eq!(before.summ, Some(Decimal::from(200)));
    let mut edit = Order::new().last_name("Lee");
    edit.summ = Some(Decimal::ONE);
    edit.total_summ = Some(Decimal::ONE);
    edit.purchase_summ = Some(Decimal::ONE);
    edit.prepay_sum = Some(Decimal::ONE);
    edit.from_api = Some(false);
    edit.id = Some(999);
    edit.full_paid_at = Some(civil::Date::constant(2020, 1, 1).at(0, 0, 0, 0));
    client.orders().edit("c7", edit).await.expect("edited");
    let after = read().await;
    assert_eq!(after.last_name.as_deref(), Some("Lee"));
    let computed = |order: &Order| {
        (
            (order.id, order.from_api, order.full_paid_at),
            (
                order.summ,
                order.total_summ,
                order.purchase_summ,
                order.prepay_sum,
            ),
        )
    };
    assert_eq!(computed(&after), computed(&before));

    let mut person = Customer::new().external_id("c7").first_name("Ann");
    person.orders_count = Some(9);
    person.total_summ = Some(Decimal::ONE);
    client.customers().create(person).await.expect("created");
    let read = client.customers().get("c7").await.expect("read");
    let person = read.customer.expect("a customer");
    assert_eq!(
        (person.orders_count, person.total_summ),
        (Some(0), Some(Decimal::ZERO))
    );
}
