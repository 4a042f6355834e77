//! Pages, items, changes and raw walks of the three services against the sandbox, from facade to socket.

use common_api::{Page, Paged, Pages, Position};
use common_model::{Id, Map};
use http::Method;
use shopwire::{
    nicechat::products as goods,
    retailcrm::{self, PageSize, orders},
    uvygoda::{self, ProductFilter, SectionFilter},
};
use shopwire_sandbox::{Options, RateLimit, Sandbox};
use shopwire_tests::sandbox;

const ORDERS: &str = "/api/v5/orders";

async fn crm() -> (Sandbox, retailcrm::Client) {
    let options = Options::default().retailcrm(|crm| crm.rate_limit(RateLimit::Lifted));
    let (sandbox, shopwire) = sandbox(options).await;
    let client = shopwire.retailcrm().expect("it is configured").clone();
    (sandbox, client)
}

async fn create_orders(client: &retailcrm::Client, numbers: std::ops::Range<u32>) {
    let order = |number| orders::Order::new().external_id(format!("o-{number}"));
    for batch in numbers.collect::<Vec<_>>().chunks(50) {
        let batch: Vec<_> = batch.iter().map(order).collect();
        client.orders().upload(batch).await.expect("all land");
    }
}

/// Walks a list in every way that there is, stopping and going on after each page; they all give `count` items.
async fn every_way<O: Paged>(pages: impl Fn() -> Pages<O>, count: usize) {
    let all = pages().collect().await.expect("all pages");
    assert_eq!(all.len(), count);
    let ahead = pages().prefetch(true).items().collect().await;
    assert_eq!(ahead.expect("all pages").len(), count);
    let mut stopped = 0;
    let mut position: Option<String> = None;
    loop {
        let mut walk = pages();
        if let Some(stored) = &position {
            let stored: Position = stored.parse().expect("as it was written");
            walk = walk.from_position(&stored).expect("of this list");
        }
        let Some(page) = walk.next().await.expect("a page") else {
            break;
        };
        stopped += page.items.len();
        position = Some(walk.position().to_string());
    }
    assert_eq!(stopped, count, "a program for each page");
    let raw = pages().raw().collect().await;
    let raw = raw.expect("all pages");
    let identities = |page: &Vec<O::Item>| -> Vec<Option<String>> {
        page.iter()
            .map(|item| O::identity(item).map(Into::into))
            .collect()
    };
    let of_raw: Vec<_> = raw
        .iter()
        .map(|item| item.identity().map(str::to_owned))
        .collect();
    assert_eq!(of_raw, identities(&all));
    for item in &raw {
        serde_json::from_str::<serde_json::Value>(item.json()).expect("JSON");
    }
}

// C1, C17
#[tokio::test]
async fn c1_retailcrm_is_walked_in_every_way() {
    let (sandbox, client) = crm().await;
    create_orders(&client, 0..45).await;
    let list = || orders::List::new().limit(PageSize::P20.into());
    every_way(|| client.pages(list()), 45).await;
    let count = || sandbox.retailcrm().requests().count(&Method::GET, ORDERS);
    let before = count();
    client
        .pages(list())
        .prefetch(true)
        .collect()
        .await
        .expect("all pages");
    assert_eq!(count() - before, 3, "no request more than without");
}

// C1, C17
#[tokio::test]
async fn c1_nicechat_is_walked_in_every_way() {
    let (_sandbox, shopwire) = sandbox(Options::default().nicechat(|it| it.page_size(4))).await;
    let client = shopwire.nicechat().expect("it is configured");
    for number in 0..10 {
        let created = client.products().create(format!("P-{number}"));
        created.await.expect("created");
    }
    every_way(|| client.pages(goods::List::new()), 10).await;
    let mut pages = client.pages(goods::List::new());
    pages.next().await.expect("a page");
    let position = pages.position().to_string();
    let start = "nicechat/products.list page 2 /marketplaces/v1/products/?";
    assert!(position.starts_with(start), "{position}");
}

// C1, C17
#[tokio::test]
async fn c1_uvygodas_lists_are_walks_of_one_page() {
    let (sandbox, shopwire) = sandbox(Options::default()).await;
    let client = shopwire.uvygoda();
    for number in 0..3 {
        let add = client.products().add(
            311,
            format!("Кружка {number}"),
            177,
            5,
            "<p>Кружка</p>",
            Map::from([("501", Id::from("Свой")), ("503", Id::from(12))]),
            uvygoda::Pictures::new(["https://shop.example/1.jpg"]).expect("pictures"),
            "https://shop.example/0.jpg",
        );
        add.await.expect("added");
    }
    let list = || uvygoda::products::List::new(ProductFilter::All);
    every_way(|| client.pages(list()), 3).await;
    let sections = uvygoda::catalog::Sections::new(SectionFilter::All);
    let decoded = client.pages(sections.clone()).collect().await;
    let raw = client.pages(sections).raw();
    let (decoded, raw) = (
        decoded.expect("a page"),
        raw.collect().await.expect("a page"),
    );
    assert!(!raw.is_empty() && raw.len() == decoded.len());
    let before = sandbox.uvygoda().requests().total();
    let mut pages = client.pages(list());
    assert!(
        pages
            .next()
            .await
            .expect("a page")
            .as_ref()
            .is_some_and(Page::is_last)
    );
    assert!(pages.next().await.expect("an end").is_none());
    assert_eq!(sandbox.uvygoda().requests().total() - before, 1);
}

// C1
#[tokio::test]
async fn c1_a_mirror_goes_on_from_a_stored_position() {
    let (_sandbox, client) = crm().await;
    create_orders(&client, 0..60).await;
    // Each run is a program of its own: it has the position as a text, and works on one portion.
    let mut stored = client
        .changes(orders::ListHistory::new(), None)
        .position()
        .to_string();
    let mut seen = Vec::new();
    for run in 0.. {
        let position: Position = stored.parse().expect("as it was written");
        let history = orders::ListHistory::new().limit(PageSize::P20.into());
        let mut changes = client
            .changes(history, None)
            .from_position(&position)
            .expect("it");
        let Some(portion) = changes.next().await.expect("a portion") else {
            break;
        };
        seen.extend(portion.items.iter().filter_map(|change| change.id));
        stored = changes.position().to_string();
        // Meanwhile the account lives.
        if run < 3 {
            create_orders(&client, 100 + run..101 + run).await;
        }
    }
    let all = client
        .changes(orders::ListHistory::new(), None)
        .collect()
        .await;
    let all: Vec<_> = all
        .expect("all")
        .iter()
        .filter_map(|change| change.id)
        .collect();
    assert_eq!(seen, all, "none missing, none twice");
}

// C13
#[tokio::test]
async fn c13_the_latest_change_and_a_first_position_by_date() {
    let (sandbox, client) = crm().await;
    let history = || orders::ListHistory::new().limit(PageSize::P20.into());
    assert_eq!(
        client
            .changes(history(), None)
            .latest()
            .await
            .expect("an answer"),
        None
    );
    create_orders(&client, 0..130).await;
    let path = "/api/v5/orders/history";
    let count = || sandbox.retailcrm().requests().count(&Method::GET, path);
    let before = count();
    let latest = client
        .changes(history(), None)
        .latest()
        .await
        .expect("an answer");
    assert_eq!(count() - before, 2, "whatever the length of the history");
    let all = client
        .changes(history(), None)
        .collect()
        .await
        .expect("all");
    assert_eq!(latest, all.last().and_then(|change| change.id));

    // From now on: the next change alone.
    let mut changes = client.changes(history(), latest);
    assert!(changes.next().await.expect("an answer").is_none());
    create_orders(&client, 200..201).await;
    let new = changes.collect().await.expect("a portion");
    let is_new = |change: &orders::OrderHistory| change.id > latest;
    assert!(!new.is_empty() && new.iter().all(is_new));

    // By date: all of it, or nothing.
    let from = |date: &str| {
        let date = date.parse().expect("a date");
        client.changes(history(), None).from_date(date)
    };
    let old = from("2000-01-01T00:00:00").collect().await.expect("all");
    assert_eq!(old.len(), all.len() + new.len());
    let mut future = from("2999-01-01T00:00:00");
    assert!(future.next().await.expect("an answer").is_none());
    assert_eq!(
        future.position().to_string(),
        "retailcrm/orders.list_history date 2999-01-01T00:00:00"
    );
    // A change of the very second counts as later.
    let second = all[0].created_at.expect("a date");
    let whole = from(&second.to_string()).collect().await.expect("all");
    assert_eq!(whole.first().and_then(|change| change.id), all[0].id);
}

// C17
#[tokio::test]
async fn c17_a_raw_export_of_a_history_is_what_the_service_wrote() {
    let (_sandbox, client) = crm().await;
    create_orders(&client, 0..30).await;
    let history = || orders::ListHistory::new().limit(PageSize::P20.into());
    let decoded = client
        .changes(history(), None)
        .collect()
        .await
        .expect("all");
    let mut raw = client.changes(history(), None).raw();
    let mut lines = Vec::new();
    while let Some(portion) = raw.next().await.expect("a portion") {
        assert!(portion.generated_at.is_some());
        lines.extend(portion.items);
    }
    assert_eq!(lines.len(), decoded.len());
    for (line, change) in lines.iter().zip(&decoded) {
        let read: orders::OrderHistory = common_model::from_json(line.json()).expect("a change");
        assert_eq!(&read, change);
    }
}
