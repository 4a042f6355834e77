//! Purge beside senders, and erasure: what was erased stands in no file of the store.
#![cfg(unix)]

#[path = "../../common-durable/tests/postgres/binaries.rs"]
mod binaries;
#[path = "support/place.rs"]
mod place;
#[path = "../../common-durable/tests/postgres/server.rs"]
#[expect(dead_code, reason = "this test uses a part of it")]
mod server;
mod support;

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    time::Duration,
};

use common_model::Value as Json;
use place::{Place, on_both_engines};
use shopwire::{
    durable::{Claim, Later, NewEffect, Outbox, Repeat, sqlite::rusqlite::Connection},
    inbox::erasure_key,
};
use support::receiving::{Receiving, fresh_store};

const SOURCE: &str = "uvygoda:main";

/// What must be gone, and what must stay.
const ANN: [&str; 3] = ["ann.unique@shop.example", "9001234567", "Marker-Ann"];
const BOB: &str = "Marker-Bob";

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(work)
}

/// Events of both, of many lengths, so that pages of the store are split and freed.
fn body(number: usize) -> String {
    let filler = |marker: &str| format!("{marker} ").repeat(1 + (number * 37) % 700);
    match number % 3 {
        0 => format!("{} +7{} {}", ANN[0], ANN[1], filler(ANN[2])),
        _ => format!("bob@shop.example {}", filler(BOB)),
    }
}

/// All files of a store, or of the tables of its database, as bytes.
fn files(place: &Place) -> Vec<u8> {
    let folders: Vec<PathBuf> = match place {
        Place::File(path) => vec![path.parent().expect("a folder").to_owned()],
        Place::Database(_) => {
            let base = server::shared().expect("a server").data().join("base");
            let folders = std::fs::read_dir(base).expect("readable");
            folders
                .map(|folder| folder.expect("a folder").path())
                .collect()
        }
    };
    folders.iter().flat_map(|folder| bytes(folder)).collect()
}

fn bytes(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).expect("readable");
    files
        // PostgreSQL removes a file while it is looked for.
        .flat_map(|file| std::fs::read(file.expect("a file").path()).unwrap_or_default())
        .collect()
}

fn holds(bytes: &[u8], wanted: &str) -> bool {
    bytes
        .windows(wanted.len())
        .any(|window| window == wanted.as_bytes())
}

/// Statements on the database of a place.
fn admin(place: &Place, statements: &[&str]) {
    let Place::Database(address) = place else {
        return;
    };
    let name = address
        .split(' ')
        .find_map(|word| word.strip_prefix("dbname="))
        .expect("a name");
    server::block_on(async {
        let client = server::shared().expect("a server").connect(name).await;
        let client = client.expect("a connection");
        for statement in statements {
            client.batch_execute(statement).await.expect(statement);
        }
    });
}

/// Works the events off: some are finished, some are dead with a reason that holds personal data. Effects are meant.
async fn work(place: &Place) {
    let opened = place.open().await;
    let mut number = 0;
    loop {
        let claimed = opened.inbox.claim(Claim::events(SOURCE)).await;
        let Some(delivery) = claimed.expect("claimed").pop() else {
            break;
        };
        let reason = String::from_utf8_lossy(&delivery.event.body).into_owned();
        let ended = match number % 2 {
            0 => opened.inbox.finish(delivery.ticket).await,
            _ => {
                opened
                    .inbox
                    .dead(delivery.ticket, reason, Later::Pass)
                    .await
            }
        };
        ended.expect("ended");
        number += 1;
    }
    let outbox = Outbox::new(opened.store());
    for number in 0..30 {
        let effect = NewEffect::new(
            "uvygoda:main",
            "addProduct",
            body(number * 3),
            Repeat::Never,
        )
        .natural_key(format!("{}-{number}", ANN[2]))
        .key(ANN[0])
        .erase_by(erasure_key(ANN[0]));
        outbox.intend(effect).await.expect("stored");
    }
    opened.close().await;
}

// D6, X7: as docs/durable.md promises.
#[test]
fn d6_x7_what_was_erased_stands_in_no_file() {
    on_both_engines("erase-files", |place| {
        let receiving = place.receiving();
        for number in 0..120 {
            assert_eq!(receiving.post(&body(number)), 200);
        }
        block_on(work(place));
        // Bodies that were purged before have left the tables already, but not their pages.
        server::pause(Duration::from_millis(2));
        let purged = place.inbox(&["purge", "--older-than", "0s", "--ids-older-than", "1h"]);
        assert_eq!(purged.code, 0, "{purged:?}");
        for number in 120..240 {
            assert_eq!(receiving.post(&body(number)), 200);
        }
        admin(place, &["analyze", "checkpoint"]);
        let before = files(place);
        assert!(
            ANN.iter().all(|text| holds(&before, text)),
            "the test can find it"
        );

        let keys = format!("{}\n{}\n", ANN[0], ANN[1]);
        let erased = place.inbox_with(&["erase", "-"], &keys);
        assert_eq!(erased.code, 0, "{erased:?}");
        match place {
            Place::File(_) => assert_eq!(erased.stderr, "", "{erased:?}"),
            Place::Database(_) => assert!(erased.stderr.contains("vacuum full"), "{erased:?}"),
        }
        admin(place, VACUUM);
        let after = files(place);
        let left: Vec<&str> = ANN.into_iter().filter(|text| holds(&after, text)).collect();
        assert!(left.is_empty(), "{left:?}");
        assert!(holds(&after, BOB), "others stay");
        assert_eq!(receiving.post(&body(1)), 200);
        let (code, log) = receiving.stop();
        assert_eq!((code, log.as_str()), (Some(0), ""));
    });
}

/// What docs/durable.md tells operators to run after an erasure.
const VACUUM: &[&str] = &[
    "vacuum full durable_body",
    "vacuum full durable_failure",
    "vacuum full durable_params",
    "vacuum full durable_effect",
    "checkpoint",
];

// D6, D20
#[test]
fn d6_an_open_snapshot_that_keeps_copies_is_told() {
    let path = fresh_store("erase-snapshot");
    let place = Place::File(path.clone());
    let receiving = place.receiving();
    assert_eq!(receiving.post(&body(0)), 200);
    let reader = Connection::open(&path).expect("it opens");
    let open = "begin; select count(*) from durable_event";
    reader.execute_batch(open).expect("a snapshot");
    let erase = || place.inbox_with(&["erase", "-"], ANN[0]);
    let erased = erase();
    assert_eq!(erased.code, 0, "{erased:?}");
    assert!(erased.stderr.contains("open snapshot"), "{erased:?}");
    assert!(holds(&files(&place), ANN[2]));
    reader.execute_batch("rollback").expect("rolled back");
    let again = erase();
    assert_eq!((again.code, again.stderr.as_str()), (0, ""), "{again:?}");
    let after = files(&place);
    assert!(!ANN.iter().any(|text| holds(&after, text)));
    assert_eq!(receiving.post(&body(1)), 200);
}

/// Posts events until told to stop; returns how many were acknowledged.
fn keep_posting(receiving: &Receiving, is_over: &AtomicBool) -> u32 {
    let mut posted = 0;
    while !is_over.load(Relaxed) {
        assert_eq!(receiving.post("{}"), 200);
        posted += 1;
    }
    posted
}

// D6
#[test]
fn d6_a_purge_is_paced_and_spares_what_comes_in_meanwhile() {
    on_both_engines("purge-beside", |place| {
        // More of them give a steadier figure.
        let ended = std::env::var("SHOPWIRE_PURGE");
        let ended: i64 = ended.map_or(300, |ended| ended.parse().expect("a number"));
        let receiving = place.receiving();
        for number in 0..ended {
            assert_eq!(receiving.post(&format!("{{\"n\":{number}}}")), 200);
        }
        block_on(async {
            let opened = place.open().await;
            for _ in 0..ended {
                let claimed = opened.inbox.claim(Claim::events(SOURCE)).await;
                for delivery in claimed.expect("claimed") {
                    opened
                        .inbox
                        .finish(delivery.ticket)
                        .await
                        .expect("finished");
                }
            }
            opened.close().await;
        });
        server::pause(Duration::from_millis(2));
        let (_, alone, took_alone) = beside(&receiving, || server::pause(Duration::from_secs(1)));
        let purge = [
            "purge",
            "--older-than",
            "0s",
            "--ids-older-than",
            "1h",
            "--json",
        ];
        let (purged, acknowledged, took) = beside(&receiving, || place.inbox(&purge));
        assert_eq!(purged.code, 0, "{purged:?}");
        assert_eq!(
            purged.json().get("bodies").and_then(Json::as_i64),
            Some(ended)
        );
        // Portions of 20, with 10 ms between two.
        let pauses = (ended / 20 - 1).unsigned_abs();
        assert!(took >= Duration::from_millis(pauses * 10), "{took:?}");
        let rate = |number: u32, time: Duration| f64::from(number) / time.as_secs_f64();
        println!(
            "purged {ended} in {took:?}; appends alone {:.0}/s, beside {:.0}/s",
            rate(alone, took_alone),
            rate(acknowledged, took)
        );
        assert!(acknowledged > 0);
        let listed = place.inbox(&["list", "--state", "pending", "--limit", "1000000"]);
        assert_eq!(
            listed.stdout.lines().count(),
            (alone + acknowledged) as usize
        );
    });
}

/// Does work while four senders post; returns its result, how many events were acknowledged, and how long it took.
fn beside<T>(receiving: &Receiving, work: impl FnOnce() -> T) -> (T, u32, Duration) {
    let (is_over, acknowledged) = (AtomicBool::new(false), AtomicU32::new(0));
    let (done, took) = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| acknowledged.fetch_add(keep_posting(receiving, &is_over), Relaxed));
        }
        let start = now();
        let done = work();
        let took = start.elapsed();
        is_over.store(true, Relaxed);
        (done, took)
    });
    (done, acknowledged.into_inner(), took)
}

#[allow(clippy::disallowed_methods, reason = "another process is timed")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}
