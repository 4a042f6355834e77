//! What a long walk holds in memory.

use std::{future::ready, io};

use allocation_counter::measure;
use bytes::Bytes;
use common_transport::{RateClass, RateLimits};
use http::{Request, Response};
use retailcrm_v5::{Client, Paged, orders};

/// What a walk or a history may hold, however long it is.
const MOST: u64 = 16 * 1024 * 1024;
/// Rows of a page or a portion.
const ROWS: usize = 100;
/// More than the identities that a walk keeps.
const PAGES: usize = 10_000;

/// A client of a service that writes its answer to each query on the spot.
fn client(answer: fn(&str) -> String) -> Client {
    let service = tower::service_fn(move |request: Request<Bytes>| {
        let query = request.uri().query().unwrap_or_default();
        ready(Ok::<_, io::Error>(Response::new(answer(query).into())))
    });
    Client::builder("https://demo.retailcrm.ru".parse().unwrap(), "key")
        .limits(RateLimits::new().class(RateClass::DEFAULT, 1_000_000))
        .transport(|builder| builder.service(service))
        .build()
        .unwrap()
}

/// The number of a query's parameter, or what stands for none.
fn number(query: &str, name: &str, default: usize) -> usize {
    let pair = query.split('&').find_map(|pair| pair.strip_prefix(name));
    pair.map_or(default, |text| text.parse().unwrap())
}

fn answer(member: &str, row: fn(usize) -> String, page: usize, before: usize) -> String {
    let rows: Vec<String> = (before + 1..=before + ROWS).map(row).collect();
    let (left, total) = (PAGES + 1 - page, PAGES * ROWS);
    let (page, pages) = match member {
        // Its pages are portions: the first one of those that are left.
        "history" => (1, left),
        _ => (page, PAGES),
    };
    format!(
        r#"{{"success":true,"pagination":{{"limit":100,"totalCount":{total},"currentPage":{page},"totalPageCount":{pages}}},"{member}":[{}]}}"#,
        rows.join(",")
    )
}

fn page_of_orders(query: &str) -> String {
    let page = number(query, "page=", 1);
    let row = |id| format!(r#"{{"id":{id}}}"#);
    answer("orders", row, page, (page - 1) * ROWS)
}

fn portion_of_history(query: &str) -> String {
    let since = number(query, "filter[sinceId]=", 0);
    let row = |id| format!(r#"{{"id":{id},"source":"api","field":"status","order":{{"id":1}}}}"#);
    answer("history", row, since / ROWS + 1, since)
}

/// The most memory that a reading holds at once, above what it has before and after.
fn most(reading: impl Future<Output = usize>) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let cost = measure(|| assert_eq!(runtime.block_on(reading), PAGES * ROWS));
    println!(
        "{} bytes at most, {} in all",
        cost.bytes_max, cost.bytes_total
    );
    cost.bytes_max
}

async fn walked<O: Paged>(mut pages: retailcrm_v5::Pages<O>) -> usize {
    let mut items = 0;
    while let Some(page) = pages.next().await.unwrap() {
        items += page.items.len();
    }
    items
}

// D20
#[test]
fn d20_a_walk_over_a_million_orders_holds_at_most_16_mib() {
    let pages = client(page_of_orders).pages(orders::List::new());
    assert!(most(walked(pages)) <= MOST);
}

// C17, D20
#[test]
fn d20_a_raw_walk_over_a_million_orders_holds_at_most_16_mib() {
    let pages = client(page_of_orders).pages(orders::List::new()).raw();
    assert!(most(walked(pages)) <= MOST);
}

// D20
#[test]
fn d20_a_history_of_a_million_changes_holds_at_most_16_mib() {
    let history = async {
        let mut changes = client(portion_of_history).changes(orders::ListHistory::new(), None);
        let mut items = 0;
        while let Some(portion) = changes.next().await.unwrap() {
            items += portion.items.len();
        }
        items
    };
    assert!(most(history) <= MOST);
}
