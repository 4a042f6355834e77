//! `shopwire config check`.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
};

use common_model::Value as Json;

use crate::support::{Run, SandboxProcess, command, run, text};

/// The report about a service.
fn service<'j>(json: &'j Json, name: &str) -> &'j Json {
    let services = json.get("services").and_then(Json::as_array);
    let mut services = services.expect("a list").iter();
    let found = services.find(|service| text(service, "service") == name);
    found.expect("the service")
}

/// State and text of a check.
fn check<'j>(json: &'j Json, of: &str, name: &str) -> (&'j str, &'j str) {
    let checks = service(json, of).get("checks").and_then(Json::as_array);
    let mut checks = checks.expect("a list").iter();
    let check = checks.find(|check| text(check, "name") == name);
    let check = check.unwrap_or_else(|| panic!("{name} of {of}: {json:?}"));
    (text(check, "state"), text(check, "text"))
}

fn checked(sandbox: &SandboxProcess, args: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut check = sandbox.command(&["config", "check"]);
    let ran = run(check.args(args).envs(environment.iter().copied()), "");
    for secret in sandbox.secrets() {
        assert!(!format!("{ran:?}").contains(secret), "{ran:?}");
    }
    ran
}

// J7
#[test]
fn j7_services_that_work_are_told_with_scopes_dialect_clock_and_limit() {
    let sandbox = SandboxProcess::start(&[]);
    let ran = checked(&sandbox, &["--json"], &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let json = ran.json();
    assert_eq!(json.get("ok").and_then(Json::as_bool), Some(true));
    for (of, name, part) in [
        ("retailcrm", "answers", "versions "),
        ("retailcrm", "key", "order_write"),
        ("retailcrm", "site", "the key can reach "),
        ("retailcrm", "clock", "the clocks agree"),
        ("retailcrm", "limit", "10 requests a second"),
        ("nicechat", "signature", "the dialect is php"),
        ("nicechat", "clock", "the clocks agree"),
        ("uvygoda", "answers", "the token is accepted"),
        ("uvygoda", "clock", "the clocks agree"),
    ] {
        let (state, told) = check(&json, of, name);
        assert!(
            state != "failed" && told.contains(part),
            "{of} {name}: {state} {told}"
        );
    }
    let crm = service(&json, "retailcrm");
    let scopes = crm.get("scopes").and_then(Json::as_array);
    assert!(scopes.is_some_and(|scopes| scopes.len() > 5), "{crm:?}");
    assert_eq!(
        crm.get("clock_difference_s").and_then(Json::as_i64),
        Some(0)
    );
    assert_eq!(crm.get("limit_per_second").and_then(Json::as_i64), Some(10));
    let text = checked(&sandbox, &[], &[]);
    assert!(
        text.code == 0 && text.stdout.contains("\n  ok       key         "),
        "{text:?}"
    );
    let quiet = checked(&sandbox, &["--quiet"], &[]);
    assert_eq!((quiet.code, quiet.stdout.as_str()), (0, ""));
}

// J7
#[test]
fn j7_what_does_not_work_is_told_and_the_exit_code_is_1() {
    let sandbox = SandboxProcess::start(&["--nicechat-names", "prose"]);
    let ran = checked(
        &sandbox,
        &["--json"],
        &[("RETAILCRM_SITE", "nowhere"), ("UVYGODA_TOKEN", "wrong")],
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    let json = ran.json();
    assert_eq!(json.get("ok").and_then(Json::as_bool), Some(false));
    let (state, told) = check(&json, "retailcrm", "site");
    assert!(
        state == "failed" && told.contains("the key cannot reach the shop nowhere"),
        "{told}"
    );
    assert_eq!(check(&json, "retailcrm", "key").0, "ok");
    assert_eq!(check(&json, "nicechat", "answers").0, "failed");
    let (state, told) = check(&json, "nicechat", "signature");
    assert!(
        state == "failed" && told.contains("`shopwire probe nicechat`"),
        "{told}"
    );
    assert_eq!(check(&json, "uvygoda", "answers").0, "failed");
    assert!(
        ran.stderr
            .contains("the settings of nicechat and uvygoda and retailcrm do not work"),
        "{}",
        ran.stderr
    );
    let wrong = checked(
        &sandbox,
        &["retailcrm", "--json"],
        &[("RETAILCRM_API_KEY", "wrong")],
    );
    assert_eq!(wrong.code, 1, "{wrong:?}");
}

// J7
#[test]
fn j7_services_without_settings_are_left_out_unless_they_are_named() {
    let sandbox = SandboxProcess::start(&[]);
    let url = sandbox.setting("uvygoda", "url");
    let with_one = |args: &[&str]| {
        let mut check = command(&["config", "check", "--json"]);
        check
            .args(args)
            .env("UVYGODA_URL", url)
            .env("UVYGODA_TOKEN", sandbox.setting("uvygoda", "token"));
        run(&mut check, "")
    };
    let one = with_one(&[]);
    let json = one.json();
    let is_configured = |name| {
        let configured = service(&json, name).get("configured");
        configured.and_then(Json::as_bool) == Some(true)
    };
    assert_eq!(one.code, 0, "{one:?}");
    assert!(is_configured("uvygoda") && !is_configured("retailcrm") && !is_configured("nicechat"));
    let named = with_one(&["retailcrm"]);
    assert_eq!(named.code, 1, "{named:?}");
    let (state, told) = {
        let json = named.json();
        let (state, told) = check(&json, "retailcrm", "settings");
        (state.to_owned(), told.to_owned())
    };
    assert!(
        state == "failed" && told.contains("RETAILCRM_URL and RETAILCRM_API_KEY"),
        "{told}"
    );
    let none = run(&mut command(&["config", "check"]), "");
    assert!(
        none.code == 1 && none.stderr.contains("no service has settings"),
        "{none:?}"
    );
    let foreign = with_one(&["retailcrm", "--uvygoda-url", url]);
    assert_eq!(foreign.code, 2, "{foreign:?}");
}

// J7: a server whose clock stands still, years ago.
#[test]
fn j7_the_difference_of_the_clocks_is_told_as_a_warning() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = std::thread::spawn(move || {
        let body = r#"{"success":true,"versions":["5"],"scopes":["order_read"],"sitesAvailable":["main"]}"#;
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut request = Vec::new();
            let mut part = [0; 1024];
            while !request.windows(4).any(|end| end == b"\r\n\r\n") {
                let read = stream.read(&mut part).expect("a request");
                request.extend_from_slice(&part[..read]);
            }
            let answer = format!(
                "HTTP/1.1 200 OK\r\nDate: Wed, 01 Jan 2020 00:00:00 GMT\r\nContent-Type: application/json\r\n\
                 Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).expect("sent");
        }
    });
    let mut check_it = command(&["config", "check", "--json"]);
    check_it
        .env("RETAILCRM_URL", &url)
        .env("RETAILCRM_API_KEY", "key-1");
    let ran = run(&mut check_it, "");
    server.join().expect("two requests");
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = ran.json();
    let (state, told) = check(&json, "retailcrm", "clock");
    assert!(
        state == "warning" && told.contains("s ahead of the service's"),
        "{told}"
    );
    let difference = service(&json, "retailcrm").get("clock_difference_s");
    assert!(
        difference
            .and_then(Json::as_i64)
            .is_some_and(|s| s < -100_000_000)
    );
}
