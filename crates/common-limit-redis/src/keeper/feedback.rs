//! The fate of the requests, as the transport reports it.

use super::{
    Keeper,
    started::{Origin, State},
};
use crate::terms::Micros;

/// Most doublings of the pause; it doubles with each refusal in a row.
const MOST_DOUBLINGS: u32 = 5;

/// Longest pause that a service can ask for.
const LONGEST_PAUSE: Micros = 365 * 24 * 3_600 * 1_000_000;

impl Keeper {
    /// A transport holds the request, and will report when it leaves.
    pub(crate) fn held(&mut self, number: u64) {
        let state = match self.started.state(number) {
            Some(State::Granted {
                from: Origin::Slot(stamp),
            }) => State::Held { stamp },
            Some(State::Granted {
                from: Origin::OwnShare,
            }) => {
                self.own_share.withdraw(number);
                State::Late
            }
            // It is sent a second time under its permit.
            Some(State::Left) | None => {
                self.is_urgent = true;
                State::Late
            }
            Some(state) => state,
        };
        self.started.set(number, state);
    }

    /// The head of the request is being written.
    pub(crate) fn sent(&mut self, number: u64, now: Micros) {
        match self.started.state(number) {
            Some(State::Held { stamp }) if self.is_old(stamp, now) => {
                self.unused.push(stamp);
                self.leave_late(number, now);
            }
            Some(State::Late) => self.leave_late(number, now),
            _ => {}
        }
        if self.started.state(number).is_some() {
            self.started.set(number, State::Left);
        }
    }

    /// The request has not left, and will not leave.
    pub(crate) fn unsent(&mut self, number: u64) {
        match self.started.state(number) {
            Some(
                State::Granted {
                    from: Origin::Slot(stamp),
                }
                | State::Held { stamp },
            ) => self.unused.push(stamp),
            Some(State::Granted {
                from: Origin::OwnShare,
            }) => self.own_share.withdraw(number),
            Some(State::Late) => self.is_urgent = true,
            Some(State::Left) | None => {}
        }
        self.started.forget(number);
    }

    /// The request was answered.
    pub(crate) fn ended(&mut self, number: u64, now: Micros) {
        self.refusals_in_a_row = 0;
        self.end(number, now);
    }

    /// The service has refused the request: too many.
    pub(crate) fn throttled(&mut self, number: u64, now: Micros, retry_after: Option<Micros>) {
        self.end(number, now);
        let doublings = self.refusals_in_a_row.min(MOST_DOUBLINGS);
        self.refusals_in_a_row = self.refusals_in_a_row.saturating_add(1);
        let pause = retry_after.unwrap_or((self.terms.window / self.terms.cap) << doublings);
        self.pause = self.pause.max(pause.clamp(1, LONGEST_PAUSE));
        self.is_urgent = true;
    }

    /// The caller has given the request up. A held one may still leave.
    pub(crate) fn given_up(&mut self, number: u64) {
        self.started.give_up(number);
    }

    fn end(&mut self, number: u64, now: Micros) {
        // An answered request has left, although this was not reported.
        self.sent(number, now);
        self.started.forget(number);
    }

    fn leave_late(&mut self, number: u64, now: Micros) {
        self.late_sent += 1;
        self.own_share.leave(number, now, &self.terms);
        self.is_urgent = true;
    }

    /// A held request whose permit is too old gives its stamp back, and counts as late.
    pub(super) fn note_late_ones(&mut self, now: Micros) {
        let old: Vec<_> = self
            .started
            .held()
            .filter(|(_, stamp)| self.is_old(*stamp, now))
            .collect();
        for (number, stamp) in old {
            self.unused.push(stamp);
            self.started.set(number, State::Late);
            self.is_urgent = true;
        }
    }
}
