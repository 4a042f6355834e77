//! Behaviour of the SQLite engine alone.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use common_durable::{
    Appended, Claim, Clock, Commit, Error, ErrorKind, Inbox, NewEvent, Statement, Store, Timestamp,
    conformance::Points,
    sqlite::{Sqlite, SqliteOptions, rusqlite::Connection},
};

use crate::folder::Folder;

const SOURCE: &str = "source:1";

async fn memory() -> Sqlite {
    Sqlite::open(SqliteOptions::memory())
        .await
        .expect("it opens")
}

fn event(body: &str) -> NewEvent {
    NewEvent::new(SOURCE, body.to_owned()).key("k")
}

fn inbox(store: &Sqlite) -> Inbox {
    Inbox::new(Arc::new(store.clone()))
}

#[tokio::test]
async fn d1_a_read_decides_inside_of_the_transaction() {
    let store = memory().await;
    let create = Statement::new("create table stock (quantity integer)", "");
    store
        .commit(Commit::new().own(create))
        .await
        .expect("a table");
    let insert = Statement::new("insert into stock values (2)", "");
    store
        .commit(Commit::new().own(insert))
        .await
        .expect("a row");
    let take = || {
        store.with(|transaction| {
            let left: i64 = transaction
                .connection()
                .query_row("select quantity from stock", [], |row| row.get(0))
                .map_err(|_| Error::new(ErrorKind::Statement, "it cannot be read"))?;
            if left == 0 {
                transaction.apply(&Commit::new().append(event("sold out")))?;
                return Ok(false);
            }
            let take = Statement::new("update stock set quantity = quantity - 1", "").rows(1);
            transaction.apply(&Commit::new().own(take).append(event("taken")))?;
            Ok(true)
        })
    };
    let outcomes = (take().await, take().await, take().await);
    assert!(
        matches!(outcomes, (Ok(true), Ok(true), Ok(false))),
        "{outcomes:?}"
    );
    let totals = inbox(&store).totals().await.expect("totals");
    assert_eq!(totals.sources[0].pending, 3);
}

#[tokio::test]
async fn d1_an_error_or_panic_of_the_closure_rolls_back_and_harms_nobody() {
    let store = memory().await;
    let failing = store.with(|transaction| -> Result<(), Error> {
        transaction.apply(&Commit::new().append(event("lost")))?;
        Err(Error::new(ErrorKind::InvalidInput, "the caller says no"))
    });
    let panicking = store.with(|transaction| -> Result<(), Error> {
        transaction.apply(&Commit::new().append(event("lost")))?;
        std::panic::resume_unwind(Box::new("a bug of the caller"));
    });
    let ending = store.with(|transaction| {
        let ended = transaction.connection().execute_batch("commit");
        ended.map_err(|_| Error::new(ErrorKind::Statement, "refused"))
    });
    let kind = |outcome: Result<(), Error>| outcome.expect_err("it fails").kind();
    assert_eq!(kind(failing.await), ErrorKind::InvalidInput);
    assert_eq!(kind(panicking.await), ErrorKind::Statement);
    assert_eq!(kind(ending.await), ErrorKind::Statement);
    inbox(&store)
        .append(event("kept"))
        .await
        .expect("the writer goes on");
    assert_eq!(
        inbox(&store).totals().await.expect("totals").sources[0].pending,
        1
    );
}

#[tokio::test]
async fn d1_own_statements_leave_the_tables_of_the_store_alone() {
    let store = memory().await;
    inbox(&store).append(event("kept")).await.expect("stored");
    for text in [
        "delete from durable_event",
        "update durable_meta set value = 1 where name = 'epoch'",
        "insert into DURABLE_cursor values ('c', '1', 1)",
        "drop table durable_body",
        "alter table durable_lane rename to lane",
        "create trigger t after insert on durable_event begin select 1; end",
        "create temp table durable_event (id integer)",
        "create temp table harmless (id integer)",
        "create temp view durable_lane as select 1",
        "create temp trigger t after insert on mine begin select 1; end",
        "pragma synchronous = off",
        "attach database ':memory:' as other",
        "select 1",
        "vacuum",
    ] {
        let commit = Commit::new().own(Statement::new(text, ""));
        let error = store.commit(commit).await.expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Statement, "{text}: {error}");
    }
    assert_eq!(
        inbox(&store).totals().await.expect("totals").sources[0].pending,
        1
    );
}

#[tokio::test]
async fn d1_mistakes_in_an_own_statement_are_named() {
    let store = memory().await;
    let create = Statement::new("create table t (n integer)", "");
    let created = store.commit(Commit::new().own(create)).await;
    created.expect("a table");
    for (text, word) in [
        ("insert into tt (n) values (1)", "table does not exist"),
        ("insert into t (m) values (1)", "column does not exist"),
        ("update t set n = 1 where m = 1", "column does not exist"),
        ("insert into t (n) values", "syntax"),
        ("insert intoo t (n) values (1)", "syntax"),
    ] {
        let commit = Commit::new().own(Statement::new(text, ""));
        let error = store.commit(commit).await.expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Statement, "{text}: {error}");
        assert!(error.to_string().contains(word), "{text}: {error}");
    }
}

#[tokio::test]
async fn d1_a_slow_own_statement_is_ended_and_spares_its_neighbours() {
    let folder = Folder::new();
    let options = SqliteOptions::file(folder.path().join("store.db"))
        .own_statement_limit(Duration::from_millis(20));
    let store = Sqlite::open(options).await.expect("it opens");
    let create = Statement::new("create table t (n integer)", "");
    store
        .commit(Commit::new().own(create))
        .await
        .expect("a table");
    const SLOW: &str =
        "insert into t with recursive c(n) as (select 1 union all select n + 1 from c)
        select n from c where n < 0";
    store.pause(true);
    let before = store.commit(Commit::new().append(event("before")));
    let slow = store.commit(
        Commit::new()
            .append(event("slow"))
            .own(Statement::new(SLOW, "")),
    );
    let after = store.commit(Commit::new().append(event("after")));
    store.pause(false);
    before.await.expect("a neighbour is stored");
    after.await.expect("a neighbour is stored");
    let error = slow.await.expect_err("it takes too long");
    assert_eq!(error.kind(), ErrorKind::Statement);
    assert!(error.to_string().contains("longer than allowed"), "{error}");
    assert_eq!(
        inbox(&store).totals().await.expect("totals").sources[0].pending,
        2
    );
}

#[tokio::test]
async fn d2_a_closed_store_says_so_and_has_done_what_waited() {
    let folder = Folder::new();
    let options = SqliteOptions::file(folder.path().join("store.db"));
    let store = Sqlite::open(options.clone()).await.expect("it opens");
    store.pause(true);
    let waiting = store.commit(Commit::new().append(event("waits")));
    store.pause(false);
    store.close().await;
    waiting.await.expect("it is stored");
    let error = inbox(&store)
        .append(event("late"))
        .await
        .expect_err("it is closed");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(inbox(&store).totals().await.is_err());
    assert!(
        !folder.path().join("store.db-wal").exists(),
        "the log is copied into the file"
    );
    let again = Sqlite::open(options).await.expect("it opens again");
    assert_eq!(
        inbox(&again).totals().await.expect("totals").sources[0].pending,
        1
    );
}

#[tokio::test]
async fn d2_a_queue_of_many_bytes_is_busy_too() {
    let store = Sqlite::open(SqliteOptions::memory().queue_bytes(10_000))
        .await
        .expect("it opens");
    store.pause(true);
    let one = store.commit(Commit::new().append(event(&"x".repeat(9_000))));
    let other = store
        .commit(Commit::new().append(event(&"x".repeat(9_000))))
        .await;
    assert_eq!(other.expect_err("it is full").kind(), ErrorKind::Busy);
    store.pause(false);
    one.await.expect("it is stored");
}

#[tokio::test]
async fn d4_leases_of_a_process_that_is_gone_are_free_at_once() {
    let folder = Folder::new();
    let clock = Clock::stopped_at(Timestamp::from_millis(1_000_000));
    let options = SqliteOptions::file(folder.path().join("store.db")).clock(clock);
    let claim = || Claim::events(SOURCE).lease(Duration::from_secs(3_600));
    let first = Sqlite::open(options.clone()).await.expect("it opens");
    inbox(&first).append(event("x")).await.expect("stored");
    let old = inbox(&first)
        .claim(claim())
        .await
        .expect("a claim")
        .remove(0);
    // While the process is there, another one leaves its lease alone.
    let beside = Sqlite::open(options.clone())
        .await
        .expect("it opens beside");
    assert!(
        inbox(&beside)
            .claim(claim())
            .await
            .expect("a claim")
            .is_empty()
    );
    beside.close().await;
    first.close().await;
    drop((first, beside));
    let next = Sqlite::open(options).await.expect("it opens again");
    let new = inbox(&next)
        .claim(claim())
        .await
        .expect("a claim")
        .remove(0);
    assert_eq!(new.event.id, old.event.id);
    let error = inbox(&next)
        .finish(old.ticket)
        .await
        .expect_err("it was overtaken");
    assert!(error.is_lease_lost());
}

#[tokio::test]
async fn d19_what_cannot_be_opened_is_named() {
    let folder = Folder::new();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("text"), "this is no database, although it is longer than one header of SQLite, which has 100 bytes.....")
        .expect("a file");
    fs::create_dir(path("folder")).expect("a folder");
    let refused = async |name: &str| {
        let error = Sqlite::open(SqliteOptions::file(path(name)))
            .await
            .expect_err(name);
        assert!(error.to_string().contains(name), "{error}");
        error.kind()
    };
    assert_eq!(refused("text").await, ErrorKind::Foreign);
    assert_eq!(refused("folder").await, ErrorKind::Foreign);
    assert_eq!(refused("nowhere/store.db").await, ErrorKind::Unavailable);
    // A database with the right name of the program, but without its tables.
    let connection = Connection::open(path("hollow")).expect("it opens");
    connection
        .execute_batch("pragma application_id = 1937204339; create table t (n)")
        .expect("it runs");
    drop(connection);
    assert_eq!(refused("hollow").await, ErrorKind::Damaged);
}

#[tokio::test]
async fn d20_the_log_stays_small_and_is_told() {
    let folder = Folder::new();
    let store = Sqlite::open(SqliteOptions::file(folder.path().join("store.db")))
        .await
        .expect("it opens");
    let inbox = inbox(&store);
    for number in 0..120 {
        let event = event(&number.to_string().repeat(200_000));
        let appended = inbox.append(event).await.expect("stored");
        assert!(matches!(appended, Appended::Stored { .. }));
    }
    let log = inbox
        .totals()
        .await
        .expect("totals")
        .log_bytes
        .expect("there is a log");
    // 16 MiB, and the commit that went beyond.
    assert!(log < 20 << 20, "the log has {log} bytes");
}

#[tokio::test]
async fn d19_a_damaged_file_with_a_log_is_left_as_it_is() {
    let folder = Folder::new();
    let (whole, copy) = (
        folder.path().join("whole.db"),
        folder.path().join("copy.db"),
    );
    let log = |path: &std::path::Path| path.with_extension("db-wal");
    let store = Sqlite::open(SqliteOptions::file(&whole))
        .await
        .expect("it opens");
    inbox(&store).append(event("x")).await.expect("stored");
    // As a process that was killed leaves them: the file, and a log that is not copied into it.
    let mut bytes = fs::read(&whole).expect("it is there");
    bytes[100..4_096].fill(0x5a);
    fs::write(&copy, &bytes).expect("it can be written");
    // The schema is read from the file: the log holds none of its pages.
    fs::copy(log(&whole), log(&copy)).expect("the log is there");
    let before = fs::read(log(&copy)).expect("it is there");
    assert!(!before.is_empty());
    let outcome = Sqlite::open(SqliteOptions::file(&copy)).await;
    if let Err(error) = outcome {
        assert!(
            [ErrorKind::Damaged, ErrorKind::Foreign].contains(&error.kind()),
            "{error}"
        );
        assert!(
            fs::read(&copy).expect("it is there") == bytes,
            "the refused file was changed"
        );
        assert!(
            fs::read(log(&copy)).expect("it is there") == before,
            "the log was changed"
        );
    } else {
        panic!("the damaged file was opened");
    }
}

/// Runs a command of `mount` on a folder. It succeeds only with the rights for it.
#[cfg(target_os = "linux")]
fn mount(arguments: &[&str], folder: &Folder) -> bool {
    std::process::Command::new(arguments[0])
        .args(&arguments[1..])
        .arg(folder.path())
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn d19_a_read_only_file_system_is_refused_by_name() {
    let folder = Folder::new();
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs"], &folder) {
        println!("not run: no file system can be mounted here");
        return;
    }
    let path = folder.path().join("store.db");
    let store = Sqlite::open(SqliteOptions::file(&path))
        .await
        .expect("it opens");
    store.close().await;
    assert!(
        mount(&["mount", "-o", "remount,ro"], &folder),
        "it can be made read-only"
    );
    let before = fs::read(&path).expect("it is there");
    let outcome = Sqlite::open(SqliteOptions::file(&path)).await;
    let is_unchanged = fs::read(&path).expect("it is there") == before;
    mount(&["umount"], &folder);
    let error = outcome.expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::Unsafe);
    assert!(error.to_string().contains("read-only"), "{error}");
    assert!(is_unchanged);
}

/// A disk that is really full, where a small file system can be mounted.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn d2_a_full_file_system_loses_nothing_that_was_acknowledged() {
    let folder = Folder::new();
    let mount = |arguments: &[&str]| mount(arguments, &folder);
    if !mount(&["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs"]) {
        println!("not run: no file system can be mounted here");
        return;
    }
    let options = SqliteOptions::file(folder.path().join("store.db"));
    let store = Sqlite::open(options.clone()).await.expect("it opens");
    let mut acknowledged = 0_u64;
    let mut refused = 0;
    for round in 0..40 {
        store.pause(true);
        let commits: Vec<_> = (0..4)
            .map(|_| store.commit(Commit::new().append(NewEvent::new(SOURCE, vec![b'x'; 40_000]))))
            .collect();
        store.pause(false);
        for commit in commits {
            match commit.await {
                Ok(_) => acknowledged += 1,
                Err(error) => {
                    assert!(error.is_transient(), "round {round}: {error}");
                    refused += 1;
                }
            }
        }
    }
    store.close().await;
    assert!(
        acknowledged > 10 && refused > 10,
        "{acknowledged} acknowledged, {refused} refused"
    );
    assert!(
        mount(&["mount", "-o", "remount,size=60m"]),
        "the file system can grow"
    );
    let again = Sqlite::open(options).await.expect("it opens again");
    let pending = inbox(&again).totals().await.expect("totals").sources[0].pending;
    inbox(&again)
        .append(event("there is room"))
        .await
        .expect("the store goes on");
    again.close().await;
    mount(&["umount"]);
    assert!(
        pending >= acknowledged,
        "{acknowledged} were acknowledged, {pending} are there"
    );
}

#[tokio::test]
async fn d20_a_reader_that_keeps_its_snapshot_is_told() {
    let folder = Folder::new();
    let path = folder.path().join("store.db");
    let clock = Clock::stopped_at(Timestamp::from_millis(1_000_000));
    let options = SqliteOptions::file(&path)
        .clock(clock.clone())
        .log_bytes(4 << 20);
    let store = Sqlite::open(options).await.expect("it opens");
    let inbox = inbox(&store);
    let write = async || {
        for _ in 0..12 {
            inbox
                .append(NewEvent::new(SOURCE, vec![b'x'; 500_000]))
                .await
                .expect("stored");
        }
        // The checkpoint comes after the answer, so one more commit waits for it.
        inbox.append(event("after")).await.expect("stored");
    };
    let held = async || inbox.totals().await.expect("totals").oldest_snapshot;
    write().await;
    assert_eq!(held().await, None);
    let reader = Connection::open(&path).expect("it opens");
    reader
        .execute_batch("begin; select count(*) from durable_event")
        .expect("it reads");
    write().await;
    clock.advance(Duration::from_secs(90));
    assert_eq!(held().await, Some(Duration::from_secs(90)));
    drop(reader);
    write().await;
    assert_eq!(held().await, None);
}

#[tokio::test]
async fn d6_counts_read_open_work_alone() {
    let folder = Folder::new();
    let path = folder.path().join("store.db");
    let store = Sqlite::open(SqliteOptions::file(&path))
        .await
        .expect("it opens");
    inbox(&store).append(event("x")).await.expect("stored");
    let connection = Connection::open(&path).expect("it opens");
    let plan = |sql: &str| -> String {
        let mut statement = connection
            .prepare(&format!("explain query plan {sql}"))
            .expect("it prepares");
        let rows = statement
            .query_map([], |row| row.get::<_, String>(3))
            .expect("it runs");
        rows.map(|row| row.expect("a row"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    // The claim, the first open event, and the counts: each by an index that holds open work or one key.
    for sql in [
        "select id from durable_lane where queue = 1 and next_at <= 5 order by next_at, id limit 10",
        "select id from durable_event where lane = 1 and id > 5 and state = 0 order by id limit 1",
        "select sum(open) from durable_lane l where l.queue = 1 and l.next_at is not null",
        "select sum(open) from durable_lane l where l.queue = 1 and l.held is not null",
        "select count(*) from durable_event e where e.queue = 1 and e.state = 2",
        "select id from durable_event where state in (1, 3) and content = 0 and ended_at < 5 order by ended_at limit 9",
        "select id from durable_event where queue = 1 and content_hash = x'00' and receipt is not null
             and received_at >= 0 order by id desc limit 1",
    ] {
        let plan = plan(sql);
        assert!(plan.starts_with("SEARCH") && plan.contains("INDEX"), "{sql}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d2_eight_senders_share_commits() {
    const EACH: u32 = 60;
    let folder = Folder::new();
    let commits = Arc::new(AtomicU32::new(0));
    let points = Points::default();
    let count = Arc::clone(&commits);
    points.at("sqlite.committed", move || {
        count.fetch_add(1, Relaxed);
    });
    let options = SqliteOptions::file(folder.path().join("inbox.db")).points(points);
    let store = Sqlite::open(options).await.expect("it opens");
    // A machine that does other things can keep senders from coming back in time.
    let mut shared = Vec::new();
    while shared.len() < 5 {
        commits.store(0, Relaxed);
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let inbox = inbox(&store);
            tasks.spawn(async move {
                for _ in 0..EACH {
                    inbox.append(event("body")).await.expect("stored");
                }
            });
        }
        tasks.join_all().await;
        shared.push(f64::from(8 * EACH) / f64::from(commits.load(Relaxed)));
        if shared.iter().any(|events| *events >= 6.0) {
            return;
        }
    }
    panic!("events a commit: {shared:?}");
}
