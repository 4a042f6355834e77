//! Profiles of the settings file.

use std::net::TcpListener;

use crate::{
    call,
    support::{Run, SandboxProcess, private_file, run, text},
};

const BAD: &str = "http://127.0.0.1:1";

fn outcome(run: &Run) -> (i32, String) {
    match run.code {
        0 => (0, String::new()),
        code => (code, text(&run.error(), "kind").to_owned()),
    }
}

// J7: a profile stands where its name was given.
#[test]
fn j7_a_profile_of_a_flag_wins_over_the_environment_and_that_over_one_of_a_variable() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit"]);
    let (url, key) = (
        sandbox.setting("retailcrm", "url"),
        sandbox.setting("retailcrm", "api_key"),
    );
    let file = private_file(
        "profiles",
        "shopwire.toml",
        format!(
            "[retailcrm]\nurl = \"{BAD}\"\napi_key = \"k\"\n\n[profile.good.retailcrm]\nurl = \"{url}\"\n\
             api_key = \"{key}\"\n\n[profile.bad.retailcrm]\nurl = \"{BAD}\"\napi_key = \"k\"\n"
        ),
    );
    let good = [("RETAILCRM_URL", url), ("RETAILCRM_API_KEY", key)];
    let bad = [("RETAILCRM_URL", BAD), ("RETAILCRM_API_KEY", "k")];
    let works = (0, String::new());
    let fails = (1, "connect".to_owned());
    for (flag, variable, environment, expected) in [
        (None, None, None, &fails),
        (Some("good"), None, None, &works),
        (None, Some("good"), None, &works),
        (Some("good"), Some("bad"), None, &works),
        (Some("bad"), Some("good"), None, &fails),
        (Some("good"), None, Some(bad), &works),
        (Some("bad"), None, Some(good), &fails),
        (None, Some("good"), Some(bad), &fails),
        (None, Some("bad"), Some(good), &works),
        (None, None, Some(good), &works),
        // An empty name is none.
        (Some(""), Some("good"), None, &works),
        (None, Some(""), None, &fails),
    ] {
        let mut called = call(&file, &[]);
        if let Some(flag) = flag {
            called.args(["--profile", flag]);
        }
        called.envs(variable.map(|name| ("SHOPWIRE_PROFILE", name)));
        called.envs(environment.into_iter().flatten());
        let ran = run(&mut called, "");
        assert_eq!(
            &outcome(&ran),
            expected,
            "{flag:?} {variable:?} {environment:?}: {ran:?}"
        );
    }
    // A flag wins over all.
    let flagged = run(
        &mut call(&file, &["--profile", "bad", "--retailcrm-url", url]),
        "",
    );
    assert_eq!(outcome(&flagged), (1, "auth".to_owned()), "{flagged:?}");
}

// J7: what a profile does not have comes from the tables without a profile.
#[test]
fn j7_a_profile_may_change_one_setting_alone() {
    let sandbox = SandboxProcess::start(&[]);
    let file = private_file(
        "one-setting",
        "shopwire.toml",
        format!(
            "[retailcrm]\nurl = \"{}\"\napi_key = \"{}\"\n[profile.other.retailcrm]\nsite = \"nowhere\"\n",
            sandbox.setting("retailcrm", "url"),
            sandbox.setting("retailcrm", "api_key"),
        ),
    );
    let orders = |profile: &[&str]| {
        let mut call = crate::support::command(&["call", "retailcrm", "orders.get", "--config"]);
        call.arg(&file)
            .args(["--param", "externalId=none"])
            .args(profile);
        run(&mut call, "")
    };
    assert_eq!(outcome(&orders(&[])).1, "not_found");
    let other = orders(&["--profile", "other"]);
    assert!(
        other.code == 1 && other.stderr.contains("site"),
        "{other:?}"
    );
}

// J7, H9: the key of one account is not sent to the address of another.
#[test]
fn j7_a_key_is_not_sent_to_the_address_of_another_profile() {
    let thief = TcpListener::bind("127.0.0.1:0").expect("a port");
    thief.set_nonblocking(true).expect("it can be");
    let url = format!("http://{}", thief.local_addr().expect("an address"));
    let file = private_file(
        "stolen",
        "shopwire.toml",
        format!(
            "[retailcrm]\nurl = \"{BAD}\"\napi_key = \"own\"\n[profile.test.retailcrm]\nurl = \"{url}\"\n\
             [profile.key.retailcrm]\napi_key = \"k\"\n"
        ),
    );
    for (args, environment, parts) in [
        (
            ["--profile", "test"],
            None,
            [
                "`url` in the table [profile.test.retailcrm] of ",
                "the profile `test` of ",
                "RETAILCRM_API_KEY from ",
            ],
        ),
        (
            ["--profile", "key"],
            None,
            [
                "`url` in the table [retailcrm] of ",
                "the address comes from ",
                "RETAILCRM_API_KEY from the profile `key` of ",
            ],
        ),
        (
            ["--profile", "test"],
            Some(("RETAILCRM_API_KEY", "k")),
            ["[profile.test.retailcrm]", "line 5", "the environment"],
        ),
        (
            ["--profile", "key"],
            Some(("RETAILCRM_URL", url.as_str())),
            ["RETAILCRM_URL", "the environment", "the profile `key`"],
        ),
    ] {
        let mut called = call(&file, &args);
        called.envs(environment);
        let refused = run(&mut called, "");
        assert_eq!(
            outcome(&refused),
            (1, "invalid_input".to_owned()),
            "{refused:?}"
        );
        for part in parts {
            assert!(refused.stderr.contains(part), "{part}: {}", refused.stderr);
        }
    }
    assert!(thief.accept().is_err(), "the thief was called");
}

// J7, F24
#[test]
fn j7_a_profile_that_is_not_there_is_refused_with_the_nearest() {
    let file = private_file(
        "unknown",
        "shopwire.toml",
        "[profile.berlin.retailcrm]\nsite = \"a\"\n[profile.kyiv.retailcrm]\nsite = \"b\"\n",
    );
    let refused = |name: &str| {
        let refused = run(&mut call(&file, &["--profile", name]), "");
        assert_eq!(outcome(&refused), (1, "invalid_input".to_owned()));
        refused.stderr
    };
    assert!(refused("berlni").contains("did you mean `berlin`?"));
    let all = refused("kfnw44nf3acmy8y9");
    assert!(
        all.contains("there are berlin, kyiv") && !all.contains("kfnw44"),
        "{all}"
    );
    let plain = private_file(
        "no-profiles",
        "shopwire.toml",
        "[retailcrm]\nsite = \"a\"\n",
    );
    let none = run(call(&plain, &[]).env("SHOPWIRE_PROFILE", "berlin"), "");
    assert!(
        none.stderr.contains("SHOPWIRE_PROFILE") && none.stderr.contains("has no profiles"),
        "{none:?}"
    );
    let nowhere = run(
        &mut crate::support::command(&["config", "show", "--profile", "berlin"]),
        "",
    );
    assert!(
        nowhere.code == 1
            && nowhere
                .stderr
                .contains("there is no settings file with profiles"),
        "{nowhere:?}"
    );
}
