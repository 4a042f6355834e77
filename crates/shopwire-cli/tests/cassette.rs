//! `shopwire call --record` and `--replay`, and `shopwire har`.

mod support;

use std::fs;

use common_model::Value as Json;
use support::{SandboxProcess, command, run, scratch};

// C5
#[test]
fn c5_calls_are_recorded_without_secrets_and_replayed_without_a_service() {
    let sandbox = SandboxProcess::start(&[]);
    let file = scratch().join("c5-record.jsonl");
    // An earlier run of the tests may have left it.
    let _ = fs::remove_file(&file);
    let path = file.to_str().expect("UTF-8");
    let secret = "p\u{e9}ss/word-1";
    let calls = [
        (
            "nicechat",
            "categories.create",
            r#"{"id":"B 1","name":"Посуда"}"#.to_owned(),
            0,
        ),
        ("nicechat", "categories.list", "{}".to_owned(), 0),
        ("uvygoda", "getStages", "{}".to_owned(), 0),
        ("uvygoda", "getOrderProperties", "{}".to_owned(), 0),
        (
            "uvygoda",
            "getToken",
            format!(r#"{{"LOGIN":"nobody","PASS":"{secret}"}}"#),
            1,
        ),
        (
            "retailcrm",
            "orders.create",
            r#"{"order":{"externalId":"a-1"}}"#.to_owned(),
            0,
        ),
        (
            "retailcrm",
            "orders.get",
            r#"{"externalId":"a-1"}"#.to_owned(),
            0,
        ),
        (
            "retailcrm",
            "orders.get",
            r#"{"externalId":"none"}"#.to_owned(),
            1,
        ),
    ];
    let call = |option: &str, service: &str, operation: &str, params: &str| {
        let args = ["call", service, operation, "--params", "-", option, path];
        run(&mut sandbox.command(&args), params)
    };
    let mut answers = Vec::new();
    for (service, operation, params, code) in &calls {
        let answer = call("--record", service, operation, params);
        assert_eq!(answer.code, *code, "{operation}: {answer:?}");
        answers.push((answer.stdout, answer.stderr));
    }
    let text = fs::read_to_string(&file).expect("a recording");
    assert_eq!(text.lines().count(), calls.len());
    for hidden in sandbox.secrets().into_iter().chain([secret, "nobody"]) {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for ((service, operation, params, code), answer) in calls.iter().zip(&answers) {
        let replayed = call("--replay", service, operation, params);
        assert_eq!(replayed.code, *code, "{operation}: {replayed:?}");
        assert_eq!(
            (&replayed.stdout, &replayed.stderr),
            (&answer.0, &answer.1),
            "{operation}"
        );
    }
    let unknown = call(
        "--replay",
        "retailcrm",
        "orders.get",
        r#"{"externalId":"a-2"}"#,
    );
    assert_eq!(unknown.code, 1, "{unknown:?}");
    assert!(unknown.stderr.contains("/api/v5/orders/a-1"), "{unknown:?}");

    let har = run(&mut command(&["har", path]), "");
    assert_eq!(har.code, 0, "{har:?}");
    let entries = har.json();
    let entries = entries
        .pointer("/log/entries")
        .and_then(Json::as_array)
        .expect("entries");
    assert_eq!(entries.len(), calls.len());
}

// C5
#[test]
fn c5_a_file_that_is_no_recording_is_refused_and_kept_before_anything_is_sent() {
    let sandbox = SandboxProcess::start(&[]);
    let folder = scratch();
    let file = folder.join("c5-notes.txt");
    fs::write(&file, "notes").expect("written");
    let path = file.to_str().expect("UTF-8");
    for option in ["--record", "--replay"] {
        let args = ["call", "uvygoda", "getStages", option, path];
        let refused = run(&mut sandbox.command(&args), "");
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(refused.stderr.contains("c5-notes.txt"), "{refused:?}");
        assert_eq!(refused.stdout, "");
    }
    assert_eq!(fs::read_to_string(&file).expect("kept"), "notes");
    let both = [
        "call",
        "uvygoda",
        "getStages",
        "--record",
        path,
        "--replay",
        path,
    ];
    assert_eq!(run(&mut sandbox.command(&both), "").code, 2);
    assert_ne!(run(&mut command(&["har", path]), "").code, 0);
}
