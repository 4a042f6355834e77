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
    caught(
        Rule::LargestShare,
        with_faults(2, &[Fault::Cut, Fault::Replace, Fault::OneWay]),
    );
}

#[test]
fn d18_the_hold_of_a_new_epoch_is_needed() {
    caught(Rule::Hold, with_faults(4, &[Fault::RestartAll]));
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
    caught(
        Rule::SharesOfTheLost,
        with_faults(3, &[Fault::LongCut, Fault::Empty, Fault::Replace]),
    );
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
