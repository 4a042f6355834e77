//! Orders of about 4.6 KiB walked and written as JSON Lines: CPU time an order and peak memory of the command, beside
//! reqwest with `serde_json::Value` by hand, PHP's curl, and the PyPI package `retailcrm`, each in a process of its own.
//! The command holds the limit of ten requests a second and reads each boundary of pages from both sides; its peers do
//! neither.
//!
//! `cargo xtask bench export`; `EXPORT_ORDERS` sets the number of orders (default 10,000), and `EXPORT_FORMATS` the formats
//! (default `jsonl`; `jsonl,csv,parquet` are all). 10^6 orders take 25 minutes under the limit. PHP and Python take part when they are installed: `PYTHON` names an interpreter with the package.

#[allow(dead_code, reason = "one form of the page is served here")]
#[path = "../../../common-model/benches/decode/page.rs"]
mod page;
mod process;
mod reqwest_peer;
mod server;

use std::{env, path::Path, process::Command, thread};

use process::{Cost, run};
use server::Server;

const PHP: &str = include_str!("peer.php");
const PYTHON: &str = include_str!("peer.py");

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["reqwest", url, file] => reqwest_peer::run(url, Path::new(file)),
        ["--bench"] => compare(orders(10_000)),
        // `cargo test` runs it too, so that it does not rot unseen.
        _ => compare(200),
    }
}

fn orders(default: usize) -> usize {
    let text = env::var("EXPORT_ORDERS").unwrap_or_default();
    text.parse().unwrap_or(default)
}

fn compare(orders: usize) {
    let pages = orders.div_ceil(page::ORDERS);
    let orders = pages * page::ORDERS;
    let server = Server::start(pages);
    let url = format!("http://{}", server.address);
    let folder = env::temp_dir().join(format!("shopwire-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("orders.out");
    println!(
        "{orders} orders in {pages} pages of {} KiB",
        server::body(1, pages).len() / 1024
    );

    let idle = run(command(&url).args(["export", "retailcrm", "orders", "--describe"])).peak;
    let mut told = all_formats(&folder, pages, idle);
    let this = env::current_exe().expect("a path");
    let by_hand = run(Command::new(this).arg("reqwest").arg(&url).arg(&file));
    check(&file, orders);
    told.push(("reqwest + serde_json::Value".to_owned(), by_hand));
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    for (name, program, script) in [
        ("PHP curl", "php", PHP),
        ("PyPI retailcrm", &*python, PYTHON),
    ] {
        let flag = if program == "php" { "-r" } else { "-c" };
        let mut peer = Command::new(program);
        peer.args([flag, script])
            .env("BENCH_URL", &url)
            .env("BENCH_FILE", &file);
        match process::try_run(&mut peer) {
            Some(cost) => {
                check(&file, orders);
                told.push((name.to_owned(), cost));
            }
            None => println!("{name}: not installed"),
        }
    }
    for (name, cost) in told {
        println!(
            "{name:<30}{:>8.1} µs of CPU an order, {:.2} of reqwest's; {:>4} MiB at most, {:.1} s",
            cost.cpu.as_secs_f64() * 1e6 / orders as f64,
            cost.cpu.as_secs_f64() / by_hand.cpu.as_secs_f64().max(1e-9),
            cost.peak >> 20,
            cost.took.as_secs_f64(),
        );
    }
    std::fs::remove_dir_all(&folder).expect("removed");
}

fn command(url: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shopwire"));
    command
        .env("RETAILCRM_URL", url)
        .env("RETAILCRM_API_KEY", server::LIMITED_KEY)
        .env_remove("SHOPWIRE_CONFIG")
        .env("XDG_CONFIG_HOME", env::temp_dir());
    command
}

/// Exports in all formats at once, each from a server of its own: the limit leaves most of the machine idle.
fn all_formats(folder: &Path, pages: usize, idle: u64) -> Vec<(String, Cost)> {
    let formats = env::var("EXPORT_FORMATS").unwrap_or_else(|_| "jsonl".to_owned());
    thread::scope(|scope| {
        let exports = formats.split(',').map(|format| {
            let file = folder.join(format!("orders.{format}"));
            scope.spawn(move || {
                (
                    format!("shopwire, {format}"),
                    exported(&file, format, pages, idle),
                )
            })
        });
        let exports: Vec<_> = exports.collect();
        let ended = exports
            .into_iter()
            .map(|export| export.join().expect("an export"));
        ended.collect()
    })
}

fn exported(file: &Path, format: &str, pages: usize, idle: u64) -> Cost {
    let server = Server::start(pages);
    let mut export = command(&format!("http://{}", server.address));
    export
        .args([
            "export",
            "retailcrm",
            "orders",
            "--quiet",
            "--format",
            format,
        ])
        .arg("--output")
        .arg(file);
    let cost = run(&mut export);
    if format == "jsonl" {
        check(file, pages * page::ORDERS);
    }
    let (requests, refused) = (server.requests(), server.refused());
    println!(
        "shopwire {format}: {requests} requests, {refused} of them refused, {:.4} of the limit; {:.1} µs of CPU an order, \
         {:.1} MiB over idle",
        requests.saturating_sub(1) as f64 / server.span().as_secs_f64() / server::LIMIT as f64,
        cost.cpu.as_secs_f64() * 1e6 / (pages * page::ORDERS) as f64,
        cost.peak.saturating_sub(idle) as f64 / f64::from(1 << 20),
    );
    std::fs::remove_file(file).expect("removed");
    cost
}

/// Each contestant has to write every order.
fn check(file: &Path, orders: usize) {
    use std::io::{BufRead as _, BufReader};
    let file = BufReader::new(std::fs::File::open(file).expect("the file"));
    assert_eq!(file.lines().count(), orders);
}
