//! A settings file by another author cannot steal a key.
//!
//! The thief is a server on loopback to which a planted file points. It must not even be connected to.

mod support;

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use support::{Run, SandboxProcess, chmod, command, private_file, run, scratch, text};

/// A server that keeps what comes.
struct Thief(TcpListener);

impl Thief {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("it can be");
        Self(listener)
    }

    fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().expect("an address"))
    }

    /// Checks that no client has connected.
    #[track_caller]
    fn got_nothing(&self) {
        assert!(self.0.accept().is_err(), "the thief was called");
    }
}

/// All three services at the thief's address; without keys, or with keys of the thief's own.
fn planted(thief: &Thief, keys: bool) -> String {
    let url = thief.url();
    let keys = |text: &'static str| if keys { text } else { "" };
    format!(
        "[nicechat]\nurl = \"{url}\"\n{}\n[uvygoda]\nurl = \"{url}\"\n{}\n[retailcrm]\nurl = \"{url}\"\n{}\n",
        keys("api_key = \"k\"\napi_secret = \"s\""),
        keys("token = \"t\""),
        keys("api_key = \"k\""),
    )
}

const CALLS: [[&str; 3]; 3] = [
    ["call", "nicechat", "products.list"],
    ["call", "uvygoda", "getStages"],
    ["call", "retailcrm", "orders.list"],
];

/// The command with a user's keys in the environment, and no address.
fn with_keys(args: &[&str]) -> Command {
    let mut command = command(args);
    for (name, value) in [
        ("NICECHAT_API_KEY", "own-key"),
        ("NICECHAT_API_SECRET", "own-secret"),
        ("UVYGODA_TOKEN", "own-token"),
        ("RETAILCRM_API_KEY", "own-key"),
    ] {
        command.env(name, value);
    }
    // Tests do not call the public services: a command that gets as far as sending fails here.
    command.env("HTTPS_PROXY", "http://127.0.0.1:1");
    command
}

fn directory(path: &Path) -> &Path {
    path.parent().expect("a directory")
}

fn kind(run: &Run) -> String {
    text(&run.error(), "kind").to_owned()
}

// H9
#[test]
fn h9_a_file_that_lies_in_the_current_directory_is_not_read_and_that_is_said() {
    let thief = Thief::new();
    for keys in [false, true] {
        let path = private_file("planted", "shopwire.toml", planted(&thief, keys));
        for args in CALLS {
            let called = run(with_keys(&args).current_dir(directory(&path)), "");
            assert_eq!(called.code, 1, "{called:?}");
            assert!(
                called
                    .stderr
                    .starts_with("hint: shopwire.toml of the current directory is not read"),
                "{called:?}"
            );
            assert!(
                ["connect", "invalid_input"].contains(&kind(&called).as_str()),
                "{called:?}"
            );
        }
        let probed = run(
            with_keys(&["probe", "nicechat"]).current_dir(directory(&path)),
            "",
        );
        assert_eq!(probed.code, 1, "{probed:?}");
    }
    thief.got_nothing();
}

// H9: a variable that leads nowhere in particular leads not to the current directory either.
#[test]
fn h9_no_odd_variable_makes_the_current_directory_the_users_folder() {
    let thief = Thief::new();
    let content = planted(&thief, true);
    let path = private_file("odd", "shopwire.toml", &content);
    for below in ["odd/shopwire", "odd/.config/shopwire"] {
        private_file(below, "shopwire.toml", &content);
    }
    for variables in [
        &[("HOME", ""), ("XDG_CONFIG_HOME", "")][..],
        &[("HOME", ".")],
        &[("XDG_CONFIG_HOME", ".")],
        &[("XDG_CONFIG_HOME", "./../odd"), ("HOME", "..")],
        &[("SHOPWIRE_CONFIG", ""), ("HOME", ".")],
    ] {
        for args in CALLS {
            let mut call = with_keys(&args);
            call.envs(variables.iter().copied())
                .current_dir(directory(&path));
            assert_eq!(run(&mut call, "").code, 1, "{variables:?}");
        }
    }
    thief.got_nothing();
}

// H9: even a file that was named is not trusted with keys of another source.
#[test]
fn h9_an_address_and_a_secret_of_different_sources_are_refused_by_both_names() {
    let thief = Thief::new();
    let path = private_file("named", "shopwire.toml", planted(&thief, false));
    let flags = ["--nicechat-url", "--uvygoda-url", "--retailcrm-url"];
    let secrets = ["NICECHAT_API_KEY", "UVYGODA_TOKEN", "RETAILCRM_API_KEY"];
    for ((args, flag), secret) in CALLS.into_iter().zip(flags).zip(secrets) {
        let refused = run(with_keys(&args).args(["--config"]).arg(&path), "");
        assert_eq!(
            (refused.code, kind(&refused).as_str()),
            (1, "invalid_input")
        );
        let error = refused.error();
        let message = text(&error, "message");
        // The address is named where it was written, and so is the secret.
        let address = format!("`url` in the table [{}] of ", args[1]);
        for part in [
            &address,
            secret,
            "the environment",
            "shopwire.toml, line ",
            flag,
        ] {
            assert!(message.contains(part), "{part}: {message}");
        }
    }
    thief.got_nothing();
}

// H9: and the other way round; a flag is the user's own.
#[test]
fn h9_pairs_of_one_source_and_flags_are_taken() {
    let sandbox = SandboxProcess::start(&[]);
    let url = sandbox.setting("retailcrm", "url");
    let key = sandbox.setting("retailcrm", "api_key");
    let whole = private_file(
        "whole",
        "shopwire.toml",
        format!("[retailcrm]\nurl = \"{url}\"\napi_key = \"{key}\""),
    );
    let only_key = private_file(
        "only-key",
        "shopwire.toml",
        format!("[retailcrm]\napi_key = \"{key}\""),
    );
    let only_url = private_file(
        "only-url",
        "shopwire.toml",
        format!("[retailcrm]\nurl = \"{url}\""),
    );
    let call = |file: &Path, env: &[(&str, &str)], flags: &[&str]| {
        let mut call = command(&["call", "retailcrm", "api.get_credentials", "--config"]);
        call.arg(file).args(flags).envs(env.iter().copied());
        run(&mut call, "")
    };
    for (file, env, flags, code) in [
        (&whole, &[][..], &[][..], 0),
        (
            &whole,
            &[("RETAILCRM_URL", url), ("RETAILCRM_API_KEY", key)],
            &[],
            0,
        ),
        (&whole, &[("RETAILCRM_URL", url)], &[], 1),
        (&whole, &[("RETAILCRM_API_KEY", key)], &[], 1),
        (&only_key, &[("RETAILCRM_URL", url)], &[], 1),
        (&only_key, &[], &["--retailcrm-url", url], 0),
        (&only_url, &[("RETAILCRM_API_KEY", key)], &[], 1),
        (
            &only_url,
            &[("RETAILCRM_API_KEY", key)],
            &["--retailcrm-url", url],
            0,
        ),
    ] {
        let called = call(file, env, flags);
        assert_eq!(called.code, code, "{file:?} {env:?} {flags:?}: {called:?}");
    }
}

// H9: by a flag, by the variable (also from the current directory), in the user's folder, over a link.
#[test]
fn h9_the_ways_to_name_a_file_work() {
    let sandbox = SandboxProcess::start(&[]);
    let url = sandbox.setting("retailcrm", "url");
    let key = sandbox.setting("retailcrm", "api_key");
    let content = format!("\u{feff}[retailcrm]\r\nurl = \"{url}\"\r\napi_key = \"{key}\"\r\n");
    let path = private_file("ways", "shopwire.toml", &content);
    let home = directory(&private_file(
        "ways-home/.config/shopwire",
        "shopwire.toml",
        &content,
    ))
    .to_owned();
    let (config, home_of) = (
        directory(&home).to_owned(),
        directory(directory(&home)).to_owned(),
    );
    let here = directory(&path);
    let call = || {
        let mut call = command(&["call", "retailcrm", "api.get_credentials"]);
        call.current_dir(here);
        call
    };
    let runs = [
        run(call().arg("--config").arg(&path), ""),
        run(call().args(["--config", "shopwire.toml"]), ""),
        run(call().args(["--config", "../ways/./shopwire.toml"]), ""),
        run(call().env("SHOPWIRE_CONFIG", &path), ""),
        run(call().env("SHOPWIRE_CONFIG", "shopwire.toml"), ""),
        run(
            call()
                .env("XDG_CONFIG_HOME", &config)
                .current_dir(scratch()),
            "",
        ),
        run(call().env("HOME", &home_of).current_dir(scratch()), ""),
        // The user's own folder is the current directory: nothing is left unread, so nothing is said.
        run(call().env("HOME", &home_of).current_dir(&home), ""),
    ];
    for called in runs {
        assert_eq!((called.code, called.stderr.as_str()), (0, ""), "{called:?}");
    }
    let missing = run(call().env("SHOPWIRE_CONFIG", "none.toml"), "");
    assert_eq!(missing.code, 1);
    assert!(
        missing.stderr.contains("SHOPWIRE_CONFIG") && missing.stderr.contains("none.toml"),
        "{missing:?}"
    );
}

/// The refusal's message. The address in the settings has no server, so that an accepted file fails
/// to connect.
#[cfg(unix)]
fn refusal(path: &Path) -> Option<String> {
    let refused = run(
        command(&["call", "retailcrm", "orders.list", "--config"]).arg(path),
        "",
    );
    let error = refused.error();
    (text(&error, "kind") == "invalid_input").then(|| text(&error, "message").to_owned())
}

#[cfg(unix)]
fn nobody(name: &str) -> PathBuf {
    let content = "[retailcrm]\nurl = \"http://127.0.0.1:1\"\napi_key = \"k\"\n";
    private_file(name, "shopwire.toml", content)
}

// H9
#[cfg(unix)]
#[test]
fn h9_a_file_that_others_can_read_or_change_is_refused_with_the_command_that_mends_it() {
    let path = nobody("it's open");
    let quoted = format!("'{}'", path.display().to_string().replace('\'', "'\\''"));
    for mode in [0o640, 0o604, 0o644, 0o620, 0o602, 0o666, 0o777, 0o610] {
        chmod(&path, mode);
        let refused = refusal(&path).expect("refused");
        let mends = format!("chmod 600 {quoted}");
        assert!(refused.ends_with(&mends), "{mode:o}: {refused}");
        // The command is one that a shell takes.
        let (_, mends) = refused.split_once(": it holds secrets").expect("why");
        let (_, mends) = mends.split_once(": ").expect("how");
        let status = Command::new("sh")
            .args(["-c", mends])
            .status()
            .expect("a shell");
        assert!(status.success() && refusal(&path).is_none(), "{mends}");
    }
    for mode in [0o600, 0o400, 0o700] {
        chmod(&path, mode);
        assert_eq!(refusal(&path), None, "{mode:o}");
    }
}

/// Makes a link in place of that of an earlier run, whose folder may have moved since.
#[cfg(unix)]
fn symlink(target: &Path, link: &Path) {
    let _ = std::fs::remove_file(link);
    std::os::unix::fs::symlink(target, link).expect("a link can be made");
}

// H9: over a link the file itself counts.
#[cfg(unix)]
#[test]
fn h9_a_link_to_an_open_file_is_refused() {
    let path = nobody("linked");
    let link = directory(&path).join("link.toml");
    symlink(&path, &link);
    assert_eq!(refusal(&link), None);
    chmod(&path, 0o644);
    assert!(refusal(&link).is_some_and(|why| why.contains("chmod 600")));
}

// H9: a user who can write to the folder can put another file there.
#[cfg(unix)]
#[test]
fn h9_a_folder_that_everybody_can_write_to_is_refused() {
    let path = nobody("open folder");
    let folder = directory(&path);
    for (mode, is_refused) in [
        (0o777, true),
        (0o757, true),
        (0o1777, false),
        (0o755, false),
    ] {
        chmod(folder, mode);
        let refused = refusal(&path);
        assert_eq!(refused.is_some(), is_refused, "{mode:o}: {refused:?}");
        assert!(
            refused.is_none_or(|why| why.contains("chmod go-w")),
            "{mode:o}"
        );
    }
    // A link from there is as exposed.
    chmod(folder, 0o777);
    let target = nobody("safe folder");
    let link = folder.join("link.toml");
    symlink(&target, &link);
    assert!(refusal(&link).is_some());
    chmod(folder, 0o755);
    assert_eq!(refusal(&link), None);
}

// H9: without secrets others may read it, and not change where secrets go.
#[cfg(unix)]
#[test]
fn h9_a_file_without_secrets_may_be_read_by_others() {
    let path = private_file(
        "no-secrets",
        "shopwire.toml",
        "[retailcrm]\nurl = \"http://127.0.0.1:1\"\n",
    );
    let call = || {
        let mut call = command(&[
            "call",
            "retailcrm",
            "orders.list",
            "--retailcrm-url",
            "http://127.0.0.1:1",
        ]);
        call.env("RETAILCRM_API_KEY", "k")
            .arg("--config")
            .arg(&path);
        kind(&run(&mut call, ""))
    };
    chmod(&path, 0o644);
    assert_eq!(call(), "connect");
    chmod(&path, 0o666);
    assert_eq!(call(), "invalid_input");
}

// H9, F9
#[test]
fn f9_a_settings_file_in_another_encoding_is_named() {
    let text_of = "[retailcrm]\nsite = \"hidden\"\n";
    let wide: Vec<u8> = text_of.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin = b"[retailcrm]\nsite = \"caf\xE9\"\n".to_vec();
    for (content, name) in [(wide, "UTF-16 LE"), (latin, "not UTF-8: byte 23")] {
        let path = private_file("encodings", "shopwire.toml", content);
        let refused = run(
            command(&["call", "retailcrm", "orders.list", "--config"]).arg(&path),
            "",
        );
        let error = refused.error();
        let message = text(&error, "message");
        assert!(
            message.contains(name) && !message.contains("hidden"),
            "{message}"
        );
    }
}
