//! Flags over environment over file, and what `shopwire sandbox` announces.

mod support;

use std::path::PathBuf;

use support::{Run, SandboxProcess, command, private_file, run, text};

/// A settings file of its own directory.
fn file(name: &str, content: &str) -> PathBuf {
    private_file(name, "shopwire.toml", content)
}

fn utf8(path: &std::path::Path) -> &str {
    path.to_str().expect("UTF-8")
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
        utf8(&path),
    ];
    let is_refused = |run: &Run| text(&run.error(), "kind") == "invalid_input";

    let from_file = run(&mut command(&args), "");
    assert!(is_refused(&from_file), "the file's URL: {from_file:?}");
    // F24: it is named as the user wrote it.
    let written = format!(
        "`url` in the table [retailcrm] of {}, line 2: ",
        path.display()
    );
    assert!(from_file.stderr.contains(&written), "{}", from_file.stderr);
    let from_env = run(
        command(&args)
            .env("RETAILCRM_URL", url)
            .env("RETAILCRM_API_KEY", key),
        "",
    );
    assert_eq!(from_env.code, 0, "the environment's URL: {from_env:?}");
    let bad_env = run(
        command(&args)
            .env("RETAILCRM_URL", bad)
            .env("RETAILCRM_API_KEY", key),
        "",
    );
    assert!(is_refused(&bad_env), "the environment's URL: {bad_env:?}");
    assert!(
        bad_env.stderr.contains("RETAILCRM_URL"),
        "{}",
        bad_env.stderr
    );
    for key_in_env in [None, Some(key)] {
        let mut flagged = command(&args);
        flagged
            .env("RETAILCRM_URL", bad)
            .args(["--retailcrm-url", url]);
        key_in_env.map(|key| flagged.env("RETAILCRM_API_KEY", key));
        let from_flag = run(&mut flagged, "");
        assert_eq!(from_flag.code, 0, "the flag's URL: {from_flag:?}");
    }
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
        utf8(&path),
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

// R17, R20: the limit that is lifted is one that holds otherwise.
#[test]
fn r17_no_rate_limit_lifts_the_limit() {
    for (args, refused) in [(&["--no-rate-limit"][..], 0..=0), (&[], 1..=50)] {
        let sandbox = SandboxProcess::start(args);
        let url = sandbox.setting("retailcrm", "url");
        let key = sandbox.setting("retailcrm", "api_key");
        let authority = url.trim_start_matches("http://");
        // Ten in a second are allowed: of fifty that are sent at once some are too many.
        let statuses = std::thread::scope(|scope| {
            let send = |_| scope.spawn(|| status(authority, key));
            let sent: Vec<_> = (0..50).map(send).collect();
            let joined = sent
                .into_iter()
                .map(|thread| thread.join().expect("it ends"));
            joined.collect::<Vec<_>>()
        });
        let count = |status: &str| statuses.iter().filter(|one| *one == status).count();
        assert!(refused.contains(&count("503")), "{args:?}: {statuses:?}");
        assert_eq!(count("503") + count("200"), 50, "{statuses:?}");
    }
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
