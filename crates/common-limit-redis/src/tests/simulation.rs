//! The promise in virtual time.
//!
//! `SHOPWIRE_STARTS=1000000 cargo test --release -p common-limit-redis` does a million starts with all faults mixed.

use super::world::{Fault, Report, Setup, World};
use crate::{
    Away, RedisLimitsOptions,
    terms::{MILLISECOND, SECOND, Terms},
};

pub(super) fn terms(cap: u32) -> Terms {
    let options = RedisLimitsOptions::new("redis://127.0.0.1/").expect("an address");
    Terms::new(cap.try_into().expect("not 0"), &options)
}

/// Processes that always have something to do, near the store, without faults.
pub(super) fn quiet(cap: u32, processes: usize) -> Setup {
    Setup {
        terms: terms(cap),
        processes,
        away: Away::Share,
        without: None,
        way: MILLISECOND,
        spread: 20 * MILLISECOND,
        clocks: 10 * SECOND,
        cold: 0,
        faults: Vec::new(),
        calm: 10 * SECOND,
        length: 120 * SECOND,
    }
}

fn bound(setup: &Setup) -> f64 {
    let Terms { window, guard, .. } = setup.terms;
    window as f64 / (window + guard) as f64
}

pub(super) fn sum(setup: &Setup, seeds: std::ops::Range<u64>) -> Report {
    let mut sum = Report::default();
    for seed in seeds {
        let report = World::new(setup.clone(), seed).run();
        sum.starts += report.starts;
        sum.over += report.over;
        sum.most = sum.most.max(report.most);
        sum.asks += report.asks;
    }
    sum
}

// D18: the pace reaches 0.98 of the bound, and each process has its part.
#[test]
fn d18_the_pace_is_the_bound_and_each_process_has_its_part() {
    for cap in [10, 40] {
        for processes in [1, 2, 4, 8] {
            let setup = quiet(cap, processes);
            let report = World::new(setup.clone(), 7).run();
            let shown = format!(
                "cap {cap}, {processes}: pace {:.4}, {:.2} asks a start",
                report.pace,
                report.asks as f64 / report.starts as f64
            );
            println!("{shown}");
            assert_eq!(report.over, 0, "{shown}");
            assert!(report.pace >= 0.98 * bound(&setup), "{shown}");
            let (fewest, most) = (report.shares.iter().min(), report.shares.iter().max());
            let (fewest, most) = (*fewest.unwrap() as f64, *most.unwrap() as f64);
            assert!(fewest >= 0.9 * most, "{:?}", report.shares);
        }
    }
}

// D18: each fault alone, then all of them, on cold connections too.
#[test]
fn d18_nothing_arrives_over_the_cap_whatever_fails() {
    let starts = std::env::var("SHOPWIRE_STARTS").ok();
    let wanted: u64 = starts
        .and_then(|starts| starts.parse().ok())
        .unwrap_or(60_000);
    let mut sets: Vec<Vec<Fault>> = Fault::ALL.iter().map(|fault| vec![*fault]).collect();
    sets.push(Fault::ALL.to_vec());
    let (mut starts, mut seed) = (0, 0);
    while starts < wanted {
        for faults in &sets {
            for (cap, processes, cold) in
                [(10, 1, 0), (10, 3, 20), (10, 4, 0), (40, 8, 0), (10, 8, 20)]
            {
                seed += 1;
                let setup = Setup {
                    faults: faults.clone(),
                    cold,
                    ..quiet(cap, processes)
                };
                let report = World::new(setup, seed).run();
                assert_eq!(
                    (report.over, report.most > cap as usize),
                    (0, false),
                    "{faults:?}, cap {cap}, {processes} processes, cold {cold}, seed {seed}: {report:?}"
                );
                starts += report.starts;
            }
        }
    }
    println!("{starts} starts, none over the cap");
}

// C8: a call of high priority beside exports without end.
#[test]
fn c8_a_call_of_high_priority_passes_the_exports_of_all_processes() {
    for (processes, longest) in [(2, 200), (4, 300), (8, 700)] {
        let setup = Setup {
            length: 900 * SECOND,
            ..quiet(10, processes)
        };
        let mut report = World::new(setup, 11).with_calls().run();
        assert_eq!(report.over, 0);
        report.waits.sort_unstable();
        let waits = &report.waits;
        assert!(waits.len() > 300, "{}", waits.len());
        let at = |part: usize| waits[waits.len() * part / 100] / MILLISECOND;
        println!(
            "{processes} processes: p50 {} ms, p99 {} ms",
            at(50),
            at(99)
        );
        assert!(
            at(99) <= longest,
            "{processes} processes: p99 {} ms",
            at(99)
        );
    }
}

// C8: while high priority never ends, low priority keeps every fourth start.
#[test]
fn c8_every_fourth_start_stays_with_low_priority() {
    let mut world = World::new(quiet(10, 4), 3);
    world.occupy_with_high(1);
    let report = world.run();
    let low: u64 = report.shares[1..].iter().sum();
    let all: u64 = report.shares.iter().sum();
    println!("{low} of {all} starts have low priority");
    assert!(low * 4 >= all - 8, "{low} of {all}");
    assert_eq!(report.over, 0);
}

// D17: after one refusal all slow down.
#[test]
fn d17_a_refusal_holds_all_processes() {
    let mut world = World::new(quiet(10, 4), 5);
    world.refuse_at(30 * SECOND, 2 * SECOND);
    let report = world.run();
    assert_eq!(report.over, 0);
    println!(
        "{} starts in the pause, silence {} ms",
        report.in_pause,
        report.silence / MILLISECOND
    );
    assert!(report.in_pause <= 2, "{}", report.in_pause);
    assert!(report.silence >= 1_800 * MILLISECOND, "{}", report.silence);
}

// D17: without shares nothing starts while the store is away, and nothing is over the cap afterwards.
#[test]
fn d17_without_shares_nothing_starts_while_the_store_is_away() {
    let setup = Setup {
        away: Away::Refuse,
        faults: Fault::ALL.to_vec(),
        ..quiet(10, 4)
    };
    let report = sum(&setup, 0..20);
    assert_eq!(
        (report.over, report.starts > 5_000),
        (0, true),
        "{report:?}"
    );
}

// D17: ways longer than the age of a permit: no start at all, rather than one too many.
#[test]
fn d17_a_store_further_away_than_the_age_allows_nothing() {
    let far = Setup {
        way: 60 * MILLISECOND,
        ..quiet(10, 2)
    };
    let mut near = far.clone();
    near.terms = {
        let options = RedisLimitsOptions::new("redis://127.0.0.1/").expect("an address");
        let age = std::time::Duration::from_millis(130);
        Terms::new(10.try_into().expect("not 0"), &options.permit_age(age))
    };
    let (far, near) = (World::new(far, 1).run(), World::new(near, 1).run());
    println!(
        "pace {:.3} with the default age, {:.3} with an age of 130 ms",
        far.pace, near.pace
    );
    assert_eq!((far.over, near.over), (0, 0));
    assert!(near.pace > 0.7 && far.pace < near.pace);
}
