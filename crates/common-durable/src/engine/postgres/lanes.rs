//! The lanes that a transaction has locked, and which of them it has changed.

use std::collections::{BTreeMap, HashMap};

use tokio_postgres::Row;

use super::lane::Lane;

/// Locked lanes. Changes are written at the end, so that one statement writes them all.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    lanes: BTreeMap<i64, Lane>,
    /// Lanes that are not in the database yet.
    fresh: Vec<i64>,
    stored: HashMap<i64, Lane>,
    keys: HashMap<(i64, [u8; 16]), i64>,
    undo: Vec<Undo>,
}

#[derive(Debug)]
enum Undo {
    Was(Lane),
    Fresh(i64),
}

impl Lanes {
    /// Takes lanes that were just locked.
    pub(super) fn add(&mut self, rows: &[Row]) -> Result<(), tokio_postgres::Error> {
        for row in rows {
            let lane = Lane::read(row)?;
            if self.lanes.contains_key(&lane.id) {
                // It was locked before and may have changed here since.
                continue;
            }
            if let Some(key) = lane.key {
                self.keys.insert((lane.queue, key), lane.id);
            }
            self.stored.insert(lane.id, lane.clone());
            self.lanes.insert(lane.id, lane);
        }
        Ok(())
    }

    /// Takes a new lane that will be inserted.
    pub(super) fn add_fresh(&mut self, lane: Lane) {
        self.undo.push(Undo::Fresh(lane.id));
        self.fresh.push(lane.id);
        self.lanes.insert(lane.id, lane);
    }

    pub(super) fn get(&self, id: i64) -> Option<&Lane> {
        self.lanes.get(&id).filter(|lane| !lane.is_gone)
    }

    /// Returns the lane for a change.
    pub(super) fn edit(&mut self, id: i64) -> Option<&mut Lane> {
        let lane = self.lanes.get_mut(&id)?;
        self.undo.push(Undo::Was(lane.clone()));
        Some(lane)
    }

    pub(super) fn of_key(&self, queue: i64, key: &[u8; 16]) -> Option<i64> {
        self.keys.get(&(queue, *key)).copied()
    }

    pub(super) fn ids(&self) -> Vec<i64> {
        self.lanes.keys().copied().collect()
    }

    /// Begins a commit that can be undone in memory.
    pub(super) fn begin(&mut self) {
        self.undo.clear();
    }

    /// Undoes what was changed since [`begin`](Self::begin).
    pub(super) fn undo(&mut self) {
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Was(lane) => {
                    self.lanes.insert(lane.id, lane);
                }
                Undo::Fresh(id) => {
                    self.lanes.remove(&id);
                    self.fresh.retain(|fresh| *fresh != id);
                }
            }
        }
    }

    /// Returns what must be written, and takes it as written.
    pub(super) fn changes(&mut self) -> Changes {
        let mut changes = Changes::default();
        for id in self.fresh.drain(..) {
            if let Some(lane) = self.lanes.get(&id) {
                self.stored.insert(id, lane.clone());
                if !lane.is_gone {
                    changes.inserted.push(lane.clone());
                }
            }
        }
        for lane in self.lanes.values() {
            if self.stored.get(&lane.id) == Some(lane) {
                continue;
            }
            match lane.is_gone {
                true => changes.removed.push(lane.id),
                false => changes.updated.push(lane.clone()),
            }
            self.stored.insert(lane.id, lane.clone());
        }
        self.undo.clear();
        changes
    }

    /// Forgets all lanes, because a statement changed them in the database. They stay locked.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// Lanes that must be written.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) inserted: Vec<Lane>,
    pub(super) updated: Vec<Lane>,
    pub(super) removed: Vec<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d1_a_failed_commit_leaves_no_trace_in_memory() {
        let mut lanes = Lanes::default();
        lanes.begin();
        lanes.add_fresh(Lane::new(1, 1));
        lanes.edit(1).unwrap().open_one(10);
        lanes.begin();
        lanes.edit(1).unwrap().open_one(20);
        lanes.edit(1).unwrap().open_one(30);
        lanes.add_fresh(Lane::new(2, 1));
        lanes.undo();
        assert_eq!(lanes.get(1).unwrap().open, 1);
        assert!(lanes.get(2).is_none());
        let changes = lanes.changes();
        assert_eq!(changes.inserted.len(), 1);
        assert!(changes.updated.is_empty() && changes.removed.is_empty());
    }

    #[test]
    fn d5_only_changes_are_written_and_only_once() {
        let mut lanes = Lanes::default();
        lanes.add_fresh(Lane::new(1, 1));
        lanes.edit(1).unwrap().open_one(10);
        assert_eq!(lanes.changes().inserted.len(), 1);
        assert!(lanes.changes().updated.is_empty());
        lanes.edit(1).unwrap().end_head(5, None, 20);
        let changes = lanes.changes();
        assert_eq!(changes.removed, [1]);
        assert!(changes.updated.is_empty());
        assert!(lanes.get(1).is_none());
    }
}
