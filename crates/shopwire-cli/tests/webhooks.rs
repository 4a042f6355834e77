//! `shopwire webhooks` as services meet it.
#![cfg(unix)]

mod support;

use std::{
    path::Path,
    process::{Command, Stdio},
};

use common_model::Value as Json;
use shopwire_sandbox::{Event, Sandbox};
use support::{
    command, private_file,
    receiving::{
        NICECHAT, RETAILCRM, Receiving, UVYGODA, events, fresh_store, inbox, post, webhooks,
    },
    run, text,
};

const FORM: &str = "content-type: application/x-www-form-urlencoded";
const STORED: &str = "shopwire_webhook_deliveries_stored_total{source=\"uvygoda:main\"}";

/// All files of a store, as bytes.
fn files(store: &Path) -> Vec<u8> {
    let folder = store.parent().expect("a folder");
    let files = std::fs::read_dir(folder).expect("readable");
    let paths = files.map(|file| file.expect("a file").path());
    paths
        .flat_map(|path| std::fs::read(path).expect("readable"))
        .collect()
}

fn holds(bytes: &[u8], wanted: &str) -> bool {
    bytes
        .windows(wanted.len())
        .any(|window| window == wanted.as_bytes())
}

// D16, U19
#[test]
fn d16_an_event_of_the_service_itself_arrives_in_the_inbox() {
    let store = fresh_store("sandbox");
    let receiving = Receiving::start(&store);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let sandbox = Sandbox::start(Default::default()).await.expect("it starts");
        let config = shopwire::Config::new()
            .uvygoda(sandbox.uvygoda().token())
            .uvygoda_url(sandbox.uvygoda().url().parse().expect("a URL"));
        let client = shopwire::Shopwire::new(&config).expect("a client");
        let url = format!("http://{}/uvygoda/{UVYGODA}", receiving.address());
        client.uvygoda().webhooks().set(url).await.expect("set");
        sandbox.uvygoda().emit(Event::new_order(501, [(1, 2)]));
        tokio::task::block_in_place(|| receiving.wait_for(STORED, 1.0));
    });
    let listed = events(&store);
    assert_eq!(listed.len(), 1);
    assert_eq!(text(&listed[0], "source"), "uvygoda:main");
    assert_eq!(text(&listed[0], "state"), "pending");
    let shown = inbox(&store, &["show", "1", "--json"]).json();
    let body: Json = text(&shown, "body").parse().expect("JSON");
    assert_eq!(body.pointer("/ORDER/ID").and_then(Json::as_i64), Some(501));
}

#[test]
fn d16_each_service_has_its_path_source_and_answer() {
    let store = fresh_store("services");
    let receiving = Receiving::start(&store);
    let approve = "clientId=hidden-client&approve=%7B%22paymentId%22%3A%22p-1%22%7D";
    for (path, header, body, answered) in [
        (format!("/uvygoda/{UVYGODA}"), "x: y", "anything", (200, "")),
        (
            format!("/nicechat/{NICECHAT}"),
            FORM,
            "state=success",
            (200, ""),
        ),
        (
            format!("/nicechat/{NICECHAT}"),
            FORM,
            "imported_elements_count=x",
            (400, ""),
        ),
        (
            format!("/retailcrm/{RETAILCRM}"),
            FORM,
            approve,
            (200, r#"{"success":true}"#),
        ),
        (
            format!("/uvygoda/{NICECHAT}"),
            "x: y",
            "anything",
            (404, ""),
        ),
        ("/uvygoda/".to_owned(), "x: y", "anything", (404, "")),
        (format!("/other/{UVYGODA}"), "x: y", "anything", (404, "")),
        (format!("/{UVYGODA}"), "x: y", "anything", (404, "")),
    ] {
        let (status, answer) = receiving.send(&post(&path, header, body));
        assert_eq!((status, answer.as_str()), answered, "{path} {body}");
    }
    let wants = post(
        &format!("/retailcrm/{RETAILCRM}"),
        FORM,
        "clientId=a&calculate=%7B%7D",
    );
    let (status, refused) = receiving.send(&wants);
    assert_eq!(status, 400);
    assert!(refused.contains(r#""success":false"#), "{refused}");
    let large = "x".repeat(1024 * 1024 + 1);
    assert_eq!(receiving.post(&large), 413);

    let sources: Vec<String> = events(&store)
        .iter()
        .map(|event| text(event, "source").to_owned())
        .collect();
    assert_eq!(
        sources,
        ["uvygoda:main", "nicechat:main", "retailcrm:shop-7"]
    );
    for (reason, count) in [("path", 2.0), ("too_large", 1.0), ("store", 0.0)] {
        let name = "shopwire_webhook_deliveries_rejected_total";
        let line = format!("{name}{{source=\"uvygoda:main\",reason=\"{reason}\"}}");
        assert_eq!(receiving.metric(&line), Some(count), "{reason}");
    }
    let shown = inbox(&store, &["show", "3"]);
    assert!(!shown.stdout.contains("hidden-client"), "{shown:?}");
    let raw = inbox(&store, &["show", "3", "--raw"]);
    assert_eq!(raw.stdout, approve);
}

// X7
#[test]
fn d16_x7_secrets_are_neither_shown_nor_logged_nor_stored() {
    let store = fresh_store("secrets");
    let receiving = Receiving::spawn(&mut webhooks(&store, &["-vvv"]));
    let path = format!("/uvygoda/{UVYGODA}");
    let headers = format!(
        "referer: https://shop.example{path}\r\nauthorization: Bearer hidden-bearer\r\nx-api-token: hidden-token\r\nx-kept: yes"
    );
    let target = format!("{path}?order=7&token=hidden-query");
    assert_eq!(
        receiving.send(&post(&target, &headers, r#"{"a":1}"#)).0,
        200
    );
    assert_eq!(
        receiving
            .send(&post("/uvygoda/guess", "x: y", "hidden-body"))
            .0,
        404
    );
    let large = "hidden-body".repeat(100_000);
    assert_eq!(receiving.send(&post(&path, "x: y", &large)).0, 413);

    let id = receiving.child.id();
    let arguments = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let announced = receiving.announced.clone();
    let (_, metrics) = receiving.get("/metrics");
    let shown = inbox(&store, &["show", "1", "--json"]);
    let readable = inbox(&store, &["show", "1"]);
    let listed = inbox(&store, &["list"]);
    let (code, log) = receiving.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(
        log.contains("too large"),
        "a rejected delivery leaves a trace: {log}"
    );
    let printed = [
        &announced,
        &metrics,
        &shown.stdout,
        &readable.stdout,
        &listed.stdout,
        &log,
    ];
    let files = files(&store);
    let all = [&arguments, &files].into_iter().flatten().copied();
    let all: Vec<u8> = all
        .chain(printed.iter().flat_map(|text| text.bytes()))
        .collect();
    for secret in [
        "path-hidden",
        "hidden-bearer",
        "hidden-token",
        "hidden-query",
        "hidden-body",
    ] {
        assert!(!holds(&all, secret), "{secret}");
    }
    let headers = shown
        .json()
        .get("headers")
        .map(ToString::to_string)
        .unwrap_or_default();
    assert!(headers.contains(r#"["x-kept","yes"]"#), "{headers}");
    assert!(
        headers.contains(r#"[":query","order=7&token=***"]"#),
        "{headers}"
    );
}

// D2
#[test]
fn d2_a_store_that_cannot_write_is_answered_with_503() {
    let store = fresh_store("full");
    // No file can grow beyond this limit, as on a full disk.
    let shell = "trap '' XFSZ; ulimit -f 600; exec \"$0\" \"$@\"";
    let plain = webhooks(&store, &[]);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", shell])
        .arg(plain.get_program())
        .args(plain.get_args());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => limited.env(name, value),
            None => limited.env_remove(name),
        };
    }
    let receiving = Receiving::spawn(&mut limited);
    let body = "x".repeat(40_000);
    let statuses: Vec<u16> = (0..40).map(|_| receiving.post(&body)).collect();
    let stored = statuses.iter().filter(|status| **status == 200).count();
    assert!(stored > 0 && stored < 40, "{statuses:?}");
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    assert_eq!(receiving.get("/health").0, 200, "it can be read");
    receiving.kill();
    assert!(events(&store).len() >= stored, "{statuses:?}");
}

// D16, C14
#[test]
fn d16_bad_settings_and_stores_are_named() {
    let store = fresh_store("bad");
    let folder = store.parent().expect("a folder");
    let refused = |name: &str, value: &str, named: &str| {
        let mut command = webhooks(&store, &[]);
        let refused = run(command.env(name, value), "");
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.stderr.contains(named), "{named}: {refused:?}");
        assert!(!refused.stderr.contains("hidden"), "{refused:?}");
    };
    refused(
        "UVYGODA_WEBHOOK_SECRET",
        "hidden",
        "UVYGODA_WEBHOOK_SECRET: it has 16 to 128",
    );
    refused(
        "NICECHAT_WEBHOOK_SECRET",
        "hidden/hidden/hidden/hidden",
        "NICECHAT_WEBHOOK_SECRET",
    );
    refused(
        "RETAILCRM_WEBHOOK_ACCOUNT",
        "hidden shop",
        "RETAILCRM_WEBHOOK_ACCOUNT: it has 1 to 128",
    );
    refused(
        "UVYGODA_WEBHOOK_RULES",
        r#"[{"kind":"a","is":"hidden"}]"#,
        "UVYGODA_WEBHOOK_RULES",
    );
    refused("SHOPWIRE_STORE", "none/inbox.db", "none/inbox.db");
    refused(
        "SHOPWIRE_STORE",
        folder.to_str().expect("UTF-8"),
        "it is a folder",
    );
    std::fs::write(
        folder.join("foreign.db"),
        "not a database, but long enough to be one".repeat(9),
    )
    .expect("written");
    refused(
        "SHOPWIRE_STORE",
        folder.join("foreign.db").to_str().expect("UTF-8"),
        "it is not an SQLite file",
    );

    let nothing = run(&mut command(&["webhooks"]), "");
    assert!(
        nothing.code == 1 && nothing.stderr.contains("UVYGODA_WEBHOOK_SECRET"),
        "{nothing:?}"
    );
    let receiving = Receiving::start(&store);
    let taken = receiving.address().to_string();
    let second = run(webhooks(&store, &[]).args(["--listen", &taken]), "");
    assert!(
        second.code == 2 || second.stderr.contains(&taken),
        "{second:?}"
    );
    let usage = run(&mut command(&["webhooks", "--listen", "8080"]), "");
    assert_eq!(usage.code, 2, "{usage:?}");
    let secret = run(&mut command(&["webhooks", "--secret", "hidden"]), "");
    assert!(
        secret.code == 2 && !secret.stderr.contains("hidden"),
        "{secret:?}"
    );
}

// D16, H9
#[test]
fn d16_h9_path_secrets_come_from_a_file_of_the_user_alone() {
    let store = fresh_store("file");
    let settings =
        format!("[uvygoda]\nwebhook_secret = \"{UVYGODA}\"\nwebhook_account = \"shop-1\"\n");
    let file = private_file("webhooks-file", "shopwire.toml", settings);
    let start = || {
        let mut start = command(&["webhooks", "--json", "--listen", "127.0.0.1:0", "--config"]);
        start.arg(&file).arg("--store").arg(&store);
        start
    };
    let receiving = Receiving::spawn(&mut start());
    assert_eq!(receiving.post("{}"), 200);
    assert_eq!(receiving.stop().0, Some(0));
    assert_eq!(text(&events(&store)[0], "source"), "uvygoda:shop-1");
    support::chmod(&file, 0o644);
    let refused = run(&mut start(), "");
    assert!(
        refused.code == 1 && refused.stderr.contains("chmod 600"),
        "{refused:?}"
    );
}

// D16
#[test]
fn d16_the_default_store_is_the_users_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let data = fresh_store("default")
        .parent()
        .expect("a folder")
        .to_owned();
    let mut start = command(&["webhooks", "--json", "--listen", "127.0.0.1:0"]);
    start
        .env("XDG_DATA_HOME", &data)
        .env("UVYGODA_WEBHOOK_SECRET", UVYGODA);
    let receiving = Receiving::spawn(start.stderr(Stdio::piped()));
    assert_eq!(receiving.post("{}"), 200);
    let mode = |path: &Path| path.metadata().expect("it exists").permissions().mode() & 0o777;
    let folder = data.join("shopwire");
    assert_eq!(mode(&folder), 0o700);
    for file in ["inbox.db", "inbox.db-wal"] {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
}
