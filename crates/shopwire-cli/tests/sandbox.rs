//! `shopwire sandbox`: the admin API, seed, clock and scenario from the command line.

mod support;

use common_model::Value as Json;
use support::{SandboxProcess, command, private_file, run, text};

/// Sends a GET to the admin API; returns the JSON of its answer.
fn get(sandbox: &SandboxProcess, path: &str) -> Json {
    let answer = sandbox.admin("GET", path, "");
    common_model::from_json(&answer).expect("JSON")
}

#[test]
fn s1_the_admin_api_is_announced_with_the_services() {
    let sandbox = SandboxProcess::start(&[]);
    let clock = get(&sandbox, "/api/clock");
    assert_eq!(clock.get("frozen"), Some(&Json::Bool(false)), "{clock:?}");
    // The address can be chosen, and be left out.
    let without = SandboxProcess::start(&["--no-admin"]);
    assert!(without.settings.get("admin").is_none());
    let taken = sandbox
        .setting("admin", "url")
        .rsplit(':')
        .next()
        .expect("a port")
        .to_owned();
    let failed = run(&mut command(&["sandbox", "--admin-port", &taken]), "");
    assert_eq!(failed.code, 1);
    assert!(
        failed.stderr.contains("the admin API cannot listen")
            && failed.stderr.contains("--admin-port"),
        "{}",
        failed.stderr
    );
}

#[test]
fn s3_the_seed_and_the_clock_are_given() {
    let one = SandboxProcess::start(&["--seed", "7"]);
    let other =
        SandboxProcess::start(&["--seed", "7", "--clock", "2026-03-01T00:00:00Z", "--frozen"]);
    for (service, name) in [
        ("nicechat", "api_secret"),
        ("uvygoda", "token"),
        ("retailcrm", "api_key"),
    ] {
        assert_eq!(
            one.setting(service, name),
            other.setting(service, name),
            "{service}"
        );
    }
    assert_eq!(
        text(&get(&one, "/api/clock"), "now"),
        "2026-01-01T00:00:00.000Z"
    );
    assert_eq!(
        text(&get(&other, "/api/clock"), "now"),
        "2026-03-01T00:00:00.000Z"
    );
    for (args, error) in [
        (["--seed", "1.5"], "a seed is a whole number"),
        (["--seed", "x"], "a seed is a whole number"),
        (["--clock", "noon"], "a time is now, or like"),
    ] {
        let failed = run(&mut command(&["sandbox", args[0], args[1]]), "");
        assert_eq!(failed.code, 2, "{args:?}");
        assert!(failed.stderr.contains(error), "{args:?}: {}", failed.stderr);
    }
}

#[test]
fn s3_rows_are_generated_before_it_serves() {
    let args = ["--rows", "retailcrm.orders=40", "--rows", "uvygoda.cards=3"];
    let sandbox = SandboxProcess::start(&args);
    let orders = get(&sandbox, "/api/state/retailcrm/orders");
    assert_eq!(orders.get("total"), Some(&Json::from(40)), "{orders:?}");
    let cards = get(&sandbox, "/api/state/uvygoda/cards");
    assert_eq!(cards.get("total"), Some(&Json::from(3)), "{cards:?}");
    for (rows, error) in [
        ("40", "expected SERVICE.KIND=NUMBER"),
        ("orders=40", "expected SERVICE.KIND=NUMBER"),
        ("retailcrm.orders=many", "expected SERVICE.KIND=NUMBER"),
        (
            "retailcrm.order=4",
            "retailcrm.order: is unknown; there are retailcrm.orders, ",
        ),
        (
            "retailcrm.orders=100001",
            "must be a whole number up to 100000",
        ),
    ] {
        let failed = run(&mut command(&["sandbox", "--rows", rows]), "");
        assert_eq!(failed.code, 2, "{rows}");
        assert!(failed.stderr.contains(error), "{rows}: {}", failed.stderr);
    }
}

#[test]
fn s6_a_scenario_is_started_by_name_or_file() {
    let sandbox = SandboxProcess::start(&["--scenario", "a bad day"]);
    assert_eq!(text(&get(&sandbox, "/api/scenario"), "name"), "a bad day");
    let file = private_file("sandbox-scenario", "own.json", br#"{"name":"own one","steps":[{"at_s":0,"faults":[{"service":"retailcrm","kind":"stall"}]}]}"#);
    let sandbox = SandboxProcess::start(&["--scenario", &file.to_string_lossy()]);
    assert_eq!(text(&get(&sandbox, "/api/scenario"), "name"), "own one");
    let wrong = private_file(
        "sandbox-scenario",
        "wrong.json",
        br#"{"steps":[{"at_s":0,"faults":[{"service":"retailcrm","kind":"stal"}]}]}"#,
    );
    for (scenario, error) in [
        (
            wrong.to_string_lossy().into_owned(),
            "steps[0].faults[0].kind",
        ),
        (
            "a bad year".to_owned(),
            "\"a bad day\", \"a moved account\", \"a slow night\"",
        ),
    ] {
        let failed = run(&mut command(&["sandbox", "--scenario", &scenario]), "");
        assert_eq!(failed.code, 1);
        assert!(
            failed.stderr.contains("--scenario") && failed.stderr.contains(error),
            "{}",
            failed.stderr
        );
    }
}

// A client in any language: a shell alone.
#[cfg(unix)]
#[test]
fn s1_a_shell_script_drives_every_fault_and_reads_back_its_effect() {
    let sandbox = SandboxProcess::start(&[]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/faults.sh");
    let run = std::process::Command::new("sh")
        .arg(script)
        .env("ADMIN", sandbox.setting("admin", "url"))
        .env("CRM", sandbox.setting("retailcrm", "url"))
        .env("KEY", sandbox.setting("retailcrm", "api_key"))
        .output()
        .expect("a shell");
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && told.is_empty(), "{told}");
}
