//! Statements of the caller's own.

use super::{
    Factory,
    subject::{Bench, event},
};
use crate::{Commit, ErrorKind, Statement, Value};

async fn with_table(factory: &dyn Factory) -> Bench {
    let bench = Bench::new(factory).await;
    let create = "create table stock (sku text primary key, quantity bigint not null, note text)";
    bench
        .subject
        .run_sql(create, create)
        .await
        .expect("a table");
    bench
}

fn insert(sku: &str, quantity: i64) -> Statement {
    const TEXT: &str = "insert into stock (sku, quantity) values ($1, $2)";
    Statement::new(TEXT, TEXT).arg(sku).arg(quantity)
}

async fn sum(bench: &Bench) -> i64 {
    let sum = "select cast(coalesce(sum(quantity), 0) as bigint) from stock";
    bench.subject.number(sum).await.expect("a number")
}

pub(super) async fn d1_own_statement_joins_and_rolls_back(factory: &dyn Factory) {
    let bench = with_table(factory).await;
    let commit = Commit::new()
        .own(insert("a", 1))
        .append(event("k", "1"))
        .own(insert("b", 2));
    let done = bench.store().commit(commit).await.expect("it is stored");
    assert_eq!(
        (&done[0], &done[2]),
        (&crate::Done::Ran(1), &crate::Done::Ran(1))
    );
    let commit = Commit::new()
        .own(insert("c", 4))
        .append(event("k", "2"))
        .own(insert("a", 8));
    let error = bench
        .store()
        .commit(commit)
        .await
        .expect_err("`a` is there already");
    assert_eq!(
        (error.kind(), error.step()),
        (ErrorKind::Statement, Some(2))
    );
    assert_eq!(sum(&bench).await, 3);
    assert_eq!(bench.work_off().await, ["1"]);
}

pub(super) async fn d1_own_statement_row_check(factory: &dyn Factory) {
    let bench = with_table(factory).await;
    bench
        .store()
        .commit(insert("a", 1).into_commit())
        .await
        .expect("it is stored");
    const TEXT: &str = "update stock set quantity = quantity + 10 where sku = $1";
    let update = |sku: &str| Statement::new(TEXT, TEXT).arg(sku).rows(1);
    bench
        .store()
        .commit(update("a").into_commit())
        .await
        .expect("one row");
    let commit = Commit::new().append(event("k", "x")).own(update("b"));
    let error = bench.store().commit(commit).await.expect_err("no row");
    assert_eq!(error.kind(), ErrorKind::RowCount);
    assert!(error.to_string().contains('0'), "{error}");
    assert_eq!(sum(&bench).await, 11);
    assert!(bench.work_off().await.is_empty());
}

impl Statement {
    fn into_commit(self) -> Commit {
        Commit::new().own(self)
    }
}

pub(super) async fn d1_own_statement_error_spares_neighbours(factory: &dyn Factory) {
    let bench = with_table(factory).await;
    neighbours(&bench, insert("taken", 100), ErrorKind::Statement).await;
    assert_eq!(sum(&bench).await, 100 + 45);
}

/// Runs commits together, of which one ends with a statement that fails. All others are stored.
async fn neighbours(bench: &Bench, bad: Statement, kind: ErrorKind) {
    bench
        .store()
        .commit(insert("taken", 100).into_commit())
        .await
        .expect("it is stored");
    bench.subject.hold(true);
    let store = bench.store();
    let commits: Vec<_> = (0..10)
        .map(|number| {
            let good = Commit::new().append(event(&format!("key {number}"), &number.to_string()));
            store.commit(match number {
                4 => good.own(bad.clone()),
                _ => good.own(insert(&format!("sku {number}"), number)),
            })
        })
        .collect();
    bench.subject.hold(false);
    for (number, commit) in commits.into_iter().enumerate() {
        let outcome = commit.await;
        match number {
            4 => assert_eq!(outcome.expect_err("it fails").kind(), kind),
            _ => drop(outcome.expect("a neighbour is stored")),
        }
    }
    let mut stored = bench.work_off().await;
    stored.sort();
    assert_eq!(stored, ["0", "1", "2", "3", "5", "6", "7", "8", "9"]);
    // 0 to 9 without 4, which failed; the caller adds the rows of its own.
    bench
        .store()
        .commit(insert("the missing 4", 4).into_commit())
        .await
        .expect("it is stored");
}

pub(super) async fn d1_own_deferred_constraint_spares_neighbours(factory: &dyn Factory) {
    let bench = with_table(factory).await;
    let child =
        "create table reserved (sku text references stock (sku) deferrable initially deferred)";
    bench.subject.run_sql(child, child).await.expect("a table");
    const TEXT: &str = "insert into reserved values ($1)";
    // It fails only at the commit, which is everybody's.
    let bad = Statement::new(TEXT, TEXT).arg("no such sku");
    neighbours(&bench, bad, ErrorKind::Statement).await;
    assert_eq!(sum(&bench).await, 100 + 45);
    let rows = "select count(*) from reserved";
    assert_eq!(bench.subject.number(rows).await.expect("a number"), 0);
}

pub(super) async fn d1_own_statement_cannot_end_the_transaction(factory: &dyn Factory) {
    let bench = with_table(factory).await;
    for text in [
        "commit",
        "rollback",
        "begin",
        "savepoint a",
        "release job",
        "insert into stock values ('x', 1); commit",
        "",
        "no statement at all",
    ] {
        let commit = Commit::new()
            .append(event("k", "lost"))
            .own(Statement::new(text, text))
            .append(event("k", "lost"));
        let error = bench.store().commit(commit).await.expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Statement, "{text}");
    }
    assert!(bench.work_off().await.is_empty());
    assert_eq!(sum(&bench).await, 0);
    bench
        .store()
        .commit(insert("a", 1).into_commit())
        .await
        .expect("the store goes on");
}

pub(super) async fn d1_parameters_out_of_order_bind_right(factory: &dyn Factory) {
    let bench = with_table(factory).await;
    const TEXT: &str = "insert into stock (quantity, sku, note) values ($2, $1, $3)";
    let commit = Commit::new()
        .own(Statement::new(TEXT, TEXT).arg("a").arg(7).arg(Value::Null))
        .own(Statement::new(TEXT, TEXT).arg("b").arg(8).arg(Some("n")));
    bench.store().commit(commit).await.expect("it is stored");
    let right = "select count(*) from stock where sku = 'a' and quantity = 7 and note is null
        or sku = 'b' and quantity = 8 and note = 'n'";
    assert_eq!(bench.subject.number(right).await.expect("a number"), 2);
    // One argument may be used twice, and each must be used.
    const TWICE: &str = "update stock set note = $1 where sku = $1";
    bench
        .store()
        .commit(Statement::new(TWICE, TWICE).arg("a").rows(1).into_commit())
        .await
        .expect("one row");
    for statement in [
        Statement::new(TWICE, TWICE),
        Statement::new(TWICE, TWICE).arg("a").arg("b"),
    ] {
        let error = bench
            .store()
            .commit(statement.into_commit())
            .await
            .expect_err("the arguments do not fit");
        assert_eq!(error.kind(), ErrorKind::Statement);
    }
}

pub(super) async fn d11_steps_of_two_commits_crosswise_no_deadlock(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let store = bench.store();
    let commits: Vec<_> = (0..40)
        .map(|round| {
            let mut keys: Vec<_> = (0..6).collect();
            if round % 2 == 1 {
                keys.reverse();
            }
            let append = |commit: Commit, key| {
                commit.append(event(&format!("key {key}"), &round.to_string()))
            };
            store.commit(keys.into_iter().fold(Commit::new(), append))
        })
        .collect();
    for commit in commits {
        let done = commit.await.expect("no deadlock is left to the caller");
        assert_eq!(done.len(), 6);
    }
    let mut number = 0;
    loop {
        let claimed = bench.claim(10).await;
        if claimed.is_empty() {
            break;
        }
        for delivery in claimed {
            bench
                .inbox
                .finish(delivery.ticket)
                .await
                .expect("it is finished");
            number += 1;
        }
    }
    assert_eq!(number, 240);
}
