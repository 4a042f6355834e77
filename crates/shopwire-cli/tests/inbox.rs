//! `shopwire inbox` on a store while its receiver runs.
#![cfg(unix)]

mod support;

use std::{path::Path, sync::Arc};

use common_model::Value as Json;
use shopwire::durable::{
    Claim, Delivery, Inbox, Later,
    sqlite::{Sqlite, SqliteOptions},
};
use support::{
    Run, command,
    receiving::{Receiving, UVYGODA, events, fresh_store, inbox, post},
    run, text,
};

const SOURCE: &str = "uvygoda:main";

/// A worker in a process of its own: this one.
async fn worker(store: &Path) -> (Inbox, Sqlite) {
    let sqlite = Sqlite::open(SqliteOptions::file(store))
        .await
        .expect("it opens");
    (Inbox::new(Arc::new(sqlite.clone())), sqlite)
}

async fn claim(inbox: &Inbox) -> Delivery {
    let mut claimed = inbox.claim(Claim::events(SOURCE)).await.expect("claimed");
    assert_eq!(claimed.len(), 1);
    claimed.remove(0)
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(work)
}

fn order(id: u32, text: &str) -> String {
    format!(r#"{{"EVENT":"NEW_ORDER","ORDER":{{"ID":{id},"TEXT":"{text}"}}}}"#)
}

fn states(store: &Path) -> Vec<String> {
    let events = events(store);
    events
        .iter()
        .map(|event| text(event, "state").to_owned())
        .collect()
}

#[track_caller]
fn ok(run: &Run) -> &str {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    &run.stdout
}

// D6, D16
#[test]
fn d16_a_replay_comes_last_in_its_order_while_the_receiver_runs() {
    let store = fresh_store("replay");
    let receiving = Receiving::start(&store);
    for text in ["first", "second"] {
        assert_eq!(receiving.post(&order(7, text)), 200);
    }
    block_on(async {
        let (worker, sqlite) = worker(&store).await;
        let first = claim(&worker).await;
        worker.finish(first.ticket).await.expect("finished");
        assert_eq!(
            ok(&inbox(&store, &["replay", "1", "--json"])),
            "{\"event\":1,\"delivered\":3}\n"
        );
        assert_eq!(receiving.post(&order(7, "third")), 200);
        for (id, replay_of, text) in [
            (2, None, "second"),
            (3, Some(1), "first"),
            (4, None, "third"),
        ] {
            let delivery = claim(&worker).await;
            assert_eq!(delivery.event.id.0, id);
            assert_eq!(delivery.event.replay_of.map(|id| id.0), replay_of);
            assert_eq!(delivery.event.body, order(7, text));
            worker.finish(delivery.ticket).await.expect("finished");
        }
        sqlite.close().await;
    });
    assert_eq!(states(&store), ["finished"; 4]);
    let listed = ok(&inbox(&store, &["list"])).to_owned();
    assert!(
        listed
            .lines()
            .nth(2)
            .is_some_and(|line| line.ends_with("replay of 1")),
        "{listed}"
    );
}

// D6
#[test]
fn d6_dead_events_are_replayed_since_a_time_or_buried() {
    let store = fresh_store("dead");
    let receiving = Receiving::start(&store);
    for id in 1..=3 {
        assert_eq!(receiving.post(&order(id, "x")), 200);
    }
    block_on(async {
        let (worker, sqlite) = worker(&store).await;
        for _ in 0..3 {
            let delivery = claim(&worker).await;
            let dead = worker.dead(delivery.ticket, "no such \x1b[31m article", Later::Pass);
            dead.await.expect("dead");
        }
        sqlite.close().await;
    });
    assert_eq!(
        receiving.metric("shopwire_inbox_dead{source=\"uvygoda:main\"}"),
        Some(3.0)
    );
    let listed = ok(&inbox(&store, &["list", "--state", "dead", "--limit", "2"])).to_owned();
    assert_eq!(listed.lines().count(), 2);
    assert!(
        listed.contains("failed 1 times: no such \u{fffd}[31m article"),
        "{listed}"
    );
    let status = ok(&inbox(&store, &["status"])).to_owned();
    assert!(
        status.starts_with("uvygoda:main  0 pending, 3 dead"),
        "{status}"
    );

    assert_eq!(
        ok(&inbox(&store, &["bury", "2", "--reason", "of no use"])),
        "2 is buried\n"
    );
    let again = inbox(&store, &["bury", "2", "--reason", "x", "--json"]);
    assert_eq!(
        (again.code, text(&again.error(), "kind")),
        (1, "wrong_state"),
        "{again:?}"
    );

    let since = ["replay", "--since", "1h", "--source", SOURCE];
    assert_eq!(ok(&inbox(&store, &since)).lines().count(), 2);
    assert_eq!(
        states(&store),
        ["buried", "buried", "buried", "pending", "pending"]
    );
    let none = inbox(&store, &since);
    assert!(
        none.code == 0 && none.stdout.is_empty() && none.stderr.contains("no dead event"),
        "{none:?}"
    );
}

// D6
#[test]
fn d6_purge_removes_what_has_ended_and_nothing_else() {
    let store = fresh_store("purge");
    let receiving = Receiving::start(&store);
    for id in 1..=50 {
        assert_eq!(receiving.post(&order(id, "x")), 200);
    }
    block_on(async {
        let (worker, sqlite) = worker(&store).await;
        for _ in 0..48 {
            let delivery = claim(&worker).await;
            worker.finish(delivery.ticket).await.expect("finished");
        }
        let dead = claim(&worker).await;
        worker
            .dead(dead.ticket, "x", Later::Pass)
            .await
            .expect("dead");
        sqlite.close().await;
    });
    let young = inbox(&store, &["purge", "--older-than", "1d", "--json"]);
    assert_eq!(ok(&young), "{\"bodies\":0,\"ids\":0}\n");
    let purge = ["purge", "--older-than", "0s", "--ids-older-than", "1h"];
    // What ended in this millisecond is not older than it.
    let mut bodies = 0;
    while bodies < 48 {
        let purged = inbox(&store, &[&purge[..], &["--json"]].concat());
        ok(&purged);
        bodies += purged
            .json()
            .get("bodies")
            .and_then(Json::as_i64)
            .unwrap_or(0);
    }
    assert_eq!(bodies, 48);
    assert_eq!(events(&store).len(), 50, "ids are remembered longer");
    let gone = inbox(&store, &["show", "1"]);
    assert!(ok(&gone).contains("its content was purged"), "{gone:?}");
    let raw = inbox(&store, &["show", "1", "--raw"]);
    assert_eq!(raw.code, 1, "{raw:?}");
    for event in ["49", "50"] {
        assert!(ok(&inbox(&store, &["show", event, "--raw"])).contains("NEW_ORDER"));
    }
    let replay = inbox(&store, &["replay", "1", "--json"]);
    assert_eq!(
        (replay.code, text(&replay.error(), "kind")),
        (1, "not_found"),
        "{replay:?}"
    );
}

// D6, X7
#[test]
fn d6_personal_data_is_erased_by_keys_that_are_not_shown() {
    let store = fresh_store("erase");
    let receiving = Receiving::start(&store);
    for (id, text) in [
        (1, "+7 900 123-45-67"),
        (2, "ann@shop.example"),
        (3, "nobody"),
        (4, "nobody"),
    ] {
        assert_eq!(receiving.post(&order(id, text)), 200);
    }
    let erase = |keys: &str| {
        let mut command = command(&["inbox", "erase", "-"]);
        run(command.env("SHOPWIRE_STORE", &store), keys)
    };
    let erased = erase("8 (900) 123-45-67\n\nAnn@Shop.Example\nuvygoda:main/3\nbob@shop.example\n");
    assert_eq!(
        ok(&erased),
        "line 1: erased 1 events and 0 effects\nline 3: erased 1 events and 0 effects\n\
         line 4: erased 1 events and 0 effects\nline 5: erased 0 events and 0 effects\n"
    );
    assert_eq!(states(&store), ["buried", "buried", "buried", "pending"]);
    let shown = inbox(&store, &["show", "1", "--json"]);
    assert!(
        !ok(&shown).contains("900") && shown.json().get("body") == Some(&Json::Null),
        "{shown:?}"
    );
    assert!(ok(&inbox(&store, &["show", "4", "--raw"])).contains("nobody"));
    assert_eq!(erase("\n \n").code, 2);
}

// D16, C14
#[test]
fn d16_bad_input_is_an_error_that_names_it() {
    let store = fresh_store("input");
    let none = inbox(&store, &["list"]);
    assert!(
        none.code == 1 && none.stderr.contains("inbox.db: there is no store"),
        "{none:?}"
    );
    assert!(!store.exists(), "a look makes no store");
    let receiving = Receiving::start(&store);
    assert_eq!(receiving.post("\u{1}\u{7f}"), 200);
    let binary = post(&format!("/uvygoda/{UVYGODA}"), "x: y", "ab");
    let binary: Vec<u8> = [&binary[..binary.len() - 2], b"\xff\xfe"].concat();
    assert_eq!(receiving.send(&binary).0, 200);

    for args in [
        &["show", "x"][..],
        &["show"],
        &["list", "--state", "lost"],
        &["list", "--limit", "0"],
        &["replay"],
        &["replay", "--since", "1h"],
        &["replay", "--since", "yesterday", "--source", SOURCE],
        &["bury", "1"],
        &["purge"],
        &["purge", "--older-than", "1w"],
        &["purge", "--older-than", "2d", "--ids-older-than", "1d"],
        &["erase"],
        &["forget"],
    ] {
        let refused = inbox(&store, args);
        assert_eq!(
            (refused.code, refused.stdout.as_str()),
            (2, ""),
            "{args:?}: {refused:?}"
        );
    }
    for args in [["show", "99"], ["replay", "99"]] {
        let missing = inbox(&store, &[args[0], args[1], "--json"]);
        assert_eq!(
            (missing.code, text(&missing.error(), "kind")),
            (1, "not_found"),
            "{missing:?}"
        );
        assert!(
            text(&missing.error(), "message").contains("99"),
            "{missing:?}"
        );
    }
    let shown = inbox(&store, &["show", "1"]);
    assert!(!ok(&shown).contains(['\u{1}', '\u{7f}']), "{shown:?}");
    let shown = inbox(&store, &["show", "2", "--json"]).json();
    assert_eq!(
        (shown.get("body"), text(&shown, "body_base64")),
        (Some(&Json::Null), "//4=")
    );
    assert!(
        ok(&inbox(&store, &["show", "2"])).contains("2 bytes that are no text or may hold secrets")
    );
    ok(&inbox(&store, &["purge", "--older-than", "0s"]));
    let database = run(
        command(&["inbox", "list"]).env("SHOPWIRE_STORE_URL", "postgres://u:hidden@127.0.0.1:1/d"),
        "",
    );
    assert!(
        database.code == 1 && !database.stderr.contains("hidden"),
        "{database:?}"
    );
}
