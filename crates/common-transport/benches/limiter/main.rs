//! The limiter against servers that count in different ways, in virtual time: no clock of this machine is
//! in the figures, they are the same in every run.
//!
//! `cargo bench -p common-transport --bench limiter` prints, for each limiter, server, distance and number
//! of callers: admitted requests per second and refusals in the first 20 s, refusals in the two times 20 s
//! after, the most starts in any second, and how many callers were overtaken. Means over 20 seeds.
//!
//! Then come requests that wait for connections: how many arrived over the cap in eight minutes, the most in any
//! second, and the pace, once with a transport that tells when requests leave, and once with one that cannot.
//!
//! Then come checkouts beside an export without end: how long a checkout waits for its permit, and which part of all
//! starts is the export's, once with one priority for both, and once with a lower one for the export.
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]

mod checkout;
mod cold;
mod limiters;
mod servers;
mod world;

use std::time::Instant;

use checkout::{Checkouts, Shop};
use cold::{ColdWorld, Seen, Told};
use common_transport::Priority;
use limiters::Contestant;
use servers::Server;
use world::{Line, World};

const CONTESTANTS: [Contestant; 4] = [
    Contestant::Ours,
    Contestant::Paced { extra: 0.0 },
    Contestant::PacedAdaptive,
    Contestant::Tower,
];

const LINES: [Line; 6] = [
    Line::new("near", 1.0, 0.0),
    Line::new("20 ms", 20.0, 0.0),
    Line::new("20 ms, 5 ms jitter", 20.0, 5.0),
    Line::new("90 ms, 30 ms jitter", 90.0, 30.0),
    Line::new("far", 150.0, 0.0),
    Line::new("far, 30 ms jitter", 150.0, 30.0),
];

fn main() {
    for cap in [10, 40] {
        for callers in [1, 8] {
            for line in LINES {
                table(cap, callers, line);
            }
        }
    }
    for cap in [10, 40] {
        for line in [LINES[1], LINES[2]] {
            cold_table(cap, line);
        }
    }
    for cap in [10, 40] {
        checkout_table(cap);
    }
    waiters();
}

/// Ten minutes of each.
fn checkout_table(cap: u32) {
    println!("\n{cap}/s, checkouts beside an export of {cap} callers, 20 ms");
    println!(
        "{:<14}{:<10}{:>11}{:>10}{:>10}{:>10}{:>14}{:>11}",
        "checkouts", "export", "number", "p50 ms", "p99 ms", "most ms", "export share", "most in s"
    );
    let few = f64::from(cap) / 10.0;
    for (name, checkouts) in [
        (format!("{few}/s"), Checkouts::PerSecond(few)),
        (format!("{}/s", 5.0 * few), Checkouts::PerSecond(5.0 * few)),
        ("endless".to_owned(), Checkouts::Endless),
    ] {
        for (export, is) in [(Priority::High, "as high"), (Priority::Low, "low")] {
            let shop = Shop {
                cap,
                line: LINES[1],
                checkouts,
                exporters: cap as usize,
                export,
                seed: 1,
            };
            let seen = shop.run();
            let millis = |share| seen.wait(share).as_secs_f64() * 1e3;
            println!(
                "{name:<14}{is:<10}{:>11}{:>10.0}{:>10.0}{:>10.0}{:>14.3}{:>11}",
                seen.waits.len(),
                millis(0.5),
                millis(0.99),
                millis(1.0),
                seen.export_share(),
                seen.most_in_a_second(),
            );
        }
    }
}

fn cold_table(cap: u32, line: Line) {
    println!("\n{cap}/s, cold connections, {}", line.name);
    println!(
        "{:<30}{:<8}{:>10}{:>8}{:>11}{:>8}",
        "connections", "told", "arrivals", "over", "most in s", "pace"
    );
    for connections in cold::ALL {
        for told in [Told::No, Told::Yes] {
            let minutes = 8;
            let mut sum = Seen::default();
            for seed in 0..minutes {
                let world = ColdWorld {
                    cap,
                    line,
                    connections,
                    told,
                    seed,
                };
                sum.add(&world.run());
            }
            println!(
                "{:<30}{:<8}{:>10}{:>8}{:>11}{:>8.3}",
                connections.name,
                if told == Told::Yes { "yes" } else { "no" },
                sum.arrivals,
                sum.over,
                sum.most_in_a_second,
                sum.pace / minutes as f64,
            );
        }
    }
}

fn table(cap: u32, callers: usize, line: Line) {
    println!("\n{cap}/s, {callers} callers, {}", line.name);
    println!(
        "{:<24}{:<20}{:>10}{:>10}{:>12}{:>10}{:>11}",
        "limiter",
        "server counts by",
        "admitted",
        "refused",
        "later /20 s",
        "most in s",
        "overtaken"
    );
    for contestant in CONTESTANTS {
        for kind in servers::KINDS {
            let seeds = 20;
            let mut sum = world::Figures::default();
            for seed in 0..seeds {
                let world = World {
                    cap,
                    callers,
                    line,
                    server: Server::new(kind, cap, seed),
                    seed,
                };
                sum.add(&world.run(contestant));
            }
            let mean = |value: f64| value / f64::from(seeds as u32);
            println!(
                "{:<24}{:<20}{:>10.2}{:>10.1}{:>12.1}{:>10}{:>11}",
                contestant.name(),
                kind.name(),
                mean(sum.admitted_per_second),
                mean(sum.refused_first),
                mean(sum.refused_later),
                sum.most_in_a_second,
                sum.overtaken,
            );
        }
    }
}

/// What a queue of a thousand costs, in CPU time of this machine per second of virtual time.
fn waiters() {
    let begin = Instant::now();
    let seconds = world::queue_of(1_000, 10);
    let cpu = begin.elapsed().as_secs_f64();
    println!(
        "\n1000 waiters at 10/s: {seconds:.1} s of waiting cost {:.1} ms, {:.4} % of a core",
        cpu * 1e3,
        cpu / seconds * 100.0
    );
}
