//! Reads that decide, in the transaction of the commit.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use common_durable::{
    Claim, Commit, Error, ErrorKind, Inbox, NewEvent, Statement, Store as _, postgres::Postgres,
};

use crate::server::{self, Server, block_on};

const TABLE: &str = "create table stock (id bigint primary key, n bigint not null check (n >= 0));
    insert into stock values (1, 5), (2, 5)";

/// A store, and a connection to its database, in which the caller's table was made.
async fn prepared(
    server: &Server,
    database: &str,
    table: &str,
) -> (Postgres, tokio_postgres::Client) {
    let store = Postgres::open(server.options(database)).await;
    let client = server.connect(database).await.expect("a connection");
    client.batch_execute(table).await.expect("a table");
    (store.expect("the store opens"), client)
}

#[test]
fn d1_a_read_decides_in_the_transaction_of_the_finish() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        let database = server.database().await;
        let (store, client) = prepared(server, &database, TABLE).await;
        let inbox = Inbox::new(Arc::new(store.clone()));
        inbox
            .append(NewEvent::new("s", "x").key("k"))
            .await
            .expect("stored");
        let take = async || {
            let claim = Claim::events("s");
            inbox
                .claim(claim)
                .await
                .expect("a claim")
                .pop()
                .expect("an event")
                .ticket
        };
        let ticket = take().await;
        let first = ticket.clone();
        let left = store
            .with(move |transaction| {
                let ticket = first.clone();
                Box::pin(async move {
                    let rows = transaction
                        .query("select n from stock where id = 1 for update", &[])
                        .await?;
                    let n: i64 = rows[0].get(0);
                    transaction
                        .execute("update stock set n = $1 where id = 1", &[&(n - 1)])
                        .await?;
                    let next = NewEvent::new("next", "y");
                    transaction
                        .apply(&Commit::new().finish(ticket).append(next))
                        .await?;
                    Ok(n - 1)
                })
            })
            .await
            .expect("it is committed");
        assert_eq!(left, 4);
        let next = inbox.claim(Claim::events("next")).await.expect("a claim");
        assert_eq!(next.len(), 1);

        // The ticket is used up: everything is rolled back.
        let error = store
            .with(move |transaction| {
                let ticket = ticket.clone();
                Box::pin(async move {
                    transaction
                        .execute("update stock set n = 0 where id = 1", &[])
                        .await?;
                    transaction.apply(&Commit::new().finish(ticket)).await
                })
            })
            .await
            .expect_err("the lease is gone");
        assert!(error.is_lease_lost(), "{error}");
        assert_eq!(number(&client, "select n from stock where id = 1").await, 4);
    });
}

#[test]
fn d1_a_closure_cannot_end_the_transaction_or_hide_a_failure() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        let database = server.database().await;
        let (store, client) = prepared(server, &database, TABLE).await;
        for sql in [
            "commit",
            "set local synchronous_commit = off",
            "delete from durable_lane",
        ] {
            let error = store
                .with(move |transaction| {
                    Box::pin(async move { transaction.execute(sql, &[]).await })
                })
                .await
                .expect_err(sql);
            assert_eq!(error.kind(), ErrorKind::Statement, "{sql}");
        }
        let error = store
            .with(|transaction| {
                Box::pin(async move {
                    transaction
                        .execute("update stock set n = 1 where id = 2", &[])
                        .await?;
                    let failed = transaction
                        .execute("update stock set n = -1 where id = 1", &[])
                        .await;
                    assert_eq!(
                        failed.expect_err("a constraint").kind(),
                        ErrorKind::Statement
                    );
                    // `COMMIT` would answer this with a rollback and without an error.
                    Ok(())
                })
            })
            .await;
        assert!(error.is_err());
        assert_eq!(number(&client, "select n from stock where id = 2").await, 5);
        let options = server
            .options(&database)
            .own_statement_limit(Duration::from_millis(50));
        let hasty = Postgres::open(options).await.expect("the store opens");
        let error = hasty
            .with(|transaction| {
                Box::pin(async move {
                    transaction
                        .query("select pg_sleep(30)", &[])
                        .await
                        .map(drop)
                })
            })
            .await
            .expect_err("it takes too long");
        assert!(error.to_string().contains("longer than allowed"), "{error}");
    });
}

#[test]
fn d1_mistakes_in_an_own_statement_are_named() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        let table = "create table price (id int, amount numeric(4, 2), name varchar(3))";
        let database = server.database().await;
        let (store, _) = prepared(server, &database, table).await;
        let run = |text: &'static str, arg: &'static str| {
            store.commit(Commit::new().own(Statement::new("", text).arg(arg)))
        };
        for (text, arg, word) in [
            (
                "insert into prices (name) values ($1)",
                "a",
                "table does not exist",
            ),
            (
                "insert into price (title) values ($1)",
                "a",
                "column does not exist",
            ),
            ("insert into price (name) values (?)", "a", "syntax"),
            (
                "insert into price (amount) values ($1)",
                "1.50",
                "$1::text::numeric",
            ),
            (
                "insert into price (amount) values ($1::text)",
                "1.50",
                "mixes types",
            ),
            (
                "insert into price (name) values ($1)",
                "long",
                "does not fit",
            ),
            (
                "insert into price (amount) values ($1::text::numeric)",
                "x",
                "does not fit",
            ),
        ] {
            let error = run(text, arg).await.expect_err(text);
            assert_eq!(error.kind(), ErrorKind::Statement, "{text}: {error}");
            assert!(error.to_string().contains(word), "{text}: {error}");
        }
        let cast = "insert into price (amount) values ($1::text::numeric)";
        run(cast, "1.50").await.expect("a cast fits");
    });
}

#[test]
fn d11_closures_that_collide_are_done_again() {
    let Some(server) = server::shared() else {
        return;
    };
    block_on(async {
        let database = server.database().await;
        let (store, client) = prepared(server, &database, TABLE).await;
        let runs = Arc::new(AtomicU32::new(0));
        let both = Arc::new(tokio::sync::Barrier::new(2));
        let crosswise = |first: i64, second: i64| {
            let (runs, both) = (Arc::clone(&runs), Arc::clone(&both));
            store.with(move |transaction| {
                let (runs, both) = (Arc::clone(&runs), Arc::clone(&both));
                Box::pin(async move {
                    let take = "update stock set n = n - 1 where id = $1";
                    transaction.execute(take, &[&first]).await?;
                    // Both hold their first row before they want the other's.
                    if runs.fetch_add(1, Relaxed) < 2 {
                        both.wait().await;
                    }
                    transaction.execute(take, &[&second]).await?;
                    Ok::<(), Error>(())
                })
            })
        };
        let (one, two) = tokio::join!(crosswise(1, 2), crosswise(2, 1));
        one.expect("it is committed");
        two.expect("it is committed");
        assert!(runs.load(Relaxed) > 2, "none of them was done again");
        assert_eq!(number(&client, "select sum(n)::bigint from stock").await, 6);
    });
}

async fn number(client: &common_durable::postgres::tokio_postgres::Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).await.expect("a number").get(0)
}
