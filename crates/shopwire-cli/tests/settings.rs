//! Flags over environment over file, and what `shopwire sandbox` announces.

mod support;

use std::{fs, path::PathBuf};

use support::{SandboxProcess, command, run, scratch, text};

/// A settings file of its own directory.
fn file(name: &str, content: &str) -> PathBuf {
    let directory = scratch().join(name);
    fs::create_dir_all(&directory).expect("a directory");
    let path = directory.join("shopwire.toml");
    fs::write(&path, content).expect("written");
    path
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let sandbox = SandboxProcess::start(&[]);
    let (url, key) = (
        sandbox.setting("retailcrm", "url"),
        sandbox.setting("retailcrm", "api_key"),
    );
    let bad = "http://demo.example";
    let path = file(
        "layers",
        &format!("[retailcrm]\nurl = \"{bad}\"\napi_key = \"{key}\"\n"),
    );
    let args = [
        "call",
        "retailcrm",
        "api.get_credentials",
        "--config",
        path.to_str().expect("UTF-8"),
    ];

    let from_file = run(&mut command(&args), "");
    assert_eq!(
        text(&from_file.error(), "kind"),
        "invalid_input",
        "the file's URL: {from_file:?}"
    );
    let from_env = run(command(&args).env("RETAILCRM_URL", url), "");
    assert_eq!(from_env.code, 0, "the environment's URL: {from_env:?}");
    let from_flag = run(
        command(&args)
            .env("RETAILCRM_URL", bad)
            .args(["--retailcrm-url", url]),
        "",
    );
    assert_eq!(from_flag.code, 0, "the flag's URL: {from_flag:?}");
}

#[test]
fn shopwire_toml_of_the_current_directory_is_read() {
    let sandbox = SandboxProcess::start(&[]);
    let (url, key) = (
        sandbox.setting("retailcrm", "url"),
        sandbox.setting("retailcrm", "api_key"),
    );
    let path = file(
        "here",
        &format!("[retailcrm]\nurl = \"{url}\"\napi_key = \"{key}\"\n"),
    );
    let mut call = command(&["call", "retailcrm", "api.get_credentials"]);
    let called = run(call.current_dir(path.parent().expect("a directory")), "");
    assert_eq!(called.code, 0, "{called:?}");
}

// X7
#[test]
fn x7_a_broken_settings_file_is_named_and_not_quoted() {
    let path = file("broken", "[retailcrm]\napi_key = hidden-value\n");
    let args = [
        "call",
        "retailcrm",
        "orders.list",
        "-vv",
        "--config",
        path.to_str().expect("UTF-8"),
    ];
    let refused = run(&mut command(&args), "");
    assert_eq!(
        (refused.code, text(&refused.error(), "kind")),
        (1, "invalid_input")
    );
    assert!(
        refused.stderr.contains("shopwire.toml") && refused.stderr.contains("line 2"),
        "{refused:?}"
    );
    assert!(!refused.stderr.contains("hidden-value"), "{refused:?}");
    let missing = run(
        &mut command(&["call", "retailcrm", "orders.list", "--config", "none.toml"]),
        "",
    );
    assert!(
        missing.code == 1 && missing.stderr.contains("none.toml"),
        "{missing:?}"
    );
}

// X8
#[cfg(unix)]
#[test]
fn x8_the_sandbox_announces_itself_in_one_line_and_ends_when_told() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit"]);
    for (service, members) in [
        ("nicechat", &["url", "api_key", "api_secret"][..]),
        ("uvygoda", &["url", "login", "password", "token"]),
        ("retailcrm", &["url", "api_key"]),
    ] {
        let settings = sandbox
            .settings
            .get(service)
            .and_then(|settings| settings.as_object());
        let names: Vec<&str> = settings.expect("an object").keys().collect();
        assert_eq!(names, members);
    }
    assert_eq!(sandbox.terminate(), Some(0));
}

// R17, R20
#[test]
fn r17_no_rate_limit_lifts_the_limit() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit"]);
    let url = sandbox
        .setting("retailcrm", "url")
        .trim_start_matches("http://")
        .to_owned();
    let key = sandbox.setting("retailcrm", "api_key").to_owned();
    let burst = |count: usize| (0..count).filter(|_| status(&url, &key) == "503").count();
    assert_eq!(burst(30), 0);
}

/// The status of one request, on a connection of its own.
fn status(authority: &str, key: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(authority).expect("the sandbox listens");
    let request = format!(
        "GET /api/credentials HTTP/1.1\r\nHost: {authority}\r\nX-API-KEY: {key}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}
