//! Processes and a Redis on sockets, with faults. Each process tells when it writes, by the clock of the machine, and
//! how long the request is on its way; so a busy machine delays no count.
//!
//! `SHOPWIRE_SOCKET_SECONDS=120 cargo test --release -p common-limit-redis --test sockets -- --test-threads 1` runs each
//! set of faults for two minutes.

#![allow(clippy::disallowed_methods, reason = "processes run in real time")]

#[allow(dead_code, reason = "other tests need more of it")]
#[path = "../support/redis.rs"]
mod redis;

mod process;
mod run;

use fastrand::Rng;
use redis::Redis;
use run::{Fault, Run};

/// The faults of a run, and the pace that it reaches at least on a busy machine.
fn nothing_arrives_over_the_cap(
    name: &str,
    processes: usize,
    cap: u32,
    faults: &[Fault],
    pace: f64,
) {
    let Some(redis) = Redis::start() else {
        return;
    };
    let report = Run::new(redis, processes, cap).with(faults, Rng::with_seed(17));
    println!(
        "{name}: {} starts of {processes} processes at {cap}, {} over, {} at most in a second, pace {:.3}, longest silence {} ms",
        report.starts,
        report.over,
        report.most,
        report.pace,
        report.silence / 1_000
    );
    assert_eq!(report.over, 0, "{name}");
    assert!(report.pace >= pace, "{name}: pace {:.3}", report.pace);
}

#[test]
fn d18_four_processes_share_a_cap() {
    nothing_arrives_over_the_cap("quiet", 4, 40, &[], 0.5);
}

#[test]
fn d18_processes_are_stopped_killed_and_joined() {
    let faults = [Fault::Stop, Fault::Kill, Fault::Goodbye];
    nothing_arrives_over_the_cap("processes", 4, 40, &faults, 0.1);
}

#[test]
fn d18_redis_is_stopped_and_killed_and_comes_back_empty() {
    let faults = [Fault::StopRedis, Fault::KillRedis];
    nothing_arrives_over_the_cap("Redis", 4, 40, &faults, 0.02);
}

#[test]
fn d18_all_faults_together() {
    nothing_arrives_over_the_cap("all faults", 4, 10, &Fault::ALL, 0.0);
}
