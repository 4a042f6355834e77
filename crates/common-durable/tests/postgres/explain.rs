//! Plans of the statements that the engine ran, as the server's `auto_explain` logs them: none reads or sorts a table
//! that grows.

use std::time::Duration;

use common_durable::{
    Clock, Timestamp,
    conformance::{fill, hot_path},
    postgres::{Postgres, tokio_postgres::Client},
};

use crate::server::{Server, block_on};

/// Tables that stay small whatever happens.
const SMALL: &[&str] = &["durable_meta", "durable_proof", "durable_queue"];

/// The most rows that a node of a plan may give or read in vain: a portion of the hot path, never a table.
const MOST_ROWS: u64 = 1_000;

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
    block_on(async {
        let store = Filled::new(&server).await;
        // First without statistics, as in a store that was filled a moment ago.
        for statistics in ["select 1", "analyze"] {
            store.operate(statistics).await;
            let plans = store.plans().await;
            assert!(plans.len() > 200, "{} plans", plans.len());
            let found: Vec<_> = plans.iter().filter_map(|plan| wrong(plan)).collect();
            assert!(found.is_empty(), "{statistics}: {}", found.join("\n\n"));
        }
        // The test must be able to fail.
        for index in [
            "durable_lane_due",
            "durable_lane_key",
            "durable_event_id",
            "durable_event_receipt",
            "durable_event_content",
            "durable_event_lane",
            "durable_event_ended",
            "durable_failure_work",
            "durable_effect_lane",
        ] {
            let again = store.drop_index(index).await;
            let plans = store.plans().await;
            assert!(plans.iter().any(|plan| wrong(plan).is_some()), "{index}");
            store.operate(&again).await;
        }
    });
}

/// A store with many rows.
struct Filled<'a> {
    server: &'a Server,
    store: Postgres,
    clock: Clock,
    removed: Timestamp,
    operator: Client,
}

impl<'a> Filled<'a> {
    async fn new(server: &'a Server) -> Self {
        let database = server.database().await;
        let clock = Clock::system();
        let store = Postgres::open(server.options(&database).clock(clock.clone())).await;
        let store = store.expect("the store opens");
        let removed = fill(&store, &clock, 10_000).await;
        let operator = server.connect(&database).await.expect("a connection");
        Self {
            server,
            store,
            clock,
            removed,
            operator,
        }
    }

    /// Drops an index and returns the statement that makes it again.
    async fn drop_index(&self, index: &str) -> String {
        let row = self
            .operator
            .query_one("select pg_get_indexdef($1::text::regclass)", &[&index])
            .await;
        self.operate(&format!("drop index {index}")).await;
        row.expect("an index").get(0)
    }

    async fn operate(&self, sql: &str) {
        self.operator.batch_execute(sql).await.expect(sql);
    }

    /// Runs the hot path and returns the plans.
    async fn plans(&self) -> Vec<String> {
        let before = self.server.log().len();
        // Plans of prepared statements are chosen anew from the sixth time on.
        for _ in 0..7 {
            hot_path(&self.store, &self.clock, self.removed).await;
        }
        // The log is written by other processes.
        tokio::time::sleep(Duration::from_millis(200)).await;
        parse(&self.server.log()[before..])
    }
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
    let is_wrong = |line: &str| {
        let reads = line.split("Seq Scan on ").nth(1).is_some_and(|rest| {
            let table = rest.split_whitespace().next().unwrap_or_default();
            table.starts_with("durable_") && !SMALL.contains(&table)
        });
        reads || rows(line) > MOST_ROWS || removed(line) > MOST_ROWS
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
