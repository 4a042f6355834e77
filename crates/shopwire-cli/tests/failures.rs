//! Every way to fail that a script must tell apart, and that none of them shows a key.

mod support;

use common_model::Value as Json;
use support::{Run, SandboxProcess, command, run, text};

/// One call that fails, at full verbosity.
struct Failing {
    run: Run,
    kind: &'static str,
    status: Option<i64>,
}

fn failing(
    command: &mut std::process::Command,
    stdin: &str,
    kind: &'static str,
    status: Option<i64>,
) -> Failing {
    Failing {
        run: run(command.arg("-vvv"), stdin),
        kind,
        status,
    }
}

// X6, N88, R10, U12
fn wrong_keys(sandbox: &SandboxProcess) -> Vec<Failing> {
    let call = |service, operation| sandbox.command(&["call", service, operation]);
    vec![
        failing(
            call("nicechat", "products.list").env("NICECHAT_API_SECRET", "wrong-1"),
            "",
            "auth",
            Some(401),
        ),
        failing(
            call("uvygoda", "getStages").env("UVYGODA_TOKEN", "wrong-2"),
            "",
            "service",
            Some(200),
        ),
        failing(
            call("retailcrm", "orders.list").env("RETAILCRM_API_KEY", "wrong-3"),
            "",
            "auth",
            Some(403),
        ),
    ]
}

// N50, N89, RE5
fn unknown_ids(sandbox: &SandboxProcess) -> Vec<Failing> {
    let call = |service, operation| sandbox.command(&["call", service, operation, "--params", "-"]);
    vec![
        failing(
            &mut call("nicechat", "products.delete"),
            r#"{"id":"none"}"#,
            "not_found",
            Some(404),
        ),
        failing(
            &mut call("retailcrm", "orders.get"),
            r#"{"externalId":"none"}"#,
            "not_found",
            Some(404),
        ),
    ]
}

fn bad_parameters(sandbox: &SandboxProcess) -> Vec<Failing> {
    let call = |service, operation| sandbox.command(&["call", service, operation, "--params", "-"]);
    [
        "{\"id\":",
        "[1]",
        "",
        "{\"id\":{}}",
        "{\"id\":\"1\",\"unknown\":2}",
        "{}",
    ]
    .into_iter()
    .map(|params| {
        failing(
            &mut call("nicechat", "products.delete"),
            params,
            "invalid_input",
            None,
        )
    })
    .collect()
}

// R3
fn bad_addresses(sandbox: &SandboxProcess) -> Vec<Failing> {
    let call = |url: &str, operation| {
        let mut command = sandbox.command(&["call", "retailcrm", operation]);
        command.env("RETAILCRM_URL", url);
        command
    };
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = format!("http://{}", gone.local_addr().expect("an address"));
    drop(gone);
    vec![
        failing(
            &mut call("http://demo.example", "orders.list"),
            "",
            "invalid_input",
            None,
        ),
        failing(
            &mut call("ftp://127.0.0.1", "orders.list"),
            "",
            "invalid_input",
            None,
        ),
        failing(&mut call(&closed, "orders.list"), "", "connect", None),
    ]
}

// X6, X7
#[test]
fn x6_x7_each_failure_has_its_kind_and_code_1_and_shows_no_key() {
    let sandbox = SandboxProcess::start(&[]);
    let mut failures = wrong_keys(&sandbox);
    failures.extend(unknown_ids(&sandbox));
    failures.extend(bad_parameters(&sandbox));
    failures.extend(bad_addresses(&sandbox));
    for Failing { run, kind, status } in failures {
        assert_eq!(run.code, 1, "{run:?}");
        let error = run.error();
        assert_eq!(text(&error, "kind"), kind, "{run:?}");
        assert_eq!(
            error.get("status").and_then(Json::as_i64),
            status,
            "{run:?}"
        );
        assert!(
            !text(&error, "message").is_empty() && error.get("errors").is_some(),
            "{run:?}"
        );
        let secrets = sandbox
            .secrets()
            .into_iter()
            .chain(["wrong-1", "wrong-2", "wrong-3"]);
        for secret in secrets {
            assert!(
                !run.stderr.contains(secret) && !run.stdout.contains(secret),
                "{run:?}"
            );
        }
    }
}

// X7
#[test]
fn x7_calls_that_succeed_show_no_key_at_full_verbosity() {
    let sandbox = SandboxProcess::start(&[]);
    for (service, operation) in [
        ("nicechat", "products.list"),
        ("uvygoda", "getStages"),
        ("retailcrm", "api.get_credentials"),
    ] {
        let called = run(
            &mut sandbox.command(&["call", service, operation, "-vvv"]),
            "",
        );
        assert_eq!(called.code, 0, "{called:?}");
        assert!(
            called.stderr.contains(operation),
            "the log names the call: {called:?}"
        );
        for secret in sandbox.secrets() {
            assert!(
                !called.stderr.contains(secret) && !called.stdout.contains(secret),
                "{called:?}"
            );
        }
    }
}

// RE5
#[test]
fn re5_the_services_own_errors_are_given_on() {
    let sandbox = SandboxProcess::start(&[]);
    let order = r#"{"order":{"externalId":"twice"}}"#;
    assert_eq!(sandbox.call("retailcrm", "orders.create", order).code, 0);
    let again = sandbox.call("retailcrm", "orders.create", order);
    assert_eq!(again.code, 1);
    let error = again.error();
    assert!(
        matches!(text(&error, "kind"), "conflict" | "validation"),
        "{again:?}"
    );
    assert!(!text(&error, "message").is_empty(), "{again:?}");
}

#[test]
fn a_stopped_sandbox_is_a_connection_error() {
    let sandbox = SandboxProcess::start(&[]);
    let mut call = sandbox.command(&["call", "nicechat", "products.list"]);
    drop(sandbox);
    let refused = run(&mut call, "");
    assert_eq!(
        (refused.code, text(&refused.error(), "kind")),
        (1, "connect"),
        "{refused:?}"
    );
}

// F24
#[test]
fn f24_the_one_setting_that_is_missing_is_named_and_where_it_goes() {
    let loopback = "http://127.0.0.1:1";
    for (service, operation, set, names, key) in [
        (
            "nicechat",
            "products.list",
            &[][..],
            "NICECHAT_API_KEY and NICECHAT_API_SECRET: they are not set",
            "`api_key` and `api_secret` into the table [nicechat]",
        ),
        (
            "nicechat",
            "products.list",
            &[("NICECHAT_API_KEY", "k-1")],
            "NICECHAT_API_SECRET: it is not set",
            "`api_secret` into the table [nicechat]",
        ),
        (
            "retailcrm",
            "orders.list",
            &[("RETAILCRM_URL", loopback)],
            "RETAILCRM_API_KEY: it is not set",
            "`api_key` into the table [retailcrm] of /home/of/shopwire/shopwire.toml",
        ),
        (
            "retailcrm",
            "orders.list",
            &[("RETAILCRM_API_KEY", "k-1"), ("RETAILCRM_URL", "")],
            "RETAILCRM_URL: it is not set",
            "`url` into the table [retailcrm]",
        ),
        (
            "uvygoda",
            "getStages",
            &[("UVYGODA_URL", loopback)],
            "UVYGODA_TOKEN: it is not set",
            "`token` into the table [uvygoda]",
        ),
    ] {
        let mut call = command(&["call", service, operation]);
        call.envs(set.iter().copied())
            .env("XDG_CONFIG_HOME", "/home/of");
        let refused = run(&mut call, "");
        let error = refused.error();
        assert_eq!((refused.code, text(&error, "kind")), (1, "invalid_input"));
        let message = text(&error, "message");
        assert!(
            message.starts_with(names) && message.contains(key),
            "{message}"
        );
    }
}

// F24
#[test]
fn f24_a_refused_connection_is_told_with_address_and_port_once() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = gone.local_addr().expect("an address").to_string();
    drop(gone);
    let mut call = command(&["call", "uvygoda", "getStages"]);
    call.env("UVYGODA_URL", format!("http://{address}"))
        .env("UVYGODA_TOKEN", "t-1");
    let refused = run(&mut call, "");
    let error = refused.error();
    let message = text(&error, "message");
    assert!(
        message.contains(&format!("no connection to {address}")),
        "{message}"
    );
    assert_eq!(message.matches(&address).count(), 1, "{message}");
    assert_eq!(message.matches("refused").count(), 1, "{message}");
}

// F24
#[test]
fn f24_a_port_in_use_is_told_with_its_service_and_flag() {
    for (service, flag) in [
        ("NiceChat", "--nicechat-port"),
        ("Uvygoda", "--uvygoda-port"),
        ("RetailCRM", "--retailcrm-port"),
    ] {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = taken.local_addr().expect("an address").port();
        let refused = run(&mut command(&["sandbox", flag, &port.to_string()]), "");
        assert_eq!(refused.code, 1);
        let expected = format!("{service} cannot listen on 127.0.0.1:{port}: the port is in use");
        assert!(
            refused.stderr.contains(&expected) && refused.stderr.contains(flag),
            "{refused:?}"
        );
    }
}
