//! Rows that a transaction must lock and read before its steps can be decided.

use std::collections::BTreeSet;

use super::{Shared, Work};
use crate::{Commit, Error, Key, NewEvent, Step, engine::codec};

/// Lanes, events and effects that the steps of some commits are about.
#[derive(Debug, Default)]
pub(super) struct Wants {
    pub(super) lanes: Vec<i64>,
    pub(super) events: Vec<i64>,
    pub(super) effects: Vec<i64>,
    /// Number of appends.
    pub(super) appends: usize,
    /// Number of new works without a key.
    pub(super) keyless: usize,
    /// Due lanes of a queue, at most so many, for a claim.
    pub(super) due: Option<(i64, i64)>,
    keys: BTreeSet<(i64, [u8; 16])>,
    event_ids: BTreeSet<(i64, String)>,
    receipts: BTreeSet<[u8; 16]>,
    contents: BTreeSet<(i64, [u8; 16])>,
}

impl Wants {
    /// The wants of a claim.
    pub(super) fn due(queue: i64, at_most: u32) -> Self {
        Self {
            due: Some((queue, at_most.into())),
            ..Self::default()
        }
    }

    /// Adds what a commit needs. The queues of its new works are known.
    pub(super) fn add(&mut self, shared: &Shared, commit: &Commit) -> Result<(), Error> {
        for step in commit.steps() {
            match step {
                Step::Append(event) => {
                    let queue = shared.known_queue(Work::Event, &event.source)?;
                    self.append(shared, queue, event);
                }
                Step::Intend(effect) => {
                    let queue = shared.known_queue(Work::Effect, &effect.account)?;
                    self.work(shared, queue, effect.key.as_ref());
                }
                Step::Finish(ticket)
                | Step::Retry { ticket, .. }
                | Step::Dead { ticket, .. }
                | Step::Renew(ticket, _) => self.lanes.push(ticket.lease().lane),
                Step::Send { ticket, .. }
                | Step::Settle(ticket, _)
                | Step::RenewEffect(ticket, _) => self.lanes.push(ticket.lease().lane),
                Step::Replay(event) | Step::Bury { event, .. } => self.events.push(event.0),
                Step::Decide(effect, _) => self.effects.push(effect.0),
                _ => {}
            }
        }
        Ok(())
    }

    fn append(&mut self, shared: &Shared, queue: i64, event: &NewEvent) {
        self.appends += 1;
        let key = self.work(shared, queue, event.key.as_ref());
        match &event.event_id {
            Some(id) => {
                self.event_ids.insert((queue, id.clone()));
            }
            None => {
                self.receipts.insert(*event.receipt.as_bytes());
                self.contents
                    .insert((queue, codec::content_digest(key.as_ref(), &event.body)));
            }
        }
    }

    fn work(&mut self, shared: &Shared, queue: i64, key: Option<&Key>) -> Option<[u8; 16]> {
        let key = key.map(|key| key.digest(&shared.salt));
        match key {
            Some(key) => {
                self.keys.insert((queue, key));
            }
            None => self.keyless += 1,
        }
        key
    }

    /// Number of things that name a lane.
    pub(super) fn lanes(&self) -> usize {
        self.lanes.len() + self.events.len() + self.effects.len() + self.keys.len()
    }

    /// Keys in their order, as two columns.
    pub(super) fn keys(&self) -> (Vec<i64>, Vec<&[u8]>) {
        self.keys
            .iter()
            .map(|(queue, key)| (*queue, key.as_slice()))
            .unzip()
    }

    pub(super) fn event_ids(&self) -> (Vec<i64>, Vec<&str>) {
        self.event_ids
            .iter()
            .map(|(queue, id)| (*queue, id.as_str()))
            .unzip()
    }

    pub(super) fn receipts(&self) -> Vec<&[u8]> {
        self.receipts
            .iter()
            .map(|receipt| receipt.as_slice())
            .collect()
    }

    pub(super) fn contents(&self) -> (Vec<i64>, Vec<&[u8]>) {
        self.contents
            .iter()
            .map(|(queue, content)| (*queue, content.as_slice()))
            .unzip()
    }
}
