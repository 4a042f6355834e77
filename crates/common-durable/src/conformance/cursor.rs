//! Cursors: never ahead of the effect.

use super::{
    Factory,
    subject::{Bench, event},
};
use crate::{Commit, Cursors, ErrorKind, Position, Statement};

fn cursors(bench: &Bench) -> Cursors {
    Cursors::new(bench.store())
}

pub(super) async fn d7_cursor_first_set_twice(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let cursors = cursors(&bench);
    assert_eq!(cursors.cursor("orders").await.expect("a look"), None);
    let set = |to: &str| cursors.advance("orders", None, Position::new(to));
    set("1").await.expect("it is set");
    let error = set("1").await.expect_err("it is there already");
    assert_eq!(error.kind(), ErrorKind::CursorMoved);
    assert!(error.to_string().contains("`orders`"), "{error}");
    let cursor = cursors
        .cursor("orders")
        .await
        .expect("a look")
        .expect("it is there");
    assert_eq!(cursor.position.as_str(), "1");
    assert_eq!(cursor.moved_at, bench.subject.clock().wall());
    cursors
        .advance("customers", None, Position::new("9"))
        .await
        .expect("it is set");
    let list = cursors.list(None, 10).await.expect("a look");
    let names: Vec<_> = list.iter().map(|cursor| cursor.name.as_str()).collect();
    assert_eq!(names, ["customers", "orders"]);
}

pub(super) async fn d7_cursor_moves_once_of_two(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let cursors = cursors(&bench);
    cursors
        .advance("orders", None, Position::new("0"))
        .await
        .expect("it is set");
    for round in 0..10 {
        let from = Some(Position::new(round.to_string()));
        let to = Position::new((round + 1).to_string());
        bench.subject.hold(true);
        let one = cursors.advance("orders", from.clone(), to.clone());
        let other = cursors.advance("orders", from, to);
        let release = async { bench.subject.hold(false) };
        let (one, other, ()) = tokio::join!(one, other, release);
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    }
    let cursor = cursors
        .cursor("orders")
        .await
        .expect("a look")
        .expect("it is there");
    assert_eq!(cursor.position.as_str(), "10");
}

pub(super) async fn d7_cursor_conflict_rolls_back_everything(factory: &dyn Factory) {
    let bench = Bench::new(factory).await;
    let create = "create table applied (id bigint primary key)";
    bench
        .subject
        .run_sql(create, create)
        .await
        .expect("a table");
    let cursors = cursors(&bench);
    cursors
        .advance("orders", None, Position::new("5"))
        .await
        .expect("it is set");
    bench.append("k", "in hand").await;
    let delivery = bench.claim_one().await;
    let insert = || {
        Statement::new(
            "insert into applied values ($1)",
            "insert into applied values ($1)",
        )
        .arg(1)
    };
    let effect = |from: &str| {
        Commit::new()
            .own(insert())
            .append(event("k", "next"))
            .move_cursor("orders", Some(Position::new(from)), Position::new("6"))
            .finish(delivery.ticket.clone())
    };
    let error = bench
        .store()
        .commit(effect("4"))
        .await
        .expect_err("it stands elsewhere");
    assert_eq!(
        (error.kind(), error.step()),
        (ErrorKind::CursorMoved, Some(2))
    );
    let rows = "select count(*) from applied";
    assert_eq!(bench.subject.number(rows).await.expect("a number"), 0);
    // The other way round: a failed effect leaves the cursor where it stands.
    let twice = effect("5").own(insert());
    bench
        .store()
        .commit(twice)
        .await
        .expect_err("the row is there already");
    let cursor = cursors
        .cursor("orders")
        .await
        .expect("a look")
        .expect("it is there");
    assert_eq!(
        cursor.position.as_str(),
        "5",
        "the cursor is ahead of the effect"
    );
    bench
        .store()
        .commit(effect("5"))
        .await
        .expect("it happens as a whole");
    assert_eq!(bench.subject.number(rows).await.expect("a number"), 1);
    assert_eq!(bench.work_off().await, ["next"]);
}
