//! What a test knows from outside of the store: what was tried, what was acknowledged, what was done.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use common_durable::{EventId, postgres::tokio_postgres::Client};

/// The caller's own table. Its primary key refuses a second effect of one event, and `place` has the order of commits.
pub(crate) const EFFECTS: &str = "create table effects (
    event bigint primary key, place bigint generated always as identity, key text not null, number bigint not null)";

/// What is known from outside.
#[derive(Default)]
pub(crate) struct Oracle {
    /// The last acknowledged number of each key.
    acknowledged: Mutex<BTreeMap<String, u64>>,
    finished: Mutex<BTreeSet<i64>>,
    pub(crate) is_over: AtomicBool,
    pub(crate) tried: AtomicU64,
    pub(crate) fenced: AtomicU64,
    pub(crate) unknown: AtomicU64,
    pub(crate) failed: AtomicU64,
}

impl Oracle {
    pub(crate) fn acknowledge(&self, key: &str, number: u64) {
        let mut acknowledged = self
            .acknowledged
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        acknowledged.insert(key.to_owned(), number);
    }

    /// A finish was acknowledged.
    pub(crate) fn finish(&self, event: EventId) {
        let mut finished = self.finished.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(finished.insert(event.0), "event {event} was finished twice");
    }

    /// Compares the store, which was worked off to empty, with what is known.
    pub(crate) async fn judge(&self, client: &Client) -> Verdict {
        let mut verdict = Verdict::default();
        let events = client
            .query(
                "select convert_from(b.body, 'UTF8'), e.state, e.ended_at, e.id
                 from durable_event e join durable_body b on b.event = e.id order by e.id",
                &[],
            )
            .await
            .expect("events");
        let mut keys: BTreeMap<String, Vec<(u64, i64)>> = BTreeMap::new();
        for row in events {
            let body: String = row.get(0);
            let (key, number) = body.split_once(' ').expect("a key and a number");
            verdict.stored += 1;
            verdict.unfinished += u64::from(row.get::<_, i16>(1) != 1);
            let ended_at: Option<i64> = row.get(2);
            let number = number.parse().expect("a number");
            keys.entry(key.to_owned())
                .or_default()
                .push((number, ended_at.unwrap_or(0)));
        }
        let acknowledged = self
            .acknowledged
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        for (key, last) in &acknowledged {
            let stored: BTreeSet<u64> = keys
                .get(key)
                .into_iter()
                .flatten()
                .map(|(number, _)| *number)
                .collect();
            verdict.acknowledged += last + 1;
            verdict.lost += (0..=*last)
                .filter(|number| !stored.contains(number))
                .count() as u64;
        }
        for numbers in keys.values() {
            for pair in numbers.windows(2) {
                verdict.doubled += u64::from(pair[1].0 == pair[0].0);
                // The order of the ids is that of the sender, and events end in that order.
                verdict.disordered += u64::from(pair[1].0 < pair[0].0 || pair[1].1 < pair[0].1);
            }
        }
        let effects = client
            .query("select key, number from effects order by place", &[])
            .await
            .expect("effects");
        let mut last: BTreeMap<String, i64> = BTreeMap::new();
        for row in effects {
            verdict.effects += 1;
            let (key, number): (String, i64) = (row.get(0), row.get(1));
            verdict.disordered +=
                u64::from(last.insert(key, number).is_some_and(|last| last >= number));
        }
        verdict
    }
}

/// What came out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) acknowledged: u64,
    pub(crate) stored: u64,
    pub(crate) effects: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) disordered: u64,
    pub(crate) unfinished: u64,
}

impl Verdict {
    pub(crate) fn is_good(&self) -> bool {
        self.lost == 0 && self.doubled == 0 && self.disordered == 0 && self.unfinished == 0
    }
}

/// Adds one to a counter.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
