//! Starts whose requests leave later, or never.

use super::*;

/// A random walk over a pace, and its records.
struct Walk {
    pace: Pace,
    cap: usize,
    random: u64,
    now: Nanos,
    /// Held requests: number, time of departure, and whether they will leave.
    held: Vec<(u64, Nanos, bool)>,
    /// Requests that wait for an answer.
    open: Vec<(u64, Nanos)>,
    departures: Vec<Nanos>,
}

impl Walk {
    fn new(cap: u32, seed: u64) -> Self {
        Self {
            pace: pace(cap),
            cap: cap as usize,
            random: seed,
            now: Nanos::ZERO,
            held: Vec::new(),
            open: Vec::new(),
            departures: Vec::new(),
        }
    }

    /// SplitMix64.
    fn below(&mut self, bound: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    /// Advances to the next event and executes it.
    fn step(&mut self) {
        let start = self.pace.earliest(self.now).max(self.now);
        let departure = self.held.iter().map(|held| held.1).min();
        let answer = self.open.iter().map(|open| open.1).min();
        let next = [departure, answer].into_iter().flatten().min();
        match next {
            Some(next) if next <= start => {
                self.now = self.now.max(next);
                self.leave();
                self.answer();
            }
            None if start == UNKNOWN => panic!("it waits for nobody"),
            _ => {
                self.now = start;
                self.start();
            }
        }
    }

    fn start(&mut self) {
        let number = self.pace.start(self.now);
        let dice = self.below(8);
        if dice < 3 {
            self.departures.push(self.now);
            self.open.push((number, self.now + ms(40)));
            return;
        }
        self.pace.held(number, self.now);
        let wait = if dice < 5 { 2 } else { 2_500 };
        let leaves = self.now + ms(self.below(wait));
        self.held.push((number, leaves, dice != 7));
    }

    fn leave(&mut self) {
        let now = self.now;
        for (number, _, leaves) in self.held.extract_if(.., |held| held.1 <= now) {
            if leaves {
                self.pace.sent(number, now);
                self.departures.push(now);
                self.open.push((number, now + ms(40)));
            } else {
                self.pace.unsent(number);
            }
        }
    }

    fn answer(&mut self) {
        let now = self.now;
        let answered: Vec<_> = self.open.extract_if(.., |open| open.1 <= now).collect();
        for (number, _) in answered {
            match self.below(200) {
                0 => self.pace.throttled(number, now, None),
                1..8 => {}
                _ => self.pace.answered(number, now),
            }
        }
    }

    fn check(&self) {
        for window in self.departures.windows(self.cap + 1) {
            let since = window[self.cap] - window[0];
            assert!(since >= WINDOW, "more than {} in {since:?}", self.cap);
        }
    }
}

#[test]
fn h5_no_second_holds_more_departures_than_the_cap_whenever_they_leave() {
    for (cap, seed) in [(1, 1), (2, 2), (10, 3), (10, 4), (40, 5), (200, 6)] {
        let mut walk = Walk::new(cap, seed);
        for _ in 0..30_000 {
            walk.step();
        }
        assert!(walk.departures.len() > 5_000);
        walk.check();
    }
}

#[test]
fn h5_one_that_is_held_keeps_its_place_and_counts_from_when_it_leaves() {
    let mut pace = pace(2);
    let (first, second) = (pace.start(ms(0)), pace.start(ms(500)));
    pace.held(first, ms(0));
    assert_eq!(
        pace.earliest(ms(600)),
        ms(1_500) + LONGEST,
        "the second one"
    );
    pace.held(second, ms(500));
    assert_eq!(pace.earliest(ms(600)), UNKNOWN);
    pace.sent(second, ms(700));
    assert_eq!(pace.earliest(ms(700)), ms(1_700) + LONGEST);
    pace.answered(second, ms(740));
    assert_eq!(
        pace.earliest(ms(740)),
        ms(1_700),
        "counted from its departure"
    );
    pace.sent(first, ms(900));
    assert_eq!(pace.earliest(ms(900)), ms(1_700));
    let third = pace.start(ms(1_700));
    pace.answered(third, ms(1_740));
    assert_eq!(pace.earliest(ms(1_740)), ms(2_200) - CATCH_UP, "the gap");
}

/// The allowance while the answer has not come.
const LONGEST: Nanos = ms(50);

#[test]
fn h5_one_that_never_leaves_gives_its_place_back_at_once() {
    for is_held in [true, false] {
        let mut pace = pace(1);
        let number = pace.start(ms(0));
        if is_held {
            pace.held(number, ms(0));
            assert_eq!(pace.earliest(ms(5_000)), UNKNOWN);
        }
        pace.unsent(number);
        assert_eq!(pace.earliest(ms(5_000)), ms(1_000), "the gap alone");
        pace.unsent(number);
        pace.sent(number, ms(5_000));
        assert_eq!(pace.earliest(ms(5_000)), ms(1_000), "said twice, said late");
    }
}

#[test]
fn h5_a_handshake_is_no_round_trip() {
    let mut pace = pace(10);
    for at in [0, 100, 200] {
        let number = pace.start(ms(at));
        pace.held(number, ms(at));
        pace.sent(number, ms(at + 900));
        pace.answered(number, ms(at + 940));
    }
    assert_eq!(pace.round_trip.excess_of(ms(40)), Nanos::ZERO);
    assert_eq!(pace.round_trip.excess_of(ms(41)), ms(1));
    // A transport that reports that it holds a request, but not that it leaves.
    let number = pace.start(ms(2_000));
    pace.held(number, ms(2_000));
    pace.answered(number, ms(2_005));
    assert_eq!(
        pace.round_trip.excess_of(ms(41)),
        ms(1),
        "nothing was measured"
    );
    assert_eq!(pace.places.kept(), 4, "it counts");
}

#[test]
fn h5_a_second_sending_under_one_permit_takes_a_further_place() {
    let mut pace = pace(2);
    let number = pace.start(ms(0));
    pace.held(number, ms(0));
    pace.sent(number, ms(10));
    // An inner layer repeats it.
    pace.held(number, ms(600));
    assert_eq!(pace.earliest(ms(600)), ms(1_010) + LONGEST);
    pace.sent(number, ms(700));
    assert_eq!(pace.earliest(ms(1_020)), ms(1_010) + LONGEST);
    // A request that is held so late that it was forgotten.
    let mut pace = self::pace(1);
    let late = pace.start(ms(0));
    let next = pace.start(ms(1_050));
    pace.held(late, ms(1_100));
    assert_eq!(pace.earliest(ms(5_000)), UNKNOWN);
    pace.sent(late, ms(5_000));
    pace.answered(next, ms(5_010));
    assert_eq!(pace.earliest(ms(5_010)), ms(6_000) + LONGEST);
}

#[test]
fn h5_a_strict_server_gets_one_connection_at_a_time() {
    let mut pace = pace(10);
    let mut now = Nanos::ZERO;
    while !pace.penalty.is_strict() {
        now = pace.earliest(now).max(now);
        let number = pace.start(now);
        pace.throttled(number, now, None);
    }
    now = pace.earliest(now) + ms(500);
    let number = pace.start(now);
    pace.held(number, now);
    assert_eq!(pace.earliest(now), now + FORGOTTEN, "but not for ever");
    pace.sent(number, now + ms(900));
    pace.answered(number, now + ms(900));
    assert_eq!(pace.earliest(now + ms(900)), now + ms(1_000));
}
