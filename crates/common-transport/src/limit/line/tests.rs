//! Turns and wakers of a line with two classes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    task::Wake,
};

use Priority::{High, Low};

use super::*;

/// Counts how often it was called.
#[derive(Default)]
struct Bell(AtomicU32);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// A waiter and its bell.
struct Caller {
    ticket: Ticket,
    bell: Arc<Bell>,
}

impl Caller {
    fn join(line: &mut Line, priority: Priority, now: Nanos) -> Self {
        let Join::Wait { ticket } = line.join(priority, now, None) else {
            panic!("there is no deadline");
        };
        let bell = Arc::default();
        Self { ticket, bell }
    }

    fn turn(&self, line: &mut Line, now: Nanos) -> Turn {
        line.turn(self.ticket, now, None, &self.bell.clone().into())
    }

    fn starts(&self, line: &mut Line, now: Nanos) -> Option<Waker> {
        match self.turn(line, now) {
            Turn::Start { next, .. } => next,
            _ => panic!("it is not its turn"),
        }
    }

    /// Whether this waker, and no other, is its own.
    fn is_woken_by(&self, waker: Option<Waker>) -> bool {
        let before = self.bell.0.load(Relaxed);
        waker.into_iter().for_each(Waker::wake);
        self.bell.0.load(Relaxed) == before + 1
    }
}

fn line(cap: u32) -> Line {
    Line::new(NonZeroU32::new(cap).unwrap())
}

const fn millis(millis: u64) -> Nanos {
    Nanos::from_millis(millis)
}

#[test]
fn c8_a_start_wakes_the_next_one_of_either_class() {
    let mut line = line(10);
    line.start(High, Nanos::ZERO).unwrap();
    let low = Caller::join(&mut line, Low, Nanos::ZERO);
    let high: Vec<_> = (0..4)
        .map(|_| Caller::join(&mut line, High, Nanos::ZERO))
        .collect();
    for caller in high.iter().chain([&low]) {
        assert!(!matches!(
            caller.turn(&mut line, millis(1)),
            Turn::Start { .. }
        ));
    }
    let order = [&high[0], &high[1], &high[2], &low, &high[3]];
    for (index, pair) in order.windows(2).enumerate() {
        let now = millis(100 * (index as u64 + 1));
        let next = pair[0].starts(&mut line, now);
        assert!(pair[1].is_woken_by(next), "after {index}");
    }
    assert!(high[3].starts(&mut line, millis(500)).is_none());
}

#[test]
fn c8_a_new_call_of_high_priority_is_the_head_and_gives_that_up_again() {
    let mut line = line(1);
    let number = line.start(High, Nanos::ZERO).unwrap();
    line.end(number, Nanos::ZERO, PermitOutcome::Answered);
    let low = Caller::join(&mut line, Low, Nanos::ZERO);
    let look = millis(1_000);
    assert!(matches!(low.turn(&mut line, millis(1)), Turn::Head { look: at } if at == look));
    let high = Caller::join(&mut line, High, millis(2));
    // Before it is looked at for the first time, and after.
    for _ in 0..2 {
        assert!(matches!(low.turn(&mut line, millis(3)), Turn::Behind));
        assert!(matches!(high.turn(&mut line, millis(3)), Turn::Head { look: at } if at == look));
    }
    let next = line.leave(high.ticket);
    assert!(low.is_woken_by(next));
    assert!(matches!(low.turn(&mut line, millis(4)), Turn::Head { look: at } if at == look));
    low.starts(&mut line, look);
    assert_eq!(line.len(), 0);
}

/// A permit whose request has not left keeps its place, whatever its priority and that of those who wait for it.
#[test]
fn c8_a_held_request_keeps_its_place_and_its_departure_wakes_the_head() {
    for (held, leaves) in [(High, true), (Low, true), (High, false), (Low, false)] {
        let mut line = line(1);
        let number = line.start(held, Nanos::ZERO).unwrap();
        line.held(number, Nanos::ZERO);
        let low = Caller::join(&mut line, Low, Nanos::ZERO);
        let high = Caller::join(&mut line, High, Nanos::ZERO);
        let long_after = Nanos::from_secs(60);
        assert!(matches!(low.turn(&mut line, long_after), Turn::Behind));
        let turn = high.turn(&mut line, long_after);
        assert!(matches!(turn, Turn::Head { look: UNKNOWN }));
        let (woken, free) = if leaves {
            let head = line.sent(number, long_after);
            line.end(number, long_after, PermitOutcome::Answered);
            (head, long_after + millis(1_000))
        } else {
            let count = line.end(number, long_after, PermitOutcome::Unsent);
            (line.wakers(count).pop(), long_after)
        };
        assert!(high.is_woken_by(woken));
        assert!(matches!(low.turn(&mut line, free), Turn::Behind));
        let next = high.starts(&mut line, free);
        assert!(low.is_woken_by(next));
    }
}

#[test]
fn c8_a_refusal_wakes_the_waiters_of_both_classes() {
    let mut line = line(1);
    let number = line.start(High, Nanos::ZERO).unwrap();
    let callers = [Low, High].map(|priority| Caller::join(&mut line, priority, Nanos::ZERO));
    for caller in &callers {
        let _ = caller.turn(&mut line, Nanos::ZERO);
    }
    let throttled = PermitOutcome::Throttled { retry_after: None };
    let woken = line.end(number, millis(1), throttled);
    line.wakers(woken).into_iter().for_each(Waker::wake);
    let woken = callers.map(|caller| caller.bell.0.load(Relaxed));
    assert_eq!(woken, [1, 1]);
}

#[test]
fn c8_a_deadline_is_compared_with_the_calls_of_both_classes_ahead() {
    let mut line = line(10);
    line.start(High, Nanos::ZERO).unwrap();
    let mut join = |priority, deadline| line.join(priority, Nanos::ZERO, Some(millis(deadline)));
    let too_late = |wait, ahead| {
        let wait = Some(millis(wait));
        Join::TooLate(TooLate { wait, ahead })
    };
    for _ in 0..8 {
        assert!(matches!(join(Low, 10_000), Join::Wait { .. }));
    }
    // The first of them start at 100 ms, so a ninth would start at 900 ms.
    assert_eq!(join(Low, 850), too_late(900, 8));
    for _ in 0..5 {
        assert!(matches!(join(High, 850), Join::Wait { .. }));
    }
    // Five of high priority, and one of low priority after three of them.
    assert_eq!(join(High, 650), too_late(700, 6));
    assert_eq!(join(Low, 1_350), too_late(1_400, 13));
}
