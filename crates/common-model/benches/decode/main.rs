//! Decodes a page of 100 orders in several ways, in one run, and prints ratios to
//! `serde_json::from_slice` into derived structs.
//!
//! The derived structs are the cheapest that could be used: money is `f64`, dates stay strings,
//! PHP's shapes fail. Ours have decimals and civil dates, keep unknown fields and take PHP's shapes.
//!
//! `cargo bench -p common-model`
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]

mod apart;
#[path = "../../tests/models/declare.rs"]
mod declare;
mod models;
mod page;

use std::{alloc::System, hint::black_box};

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A way to decode: its name and the number of orders it found.
type Contestant = (&'static str, fn(&[u8]) -> usize);

const CONTESTANTS: [Contestant; 6] = [
    ("derive, from_slice", |bytes| {
        let page: models::derived::Page = serde_json::from_slice(bytes).expect("page");
        black_box(&page).orders.as_ref().map_or(0, Vec::len)
    }),
    ("derive, UTF-8 checked once, from_str", |bytes| {
        let text = simdutf8::basic::from_utf8(bytes).expect("UTF-8");
        let page: models::derived::Page = serde_json::from_str(text).expect("page");
        black_box(&page).orders.as_ref().map_or(0, Vec::len)
    }),
    ("derive + flatten, from_slice", |bytes| {
        let page: models::flattened::Page = serde_json::from_slice(bytes).expect("page");
        black_box(&page).orders.as_ref().map_or(0, Vec::len)
    }),
    ("serde_json::Value, from_slice", |bytes| {
        let page: serde_json::Value = serde_json::from_slice(bytes).expect("page");
        black_box(&page)["orders"].as_array().map_or(0, Vec::len)
    }),
    ("common_model models, from_json_bytes", |bytes| {
        let page: models::ours::Page = common_model::from_json_bytes(bytes).expect("page");
        black_box(&page).orders.as_ref().map_or(0, Vec::len)
    }),
    ("common_model::Value, from_json_bytes", |bytes| {
        let page: common_model::Value = common_model::from_json_bytes(bytes).expect("page");
        black_box(&page)
            .get("orders")
            .and_then(|orders| orders.as_array())
            .map_or(0, <[_]>::len)
    }),
];

fn main() {
    let raw = page::raw();
    let escaped = page::escaped(&raw);
    compare("raw UTF-8", raw.as_bytes());
    compare("\\u-escaped", escaped.as_bytes());
}

fn compare(name: &str, bytes: &[u8]) {
    let runs = CONTESTANTS
        .map(|(name, decode)| move || assert_eq!(decode(black_box(bytes)), page::ORDERS, "{name}"));
    let best = apart::best(name, runs.each_ref().map(|run| run as &dyn Fn()));
    if apart::is_child() {
        return;
    }
    println!(
        "\n{name}: {} orders, {} KiB",
        page::ORDERS,
        bytes.len() / 1024
    );
    println!(
        "{:<40} {:>6} {:>9} {:>8} {:>8}",
        "way", "ratio", "µs", "MB/s", "allocs"
    );
    for (time, (name, decode)) in best.iter().zip(CONTESTANTS) {
        let region = Region::new(ALLOCATOR);
        decode(bytes);
        let stats = region.change();
        println!(
            "{name:<40} {:>6.2} {:>9.0} {:>8.0} {:>8}",
            time.as_secs_f64() / best[0].as_secs_f64(),
            time.as_secs_f64() * 1e6,
            bytes.len() as f64 / time.as_secs_f64() / 1e6,
            stats.allocations + stats.reallocations,
        );
    }
}
