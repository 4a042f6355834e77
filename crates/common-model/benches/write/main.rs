//! Writes a page of 100 orders back in several ways, in one run, and prints ratios to `serde_json::to_string`
//! of derived structs.
//!
//! The derived structs have lost the unknown fields and the nulls, so ours write twice: what the derived structs
//! write, read again, and the whole page as it came.
//!
//! `cargo bench -p common-model --bench write`
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]

#[path = "../../tests/models/declare.rs"]
mod declare;
#[path = "../decode/models.rs"]
mod models;
#[expect(dead_code, reason = "the bench of decoding needs all of it")]
#[path = "../decode/page.rs"]
mod page;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

const ROUNDS: usize = 300;

/// A way to write: its name, and what writes.
type Contestant = (&'static str, Box<dyn Fn() -> String>);

fn contestants(page: &str) -> [Contestant; 5] {
    let derived: models::derived::Page = serde_json::from_str(page).expect("page");
    let tree: serde_json::Value = serde_json::from_str(page).expect("page");
    let same = serde_json::to_string(&derived).expect("page");
    let same: models::ours::Page = common_model::from_json(&same).expect("page");
    let ours: models::ours::Page = common_model::from_json(page).expect("page");
    let our_tree: common_model::Value = common_model::from_json(page).expect("page");
    [
        (
            "derive, to_string",
            Box::new(move || serde_json::to_string(black_box(&derived)).expect("page")),
        ),
        (
            "serde_json::Value, to_string",
            Box::new(move || serde_json::to_string(black_box(&tree)).expect("page")),
        ),
        (
            "common_model models, the same fields",
            Box::new(move || common_model::to_json(black_box(&same))),
        ),
        (
            "common_model models, the whole page",
            Box::new(move || common_model::to_json(black_box(&ours))),
        ),
        (
            "common_model::Value, to_json",
            Box::new(move || common_model::to_json(black_box(&our_tree))),
        ),
    ]
}

fn main() {
    let page = page::raw();
    let contestants = contestants(&page);
    assert_eq!(contestants[3].1(), page, "the page comes back as it was");
    let mut best = [Duration::MAX; 5];
    for _ in 0..ROUNDS {
        for (best, (_, write)) in best.iter_mut().zip(&contestants) {
            let start = Instant::now();
            black_box(write());
            *best = start.elapsed().min(*best);
        }
    }
    println!("{} orders, best of {ROUNDS}", page::ORDERS);
    println!(
        "{:<38} {:>6} {:>9} {:>8} {:>9}",
        "way", "ratio", "µs", "KiB", "per byte"
    );
    let per_byte = |time: &Duration, bytes: usize| time.as_secs_f64() / bytes as f64;
    let first = contestants[0].1().len();
    for (time, (name, write)) in best.iter().zip(&contestants) {
        let bytes = write().len();
        println!(
            "{name:<38} {:>6.2} {:>9.0} {:>8} {:>9.2}",
            time.as_secs_f64() / best[0].as_secs_f64(),
            time.as_secs_f64() * 1e6,
            bytes / 1024,
            per_byte(time, bytes) / per_byte(&best[0], first),
        );
    }
}
