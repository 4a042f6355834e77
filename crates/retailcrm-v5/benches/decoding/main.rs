//! Instructions of decoding a page of 100 orders into the generated models and dropping it, and of writing it back,
//! counted by valgrind's callgrind: the same however busy the machine is.
//!
//! `cargo bench -p retailcrm-v5 --bench decoding`. valgrind has to be installed.

#[path = "../../../common-model/benches/decode/page.rs"]
mod page;

use std::{env, hint::black_box, process::Command};

use retailcrm_v5::orders::OrdersResponse;

const FEW: u32 = 2;
const MANY: u32 = 22;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["count", "write", times] => write(times.parse().expect("a number")),
        ["count", page, times] => decode(page, times.parse().expect("a number")),
        _ => print(),
    }
}

/// What valgrind runs: `count <raw|escaped|write> <times>`.
fn decode(form: &str, times: u32) {
    let raw = page::raw();
    let page = match form {
        "raw" => raw,
        "escaped" => page::escaped(&raw),
        other => panic!("there is no page {other:?}"),
    };
    for _ in 0..times {
        let bytes = black_box(page.as_bytes());
        let page: OrdersResponse = common_model::from_json_bytes(bytes).expect("page");
        assert_eq!(page.orders.map(|orders| orders.len()), Some(page::ORDERS));
    }
}

fn write(times: u32) {
    let page: OrdersResponse = common_model::from_json(&page::raw()).expect("page");
    for _ in 0..times {
        let text = common_model::to_json(black_box(&page));
        assert!(!text.is_empty());
    }
}

/// Runs this program under valgrind, twice for each page: the difference holds the decoding, or the writing, alone.
fn print() {
    println!(
        "instructions of a page, by callgrind over {} pages",
        MANY - FEW
    );
    for form in ["raw", "escaped", "write"] {
        let pages = collected(form, MANY) - collected(form, FEW);
        println!("{form:<12}{:>12}", pages / u64::from(MANY - FEW));
    }
}

fn collected(form: &str, times: u32) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().expect("a path"))
        .args(["count", form, &times.to_string()])
        .output()
        .expect("valgrind is installed");
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
        .unwrap_or_else(|| panic!("no count in valgrind's words:\n{text}"))
}
