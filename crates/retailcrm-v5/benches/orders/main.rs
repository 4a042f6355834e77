//! Reads a page of 100 orders into the generated models and writes it back, in one run with derived structs, and
//! prints ratios to `serde_json`.
//!
//! The derived structs have half of the fields, keep no unknown fields, and do not read PHP's
//! shapes.
//!
//! `cargo bench -p retailcrm-v5`
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]

#[path = "../../../common-model/benches/decode/apart.rs"]
mod apart;
#[path = "../../../common-model/tests/models/declare.rs"]
mod declare;
#[allow(dead_code, reason = "ours are the generated ones here")]
#[path = "../../../common-model/benches/decode/models.rs"]
mod models;
#[path = "../../../common-model/benches/decode/page.rs"]
mod page;

use std::hint::black_box;

use models::derived;
use retailcrm_v5::orders::{Order, OrdersResponse};

fn main() {
    if !apart::is_child() {
        println!("an Order has {} bytes", size_of::<Order>());
    }
    let raw = page::raw();
    decode("decode, raw UTF-8", &raw);
    decode("decode, \\u-escaped", &page::escaped(&raw));
    let theirs: derived::Page = serde_json::from_str(&raw).expect("page");
    let ours: OrdersResponse = common_model::from_json(&raw).expect("page");
    // In the order of the description, so by length.
    assert_eq!(common_model::to_json(&ours).len(), raw.len());
    compare(
        "write",
        &|| drop(black_box(serde_json::to_string(black_box(&theirs)))),
        &|| drop(black_box(common_model::to_json(black_box(&ours)))),
    );
}

fn decode(name: &str, page: &str) {
    let bytes = page.as_bytes();
    compare(
        name,
        &|| {
            let page: derived::Page = serde_json::from_slice(black_box(bytes)).expect("page");
            assert_eq!(page.orders.map(|orders| orders.len()), Some(page::ORDERS));
        },
        &|| {
            let page: OrdersResponse =
                common_model::from_json_bytes(black_box(bytes)).expect("page");
            assert_eq!(page.orders.map(|orders| orders.len()), Some(page::ORDERS));
        },
    );
}

/// The best times of both, and the bytes that ours requests from the allocator.
fn compare(name: &str, theirs: &dyn Fn(), ours: &dyn Fn()) {
    let best = apart::best(name, [theirs, ours]);
    if apart::is_child() {
        return;
    }
    let [theirs, ours_best] = best.map(|time| time.as_secs_f64());
    let cost = allocation_counter::measure(ours);
    println!(
        "{name:<20} ratio {:.2}, {:.0} µs, {} allocations, {} KiB asked, {} KiB at most",
        ours_best / theirs,
        ours_best * 1e6,
        cost.count_total,
        cost.bytes_total / 1024,
        cost.bytes_max / 1024,
    );
}
