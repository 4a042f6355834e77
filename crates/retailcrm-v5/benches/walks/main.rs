//! What a walk costs over pages of 50 orders, decoded and raw: instructions counted by valgrind's callgrind, the same
//! however busy the machine is, and what is asked of the allocator. The service is in process, so what is counted is
//! the client's own layers, the reading of the answer and the walk.
//!
//! `cargo bench -p retailcrm-v5 --bench walks`. valgrind has to be installed.

#[allow(dead_code, reason = "one form of the page is walked here")]
#[path = "../../../common-model/benches/decode/page.rs"]
mod page;

use std::{env, hint::black_box, io, process::Command};

use bytes::Bytes;
use common_transport::{RateClass, RateLimits};
use http::{Request, Response};
use retailcrm_v5::{Client, orders};

/// RetailCRM gives 20, 50 or 100 rows a page. The client reads an answer above 256 KiB on another thread, where what
/// is asked of the allocator is not counted; so many orders stay below that.
const ORDERS: usize = 50;

const FEW: usize = 2;
const MANY: usize = 22;
/// What the longer walk has more.
const PAGES: u64 = (MANY - FEW) as u64;

const WAYS: [&str; 2] = ["decoded", "raw"];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["count", way, pages] => walk(way, pages.parse().expect("a number")),
        ["--bench"] => print(),
        // `cargo test` runs it too, so that it does not rot unseen.
        _ => WAYS.into_iter().for_each(|way| walk(way, FEW)),
    }
}

/// What is measured: the way, and how many pages.
fn walk(way: &str, pages: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let list = client(pages).pages(orders::List::new());
        let items = match way {
            "decoded" => black_box(count(list).await),
            "raw" => black_box(count(list.raw()).await),
            other => panic!("there is no way {other:?}"),
        };
        assert_eq!(items, pages * ORDERS);
    });
}

async fn count<O: retailcrm_v5::Paged>(mut pages: retailcrm_v5::Pages<O>) -> usize {
    let mut items = 0;
    while let Some(page) = pages.next().await.expect("a page") {
        items += black_box(page.items).len();
    }
    items
}

/// A client of a service that has so many pages. However many are walked, all are made beforehand, so that the
/// difference between two walks is the walking alone.
fn client(pages: usize) -> Client {
    let bodies: Vec<Bytes> = (1..=MANY).map(|number| body(number, pages)).collect();
    let service = tower::service_fn(move |request: Request<Bytes>| {
        let query = request.uri().query().unwrap_or_default();
        let number = query.rsplit_once("page=").map_or("1", |(_, number)| number);
        let number: usize = number.parse().expect("a number");
        let body = bodies[number - 1].clone();
        async move { Ok::<_, io::Error>(Response::new(body)) }
    });
    Client::builder("https://demo.retailcrm.ru".parse().expect("a URL"), "key")
        .limits(RateLimits::new().class(RateClass::DEFAULT, 1_000_000))
        .transport(|builder| builder.service(service))
        .build()
        .expect("a client")
}

/// The orders of each page are others.
fn body(number: usize, pages: usize) -> Bytes {
    let orders = pages * ORDERS;
    let last = number * ORDERS;
    let body = page::raw_of(last - ORDERS + 1..=last).replace(
        r#""totalCount":1583,"currentPage":1,"totalPageCount":16"#,
        &format!(r#""totalCount":{orders},"currentPage":{number},"totalPageCount":{pages}"#),
    );
    assert!(body.len() < 256 * 1024, "{} bytes", body.len());
    body.into()
}

fn print() {
    println!("per page of {ORDERS} orders, over {PAGES} pages");
    for way in WAYS {
        let instructions = (collected(way, MANY) - collected(way, FEW)) / PAGES;
        let cost = |pages| allocation_counter::measure(|| walk(way, pages));
        let (few, many) = (cost(FEW), cost(MANY));
        println!(
            "{way:<10}{instructions:>12} instructions, {:>6} allocations, {:>5} KiB asked; {:>5} KiB at most",
            (many.count_total - few.count_total) / PAGES,
            (many.bytes_total - few.bytes_total) / PAGES / 1024,
            many.bytes_max / 1024,
        );
    }
}

fn collected(way: &str, pages: usize) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("a path"))
        .args(["count", way, &pages.to_string()])
        .output()
        .expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
        .unwrap_or_else(|| panic!("no count in valgrind's words:\n{text}"))
}
