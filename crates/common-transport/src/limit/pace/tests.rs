//! The arithmetic of [`Pace`], by hand-made times.

use std::collections::VecDeque;

use super::*;

mod held;

fn pace(cap: u32) -> Pace {
    Pace::new(NonZeroU32::new(cap).unwrap())
}

const fn ms(ms: u64) -> Nanos {
    Nanos::from_millis(ms)
}

/// Makes `count` starts, each as early as possible, with each answer `round_trip` later.
fn run(pace: &mut Pace, count: usize, round_trip: impl Fn(usize) -> Nanos) -> Vec<Nanos> {
    let mut starts = Vec::new();
    let mut answers: VecDeque<(Nanos, u64)> = VecDeque::new();
    let mut now = Nanos::ZERO;
    while starts.len() < count {
        let earliest = pace.earliest(now);
        match answers.front().copied() {
            Some((at, number)) if at <= earliest.max(now) => {
                answers.pop_front();
                now = at.max(now);
                pace.answered(number, now);
            }
            _ => {
                now = earliest.max(now);
                let number = pace.start(now);
                answers.push_back((now + round_trip(starts.len()), number));
                starts.push(now);
            }
        }
    }
    starts
}

#[test]
fn r17_without_jitter_the_pace_is_exactly_the_cap() {
    for (cap, interval) in [(10, 100), (40, 25)] {
        let starts = run(&mut pace(cap), 400, |_| ms(40));
        for (index, start) in starts.iter().enumerate() {
            assert_eq!(*start, ms(interval) * index as u64, "cap {cap}");
        }
    }
}

#[test]
fn r17_a_late_answer_delays_the_start_a_second_later_by_as_much() {
    let starts = run(&mut pace(10), 40, |index| {
        ms(if index == 5 { 57 } else { 40 })
    });
    assert_eq!(starts[15] - starts[5], ms(1017));
    assert_eq!(
        starts[16] - starts[6],
        ms(1015),
        "the gap is kept, as far as timers are exact"
    );
    assert_eq!(
        starts[39] - starts[29],
        ms(1000),
        "and then all is as before"
    );
}

#[test]
fn r17_a_slow_answer_costs_no_more_than_the_longest_excess() {
    let starts = run(&mut pace(10), 12, |index| {
        ms(if index == 0 { 5_000 } else { 40 })
    });
    assert_eq!(starts[10], ms(1050));
}

#[test]
fn r20_a_refusal_holds_everyone_and_retry_after_is_kept() {
    let mut pace = pace(10);
    let number = pace.start(ms(0));
    pace.throttled(number, ms(40), None);
    assert_eq!(pace.earliest(ms(40)), ms(140));
    let number = pace.start(ms(140));
    pace.throttled(number, ms(180), Some(ms(3_000)));
    assert_eq!(pace.earliest(ms(180)), ms(3_180));
}

#[test]
fn r20_refusals_in_a_row_double_the_pause_up_to_a_bound() {
    let mut pace = pace(10);
    let mut now = Nanos::ZERO;
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let number = pace.start(now);
        pace.throttled(number, now, None);
        let next = pace.paused_until;
        pauses.push(next - now);
        now = pace.earliest(now);
    }
    assert_eq!(pauses, [100, 200, 400, 800, 1600, 3200, 3200, 3200].map(ms));
}

#[test]
fn r20_a_refusal_is_a_doubt_three_are_strict_and_quiet_brings_the_pace_back() {
    let mut pace = pace(10);
    let refuse = |pace: &mut Pace, at| {
        let number = pace.start(at);
        pace.throttled(number, at + ms(40), None);
        (pace.penalty.margin(), pace.penalty.is_strict())
    };
    assert_eq!(refuse(&mut pace, ms(0)), (ms(2), false));
    assert_eq!(refuse(&mut pace, ms(1_000)), (ms(4), false));
    assert_eq!(
        refuse(&mut pace, ms(20_000)),
        (ms(6), false),
        "not close to the others"
    );
    assert_eq!(refuse(&mut pace, ms(21_000)), (ms(6), false));
    assert_eq!(refuse(&mut pace, ms(22_000)), (ms(0), true));
    pace.earliest(ms(82_000));
    assert!(pace.penalty.is_strict());
    pace.earliest(ms(82_050));
    assert!(!pace.penalty.is_strict());
    assert_eq!(
        refuse(&mut pace, ms(200_000)),
        (ms(0), true),
        "once strict, one is enough"
    );
}

#[test]
fn r17_a_large_cap_keeps_no_more_starts_than_count() {
    let mut pace = pace(1_000_000);
    let mut now = Nanos::ZERO;
    for _ in 0..100_000 {
        now = pace.earliest(now).max(now + ms(1));
        let number = pace.start(now);
        pace.answered(number, now);
    }
    assert!(pace.places.kept() < 5_000, "{}", pace.places.kept());
}

#[test]
fn r17_a_crowd_is_counted_up_to_the_cap() {
    // All at once, as far as the gap allows.
    let starts = run(&mut pace(300), 1_000, |_| Nanos::ZERO);
    for (first, later) in starts.iter().zip(&starts[300..]) {
        assert!(*later - *first >= Nanos::from_secs(1));
    }
}
