//! Secrets from the output of a command.

use std::{fs, net::TcpListener, path::Path};

use crate::{
    call, config,
    support::{SandboxProcess, chmod, command, private_file, run, text},
};

/// A program that gives this secret, and leaves a trace of its runs.
fn program(folder: &str, script: &str) -> (String, std::path::PathBuf) {
    let trace = private_file(folder, "trace", "");
    let script = format!("#!/bin/sh\necho run >> '{}'\n{script}\n", trace.display());
    let path = private_file(folder, "give", script);
    chmod(&path, 0o700);
    (path.display().to_string(), trace)
}

fn runs(trace: &Path) -> usize {
    fs::read_to_string(trace).expect("a trace").lines().count()
}

// J7
#[test]
fn j7_the_output_of_a_command_is_the_key() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit"]);
    let (url, key) = (
        sandbox.setting("retailcrm", "url"),
        sandbox.setting("retailcrm", "api_key"),
    );
    let (path, trace) = program("command", "printf '%s\\n' \"$1\"; echo said >&2");
    let file = private_file(
        "command",
        "shopwire.toml",
        format!("[retailcrm]\nurl = \"{url}\"\napi_key_command = [\"{path}\", \"{key}\"]\n"),
    );
    let called = run(&mut call(&file, &[]), "");
    assert_eq!(
        (called.code, called.stderr.as_str(), runs(&trace)),
        (0, "", 1),
        "{called:?}"
    );
    // It is not run when its value is not needed.
    for args in [
        &["call", "retailcrm", "--list"][..],
        &["call", "retailcrm", "orders.get", "--describe"],
        &["config", "show"],
        &["call", "uvygoda", "getStages"],
        &["call", "retailcrm", "orders.get"],
        &["call", "retailcrm", "orders.list", "--param", "limit=x"],
    ] {
        run(command(args).env("SHOPWIRE_CONFIG", &file), "");
        assert_eq!(runs(&trace), 1, "{args:?}");
    }
    let environment = [("RETAILCRM_URL", url), ("RETAILCRM_API_KEY", key)];
    let other = run(call(&file, &[]).envs(environment), "");
    assert_eq!((other.code, runs(&trace)), (0, 1), "{other:?}");
    // The file must be the user's own alone, as with a key in it.
    for mode in [0o644, 0o620] {
        chmod(&file, mode);
        let refused = run(&mut call(&file, &[]), "");
        assert_eq!((refused.code, runs(&trace)), (1, 1), "{refused:?}");
        assert!(
            refused
                .stderr
                .contains("it holds commands that give secrets")
                && refused.stderr.contains("chmod 600"),
            "{}",
            refused.stderr
        );
    }
}

// J7
#[test]
fn j7_both_secrets_of_nicechat_and_the_token_may_come_from_commands() {
    let sandbox = SandboxProcess::start(&[]);
    let of = |service, name| sandbox.setting(service, name);
    let file = private_file(
        "all-commands",
        "shopwire.toml",
        format!(
            "[nicechat]\nurl = \"{}\"\napi_key_command = [\"echo\", \"{}\"]\napi_secret_command = [\"echo\", \"{}\"]\n\
             [uvygoda]\nurl = \"{}\"\ntoken_command = [\"printf\", \"{}\"]\n",
            of("nicechat", "url"),
            of("nicechat", "api_key"),
            of("nicechat", "api_secret"),
            of("uvygoda", "url"),
            of("uvygoda", "token"),
        ),
    );
    for args in [
        ["call", "nicechat", "categories.list"],
        ["call", "uvygoda", "getStages"],
    ] {
        let called = run(command(&args).env("SHOPWIRE_CONFIG", &file), "");
        assert_eq!(called.code, 0, "{called:?}");
    }
    let sign = ["sign", "--method", "GET", "--path", "/p/"];
    let signed = run(command(&sign).env("SHOPWIRE_CONFIG", &file), "");
    assert!(
        signed.code == 0 && signed.stdout.contains("signature"),
        "{signed:?}"
    );
}

// J7, X7
#[test]
fn j7_a_failed_command_is_named_by_its_setting_and_its_output_is_not_shown() {
    let (path, _) = program(
        "failing",
        "echo hidden-value; echo hidden-value >&2; exit 7",
    );
    let file = private_file(
        "failing",
        "shopwire.toml",
        format!(
            "[retailcrm]\nurl = \"http://127.0.0.1:1\"\napi_key_command = [\"{path}\", \"hidden-value\"]\n"
        ),
    );
    for args in [&[][..], &["-vvv"], &["--json"]] {
        let failed = run(&mut call(&file, args), "");
        let error = failed.error();
        assert_eq!(
            (failed.code, text(&error, "kind")),
            (1, "invalid_input"),
            "{failed:?}"
        );
        let message = text(&error, "message");
        for part in [
            "`api_key_command` in the table [retailcrm] of ",
            "line 3",
            "the command `give` has ended with exit code 7",
        ] {
            assert!(message.contains(part), "{part}: {message}");
        }
        assert!(
            !format!("{failed:?}").contains("hidden-value"),
            "{failed:?}"
        );
    }
    let checked = run(&mut config(&file, &["check"]), "");
    assert!(
        checked.code == 1
            && checked.stdout.contains("exit code 7")
            && !format!("{checked:?}").contains("hidden-value"),
        "{checked:?}"
    );
}

// J7, H9: a command counts as a value of its table, and it is not even run for another's address.
#[test]
fn j7_the_output_of_a_command_goes_to_the_address_of_its_table_alone() {
    let thief = TcpListener::bind("127.0.0.1:0").expect("a port");
    thief.set_nonblocking(true).expect("it can be");
    let url = format!("http://{}", thief.local_addr().expect("an address"));
    let (path, trace) = program("thief", "echo own-key");
    let file = private_file(
        "thief",
        "shopwire.toml",
        format!(
            "[retailcrm]\napi_key_command = [\"{path}\"]\n[profile.a.retailcrm]\nurl = \"{url}\"\n"
        ),
    );
    let from_env = run(call(&file, &[]).env("RETAILCRM_URL", &url), "");
    let from_profile = run(&mut call(&file, &["--profile", "a"]), "");
    for refused in [from_env, from_profile] {
        assert_eq!(text(&refused.error(), "kind"), "invalid_input");
        assert!(
            refused
                .stderr
                .contains("a secret is sent to an address of its own source alone")
        );
    }
    assert_eq!(runs(&trace), 0);
    assert!(thief.accept().is_err(), "the thief was called");
}

// J7: the path secret of receivers.
#[test]
fn j7_a_path_secret_may_come_from_a_command() {
    let file = private_file(
        "receiver",
        "shopwire.toml",
        "[uvygoda]\nwebhook_secret_command = [\"echo\", \"too-short\"]\n",
    );
    let refused = run(
        &mut {
            let mut webhooks = command(&["webhooks", "--listen", "127.0.0.1:0", "--config"]);
            webhooks.arg(&file);
            webhooks
        },
        "",
    );
    assert!(
        refused.code == 1
            && refused.stderr.contains("webhook_secret_command")
            && refused.stderr.contains("16 to 128")
            && !refused.stderr.contains("too-short"),
        "{refused:?}"
    );
}
