//! `shopwire probe nicechat` against every kind of server that the sandbox can be, and what it prints put to use.

mod support;

use std::process::Command;

use common_model::Value as Json;
use http::Method;
use nicechat_sign::{Dialect, Names, QueryRule};
use shopwire_sandbox::{Fault, NiceChat, Options, Sandbox};
use support::{Run, command, run, text};

/// What a server reads, as the document has it: the key's and the signature's header, then their parameters. Said
/// here once more and in full, so that the command's own candidates are not compared with themselves.
type Spelling = [&'static str; 4];

const SAMPLES: Spelling = ["X-API-Key", "X-API-Sign", "_key", "_sign"];
const PROSE: Spelling = ["X-API-Key", "_sing", "_key", "_sing"];
/// A mixture that the document never shows.
const MIXED: Spelling = ["X-API-Key", "X-API-Sign", "_key", "_sing"];

fn at(service: &NiceChat, args: &[&str]) -> Command {
    let mut command = command(args);
    command
        .env("NICECHAT_URL", service.url())
        .env("NICECHAT_API_KEY", service.api_key())
        .env("NICECHAT_API_SECRET", service.api_secret());
    command
}

fn probe(service: &NiceChat) -> Run {
    run(&mut at(service, &["probe", "nicechat", "--json"]), "")
}

/// The count is the sandbox's own, and holds nothing but GETs.
fn counted(service: &NiceChat, found: &Json) -> usize {
    let (requests, counted) = (service.requests(), service.requests().total());
    assert_eq!(requests.count(&Method::GET, "/"), counted);
    let told = found.get("requests").and_then(Json::as_i64);
    assert_eq!(told, i64::try_from(counted).ok(), "{found}");
    counted
}

fn flag(found: &Json, pointer: &str) -> Option<bool> {
    found.pointer(pointer).and_then(Json::as_bool)
}

async fn sandbox(dialect: Dialect, spelling: Spelling, rule: QueryRule) -> Sandbox {
    let [
        key_header,
        signature_header,
        key_parameter,
        signature_parameter,
    ] = spelling;
    let names = Names::new()
        .key_header(key_header)
        .signature_header(signature_header)
        .key_parameter(key_parameter)
        .signature_parameter(signature_parameter);
    let options = Options::default()
        .nicechat(|nicechat| nicechat.dialect(dialect).names(names).query_rule(rule));
    Sandbox::start(options).await.expect("the sandbox starts")
}

// N9, N10, N11, N20, N21, N22, N25, N27
#[tokio::test(flavor = "multi_thread")]
async fn n22_n27_every_server_is_recognised_within_a_dozen_gets() {
    for dialect in Dialect::ALL {
        for spelling in [SAMPLES, PROSE, MIXED] {
            for rule in [QueryRule::Unsigned, QueryRule::Signed] {
                let sandbox = sandbox(dialect, spelling, rule).await;
                let service = sandbox.nicechat();
                let probed = probe(service);
                assert_eq!(probed.code, 0, "{probed:?}");
                let found = probed.json();
                let which = format!("{dialect} {spelling:?} {rule:?}: {found}");
                assert!(counted(service, &found) <= 12, "{which}");
                assert_eq!(flag(&found, "/placements/header"), Some(true), "{which}");
                assert_eq!(flag(&found, "/placements/parameter"), Some(true), "{which}");
                let said = found.get("names").expect("names");
                let kinds = [
                    "key_header",
                    "signature_header",
                    "key_parameter",
                    "signature_parameter",
                ];
                for (name, expected) in kinds.into_iter().zip(spelling) {
                    assert_eq!(text(said, name), expected, "{which}");
                }
                // Unsigned queries tell no dialect, and that is said.
                let (rule_said, dialect_said) = match rule {
                    QueryRule::Signed => ("signed", dialect.as_str()),
                    _ => ("unsigned", ""),
                };
                assert_eq!(text(&found, "query_rule"), rule_said, "{which}");
                assert_eq!(text(&found, "dialect"), dialect_said, "{which}");
                let honest = probed
                    .stderr
                    .contains("only a form that is written can tell it");
                assert_eq!(honest, dialect_said.is_empty(), "{probed:?}");
                sandbox.shutdown().await;
            }
        }
    }
}

// N20, N93: what is printed is what `call` needs.
#[tokio::test(flavor = "multi_thread")]
async fn n20_what_is_printed_reaches_a_python_server_of_other_names_with_forms() {
    let sandbox = sandbox(Dialect::Python, PROSE, QueryRule::Signed).await;
    let service = sandbox.nicechat();
    let create = ["call", "nicechat", "categories.create", "--params", "-"];
    let before = run(
        &mut at(service, &create),
        r#"{"id":"C 0","name":"Товар *~"}"#,
    );
    assert_eq!(text(&before.error(), "kind"), "auth", "{before:?}");

    let found = probe(service).json();
    let configuration = found.get("configuration").and_then(Json::as_object);
    let configuration = configuration.expect("an object");
    for encoding in [
        "",
        "form-with-headers",
        "form-with-parameters",
        "multipart-with-parameters",
    ] {
        let set = |call: &mut Command| {
            for (name, value) in configuration.iter() {
                call.env(name, value.as_str().expect("a text"));
            }
            if !encoding.is_empty() {
                call.env("NICECHAT_ENCODING", encoding);
            }
        };
        let mut call = at(service, &create);
        set(&mut call);
        let category =
            format!("{{\"id\":\"C {encoding}\",\"name\":\"Товар *~ & Co\",\"is_enabled\":true}}");
        let created = run(&mut call, &category);
        // An empty text stands for what was printed: JSON, which no dialect touches.
        assert_eq!(created.code, 0, "{encoding}: {created:?}");
        let mut list = at(service, &["call", "nicechat", "categories.list"]);
        set(&mut list);
        assert_eq!(run(&mut list, "").code, 0, "{encoding}");
    }
    assert_eq!(service.category_count(), 4);

    // The same as a file.
    let lines = run(&mut at(service, &["probe", "nicechat"]), "");
    let (_, rest) = lines
        .stdout
        .split_once("or that of --config:\n")
        .expect("settings");
    let (toml, _) = rest.split_once("\n\n").expect("an end");
    let toml = toml.replace("json-with-headers", "form-with-headers");
    let path = support::scratch().join("probed.toml");
    std::fs::write(&path, toml).expect("written");
    let mut call = at(service, &create);
    call.args(["--config", path.to_str().expect("UTF-8")]);
    let created = run(&mut call, r#"{"id":"C file","name":"Товар *~ & Co"}"#);
    assert_eq!(created.code, 0, "{created:?}");
}

// N32, N88, X7
#[tokio::test(flavor = "multi_thread")]
async fn n88_a_wrong_secret_is_code_1_and_says_what_was_tried() {
    let sandbox = sandbox(Dialect::Php, SAMPLES, QueryRule::Signed).await;
    let service = sandbox.nicechat();
    let mut wrong = at(service, &["probe", "nicechat", "--json", "-vvv"]);
    let refused = run(wrong.env("NICECHAT_API_SECRET", "hidden-value"), "");
    assert_eq!(refused.code, 1, "{refused:?}");
    let found = refused.json();
    assert!(counted(service, &found) <= 12);
    assert_eq!(flag(&found, "/placements/header"), Some(false));
    assert_eq!(
        found
            .get("configuration")
            .map(ToString::to_string)
            .as_deref(),
        Some("{}")
    );
    assert!(
        refused.stderr.contains("key or the secret may be wrong"),
        "{refused:?}"
    );

    let mut lines = at(service, &["probe", "nicechat"]);
    let lines = run(lines.env("NICECHAT_API_SECRET", "hidden-value"), "");
    for part in [
        "the headers X-API-Key and _sing",
        "the parameters _key and _sign",
    ] {
        assert!(lines.stdout.contains(part), "{lines:?}");
    }
    for secret in ["hidden-value", &service.api_key()] {
        assert!(
            !format!("{refused:?}{lines:?}").contains(secret),
            "{refused:?}"
        );
    }
}

// N91: every attempt counts, and none is repeated.
#[tokio::test(flavor = "multi_thread")]
async fn n91_an_outage_is_met_with_one_request() {
    let sandbox = sandbox(Dialect::Php, SAMPLES, QueryRule::Unsigned).await;
    let service = sandbox.nicechat();
    service
        .faults()
        .push(Fault::unavailable().on(Method::GET, "/").times(3));
    let probed = probe(service);
    assert_eq!(
        (probed.code, counted(service, &probed.json())),
        (1, 1),
        "{probed:?}"
    );
    assert!(probed.stderr.contains("503") && probed.stderr.contains("try again later"));
}

#[test]
fn n8_without_a_key_pair_nothing_is_sent() {
    let refused = run(&mut command(&["probe", "nicechat"]), "");
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.stderr.contains("NICECHAT_API_KEY"), "{refused:?}");
    assert_eq!(run(&mut command(&["probe", "uvygoda"]), "").code, 2);
}

// N20, N27
#[test]
fn n27_the_sandbox_command_offers_the_same_servers() {
    let args = ["--nicechat-dialect", "python", "--nicechat-names", "prose"];
    let sandbox =
        support::SandboxProcess::start(&[&args[..], &["--nicechat-query", "signed"]].concat());
    let lines = run(&mut sandbox.command(&["probe", "nicechat"]), "");
    assert_eq!(lines.code, 0, "{lines:?}");
    for part in [
        "headers      X-API-Key and _sing",
        "parameters   _key and _sing",
        "queries      signed",
        "dialect      python",
        "dialect = \"python\"\nquery_rule = \"signed\"\nencoding = \"json-with-headers\"",
        "export NICECHAT_SIGNATURE_PARAMETER=_sing",
    ] {
        assert!(lines.stdout.contains(part), "{part}\n{}", lines.stdout);
    }
}

#[test]
fn the_help_says_what_a_get_cannot_tell() {
    let help = run(&mut command(&["probe", "--help"]), "").stdout;
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in ["at most 12", "no GET can tell the dialect", "Exit code 0"] {
        assert!(help.contains(part), "{help}");
    }
}
