//! Plans of the statements that commits, claims and looks by id run: none reads or sorts a table that grows.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use rusqlite::{
    Connection, StatementStatus,
    trace::{TraceEvent, TraceEventCodes},
};

use super::{Sqlite, SqliteOptions, open};
use crate::{
    Clock, Timestamp,
    conformance::{fill, hot_path},
};

/// A statement that ran: its text, and the rows of whole tables that it read or the sorts that it needed.
type Ran = (String, i32);

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
        "drop index durable_effect_lane",
        "drop index durable_effect_ended",
    ] {
        let found = found(1_000, index).await;
        assert!(!found.is_empty(), "{index}");
    }
}

/// Runs the hot path on a store with so many events that was changed by a statement, and returns the plans that are
/// wrong.
async fn found(rows: u64, change: &'static str) -> Vec<String> {
    let clock = Clock::stopped_at(Timestamp::from_millis(1_000_000_000));
    let options = SqliteOptions::memory().clock(clock.clone());
    let mut opened = open::open(&options).expect("it opens");
    let ran = Arc::default();
    trace(&mut opened.session.connection, Arc::clone(&ran));
    let store = Sqlite::serve(opened, &options).expect("it starts");
    let removed = fill(&store, &clock, rows).await;
    store.tamper(change).await.expect(change);
    ran.lock().expect("no panic").clear();
    hot_path(&store, &clock, removed).await;
    let ran = std::mem::take(&mut *ran.lock().expect("no panic"));
    assert!(ran.len() > 40, "{} statements ran", ran.len());
    let plans = store.with(move |transaction| {
        let wrong = ran
            .iter()
            .filter_map(|ran| wrong(transaction.connection(), ran));
        Ok(wrong.collect())
    });
    plans.await.expect("plans")
}

fn trace(connection: &mut Connection, ran: Arc<Mutex<BTreeSet<Ran>>>) {
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
            let text = statement.sql().into_owned();
            ran.lock().expect("no panic").insert((text, reads));
        }
    };
    connection
        .trace_v2(TraceEventCodes::SQLITE_TRACE_PROFILE, Some(note))
        .expect("it can be traced");
}

/// Returns the plan of a statement if it reads or sorts a whole table.
fn wrong(connection: &Connection, (text, reads): &Ran) -> Option<String> {
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
    let is_wrong = *reads > 0 || plan.contains("SCAN ") || plan.contains("TEMP B-TREE");
    is_wrong.then(|| format!("{text}\n{plan}{reads} reads of whole tables or sorts"))
}
