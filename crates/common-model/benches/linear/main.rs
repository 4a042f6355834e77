//! Counts the instructions of every parser over doubling sizes, by valgrind's callgrind: the count for each byte does
//! not grow. Also those of decoding a page of orders, which is what changes to the reader are measured by.
//!
//! `cargo bench -p common-model --bench linear` (without valgrind it says so and counts nothing)

#[path = "../../tests/models/declare.rs"]
mod declare;
#[path = "../decode/models.rs"]
#[allow(dead_code, reason = "the bench of decoding uses the others")]
mod models;
#[path = "../decode/page.rs"]
#[allow(dead_code, reason = "the bench of decoding uses the others")]
mod page;

use std::{env, hint::black_box, process::Command};

use common_model::{Decimal, Map, Value, from_json, from_json_bytes, lenient::Lenient};

type Work = fn(&str);

const PARSERS: [(&str, Work); 5] = [
    ("value", |text| drop(black_box(from_json::<Value>(text)))),
    ("lists", |text| {
        drop(black_box(from_json::<Vec<Vec<i64>>>(text)))
    }),
    ("maps", |text| {
        drop(black_box(from_json::<Map<Map<i64>>>(text)))
    }),
    ("decimal", |text| {
        drop(black_box(from_json::<Decimal>(text)))
    }),
    ("repairs", |text| {
        drop(black_box(Lenient::all().repair(text.as_bytes())))
    }),
];

/// Beginning, unit, end.
const SHAPES: [(&str, &str, &str); 14] = [
    ("", " ", "1"),
    ("[", ",", "]"),
    ("[", ", ", "]"),
    ("", "[", ""),
    ("", "{", ""),
    ("", "{\"a\":", ""),
    ("\"", "\\\"", "\""),
    ("\"", "\\\\", ""),
    ("{\"a\":1}", "<", ""),
    ("", "9", ""),
    ("0.", "0", "1"),
    ("{", "\"a\":0,", "\"b\":1}"),
    ("[", "{\"a\":{}},", "0]"),
    ("{'", "\"{\" ", "{\"a\":1,}"),
];

const SIZES: [usize; 4] = [16 * 1024, 32 * 1024, 64 * 1024, 128 * 1024];

fn main() {
    let arguments: Vec<_> = env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--work") {
        return work(&arguments[at + 1..]);
    }
    let Some(nothing) = count(&["nothing"]) else {
        println!("valgrind is not there: nothing was counted");
        return;
    };
    for text in ["raw", "escaped"] {
        let page =
            count(&["page", text]).unwrap_or_default() - count(&["text", text]).unwrap_or_default();
        println!(
            "page of {} orders, {text}: {page} instructions",
            page::ORDERS
        );
    }
    println!(
        "{:<10} {:<24} instructions for each byte at {SIZES:?}",
        "parser", "shape"
    );
    for (parser, (name, _)) in PARSERS.iter().enumerate() {
        for (shape, (open, unit, close)) in SHAPES.iter().enumerate() {
            let each = SIZES.map(|size| {
                let numbers = [parser, shape, size].map(|number| number.to_string());
                let [parser, shape, size_text] = &numbers;
                let all = count(&["parse", parser, shape, size_text]).unwrap_or_default();
                format!("{:>8.1}", all.saturating_sub(nothing) as f64 / size as f64)
            });
            println!(
                "{name:<10} {:<24} {}",
                format!("{open}{unit}…{close}"),
                each.join(" ")
            );
        }
    }
}

/// What a process is asked to do.
fn work(arguments: &[String]) {
    let number = |at: usize| arguments[at].parse::<usize>().expect("a number");
    match arguments[0].as_str() {
        "page" | "text" => {
            let raw = page::raw();
            let text = match arguments[1].as_str() {
                "raw" => raw,
                _ => page::escaped(&raw),
            };
            if arguments[0] == "page" {
                drop(black_box(from_json_bytes::<models::ours::Page>(
                    text.as_bytes(),
                )));
            }
            black_box(text);
        }
        "parse" => {
            let (open, unit, close) = SHAPES[number(2)];
            let text = format!("{open}{}{close}", unit.repeat(number(3) / unit.len()));
            PARSERS[number(1)].1(&text);
        }
        _ => {}
    }
}

/// The instructions of a process of this program.
fn count(arguments: &[&str]) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().ok()?)
        .arg("--work")
        .args(arguments)
        .output()
        .ok()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let collected = told.lines().find(|line| line.contains("Collected"))?;
    collected.rsplit(' ').next()?.parse().ok()
}
