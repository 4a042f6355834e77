//! `shopwire inbox` on a store while its receiver runs.
#![cfg(unix)]

#[path = "../../common-durable/tests/postgres/binaries.rs"]
mod binaries;
#[path = "support/place.rs"]
mod place;
#[path = "../../common-durable/tests/postgres/server.rs"]
#[expect(dead_code, reason = "this test uses a part of it")]
mod server;
mod support;

use common_model::Value as Json;
use place::{Place, on_both_engines};
use shopwire::durable::{Claim, Delivery, Inbox, Later};
use support::{
    Run, command,
    receiving::{UVYGODA, post},
    run, text,
};

const SOURCE: &str = "uvygoda:main";

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

fn states(place: &Place) -> Vec<String> {
    let events = place.events();
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
    on_both_engines(
        "replay",
        a_replay_comes_last_in_its_order_while_the_receiver_runs,
    );
}

fn a_replay_comes_last_in_its_order_while_the_receiver_runs(place: &Place) {
    let receiving = place.receiving();
    for text in ["first", "second"] {
        assert_eq!(receiving.post(&order(7, text)), 200);
    }
    block_on(async {
        let opened = place.open().await;
        let worker = &opened.inbox;
        let first = claim(worker).await;
        worker.finish(first.ticket).await.expect("finished");
        assert_eq!(
            ok(&place.inbox(&["replay", "1", "--json"])),
            "{\"event\":1,\"delivered\":3}\n"
        );
        assert_eq!(receiving.post(&order(7, "third")), 200);
        for (id, replay_of, text) in [
            (2, None, "second"),
            (3, Some(1), "first"),
            (4, None, "third"),
        ] {
            let delivery = claim(worker).await;
            assert_eq!(delivery.event.id.0, id);
            assert_eq!(delivery.event.replay_of.map(|id| id.0), replay_of);
            assert_eq!(delivery.event.body, order(7, text));
            worker.finish(delivery.ticket).await.expect("finished");
        }
        opened.close().await;
    });
    assert_eq!(states(place), ["finished"; 4]);
    let listed = ok(&place.inbox(&["list"])).to_owned();
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
    on_both_engines("dead", dead_events_are_replayed_since_a_time_or_buried);
}

fn dead_events_are_replayed_since_a_time_or_buried(place: &Place) {
    let receiving = place.receiving();
    for id in 1..=3 {
        assert_eq!(receiving.post(&order(id, "x")), 200);
    }
    block_on(async {
        let opened = place.open().await;
        let worker = &opened.inbox;
        for _ in 0..3 {
            let delivery = claim(worker).await;
            let dead = worker.dead(delivery.ticket, "no such \x1b[31m article", Later::Pass);
            dead.await.expect("dead");
        }
        opened.close().await;
    });
    assert_eq!(
        receiving.metric("shopwire_inbox_dead{source=\"uvygoda:main\"}"),
        Some(3.0)
    );
    let listed = ok(&place.inbox(&["list", "--state", "dead", "--limit", "2"])).to_owned();
    assert_eq!(listed.lines().count(), 2);
    assert!(
        listed.contains("failed 1 times: no such \u{fffd}[31m article"),
        "{listed}"
    );
    let status = ok(&place.inbox(&["status"])).to_owned();
    assert!(
        status.starts_with("uvygoda:main  0 pending, 3 dead"),
        "{status}"
    );

    assert_eq!(
        ok(&place.inbox(&["bury", "2", "--reason", "of no use"])),
        "2 is buried\n"
    );
    let buried = ok(&place.inbox(&["show", "2"])).to_owned();
    assert!(buried.contains("last reason: of no use"), "{buried}");
    assert!(buried.contains("claim 1: no such"), "{buried}");
    assert!(!buried.contains("claim 0"), "{buried}");
    let other = place.inbox(&["list", "--source", "uvygda:main"]);
    assert!(
        other.stdout.is_empty() && other.stderr.contains("inbox status"),
        "{other:?}"
    );
    let unknown = place.inbox(&["bury", "99", "--reason", "x"]);
    assert!(!unknown.stderr.contains("step"), "{unknown:?}");
    let wrong = place.inbox(&["show", "two"]);
    assert!(
        wrong.code == 2 && wrong.stderr.contains("no id of an event"),
        "{wrong:?}"
    );
    let again = place.inbox(&["bury", "2", "--reason", "x", "--json"]);
    assert_eq!(
        (again.code, text(&again.error(), "kind")),
        (1, "wrong_state"),
        "{again:?}"
    );

    let since = ["replay", "--since", "1h", "--source", SOURCE];
    assert_eq!(ok(&place.inbox(&since)).lines().count(), 2);
    assert_eq!(
        states(place),
        ["buried", "buried", "buried", "pending", "pending"]
    );
    let none = place.inbox(&since);
    assert!(
        none.code == 0 && none.stdout.is_empty() && none.stderr.contains("no dead event"),
        "{none:?}"
    );
}

// D6
#[test]
fn d6_purge_removes_what_has_ended_and_nothing_else() {
    on_both_engines("purge", purge_removes_what_has_ended_and_nothing_else);
}

fn purge_removes_what_has_ended_and_nothing_else(place: &Place) {
    let receiving = place.receiving();
    for id in 1..=50 {
        assert_eq!(receiving.post(&order(id, "x")), 200);
    }
    block_on(async {
        let opened = place.open().await;
        let worker = &opened.inbox;
        for _ in 0..48 {
            let delivery = claim(worker).await;
            worker.finish(delivery.ticket).await.expect("finished");
        }
        let dead = claim(worker).await;
        worker
            .dead(dead.ticket, "x", Later::Pass)
            .await
            .expect("dead");
        opened.close().await;
    });
    let young = place.inbox(&["purge", "--older-than", "1d", "--json"]);
    assert_eq!(ok(&young), "{\"bodies\":0,\"ids\":0}\n");
    let purge = ["purge", "--older-than", "0s", "--ids-older-than", "1h"];
    // What ended in this millisecond is not older than it.
    let mut bodies = 0;
    while bodies < 48 {
        let purged = place.inbox(&[&purge[..], &["--json"]].concat());
        ok(&purged);
        bodies += purged
            .json()
            .get("bodies")
            .and_then(Json::as_i64)
            .unwrap_or(0);
    }
    assert_eq!(bodies, 48);
    assert_eq!(place.events().len(), 50, "ids are remembered longer");
    let gone = place.inbox(&["show", "1"]);
    assert!(ok(&gone).contains("its content was purged"), "{gone:?}");
    let raw = place.inbox(&["show", "1", "--raw"]);
    assert_eq!(raw.code, 1, "{raw:?}");
    for event in ["49", "50"] {
        assert!(ok(&place.inbox(&["show", event, "--raw"])).contains("NEW_ORDER"));
    }
    let replay = place.inbox(&["replay", "1", "--json"]);
    assert_eq!(
        (replay.code, text(&replay.error(), "kind")),
        (1, "not_found"),
        "{replay:?}"
    );
}

// D6, X7
#[test]
fn d6_personal_data_is_erased_by_keys_that_are_not_shown() {
    on_both_engines("erase", personal_data_is_erased_by_keys_that_are_not_shown);
}

fn personal_data_is_erased_by_keys_that_are_not_shown(place: &Place) {
    let receiving = place.receiving();
    for (id, text) in [
        (1, "+7 900 123-45-67"),
        (2, "ann@shop.example"),
        (3, "nobody"),
        (4, "nobody"),
    ] {
        assert_eq!(receiving.post(&order(id, text)), 200);
    }
    let erase = |keys: &str| place.inbox_with(&["erase", "-"], keys);
    let erased = erase("8 (900) 123-45-67\n\nAnn@Shop.Example\nuvygoda:main/3\nbob@shop.example\n");
    assert_eq!(erased.code, 0, "{erased:?}");
    assert_eq!(
        erased.stdout,
        "line 1: erased 1 events and 0 effects\nline 3: erased 1 events and 0 effects\n\
         line 4: erased 1 events and 0 effects\nline 5: erased 0 events and 0 effects\n"
    );
    assert_eq!(states(place), ["buried", "buried", "buried", "pending"]);
    let shown = place.inbox(&["show", "1", "--json"]);
    assert!(
        !ok(&shown).contains("123-45") && shown.json().get("body") == Some(&Json::Null),
        "{shown:?}"
    );
    assert!(ok(&place.inbox(&["show", "4", "--raw"])).contains("nobody"));
    assert_eq!(erase("\n \n").code, 2);
}

// D16, C14
#[test]
fn d16_bad_input_is_an_error_that_names_it() {
    on_both_engines("input", bad_input_is_an_error_that_names_it);
}

fn bad_input_is_an_error_that_names_it(place: &Place) {
    for _ in 0..2 {
        // Also the second time: a look makes no store.
        let none = place.inbox(&["list"]);
        assert!(
            none.code == 1 && none.stderr.contains("there is no store"),
            "{none:?}"
        );
    }
    let receiving = place.receiving();
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
        let refused = place.inbox(args);
        assert_eq!(
            (refused.code, refused.stdout.as_str()),
            (2, ""),
            "{args:?}: {refused:?}"
        );
    }
    for args in [
        &["list", "--limit", "0", "--json"][..],
        &["--json", "forget"],
    ] {
        let refused = place.inbox(args);
        let kind = refused.error();
        assert_eq!(
            (refused.code, text(&kind, "kind")),
            (2, "usage"),
            "{refused:?}"
        );
    }
    for args in [["show", "99"], ["replay", "99"]] {
        let missing = place.inbox(&[args[0], args[1], "--json"]);
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
    let shown = place.inbox(&["show", "1"]);
    assert!(!ok(&shown).contains(['\u{1}', '\u{7f}']), "{shown:?}");
    let shown = place.inbox(&["show", "2", "--json"]).json();
    assert_eq!(
        (shown.get("body"), text(&shown, "body_base64")),
        (Some(&Json::Null), "//4=")
    );
    assert!(
        ok(&place.inbox(&["show", "2"])).contains("2 bytes that are no text or may hold secrets")
    );
    ok(&place.inbox(&["purge", "--older-than", "0s"]));
    let database = run(
        command(&["inbox", "list"]).env("SHOPWIRE_STORE_URL", "postgres://u:hidden@127.0.0.1:1/d"),
        "",
    );
    assert!(
        database.code == 1 && !database.stderr.contains("hidden"),
        "{database:?}"
    );
}
