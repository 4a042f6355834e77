//! Plans of the statements that the engine ran, as the server's `auto_explain` logs them: none reads or sorts a table
//! that grows.

use std::time::Duration;

use common_durable::{
    Clock,
    conformance::{fill, hot_path},
    postgres::Postgres,
};

use crate::server::{Server, block_on, pause};

/// Tables that stay small whatever happens.
const SMALL: &[&str] = &["durable_meta", "durable_proof", "durable_queue"];

/// The most rows that a statement may sort: a portion of the hot path, never a table.
const MOST_SORTED: u64 = 1_000;

const SETTINGS: &[&str] = &[
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_analyze = on",
    "auto_explain.log_timing = off",
    // Statistics must not change under the test's feet.
    "autovacuum = off",
];

#[test]
fn d20_no_statement_of_the_hot_path_reads_or_sorts_a_whole_table() {
    let Some(server) = Server::start(SETTINGS) else {
        return;
    };
    let plans = plans(&server, "select 1");
    assert!(plans.len() > 60, "{} plans", plans.len());
    let found: Vec<_> = plans.iter().filter_map(|plan| wrong(plan)).collect();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
    for index in [
        "durable_lane_due",
        "durable_lane_key",
        "durable_event_id",
        "durable_event_lane",
        "durable_event_ended",
        "durable_failure_work",
        "durable_effect_lane",
    ] {
        let plans = self::plans(&server, &format!("drop index {index}"));
        assert!(plans.iter().any(|plan| wrong(plan).is_some()), "{index}");
    }
}

/// Runs the hot path on a full store that was changed by a statement, and returns the plans.
fn plans(server: &Server, change: &str) -> Vec<String> {
    block_on(async {
        let database = server.database().await;
        let clock = Clock::system();
        let store = Postgres::open(server.options(&database).clock(clock.clone())).await;
        let store = store.expect("the store opens");
        let removed = fill(&store, &clock, 10_000).await;
        let operator = server.connect(&database).await.expect("a connection");
        operator.batch_execute(change).await.expect(change);
        operator.batch_execute("analyze").await.expect("statistics");
        let before = server.log().len();
        // Plans of prepared statements are chosen anew from the sixth time on.
        for _ in 0..7 {
            hot_path(&store, &clock, removed).await;
        }
        store.close().await;
        // The log is written by other processes.
        pause(Duration::from_millis(200));
        parse(&server.log()[before..])
    })
}

/// Splits a log into plans. Lines of an entry after the first one begin with a tab.
fn parse(log: &str) -> Vec<String> {
    let mut plans: Vec<String> = Vec::new();
    let mut is_plan = false;
    for line in log.lines() {
        if !line.starts_with('\t') {
            is_plan = line.contains("plan:");
            if is_plan {
                plans.push(String::new());
            }
        } else if let Some(plan) = plans.last_mut().filter(|_| is_plan) {
            plan.push_str(line);
            plan.push('\n');
        }
    }
    plans.retain(|plan| plan.contains("durable_"));
    plans
}

/// Returns the plan if it reads or sorts a whole table.
fn wrong(plan: &str) -> Option<&str> {
    let mut sorts = false;
    let is_wrong = |line: &str| {
        let reads = line.split("Seq Scan on ").nth(1).is_some_and(|rest| {
            let table = rest.split_whitespace().next().unwrap_or_default();
            table.starts_with("durable_") && !SMALL.contains(&table)
        });
        // An index can be read from its beginning to its end, which is no better.
        let is_node = line.contains("(cost=");
        let sorted = sorts && is_node && rows(line) > MOST_SORTED;
        if is_node {
            sorts = line.contains("Sort  (cost=");
        }
        reads || sorted || removed(line) > MOST_SORTED
    };
    plan.lines().any(is_wrong).then_some(plan)
}

/// The number of rows that a node gave, in the form `(actual rows=12 loops=1)`.
fn rows(line: &str) -> u64 {
    number_after(line, "(actual rows=")
}

/// The number of rows that a node read in vain.
fn removed(line: &str) -> u64 {
    number_after(line, "Rows Removed by Filter: ")
}

fn number_after(line: &str, mark: &str) -> u64 {
    let digits = line.split(mark).nth(1).unwrap_or_default();
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().unwrap_or(0)
}
