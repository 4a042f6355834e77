//! The state of a mock: what it expects, and what came.

use std::{panic::Location, sync::Arc};

use bytes::Bytes;
use common_transport::{Metadata, verdict::End};
use http::{Response, StatusCode};

use super::{Place, Received, Unmet, report};

type Condition = dyn Fn(&Received) -> bool + Send + Sync;

pub(super) type Action = dyn Fn(&Received) -> Act + Send + Sync;

/// The end of an attempt.
pub(super) enum Act {
    Answer(Response<Bytes>),
    End(End),
    Silence,
    /// The parameters of the operation cannot be read.
    Unreadable,
}

/// How often an answer is still given.
#[derive(Debug, Clone, Copy)]
pub(super) enum Left {
    Times(u32),
    Always,
}

/// One answer of an expectation.
struct Step {
    action: Arc<Action>,
    status: Option<StatusCode>,
    left: Left,
}

/// One expectation.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) metadata: Option<&'static Metadata>,
    pub(super) place: Place,
    conditions: Vec<Arc<Condition>>,
    steps: Vec<Step>,
    /// How many answers it has given.
    pub(super) given: u64,
}

impl Entry {
    /// How many answers were not asked for.
    pub(super) fn missing(&self) -> u64 {
        let left = self.steps.iter().map(|step| match step.left {
            Left::Times(count) => u64::from(count),
            Left::Always => 0,
        });
        left.sum()
    }

    pub(super) fn has_answers(&self) -> bool {
        !self.steps.is_empty()
    }

    fn take(&mut self) -> Option<(Arc<Action>, Option<StatusCode>)> {
        let is_left = |step: &&mut Step| !matches!(step.left, Left::Times(0));
        let step = self.steps.iter_mut().find(is_left)?;
        if let Left::Times(count) = &mut step.left {
            *count -= 1;
        }
        self.given += 1;
        Some((Arc::clone(&step.action), step.status))
    }

    pub(super) fn is_used_up(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.all(|step| matches!(step.left, Left::Times(0)))
    }
}

/// An expectation that a call may go to, with its conditions, which are called without the lock.
pub(super) struct Candidate {
    index: usize,
    conditions: Vec<Arc<Condition>>,
}

impl Candidate {
    pub(super) fn fits(&self, received: &Received) -> bool {
        self.conditions.iter().all(|condition| condition(received))
    }
}

#[derive(Default)]
pub(super) struct State {
    entries: Vec<Entry>,
    received: Vec<Received>,
    /// The places of calls that nothing expected among those that came.
    unexpected: Vec<usize>,
    is_checked: bool,
}

impl State {
    #[track_caller]
    pub(super) fn expect(&mut self, name: &'static str, metadata: Option<&'static Metadata>) {
        self.is_checked = false;
        self.entries.push(Entry {
            name,
            metadata,
            place: Location::caller(),
            conditions: Vec::new(),
            steps: Vec::new(),
            given: 0,
        });
    }

    pub(super) fn last(&self) -> usize {
        self.entries.len().saturating_sub(1)
    }

    pub(super) fn add_condition(
        &mut self,
        index: usize,
        condition: impl Fn(&Received) -> bool + Send + Sync + 'static,
    ) {
        self.entries[index].conditions.push(Arc::new(condition));
    }

    pub(super) fn add_answer(
        &mut self,
        index: usize,
        action: impl Fn(&Received) -> Act + Send + Sync + 'static,
    ) {
        self.entries[index].steps.push(Step {
            action: Arc::new(action),
            status: None,
            left: Left::Times(1),
        });
    }

    pub(super) fn repeat(&mut self, index: usize, left: Left) {
        if let Some(step) = self.entries[index].steps.last_mut() {
            step.left = left;
        }
    }

    pub(super) fn set_status(&mut self, index: usize, status: StatusCode) {
        if let Some(step) = self.entries[index].steps.last_mut() {
            step.status = Some(status);
        }
    }

    /// Notes a call, and returns its number and the expectations of its operation.
    pub(super) fn receive(&mut self, received: &Received) -> (usize, Vec<Candidate>) {
        self.received.push(received.clone());
        let is_of = |entry: &&Entry| {
            entry
                .metadata
                .is_none_or(|metadata| received.is_of(metadata))
        };
        let entries = self.entries.iter().enumerate();
        let candidates = entries.filter(|(_, entry)| is_of(entry));
        let candidates = candidates.map(|(index, entry)| Candidate {
            index,
            conditions: entry.conditions.clone(),
        });
        (self.received.len() - 1, candidates.collect())
    }

    /// Takes the next answer of the first expectation that fits and has one.
    pub(super) fn take(
        &mut self,
        fitting: &[Candidate],
    ) -> Option<(Arc<Action>, Option<StatusCode>)> {
        let mut fitting = fitting.iter();
        fitting.find_map(|candidate| self.entries[candidate.index].take())
    }

    /// Notes that nothing expected a call, and returns the nearest expectation in words.
    pub(super) fn refuse(&mut self, number: usize, fitting: &[Candidate]) -> String {
        self.unexpected.push(number);
        self.is_checked = false;
        let fitting: Vec<usize> = fitting.iter().map(|candidate| candidate.index).collect();
        report::nearest(&self.entries, &self.received[number], &fitting)
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.clone()
    }

    pub(super) fn is_checked(&self) -> bool {
        self.is_checked
    }

    pub(super) fn check(&mut self) -> Result<(), Unmet> {
        self.is_checked = true;
        Unmet::of(&self.entries, &self.received, &self.unexpected).map_or(Ok(()), Err)
    }
}
