//! The order of the waiters against a rule written in another way: by looking back at the starts.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::Wake,
};

use Priority::{High, Low};
use proptest::prelude::*;

use super::*;

/// Lets the next waiter start.
fn start_next(waiters: &mut Waiters, tickets: &[Ticket]) -> Ticket {
    let mut heads = tickets.iter().filter(|ticket| waiters.is_head(**ticket));
    let head = *heads.next().expect("somebody waits");
    assert_eq!(heads.next(), None, "one head");
    waiters.start(head);
    head
}

/// Lets all start, and writes their order: H and L.
fn drain(waiters: &mut Waiters, mut tickets: Vec<Ticket>) -> String {
    let mut order = String::new();
    while !tickets.is_empty() {
        let head = start_next(waiters, &tickets);
        order.push(if head.priority == High { 'H' } else { 'L' });
        tickets.retain(|ticket| *ticket != head);
    }
    assert!(waiters.is_empty());
    order
}

fn join(waiters: &mut Waiters, order: &str) -> Vec<Ticket> {
    let priority = |letter| if letter == 'H' { High } else { Low };
    let letters = order.chars();
    letters
        .map(|letter| waiters.join(priority(letter)))
        .collect()
}

#[test]
fn c8_high_starts_first_and_every_fourth_start_is_low() {
    for (joined, started) in [
        ("LLLLHHHHHHHH", "HHHLHHHLHHLL"),
        ("HHHHH", "HHHHH"),
        ("LLLLL", "LLLLL"),
        ("LH", "HL"),
        ("HHHHL", "HHHLH"),
        ("LLLHHHH", "HHHLHLL"),
    ] {
        let mut waiters = Waiters::default();
        let tickets = join(&mut waiters, joined);
        assert_eq!(drain(&mut waiters, tickets), started, "{joined}");
    }
}

#[test]
fn c8_starts_that_pass_nobody_are_not_counted() {
    let mut waiters = Waiters::default();
    // Some wait, some start at once.
    let alone = join(&mut waiters, "HHHHH");
    drain(&mut waiters, alone);
    for _ in 0..5 {
        waiters.count_start_at_once(High);
    }
    let tickets = join(&mut waiters, "LHHHH");
    assert_eq!(drain(&mut waiters, tickets), "HHHLH");
}

#[test]
fn c8_who_gives_up_uses_up_no_start_and_leaves_the_turn_to_its_class() {
    for comes_back_late in [false, true] {
        let mut waiters = Waiters::default();
        let mut tickets = join(&mut waiters, "LHHHHH");
        for _ in 0..3 {
            let head = start_next(&mut waiters, &tickets);
            assert_eq!(head.priority, High);
            tickets.retain(|ticket| *ticket != head);
        }
        // It was to be next.
        let first = tickets.remove(0);
        assert!(waiters.is_head(first));
        if !comes_back_late {
            tickets.extend(join(&mut waiters, "L"));
        }
        waiters.remove(first);
        if comes_back_late {
            assert!(
                waiters.is_head(tickets[0]),
                "nobody else of its class waits"
            );
            tickets.extend(join(&mut waiters, "L"));
        }
        assert_eq!(drain(&mut waiters, tickets), "LHH");
    }
}

/// Remembers that it was called.
#[derive(Default)]
struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Relaxed);
    }
}

#[test]
fn c8_the_head_is_woken_first_whatever_its_class() {
    for (joined, head) in [("LLHH", 2), ("LL", 0), ("HH", 0)] {
        let mut waiters = Waiters::default();
        let tickets = join(&mut waiters, joined);
        let bells: Vec<_> = tickets.iter().map(|_| Arc::new(Bell::default())).collect();
        for (ticket, bell) in tickets.iter().zip(&bells) {
            waiters.wake_by(*ticket, &bell.clone().into());
        }
        let rung = || bells.iter().filter(|bell| bell.0.load(Relaxed)).count();
        waiters.head().expect("somebody waits").wake();
        assert!(
            bells[head].0.swap(false, Relaxed) && rung() == 0,
            "{joined}"
        );
        waiters.wakers(1).into_iter().for_each(Waker::wake);
        assert!(bells[head].0.load(Relaxed) && rung() == 1, "{joined}");
        waiters.wakers(usize::MAX).into_iter().for_each(Waker::wake);
        assert_eq!(rung(), joined.len());
    }
}

#[derive(Debug, Clone)]
enum Step {
    Join(Priority),
    /// One of those that wait gives up.
    Leave(prop::sample::Index),
    /// The next one starts; with nobody waiting, a call with this priority starts at once.
    Start(Priority),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let priority = || prop_oneof![Just(High), Just(Low)];
    let step = prop_oneof![
        4 => priority().prop_map(Step::Join),
        1 => any::<prop::sample::Index>().prop_map(Step::Leave),
        3 => priority().prop_map(Step::Start),
    ];
    prop::collection::vec(step, 0..120)
}

/// A start, as the rule sees it.
struct Start {
    priority: Priority,
    /// Whether a call of low priority waited when it started, this one included.
    low_waited: bool,
}

/// One who waits, and what it was promised.
struct Waiting {
    ticket: Ticket,
    /// Starts when it joined.
    since: usize,
    /// Starts before its own, at most.
    most: usize,
}

#[derive(Default)]
struct Model {
    /// In the order of joining.
    waiting: Vec<Waiting>,
    starts: Vec<Start>,
}

impl Model {
    fn join(&mut self, ticket: Ticket) {
        let of_its_class = |other: &&Waiting| other.ticket.priority == ticket.priority;
        let ahead = self.waiting.iter().filter(of_its_class).count();
        self.waiting.push(Waiting {
            ticket,
            since: self.starts.len(),
            most: match ticket.priority {
                High => ahead + ahead / 3 + 1,
                Low => ahead + 3 * (ahead + 1),
            },
        });
    }

    fn first(&self, priority: Priority) -> Option<Ticket> {
        let mut tickets = self.waiting.iter().map(|waiting| waiting.ticket);
        tickets.find(|ticket| ticket.priority == priority)
    }

    fn next(&self) -> Option<Ticket> {
        let since_low = self.starts.iter().rev();
        let since_low = since_low.take_while(|start| start.priority == High);
        let passed = since_low.filter(|start| start.low_waited).count();
        match (self.first(High), self.first(Low)) {
            (Some(_), Some(low)) if passed == 3 => Some(low),
            (high, low) => high.or(low),
        }
    }

    fn start(&mut self, priority: Priority, ticket: Option<Ticket>) {
        if let Some(ticket) = ticket {
            let is_it = |waiting: &Waiting| waiting.ticket == ticket;
            let index = self.waiting.iter().position(is_it).unwrap();
            let Waiting { since, most, .. } = self.waiting[index];
            assert!(
                self.starts.len() - since <= most,
                "{ticket:?} waited for more than {most}"
            );
        }
        self.starts.push(Start {
            priority,
            low_waited: self.first(Low).is_some(),
        });
        self.waiting
            .retain(|waiting| Some(waiting.ticket) != ticket);
    }

    fn check(&self) {
        for four in self.starts.windows(4) {
            let low = four.iter().any(|start| start.priority == Low);
            let low_waited = four.iter().all(|start| start.low_waited);
            assert!(
                low || !low_waited,
                "four starts without one of low priority"
            );
        }
    }
}

proptest! {
    #[test]
    fn c8_order_and_share_are_those_of_the_rule(steps in steps()) {
        let mut waiters = Waiters::default();
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Join(priority) => {
                    let ahead = waiters.ahead_of_new(priority);
                    let ticket = waiters.join(priority);
                    prop_assert_eq!(waiters.ahead_of(ticket), ahead);
                    model.join(ticket);
                }
                Step::Leave(index) if !model.waiting.is_empty() => {
                    let leaves = model.waiting.remove(index.index(model.waiting.len()));
                    waiters.remove(leaves.ticket);
                }
                Step::Leave(_) => {}
                Step::Start(priority) => match model.next() {
                    Some(next) => {
                        prop_assert!(waiters.is_head(next));
                        waiters.start(next);
                        model.start(next.priority, Some(next));
                    }
                    None => {
                        waiters.count_start_at_once(priority);
                        model.start(priority, None);
                    }
                },
            }
            let is_head = |waiting: &&Waiting| waiters.is_head(waiting.ticket);
            prop_assert_eq!(model.waiting.iter().filter(is_head).count(), usize::from(!waiters.is_empty()));
            prop_assert_eq!(waiters.len(), model.waiting.len());
        }
        // What each was told of those ahead is so, if nobody comes or leaves.
        let told = model.waiting.iter().map(|waiting| waiters.ahead_of(waiting.ticket));
        let told: Vec<_> = told.collect();
        let tickets: Vec<_> = model.waiting.iter().map(|waiting| waiting.ticket).collect();
        for before in 0..tickets.len() {
            let next = model.next().unwrap();
            let index = tickets.iter().position(|ticket| *ticket == next).unwrap();
            prop_assert_eq!(told[index], before);
            waiters.start(next);
            model.start(next.priority, Some(next));
        }
        model.check();
    }
}
