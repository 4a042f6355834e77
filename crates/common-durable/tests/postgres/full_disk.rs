//! A full disk, of the tables and of the server's log: nothing is acknowledged that is not stored.

use std::{
    collections::BTreeMap, os::unix::fs::symlink, process::Command, sync::Arc, time::Duration,
};

use common_durable::{
    Claim, Commit, ErrorKind, Inbox, NewEvent, Store, Timestamp, postgres::Postgres,
};

use crate::{
    disk::SmallDisk,
    server::{self, Server},
};

const SOURCE: &str = "source:1";
/// A body that does not fit on the full disk. PostgreSQL cannot compress it.
const LARGE: usize = 900_000;

/// The body begins with its number.
fn event(number: u64, bytes: usize) -> NewEvent {
    let mut random = fastrand::Rng::with_seed(number);
    let mut body = number.to_be_bytes().to_vec();
    body.resize_with(bytes, || random.u8(..));
    NewEvent::new(SOURCE, body)
        .key(format!("key {}", number % 10))
        .event_id(number.to_string())
}

/// Claims and finishes everything. Returns how often each number was delivered.
async fn work_off(inbox: &Inbox) -> BTreeMap<u64, u32> {
    let mut delivered = BTreeMap::new();
    loop {
        let claim = Claim::events(SOURCE).at_most(20);
        let claimed = inbox.claim(claim).await.expect("a claim");
        if claimed.is_empty() {
            let totals = inbox.totals().await.expect("totals");
            assert_eq!(totals.sources[0].pending, 0, "it is not worked off");
            return delivered;
        }
        for delivery in claimed {
            let number = delivery.event.body[..8].try_into().expect("eight bytes");
            *delivered.entry(u64::from_be_bytes(number)).or_default() += 1;
            inbox.finish(delivery.ticket).await.expect("it is finished");
        }
    }
}

#[test]
fn d10_a_full_disk_of_the_tables_fails_what_does_not_fit_and_no_neighbour() {
    let Some(server) = Server::start(&["autovacuum = off"]) else {
        return;
    };
    let Some(disk) = SmallDisk::mount(&server, 48) else {
        return;
    };
    server::block_on(fill_the_tables(&server, &disk));
}

async fn fill_the_tables(server: &Server, disk: &SmallDisk) {
    let space = disk.folder("space");
    let space = space.display();
    server
        .admin(&format!("create tablespace small location '{space}'"))
        .await;
    server
        .admin("create database small template template0 tablespace small")
        .await;
    let store = Postgres::open(server.options("small").connections(8)).await;
    let store = store.expect("the store opens");
    let inbox = Inbox::new(Arc::new(store.clone()));
    make_room_in_the_tables(server, &inbox).await;
    // A new connection writes a row of its own, for which a full disk has no place. One is open for the claims below,
    // and the writer has another: the commits must do with that one.
    let none = store.claim(Claim::events(SOURCE)).await.expect("a claim");
    assert!(none.is_empty());
    disk.fill(200_000);
    server
        .admin("alter database small allow_connections false")
        .await;

    // Small events share their transaction with large ones.
    store.pause(true);
    let size = |number: u64| match number.is_multiple_of(4) {
        true => LARGE,
        false => 50,
    };
    let commits: Vec<_> = (1_000..1_040)
        .map(|number| (number, Commit::new().append(event(number, size(number)))))
        .map(|(number, commit)| (number, store.commit(commit)))
        .collect();
    store.pause(false);
    for (number, commit) in commits {
        match commit.await {
            Ok(_) => assert_eq!(size(number), 50, "the disk was not full"),
            Err(error) => {
                assert_eq!(size(number), LARGE, "a neighbour was harmed: {error}");
                assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
                assert!(error.to_string().contains("disk is full"), "{error}");
            }
        }
    }
    let stored = work_off(&inbox).await;
    let small = (1_000..1_040).filter(|number| size(*number) == 50);
    assert_eq!(stored, small.map(|number| (number, 1)).collect());

    disk.empty();
    server
        .admin("alter database small allow_connections true")
        .await;
    for number in (1_000..1_040).step_by(4) {
        let stored = inbox.append(event(number, LARGE)).await;
        stored.expect("there is room again");
    }
    let stored = work_off(&inbox).await;
    let large = (1_000..1_040).step_by(4);
    assert_eq!(stored, large.map(|number| (number, 1)).collect());
    store.close().await;
}

/// Leaves free places in the pages of all tables, so that small rows need no new pages.
async fn make_room_in_the_tables(server: &Server, inbox: &Inbox) {
    for number in 0..400 {
        inbox.append(event(number, 50)).await.expect("stored");
    }
    assert_eq!(work_off(inbox).await.len(), 400);
    let late = Timestamp::from_millis(i64::MAX / 2);
    inbox.purge(late, late, 300).await.expect("purged");
    let client = server.connect("small").await.expect("a connection");
    // The second round uses pages of indexes again that the first has emptied.
    for _ in 0..2 {
        client
            .batch_execute("vacuum (truncate false)")
            .await
            .expect("there is room");
    }
    // The vacuum has removed a file that the next connection makes anew. On a full disk none could be opened.
    drop(server.connect("small").await.expect("a connection"));
}

#[test]
fn d10_a_full_disk_of_the_log_loses_nothing_that_was_acknowledged() {
    let Some(server) = Server::start(&["autovacuum = off", "wal_recycle = off"]) else {
        return;
    };
    // Two segments of the log.
    let Some(disk) = SmallDisk::mount(&server, 40) else {
        return;
    };
    server.stop();
    move_log(&server, &disk);
    assert!(
        server.run(),
        "the server starts with its log on the small disk"
    );
    server::block_on(fill_the_log(&server, &disk));
}

fn move_log(server: &Server, disk: &SmallDisk) {
    let (from, to) = (server.data().join("pg_wal"), disk.folder("log"));
    let status = Command::new("cp")
        .arg("-a")
        .arg(from.join("."))
        .arg(&to)
        .status();
    assert!(status.is_ok_and(|status| status.success()), "it is copied");
    std::fs::remove_dir_all(&from).expect("it can be removed");
    symlink(to, from).expect("it can be linked");
}

async fn fill_the_log(server: &Server, disk: &SmallDisk) {
    let database = server.database().await;
    let options = server.options(&database).patience(Duration::from_secs(2));
    let store = Postgres::open(options).await.expect("the store opens");
    let inbox = Inbox::new(Arc::new(store.clone()));
    disk.fill(0);
    // The server gives up when its log cannot grow.
    let mut acknowledged = 0;
    let mut kinds = Vec::new();
    while kinds.len() < 3 {
        let number = acknowledged + kinds.len() as u64;
        match inbox.append(event(number, LARGE)).await {
            Ok(_) => {
                assert!(kinds.is_empty(), "the disk is full");
                acknowledged += 1;
            }
            Err(error) => {
                assert!(error.is_transient(), "{error}");
                kinds.push(error.kind());
            }
        }
    }
    println!("{acknowledged} acknowledged, then {kinds:?}");
    assert!(acknowledged > 0, "the disk was full from the start");

    disk.empty();
    tokio::task::block_in_place(|| {
        server.stop();
        assert!(server.run(), "the server starts again");
    });
    // The store goes on, and what is sent again is stored once.
    let all = acknowledged + kinds.len() as u64;
    for number in acknowledged..all {
        let stored = inbox.append(event(number, LARGE)).await;
        stored.expect("there is room again");
    }
    let expected: BTreeMap<_, _> = (0..all).map(|number| (number, 1)).collect();
    assert_eq!(work_off(&inbox).await, expected);
    store.close().await;
}
