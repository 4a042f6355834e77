//! The verdict: what a store holds that was worked off, beside what the oracle knows.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use crate::{
    kills::Known,
    work::{self, landings},
};

/// What a store holds, read without its engine.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// Key and number of each event that a worker applied, in the order of the commits.
    pub(crate) applied: Vec<(i64, i64)>,
    /// Natural key and state of each effect.
    pub(crate) effects: Vec<(String, i64)>,
    /// Number of stored events.
    pub(crate) events: i64,
    /// Number of events that are not finished.
    pub(crate) unfinished: i64,
}

/// Compares the store and the service with what the oracle knows.
pub(crate) fn judge(content: &Content, folder: &Path, known: &[Known]) {
    assert_eq!(content.unfinished, 0, "it is not worked off");
    let acknowledged: u64 = known.iter().map(|known| known.next).sum();
    assert_eq!(content.events as u64, acknowledged, "lost or stored twice");
    let mut applied: BTreeMap<usize, Vec<u64>> = BTreeMap::new();
    for (key, number) in &content.applied {
        applied
            .entry(*key as usize)
            .or_default()
            .push(*number as u64);
    }
    let mut effects: HashMap<&str, Vec<i64>> = HashMap::new();
    for (name, state) in &content.effects {
        effects.entry(name).or_default().push(*state);
    }
    for (key, known) in known.iter().enumerate() {
        let numbers = applied.remove(&key).unwrap_or_default();
        let expected: Vec<_> = (0..known.next).collect();
        assert_eq!(
            numbers, expected,
            "key {key}: lost, doubled or out of order"
        );
        for number in expected {
            judge_effect(&effects, folder, key as u64, number);
        }
    }
}

fn judge_effect(effects: &HashMap<&str, Vec<i64>>, folder: &Path, key: u64, number: u64) {
    let name = format!("{key}-{number}");
    let states = effects.get(name.as_str()).cloned().unwrap_or_default();
    let Some(effect) = work::effect(key, number) else {
        assert_eq!(states.len(), 0);
        return;
    };
    let landed = landings(&folder.join("service"), &name, effect.repeat);
    // 3 is landed and 5 is parked, where a look found nothing.
    match (states.as_slice(), landed) {
        ([3], 1) | ([5], 0) => {}
        other => panic!("effect {name}: states and landings {other:?}"),
    }
}
