//! Plans of the statements that commits, claims and looks by id run: none reads or sorts a table that grows.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use rusqlite::{
    Connection, StatementStatus,
    trace::{TraceEvent, TraceEventCodes},
};

use super::{Sqlite, SqliteOptions, open};
use crate::{
    Claim, Claimed, Clock, Commit, NewEvent, Store, Timestamp,
    conformance::{fill, hot_path},
};

/// Statements that ran, by their texts.
#[derive(Default)]
struct Log {
    ran: BTreeMap<String, Ran>,
    /// Instructions of SQLite's machine that all of them took.
    steps: u64,
}

/// The cost of a statement since it was prepared.
#[derive(Clone, Copy, Default)]
struct Ran {
    /// Rows of whole tables that it read, and sorts that it needed.
    reads: i32,
    steps: i32,
}

#[tokio::test]
async fn d20_no_statement_of_the_hot_path_reads_or_sorts_a_whole_table() {
    let found = found(10_000, "select 1").await;
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn d20_a_missing_index_is_found() {
    for index in [
        "drop index durable_lane_due",
        "drop index durable_lane_key",
        "drop index durable_event_id",
        "drop index durable_event_receipt",
        "drop index durable_event_content",
        "drop index durable_event_lane",
        "drop index durable_event_ended",
        "drop index durable_failure_work",
        "drop index durable_subject_work",
        "drop index durable_effect_ended",
    ] {
        let found = found(1_000, index).await;
        assert!(!found.is_empty(), "{index}");
    }
}

#[tokio::test]
async fn d20_a_claim_costs_the_same_at_every_depth() {
    let (shallow, deep) = (steps_of_claims(1_000).await, steps_of_claims(20_000).await);
    assert!(shallow > 10_000, "{shallow} steps");
    assert!(deep * 100 <= shallow * 105, "{deep} and {shallow} steps");
}

/// Instructions that 200 claims and finishes take with so many pending events of as many keys.
async fn steps_of_claims(depth: u64) -> u64 {
    let (store, _, log) = traced();
    for first in (0..depth).step_by(500) {
        let event = |n| NewEvent::new("s", "body").key(format!("k {n}"));
        let commit = (first..first + 500).fold(Commit::new(), |commit, n| commit.append(event(n)));
        store.commit(commit).await.expect("stored");
    }
    let before = log.lock().expect("no panic").steps;
    for _ in 0..20 {
        let claimed = store.claim(Claim::events("s").at_most(10)).await;
        let tickets = claimed
            .expect("a claim")
            .into_iter()
            .filter_map(|claimed| match claimed {
                Claimed::Event(delivery) => Some(delivery.ticket),
                Claimed::Effect(_) => None,
            });
        let commit = tickets.fold(Commit::new(), |commit, ticket| commit.finish(ticket));
        assert_eq!(commit.steps().len(), 10);
        store.commit(commit).await.expect("finished");
    }
    let after = log.lock().expect("no panic").steps;
    after - before
}

/// Runs the hot path on a store with so many events that was changed by a statement, and returns the plans that are
/// wrong.
async fn found(rows: u64, change: &'static str) -> Vec<String> {
    let (store, clock, log) = traced();
    let removed = fill(&store, &clock, rows).await;
    store.tamper(change).await.expect(change);
    log.lock().expect("no panic").ran.clear();
    hot_path(&store, &clock, removed).await;
    let ran = std::mem::take(&mut log.lock().expect("no panic").ran);
    assert!(ran.len() > 40, "{} statements ran", ran.len());
    // Plans do not depend on rows here: the engine never runs `analyze`.
    let connection = Connection::open_in_memory().expect("it opens");
    let schema = include_str!("schema.sql");
    connection.execute_batch(schema).expect("a schema");
    connection.execute_batch(change).expect(change);
    ran.iter()
        .filter_map(|(text, ran)| wrong(&connection, text, ran.reads))
        .collect()
}

fn traced() -> (Sqlite, Clock, Arc<Mutex<Log>>) {
    let clock = Clock::stopped_at(Timestamp::from_millis(1_000_000_000));
    let options = SqliteOptions::memory().clock(clock.clone());
    let mut opened = open::open(&options).expect("it opens");
    let log = Arc::default();
    trace(&mut opened.session.connection, Arc::clone(&log));
    let store = Sqlite::serve(opened, &options).expect("it starts");
    (store, clock, log)
}

fn trace(connection: &mut Connection, log: Arc<Mutex<Log>>) {
    let note = move |event: TraceEvent<'_>| {
        if let TraceEvent::Profile(statement, _) = event {
            let reads = [
                StatementStatus::FullscanStep,
                StatementStatus::Sort,
                StatementStatus::AutoIndex,
            ];
            let reads = reads
                .map(|status| statement.get_status(status))
                .iter()
                .sum();
            let steps = statement.get_status(StatementStatus::VmStep);
            log.lock()
                .expect("no panic")
                .note(statement.sql().into_owned(), Ran { reads, steps });
        }
    };
    connection
        .trace_v2(TraceEventCodes::SQLITE_TRACE_PROFILE, Some(note))
        .expect("it can be traced");
}

impl Log {
    fn note(&mut self, text: String, now: Ran) {
        let before = self.ran.insert(text, now).unwrap_or_default();
        // A statement that was prepared again begins anew.
        let fresh = now
            .steps
            .checked_sub(before.steps)
            .filter(|steps| *steps >= 0);
        self.steps += u64::from(fresh.unwrap_or(now.steps).unsigned_abs());
    }
}

/// Returns the plan of a statement if it reads or sorts a whole table.
fn wrong(connection: &Connection, text: &str, reads: i32) -> Option<String> {
    if !text.contains("durable_") {
        return None;
    }
    let mut statement = connection
        .prepare(&format!("explain query plan {text}"))
        .expect(text);
    let mut rows = statement.raw_query();
    let mut plan = String::new();
    while let Some(row) = rows.next().expect("a plan") {
        plan += &row.get::<_, String>(3).expect("a line");
        plan.push('\n');
    }
    // The rows of a subquery are judged by its own lines.
    let is_table = |what: &str| what != "CONSTANT ROW" && !what.starts_with("(subquery");
    let scans = |line: &str| line.strip_prefix("SCAN ").is_some_and(is_table);
    let is_wrong = reads > 0
        || plan
            .lines()
            .any(|line| scans(line) || line.contains("B-TREE"));
    is_wrong.then(|| format!("{text}\n{plan}{reads} reads of whole tables or sorts"))
}
