//! Output that is closed before the command has written all, as by `| head`.

use std::process::{Command, Stdio};

use crate::{
    leaves,
    support::{SandboxProcess, command, private_file, run, scratch},
};

/// Runs a command whose reader of standard output has gone.
fn closed(command: &mut Command) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = command
        .stdin(Stdio::null())
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .expect("it runs");
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    (output.status.code(), errors)
}

// J8
#[test]
fn j8_a_reader_that_has_gone_is_no_error_of_any_command() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit"]);
    let made = sandbox.call(
        "retailcrm",
        "orders.create",
        r#"{"order":{"externalId":"C-5","firstName":"Ann"}}"#,
    );
    assert_eq!(made.code, 0, "{made:?}");
    let record = scratch().join("sweep-record.jsonl");
    let _ = std::fs::remove_file(&record);
    let record = record.to_str().expect("UTF-8").to_owned();
    let mut recorded = sandbox.command(&["call", "retailcrm", "api.get_credentials", "--record"]);
    assert_eq!(run(recorded.arg(&record), "").code, 0);
    let feed = private_file(
        "sweep",
        "price.xml",
        r#"<?xml version="1.0" encoding="UTF-8"?><yml_catalog date="2026-01-01 00:00"><shop><name>S</name><company>S</company><url>https://s.example</url><currencies><currency id="UAH" rate="1"/></currencies><categories><category id="1">A</category></categories><offers><offer id="1" available="true"><url>https://s.example/1</url><price>5</price><currencyId>UAH</currencyId><categoryId>1</categoryId><picture>https://s.example/1.jpg</picture><name>N</name></offer></offers></shop></yml_catalog>"#,
    );
    let feed = feed.to_str().expect("UTF-8").to_owned();
    let goods = private_file(
        "sweep",
        "goods.csv",
        "id,name,price,categoryId,url,picture\n1,N,5,1,https://s.example/1,https://s.example/1.jpg\n",
    );
    let goods = goods.to_str().expect("UTF-8").to_owned();
    let store = scratch().join("sweep-inbox.db");
    let store = store.to_str().expect("UTF-8").to_owned();
    // The store is made by the receiver, which ends as soon as its announcement has no reader.
    let mut receiver = command(&["webhooks", "--listen", "127.0.0.1:0", "--store", &store]);
    let receiver = receiver.env("UVYGODA_WEBHOOK_SECRET", "0123456789abcdef0123");
    assert_eq!(closed(receiver), (Some(0), String::new()));

    let runs: &[(&str, &[&str])] = &[
        ("call", &["retailcrm", "orders.list"]),
        ("call", &["retailcrm", "--list"]),
        ("call", &["retailcrm", "orders.create", "--describe"]),
        ("catalog check", &[&feed]),
        ("catalog check", &[&feed, "--json"]),
        ("catalog convert", &[&feed, "--to", "icml"]),
        ("catalog rules", &[]),
        (
            "catalog write",
            &[&goods, "--to", "yml", "--currency", "UAH"],
        ),
        ("completions", &["bash"]),
        ("config check", &[]),
        ("config keys", &[]),
        ("config show", &[]),
        ("demo", &["--json"]),
        ("export", &["retailcrm", "orders"]),
        ("export", &["retailcrm"]),
        ("har", &[&record]),
        ("history", &["retailcrm", "orders", "C-5", "--external"]),
        ("import", &["retailcrm"]),
        ("import", &["retailcrm", "prices", "--describe"]),
        ("inbox list", &["--json", "--store", &store]),
        ("inbox status", &["--store", &store]),
        ("man", &[]),
        ("probe", &["nicechat"]),
        ("sandbox", &["--quiet"]),
        ("sign", &["--method", "GET", "--path", "/p/"]),
    ];
    for (words, args) in runs {
        let words: Vec<&str> = words.split(' ').collect();
        let (code, errors) = closed(sandbox.command(&words).args(*args));
        assert_eq!(code, Some(0), "{words:?} {args:?}: {errors}");
        for word in ["error: ", "{\"error", "panicked", "roken pipe", "os error"] {
            assert!(!errors.contains(word), "{words:?} {args:?}: {errors}");
        }
    }
    // Every command is among them but those that need an event.
    for leaf in leaves() {
        let needs_event = [
            "inbox bury",
            "inbox erase",
            "inbox purge",
            "inbox replay",
            "inbox show",
            "webhooks",
        ];
        let is_run = runs.iter().any(|(words, _)| *words == leaf);
        assert!(is_run || needs_event.contains(&leaf.as_str()), "{leaf}");
        let args: Vec<&str> = leaf.split(' ').collect();
        let (code, errors) = closed(command(&args).arg("--help"));
        assert_eq!((code, errors.as_str()), (Some(0), ""), "{leaf}");
    }
}
