//! `shopwire call` as scripts use it, against `shopwire sandbox`.

mod support;

use std::fs;

use common_model::Value as Json;
use support::{SandboxProcess, command, run, scratch, text};

const SERVICES: [&str; 3] = ["nicechat", "uvygoda", "retailcrm"];

/// How many operations a service's description has.
fn described(service: &str) -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shopwire-sandbox/openapi");
    let text = fs::read_to_string(format!("{folder}/{service}.json")).expect("a description");
    let description: Json = common_model::from_json(&text).expect("JSON");
    let paths = description
        .get("paths")
        .and_then(Json::as_object)
        .expect("paths");
    paths
        .values()
        .filter_map(Json::as_object)
        .map(|path| path.len())
        .sum()
}

// X9, RE1
#[test]
fn x9_every_operation_of_the_three_services_is_listed() {
    for service in SERVICES {
        let listed = run(&mut command(&["call", service, "--list", "--json"]), "");
        assert_eq!((listed.code, listed.stderr.as_str()), (0, ""));
        let rows = listed.json();
        let rows = rows.as_array().expect("a list");
        assert_eq!(rows.len(), described(service), "{service}");
        for row in rows {
            let members: Vec<&str> = row.as_object().expect("an object").keys().collect();
            assert_eq!(members, ["operation", "method", "path"]);
            assert!(text(row, "path").starts_with('/'), "{row}");
        }
    }
}

// X9, U1
#[test]
fn x9_the_list_shows_templates_from_the_hosts_root() {
    let row = |service: &str, operation: &str| {
        let listed = run(&mut command(&["call", service, "--list", "--json"]), "").json();
        let rows = listed.as_array().expect("a list").to_vec();
        rows.into_iter()
            .find(|row| text(row, "operation") == operation)
            .expect("it is listed")
            .to_string()
    };
    assert_eq!(
        row("retailcrm", "orders.edit"),
        r#"{"operation":"orders.edit","method":"POST","path":"/api/v5/orders/{externalId}/edit"}"#
    );
    assert_eq!(
        row("uvygoda", "getSections"),
        r#"{"operation":"getSections","method":"POST","path":"/local/api/api.php"}"#
    );
    assert_eq!(
        row("nicechat", "products.update"),
        r#"{"operation":"products.update","method":"PATCH","path":"/marketplaces/v1/products/{id}/"}"#
    );
}

// X9
#[test]
fn x9_wrong_usage_is_code_2_and_helps() {
    for (args, part) in [
        (&["call", "retailcrm", "order.list"][..], "orders.list"),
        (&["call", "uvygoda", "getSection"], "getSections"),
        (&["call", "retailcm", "orders.list"], "retailcrm"),
        (&["call", "retailcrm"], "OPERATION"),
        (&["frobnicate"], "frobnicate"),
        (
            &["call", "retailcrm", "orders.list", "--api-key", "k"],
            "--api-key",
        ),
    ] {
        let refused = run(&mut command(args), "");
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.stderr.contains(part), "{refused:?}");
        assert_eq!(refused.stdout, "");
    }
}

// F9
#[test]
fn f9_parameters_may_have_a_mark_and_crlf_and_come_from_an_at_file() {
    let sandbox = SandboxProcess::start(&[]);
    let params = "\u{feff}{\r\n  \"id\": \"B-1\",\r\n  \"name\": \"Посуда\",\r\n  \"is_enabled\": true\r\n}\r\n";
    let piped = sandbox.call("nicechat", "categories.create", params);
    assert_eq!(piped.code, 0, "{piped:?}");
    let name = |run: &support::Run| {
        let answer = run.json();
        let name = answer.pointer("/result/name").and_then(Json::as_str);
        name.map(str::to_owned)
    };
    assert_eq!(name(&piped).as_deref(), Some("Посуда"));

    let path = support::private_file("at-file", "категория.json", params.replace("B-1", "B-2"));
    for source in [
        path.to_str().expect("UTF-8").to_owned(),
        format!("@{}", path.display()),
    ] {
        let args = ["call", "nicechat", "categories.create", "--params", &source];
        let created = run(&mut sandbox.command(&args), "");
        // The second finds the first.
        let is_there = text_of_kind(&created);
        assert!(created.code == 0 || is_there == "conflict", "{created:?}");
    }
}

fn text_of_kind(run: &support::Run) -> String {
    match run.code {
        0 => String::new(),
        _ => text(&run.error(), "kind").to_owned(),
    }
}

// F9
#[test]
fn f9_parameters_in_another_encoding_are_refused_by_its_name() {
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    };
    let json = r#"{"id":"hidden"}"#;
    for (bytes, name) in [
        (wide(json, u16::to_le_bytes), "UTF-16 LE"),
        (
            wide(&format!("\u{feff}{json}"), u16::to_be_bytes),
            "UTF-16 BE",
        ),
        (
            b"{\"id\":\"hidden \xD2\xEE\xE2\xE0\xF0\"}".to_vec(),
            "byte 14 (it looks like windows-1251)",
        ),
        (
            b"{\"id\":\"hidden \xE9\"}".to_vec(),
            "byte 14 (perhaps windows-1251 or latin-1)",
        ),
    ] {
        let args = ["call", "nicechat", "products.delete", "--params", "-"];
        let refused = run(&mut command(&args), &bytes);
        let error = refused.error();
        assert_eq!((refused.code, text(&error, "kind")), (1, "invalid_input"));
        let message = text(&error, "message");
        assert!(
            message.contains(name) && !message.contains("hidden"),
            "{message}"
        );
    }
}

// X9, R14, R16, R28
#[test]
fn x9_retailcrm_is_called_with_nested_parameters_and_numbers_as_text() {
    let sandbox = SandboxProcess::start(&[]);
    let order = r#"{"order":{"externalId":"c-1","firstName":"Анна","items":[{"quantity":"2","initialPrice":"19.90"}]}}"#;
    let created = sandbox.call("retailcrm", "orders.create", order);
    assert_eq!((created.code, created.stderr.as_str()), (0, ""));
    let id = created
        .json()
        .get("id")
        .and_then(Json::as_i64)
        .expect("an id");

    for params in [
        format!("{{\"filter\":{{\"ids\":[{id}]}},\"page\":1,\"limit\":20}}"),
        format!("{{\"filter\":{{\"ids\":[\"{id}\"]}},\"page\":\"1\",\"limit\":\"20\"}}"),
    ] {
        let found = sandbox.call("retailcrm", "orders.list", &params);
        assert_eq!(found.code, 0, "{found:?}");
        let orders = found.json();
        let order = orders.pointer("/orders/0").expect("an order");
        assert_eq!(
            (text(order, "externalId"), text(order, "firstName")),
            ("c-1", "Анна")
        );
    }
}

// X9, N44, N50
#[test]
fn x9_nicechat_is_called_and_a_parameter_file_works() {
    let sandbox = SandboxProcess::start(&[]);
    let file = scratch().join("category.json");
    fs::write(&file, r#"{"id":"C/1 ?","name":"Посуда","is_enabled":true}"#).expect("written");
    let path = file.to_str().expect("UTF-8");
    let args = ["call", "nicechat", "categories.create", "--params", path];
    let created = run(&mut sandbox.command(&args), "");
    assert_eq!(created.code, 0, "{created:?}");
    assert_eq!(
        created
            .json()
            .pointer("/result/name")
            .and_then(|name| name.as_str()),
        Some("Посуда")
    );

    let deleted = sandbox.call("nicechat", "categories.delete", r#"{"id":"C/1 ?"}"#);
    assert_eq!(deleted.code, 0, "{deleted:?}");
    let gone = sandbox.call("nicechat", "categories.delete", r#"{"id":"C/1 ?"}"#);
    assert_eq!((gone.code, text(&gone.error(), "kind")), (1, "not_found"));
}

// X9, U6, U13
#[test]
fn u13_uvygoda_gives_a_token_without_one() {
    let sandbox = SandboxProcess::start(&[]);
    let params = format!(
        "{{\"LOGIN\":\"{}\",\"PASS\":\"{}\"}}",
        sandbox.setting("uvygoda", "login"),
        sandbox.setting("uvygoda", "password")
    );
    let args = ["call", "uvygoda", "getToken", "--params", "-"];
    let given = run(sandbox.command(&args).env_remove("UVYGODA_TOKEN"), &params);
    assert_eq!(given.code, 0, "{given:?}");
    let token = given.json();
    let stages = run(
        sandbox
            .command(&["call", "uvygoda", "getStages"])
            .env("UVYGODA_TOKEN", text(&token, "TOKEN")),
        "",
    );
    assert_eq!(stages.code, 0, "{stages:?}");
    assert!(stages.json().get("STAGES").is_some());

    // The first token was replaced.
    let old = sandbox.call("uvygoda", "getStages", "{}");
    assert_eq!(
        (old.code, text(&old.error(), "kind")),
        (1, "service"),
        "{old:?}"
    );
}

// RE7, RE5
#[test]
fn re7_a_partial_batch_prints_its_answer_and_the_error() {
    let sandbox = SandboxProcess::start(&[]);
    let orders = r#"{"orders":[{"externalId":"p-1"},{"externalId":"p-1"}]}"#;
    let partial = sandbox.call("retailcrm", "orders.upload", orders);
    assert_eq!(partial.code, 1, "{partial:?}");
    let answer = partial.json();
    let count = |name| answer.get(name).and_then(Json::as_array).map(<[Json]>::len);
    assert_eq!(
        (count("uploadedOrders"), count("failedOrders")),
        (Some(1), Some(1)),
        "{partial:?}"
    );
    let error = partial.error();
    assert_eq!(text(&error, "kind"), "partial");
    assert_eq!(error.get("status").and_then(Json::as_i64), Some(460));
    assert!(
        error.get("errors").is_some_and(|errors| !errors.is_null()),
        "{partial:?}"
    );
}

// RE15
#[test]
fn re15_bytes_go_up_from_a_file_and_come_down_into_one() {
    let sandbox = SandboxProcess::start(&[]);
    let (up, down) = (scratch().join("up.bin"), scratch().join("down.bin"));
    let bytes: Vec<u8> = (0..=255).collect();
    fs::write(&up, &bytes).expect("written");
    let args = [
        "call",
        "retailcrm",
        "files.upload",
        "--input",
        up.to_str().expect("UTF-8"),
    ];
    let uploaded = run(&mut sandbox.command(&args), "");
    assert_eq!(uploaded.code, 0, "{uploaded:?}");
    let id = uploaded
        .json()
        .pointer("/file/id")
        .and_then(Json::as_i64)
        .expect("an id");
    let output = down.to_str().expect("UTF-8");
    let args = [
        "call",
        "retailcrm",
        "files.download",
        "--params",
        "-",
        "--output",
        output,
    ];
    let downloaded = run(&mut sandbox.command(&args), format!("{{\"id\":{id}}}"));
    assert_eq!(downloaded.code, 0, "{downloaded:?}");
    assert_eq!(fs::read(&down).expect("written"), bytes);
}

// R25
#[test]
fn r25_raw_prints_the_bytes_as_they_came() {
    let sandbox = SandboxProcess::start(&[]);
    let raw = run(
        &mut sandbox.command(&["call", "retailcrm", "api.get_credentials", "--raw"]),
        "",
    );
    assert_eq!(raw.code, 0, "{raw:?}");
    let typed = run(
        &mut sandbox.command(&["call", "retailcrm", "api.get_credentials"]),
        "",
    );
    assert_eq!(raw.json(), typed.json(), "nothing is lost on the way");

    let args = ["call", "retailcrm", "orders.get", "--params", "-", "--raw"];
    let missing = run(&mut sandbox.command(&args), r#"{"externalId":"none"}"#);
    assert_eq!(
        (missing.code, text(&missing.error(), "kind")),
        (1, "not_found")
    );
    assert_eq!(
        missing.json().get("success").and_then(Json::as_bool),
        Some(false)
    );
}
