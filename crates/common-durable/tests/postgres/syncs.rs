//! Syncs, counted by the server.

use std::{sync::Arc, time::Duration};

use common_durable::{
    Inbox, NewEvent, Store,
    postgres::{Postgres, tokio_postgres::Client},
};

use crate::server::{Server, block_on};

/// Nothing but commits syncs the log.
const SETTINGS: &[&str] = &[
    "autovacuum = off",
    "checkpoint_timeout = 1h",
    "wal_writer_delay = 10s",
];

/// Events of each sender.
const EACH: u32 = 60;

#[test]
fn d2_one_sync_a_commit_and_eight_senders_share_it() {
    let Some(server) = Server::start(SETTINGS) else {
        return;
    };
    block_on(async {
        let database = server.database().await;
        let store = Postgres::open(server.options(&database)).await;
        let store: Arc<dyn Store> = Arc::new(store.expect("the store opens"));
        let operator = server.connect(&database).await.expect("a connection");
        // The first commits make the source and the connections, and are counted late.
        syncs(&store, &operator).await;
        let Some(alone) = syncs_of(&store, &operator, 1).await else {
            println!("not run: the server does not count syncs");
            return;
        };
        assert_eq!(
            alone,
            EACH.into(),
            "each commit of a single sender is synced"
        );
        // A machine that does other things can keep senders from coming back in time.
        let mut shared = Vec::new();
        for _ in 0..5 {
            let syncs = syncs_of(&store, &operator, 8).await.expect("a number");
            shared.push(f64::from(8 * EACH) / syncs as f64);
            if shared.iter().any(|events| *events >= 6.0) {
                return;
            }
        }
        panic!("events a sync: {shared:?}");
    });
}

/// Number of syncs that the events of some senders took.
async fn syncs_of(store: &Arc<dyn Store>, operator: &Client, senders: u32) -> Option<i64> {
    let before = syncs(store, operator).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for sender in 0..senders {
        let inbox = Inbox::new(Arc::clone(store));
        tasks.spawn(async move {
            for number in 0..EACH {
                let event = NewEvent::new("s", "body").key(format!("{sender} {number}"));
                inbox.append(event).await.expect("stored");
            }
        });
    }
    tasks.join_all().await;
    // One is of the append that comes after them.
    Some(syncs(store, operator).await? - before - 1)
}

/// Number of syncs so far. A connection tells its statistics with the first commit that comes a second after the last
/// time, so there is one more append. `None` before PostgreSQL 14.
async fn syncs(store: &Arc<dyn Store>, operator: &Client) -> Option<i64> {
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let inbox = Inbox::new(Arc::clone(store));
    let event = NewEvent::new("s", "one more");
    inbox.append(event).await.expect("stored");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let row = operator
        .query_one("select wal_sync from pg_stat_wal", &[])
        .await;
    row.ok().map(|row| row.get(0))
}
