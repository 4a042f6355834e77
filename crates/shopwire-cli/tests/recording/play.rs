//! Playing: order, repeats, and requests that were not recorded.

use std::fs;

use common_model::to_json;

use crate::{
    account::{play, recording},
    http::get,
    support::{command, run},
};

/// The line of a recorded GET with a JSON answer.
pub(crate) fn line(operation: &str, target: &str, status: u16, body: &str) -> String {
    format!(
        "{{\"operation\":\"{operation}\",\"started\":\"2026-01-31T08:00:00.000Z\",\"took_micros\":5,\"request\":{{\"method\":\
         \"GET\",\"url\":\"https://real.example{target}\",\"headers\":[],\"body\":\"\"}},\"response\":{{\"status\":{status},\
         \"headers\":[[\"content-type\",\"application/json\"],[\"connection\",\"keep-alive\"]],\"body\":{}}}}}\n",
        to_json(body)
    )
}

#[test]
fn s7_equal_requests_get_their_answers_in_order_and_then_the_last_again() {
    let file = recording("order");
    let answer = |number: u32| format!("{{\"success\":true,\"n\":{number}}}");
    let lines = [
        line(
            "retailcrm.orders.list",
            "/api/v5/orders?a=1&b=2",
            200,
            &answer(1),
        ),
        line("retailcrm.orders.get", "/api/v5/orders/7", 404, &answer(9)),
        line(
            "retailcrm.orders.list",
            "/api/v5/orders?b=2&a=1",
            200,
            &answer(2),
        ),
    ];
    // A crash has left half a line.
    let half = &lines[0][..50];
    fs::write(&file, lines.concat() + half).expect("written");
    let player = play(&file);
    let url = player.setting("retailcrm", "url");
    let list = || get(url, "/api/v5/orders?b=2&apiKey=any&a=1");
    for expected in [1, 2, 2, 2] {
        let played = list();
        assert_eq!((played.status(), played.text()), (200, &*answer(expected)));
        assert_eq!(played.header("content-type"), Some("application/json"));
    }
    let missing = get(url, "/api/v5/orders/7");
    assert_eq!((missing.status(), missing.text()), (404, &*answer(9)));
}

#[test]
fn s7_a_request_that_was_not_recorded_gets_501_in_the_services_own_shape() {
    let file = recording("unknown");
    let lines = [
        line("retailcrm.orders.get", "/api/v5/orders/7", 200, "{}"),
        line(
            "retailcrm.orders.list",
            "/api/v5/orders?limit=20",
            200,
            "{}",
        ),
        line(
            "nicechat.products.list",
            "/marketplaces/v1/products/",
            200,
            "{}",
        ),
    ];
    fs::write(&file, lines.concat()).expect("written");
    let player = play(&file);
    for (service, target, expected) in [
        (
            "retailcrm",
            "/api/v5/orders/8",
            r#"{"success":false,"errorMsg":"GET /api/v5/orders/8 was not recorded; the nearest recorded request is retailcrm.orders.get (GET /api/v5/orders/7), whose path differs"}"#,
        ),
        (
            "retailcrm",
            "/api/v5/orders?limit=50",
            r#"{"success":false,"errorMsg":"GET /api/v5/orders was not recorded; the nearest recorded request is retailcrm.orders.list (GET /api/v5/orders?limit=20), whose query differs"}"#,
        ),
        (
            "nicechat",
            "/marketplaces/v1/products/?page=2",
            r#"{"status":"error","code":501,"description":"GET /marketplaces/v1/products/ was not recorded; the nearest recorded request is nicechat.products.list (GET /marketplaces/v1/products/), whose query differs"}"#,
        ),
        (
            "uvygoda",
            "/",
            r#"{"RESULT":false,"ERROR":"GET / was not recorded; nothing was recorded of uvygoda"}"#,
        ),
    ] {
        let answer = get(player.setting(service, "url"), target);
        assert_eq!((answer.status(), answer.text()), (501, expected));
    }
}

#[test]
fn s7_options_that_do_not_go_together_and_files_that_are_no_recording_are_refused() {
    for args in [
        &["--record", "a.jsonl", "--play", "b.jsonl"][..],
        &["--record", "a.jsonl", "--compare", "b.jsonl"],
        &["--play", "a.jsonl", "--compare", "b.jsonl"],
        &["--play", "a.jsonl", "--seed", "1"],
        &["--record", "a.jsonl", "--scenario", "a bad day"],
        &["--play", "a.jsonl", "--retailcrm-url", "https://a.example"],
        &["--config", "x.toml"],
        &["--compare", "a.jsonl", "--retailcrm-port", "1"],
    ] {
        let refused = run(&mut command(&[&["sandbox"], args].concat()), "");
        assert_eq!(refused.code, 2, "{args:?} {refused:?}");
    }
    let file = recording("notes");
    fs::write(&file, "notes").expect("written");
    let path = file.to_str().expect("UTF-8");
    for args in [
        &["--record", path, "--retailcrm-url", "http://127.0.0.1:1"][..],
        &["--play", path],
        &["--compare", path],
    ] {
        let refused = run(&mut command(&[&["sandbox"], args].concat()), "");
        assert_eq!(refused.code, 1, "{args:?} {refused:?}");
        assert!(refused.stderr.contains(args[0]), "{refused:?}");
        assert!(refused.stderr.contains("s7-notes.jsonl"), "{refused:?}");
    }
    assert_eq!(fs::read_to_string(&file).expect("kept"), "notes");
    let unset = run(&mut command(&["sandbox", "--record", "s7-unset.jsonl"]), "");
    assert_eq!(unset.code, 1, "{unset:?}");
    assert!(unset.stderr.contains("--retailcrm-url"), "{unset:?}");
    assert!(!crate::support::scratch().join("s7-unset.jsonl").exists());
}
