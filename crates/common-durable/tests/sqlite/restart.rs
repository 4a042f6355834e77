//! Stores that are opened anew: by another name, from a backup, after a start of the machine with another clock.

use std::{fs, path::Path, sync::Arc, time::Duration};

use common_durable::{
    Claim, Claimed, Clock, EffectId, EffectState, End, Inbox, NewEffect, NewEvent, Outbox, Repeat,
    Retry, Store, Timestamp,
    sqlite::{Sqlite, SqliteOptions, rusqlite::Connection},
};

use crate::folder::Folder;

const SOURCE: &str = "source:1";
const ACCOUNT: &str = "account:1";
const HOUR: Duration = Duration::from_secs(3_600);

async fn open(options: SqliteOptions) -> Sqlite {
    Sqlite::open(options).await.expect("it opens")
}

fn inbox(store: &Sqlite) -> Inbox {
    Inbox::new(Arc::new(store.clone()))
}

fn outbox(store: &Sqlite) -> Outbox {
    Outbox::new(Arc::new(store.clone()))
}

async fn claimed(store: &Sqlite) -> usize {
    let claim = Claim::events(SOURCE).lease(HOUR).at_most(9);
    inbox(store).claim(claim).await.expect("a claim").len()
}

async fn state(store: &Sqlite, id: EffectId) -> EffectState {
    let details = outbox(store).effect(id).await.expect("a look");
    details.expect("it is there").summary.state
}

async fn intended(store: &Sqlite) -> EffectId {
    let effect = NewEffect::new(ACCOUNT, "create", "{}", Repeat::Never);
    outbox(store).intend(effect).await.expect("it is stored")
}

/// Sends the next effect, and hears that it has landed.
async fn landed(store: &Sqlite) {
    let claimed = store.claim(Claim::effects(ACCOUNT)).await.expect("a claim");
    let Some(Claimed::Effect(delivery)) = claimed.into_iter().next() else {
        panic!("an effect is due");
    };
    let outbox = outbox(store);
    let sent = outbox.send(delivery.ticket.clone(), HOUR, "").await;
    sent.expect("it is recorded");
    let settled = outbox.settle(delivery.ticket, End::Landed { object: None });
    settled.await.expect("it is settled");
}

/// As `sqlite3 inbox.db ".backup copy.db"`, while the store is open.
fn back_up(path: &Path, to: &Path) {
    let connection = Connection::open(path).expect("it opens");
    connection
        .execute("vacuum into ?1", [to.to_str().expect("a text")])
        .expect("it is copied");
}

// The receiver runs for weeks, so nobody has opened the store between the backup and the restore.
#[tokio::test]
async fn d8_d11_a_backup_that_was_made_while_the_store_was_open_is_noticed() {
    let folder = Folder::new();
    let (path, backup) = (folder.path().join("s.db"), folder.path().join("copy.db"));
    let store = open(SqliteOptions::file(&path)).await;
    let id = intended(&store).await;
    back_up(&path, &backup);
    landed(&store).await;
    store.close().await;
    drop(store);
    fs::copy(&backup, &path).expect("it can be copied");
    let store = open(SqliteOptions::file(&path)).await;
    assert_eq!(state(&store, id).await, EffectState::Unknown);
    store.close().await;
}

#[tokio::test]
async fn d11_a_plain_start_after_sends_is_no_restore() {
    let folder = Folder::new();
    let options = SqliteOptions::file(folder.path().join("s.db"));
    for _ in 0..3 {
        let store = open(options.clone()).await;
        intended(&store).await;
        landed(&store).await;
        let id = intended(&store).await;
        store.close().await;
        drop(store);
        let store = open(options.clone()).await;
        assert_eq!(state(&store, id).await, EffectState::Ready);
        landed(&store).await;
        store.close().await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn d4_d11_a_store_that_is_reached_by_a_link_is_the_same_store() {
    let folder = Folder::new();
    let (path, link) = (folder.path().join("s.db"), folder.path().join("link.db"));
    let store = open(SqliteOptions::file(&path)).await;
    inbox(&store)
        .append(NewEvent::new(SOURCE, "x").key("k"))
        .await
        .expect("stored");
    let id = intended(&store).await;
    assert_eq!(claimed(&store).await, 1);
    std::os::unix::fs::symlink(&path, &link).expect("a link");
    let beside = open(SqliteOptions::file(&link)).await;
    assert_eq!(claimed(&beside).await, 0, "a worker of the store has it");
    assert_eq!(state(&beside, id).await, EffectState::Ready);
    beside.close().await;
    store.close().await;
    // A link to nothing would become another store as soon as there is something.
    let nowhere = folder.path().join("nowhere.db");
    std::os::unix::fs::symlink(folder.path().join("nothing.db"), &nowhere).expect("a link");
    let error = Sqlite::open(SqliteOptions::file(&nowhere)).await;
    let error = error.expect_err("it is refused").to_string();
    assert!(error.contains("nowhere.db"), "{error}");
}

// A machine without a clock that runs on begins at an early time, until a time server sets it right.
#[tokio::test]
async fn d4_d5_work_stays_due_after_a_start_with_an_earlier_clock() {
    let folder = Folder::new();
    let options = SqliteOptions::file(folder.path().join("s.db"));
    let at = |hours: u32| Clock::stopped_at(Timestamp::from_millis(0).after(HOUR * hours));
    let store = open(options.clone().clock(at(1_000))).await;
    for key in ["a", "b"] {
        let event = NewEvent::new(SOURCE, key).key(key);
        inbox(&store).append(event).await.expect("stored");
    }
    let claim = Claim::events(SOURCE).lease(HOUR);
    let first = inbox(&store).claim(claim).await.expect("a claim").remove(0);
    let retry = Retry::After(Duration::from_secs(60));
    let retried = inbox(&store).retry(first.ticket, retry, "later").await;
    retried.expect("it is postponed");
    store.close().await;
    drop(store);

    let clock = at(1);
    let store = open(options.clock(clock.clone())).await;
    assert_eq!(claimed(&store).await, 1, "the event that was due");
    clock.advance(Duration::from_secs(61));
    assert_eq!(claimed(&store).await, 1, "the event whose retry is due");
    store.close().await;
}
