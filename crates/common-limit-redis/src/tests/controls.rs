//! Each rule left out is caught: the same runs then put too many into a second.

use super::{
    simulation::{quiet, sum},
    twin::Rule,
    world::{Fault, Setup},
};
use crate::terms::SECOND;

/// Runs with a rule and without it.
fn caught(rule: Rule, setup: Setup) {
    let with = sum(&setup, 0..40);
    let without = sum(
        &Setup {
            without: Some(rule),
            ..setup
        },
        0..40,
    );
    println!(
        "{rule:?}: {} of {} over, at most {}; with it {} starts",
        without.over, without.starts, without.most, with.starts
    );
    assert_eq!(with.over, 0, "{rule:?}");
    assert!(without.over > 0, "{rule:?} is not needed");
}

fn with_faults(processes: usize, faults: &[Fault]) -> Setup {
    Setup {
        faults: faults.to_vec(),
        calm: 6 * SECOND,
        ..quiet(10, processes)
    }
}

#[test]
fn d18_the_share_of_the_absent_is_needed() {
    caught(Rule::ShareOfTheAbsent, with_faults(2, &[Fault::Cut]));
}

#[test]
fn d18_the_largest_share_is_needed() {
    caught(Rule::LargestShare, with_faults(2, &[Fault::Cut, Fault::Replace, Fault::OneWay]));
}

#[test]
fn d18_the_hold_of_a_new_epoch_is_needed() {
    caught(Rule::Hold, with_faults(4, &[Fault::Old, Fault::Jump]));
}

#[test]
fn d18_the_share_of_the_returned_is_needed() {
    let setup = Setup {
        calm: 30 * SECOND,
        ..with_faults(2, &[Fault::JoinAndOutage])
    };
    caught(Rule::ShareOfTheReturned, setup);
}

#[test]
fn d18_the_shares_of_the_lost_are_needed() {
    caught(Rule::SharesOfTheLost, with_faults(3, &[Fault::LongCut, Fault::Empty, Fault::Replace]));
}

#[test]
fn d18_the_count_of_open_slots_is_needed() {
    let setup = Setup {
        cold: 5,
        ..with_faults(3, &[Fault::Cut])
    };
    caught(Rule::Open, setup);
}

#[test]
fn d18_the_acknowledgement_of_newcomers_is_needed() {
    let setup = Setup {
        calm: 30 * SECOND,
        ..with_faults(2, &[Fault::JoinAndOutage])
    };
    caught(Rule::Acknowledged, setup);
}

#[test]
fn d18_the_count_of_late_requests_is_needed() {
    let setup = Setup {
        cold: 5,
        ..quiet(10, 4)
    };
    caught(Rule::Late, setup);
}

#[test]
fn d18_the_guard_is_needed() {
    caught(Rule::Guard, quiet(10, 4));
}

#[test]
fn d18_the_end_of_validity_is_needed() {
    caught(Rule::Void, with_faults(2, &[Fault::Stuck]));
}

#[test]
fn d18_the_check_of_the_clock_is_needed() {
    caught(Rule::Jump, with_faults(4, &[Fault::Jump]));
}

#[test]
fn d18_whole_shares_are_needed() {
    caught(Rule::WholeShare, with_faults(3, &[Fault::Outage]));
}

#[test]
#[ignore = "debug"]
fn zz_sweep() {
    let cold: u32 = std::env::var("COLD").unwrap().parse().unwrap();
    let only = std::env::var("ONLY").unwrap_or_default();
    let sets: Vec<Vec<Fault>> = match only.as_str() {
        "" => vec![Fault::ALL.to_vec()],
        "pairs" => {
            let mut sets = Vec::new();
            for a in 0..14 { for b in 0..a { sets.push(vec![Fault::ALL[a], Fault::ALL[b]]); } }
            sets
        }
        "triples" => {
            let mut sets = Vec::new();
            for a in 0..14 { for b in 0..a { for c in 0..b { if ![a,b,c].contains(&5) { sets.push(vec![Fault::ALL[a], Fault::ALL[b], Fault::ALL[c]]); } } } }
            sets
        }
        "drop" => (0..14).map(|i| { let mut v = Fault::ALL.to_vec(); v.remove(i); v }).collect(),
        "cut" => vec![vec![Fault::Cut]],
        _ => Fault::ALL.iter().map(|f| vec![*f]).collect(),
    };
    for set in sets {
    let (mut starts, mut bad) = (0, Vec::new());
    let first: u64 = std::env::var("SEED").ok().map_or(0, |s| s.parse().unwrap());
    for seed in first..std::env::var("N").unwrap().parse().unwrap() {
        let processes = [1, 2, 3, 4, 8][seed as usize % 5];
        let setup = Setup { cold, ..with_faults(processes, &set) };
        let report = super::world::World::new(setup, seed).run();
        starts += report.starts;
        if report.over > 0 {
            bad.push((seed, processes, report.over, report.most));
        }
    }
    if !bad.is_empty() || set.len() > 4 { println!("{set:?} {starts} starts, {} bad {:?}", bad.len(), &bad[..bad.len().min(6)]); }
    }
}
