//! Power cuts: the syncs are counted from outside, and a store of what was synced holds every acknowledged event.

use std::{collections::BTreeSet, fs, process::Stdio, sync::Arc, time::Duration};

use common_durable::{
    Claim, Inbox, NewEvent,
    sqlite::{Sqlite, SqliteOptions, rusqlite::Connection},
};

use crate::{
    folder::Folder,
    image::Disk,
    place::Place,
    role::{self, Role, tell},
    trace::{self, Call},
};

const SOURCE: &str = "source:1";
const LOG: &str = "store.db-wal";

/// The traced process: first one sender, then eight at once, then claims alone, then enough to copy the log.
pub(crate) async fn run(role: Role) {
    let points = role.points();
    points.at("sqlite.committed", || tell("committed"));
    points.at("sqlite.checkpoint", || tell("checkpoint"));
    let options = SqliteOptions::file(role.folder.join("store.db"))
        .log_bytes(4 << 20)
        .points(points);
    let store = Sqlite::open(options).await.expect("the store opens");
    let inbox = Inbox::new(Arc::new(store.clone()));
    tell("open");
    for number in 0..20 {
        send(&inbox, number, 300).await;
    }
    tell("together");
    for round in 0..10 {
        store.pause(true);
        let senders: Vec<_> = (0..8)
            .map(|sender| {
                let inbox = inbox.clone();
                tokio::spawn(async move { send(&inbox, 100 + round * 8 + sender, 300).await })
            })
            .collect();
        while store.waiting() < 8 {
            tokio::task::yield_now().await;
        }
        store.pause(false);
        for sender in senders {
            sender.await.expect("it sends");
        }
    }
    tell("claims");
    for _ in 0..10 {
        let claimed = inbox
            .claim(Claim::events(SOURCE).lease(Duration::from_secs(600)))
            .await;
        assert_eq!(claimed.expect("a claim").len(), 1);
    }
    tell("claimed");
    for number in 1_000..1_300 {
        send(&inbox, number, 12_000).await;
    }
    tell("sent");
    store.close().await;
}

async fn send(inbox: &Inbox, number: u32, bytes: usize) {
    let mut body = format!("{number} ").into_bytes();
    body.resize(bytes, b'x');
    let event = NewEvent::new(SOURCE, body)
        .key(format!("key {}", number % 50))
        .event_id(number.to_string());
    inbox.append(event).await.expect("it is stored");
    tell(&format!("stored {number}"));
}

#[test]
fn d2_one_sync_before_each_acknowledgement_and_nothing_lost_without_power() {
    if !trace::is_there() {
        println!("not run: `strace` is missing or may not trace");
        assert!(std::env::var_os("CI").is_none(), "CI has to run this test");
        return;
    }
    let folder = Folder::new();
    let log = folder.path().join("trace");
    let mut command = trace::strace(&log);
    command.arg(std::env::current_exe().expect("this binary has a path"));
    role::arguments(&mut command);
    let role = Role {
        folder: folder.path().to_owned(),
        place: Place::file(folder.path()),
        part: "power".to_owned(),
        seed: 1,
        point: None,
    };
    role.environment(&mut command);
    let status = command
        .stdout(Stdio::null())
        .status()
        .expect("strace starts");
    assert!(status.success(), "the traced process failed");
    let calls = trace::read(&fs::read_to_string(&log).expect("the log is there"));
    count_syncs(&calls);
    cut_power_everywhere(&calls);
    // The image would show a missing sync: without the syncs of the log, acknowledged events are lost.
    let without: Vec<_> = calls
        .iter()
        .filter(|call| !matches!(call, Call::Sync { .. }))
        .cloned()
        .collect();
    let outcome = std::panic::catch_unwind(|| cut_power_everywhere(&without));
    assert!(outcome.is_err(), "the test does not see missing syncs");
}

/// One sync of the log for each group, and none for claims alone.
fn count_syncs(calls: &[Call]) {
    let mut disk = Disk::default();
    let mut part = String::new();
    let mut before = 0;
    let mut starts = 0;
    let mut groups = Vec::new();
    for call in calls {
        disk.apply(call);
        match call {
            // The first frame of a log that begins anew syncs its header too.
            Call::Write { at: 0, .. } => starts += 1,
            Call::Tell(line)
                if ["open", "together", "claims", "claimed", "sent"].contains(&line.as_str()) =>
            {
                part = line.clone();
                before = disk.synced(LOG);
            }
            Call::Tell(line) if line == "committed" => {
                let syncs = disk.synced(LOG) - before;
                groups.push((part.clone(), syncs, starts));
                before = disk.synced(LOG);
                starts = 0;
            }
            _ => {}
        }
    }
    let of = |name: &str| {
        groups
            .iter()
            .filter(|(part, ..)| part == name)
            .collect::<Vec<_>>()
    };
    let (alone, together, claims) = (of("open"), of("together"), of("claims"));
    println!(
        "groups: {} alone, {} together, {} of claims",
        alone.len(),
        together.len(),
        claims.len()
    );
    assert_eq!(alone.len(), 20, "one sender has one group for each event");
    assert_eq!(together.len(), 10, "eight senders share one group");
    assert_eq!(claims.len(), 10);
    for (part, syncs, starts) in alone.iter().skip(1).chain(&together) {
        assert_eq!(
            (*syncs, *starts),
            (1, 0),
            "{part}: exactly one sync before the answer"
        );
    }
    for (_, syncs, _) in &claims {
        assert_eq!(*syncs, 0, "a claim alone needs no sync");
    }
}

/// Cuts the power after every acknowledgement and in the middle of checkpoints.
fn cut_power_everywhere(calls: &[Call]) {
    let mut disk = Disk::default();
    let mut stored = BTreeSet::new();
    let mut cuts = 0;
    let mut checkpoints = 0;
    let mut since_checkpoint = 1_000;
    for call in calls {
        disk.apply(call);
        since_checkpoint += 1;
        match call {
            Call::Tell(line) if line == "checkpoint" => {
                checkpoints += 1;
                since_checkpoint = 0;
            }
            Call::Tell(line) => {
                if let Some(number) = line.strip_prefix("stored ") {
                    stored.insert(number.to_owned());
                    if stored.len() % 10 == 0 {
                        survives(&disk, &stored);
                        cuts += 1;
                    }
                }
            }
            // Every few calls of a checkpoint, which copies the log into the file.
            _ if since_checkpoint < 3_000 && since_checkpoint % 97 == 0 && !stored.is_empty() => {
                survives(&disk, &stored);
                cuts += 1;
            }
            _ => {}
        }
    }
    println!(
        "{} events, {cuts} power cuts, {checkpoints} checkpoints",
        stored.len()
    );
    assert!(stored.len() == 400 && checkpoints > 0 && cuts > 40);
}

/// Opens what the disk holds for sure, and looks for every acknowledged event.
fn survives(disk: &Disk, stored: &BTreeSet<String>) {
    let folder = Folder::new();
    disk.cut_power(folder.path());
    let connection = Connection::open(folder.path().join("store.db")).expect("it opens");
    let found: BTreeSet<String> = connection
        .prepare("select e.event_id from durable_event e join durable_body b on b.event = e.id")
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect())
        .expect("it can be read");
    let lost: Vec<_> = stored.difference(&found).collect();
    assert!(
        lost.is_empty(),
        "acknowledged and lost without power: {lost:?}"
    );
}
