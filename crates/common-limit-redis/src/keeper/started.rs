//! The requests that have a permit and have not ended.

use std::collections::BTreeMap;

use crate::terms::Micros;

/// Requests by the number of their permit.
#[derive(Debug, Default)]
pub(super) struct Started {
    requests: BTreeMap<u64, Request>,
}

#[derive(Debug)]
struct Request {
    state: State,
    /// Its caller has given up, but it may still leave.
    is_given_up: bool,
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It has a permit. It leaves now, unless a transport says that it holds it.
    Granted { from: Origin },
    /// A transport holds it.
    Held { stamp: Micros },
    /// A transport holds it, and it has no place among the stamps: its stamp has gone back, or it had none. It counts
    /// as late until it leaves.
    Late,
    /// It has left.
    Left,
}

/// The origin of a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A slot with this stamp.
    Slot(Micros),
    OwnShare,
}

impl Started {
    pub(super) fn grant(&mut self, number: u64, from: Origin) {
        self.set(number, State::Granted { from });
    }

    pub(super) fn state(&self, number: u64) -> Option<State> {
        self.requests.get(&number).map(|request| request.state)
    }

    /// Changes the state of a request. One that leaves after its caller gave up is forgotten.
    pub(super) fn set(&mut self, number: u64, state: State) {
        let request = self.requests.entry(number).or_insert(Request {
            state,
            is_given_up: false,
        });
        request.state = state;
        if request.is_given_up && state == State::Left {
            self.requests.remove(&number);
        }
    }

    pub(super) fn forget(&mut self, number: u64) {
        self.requests.remove(&number);
    }

    /// Records that the caller of a request gives up. A held one may still leave.
    pub(super) fn give_up(&mut self, number: u64) {
        match self.requests.get_mut(&number) {
            Some(request) if matches!(request.state, State::Held { .. } | State::Late) => {
                request.is_given_up = true;
            }
            _ => self.forget(number),
        }
    }

    /// Returns the number of requests that are late.
    pub(super) fn late(&self) -> i64 {
        let late = |request: &&Request| request.state == State::Late;
        self.requests.values().filter(late).count() as i64
    }

    /// Returns the held requests with their stamps.
    pub(super) fn held(&self) -> impl Iterator<Item = (u64, Micros)> {
        self.requests
            .iter()
            .filter_map(|(number, request)| match request.state {
                State::Held { stamp } => Some((*number, stamp)),
                _ => None,
            })
    }
}
