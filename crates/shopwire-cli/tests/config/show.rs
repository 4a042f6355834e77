//! `shopwire config show` and `config keys`.

use common_model::{Value as Json, from_json};

use crate::{
    config,
    support::{command, private_file, run, text},
};

const SECRETS: [&str; 4] = ["hidden-key", "hidden-token", "hidden-hook", "hidden-word"];

fn file() -> std::path::PathBuf {
    private_file(
        "show",
        "shopwire.toml",
        "[retailcrm]\nurl = \"https://demo.retailcrm.example\"\napi_key = \"hidden-key\"\nsite = \"main\"\n\
         webhook_secret = \"hidden-hook\"\n[nicechat]\napi_key_command = [\"pass\", \"hidden-word\"]\n\
         [profile.berlin.retailcrm]\nsite = \"berlin\"\n",
    )
}

fn setting<'j>(json: &'j Json, service: &str, key: &str) -> &'j Json {
    let settings = json.get("settings").and_then(Json::as_array);
    let mut settings = settings.expect("a list").iter();
    settings
        .find(|one| text(one, "service") == service && text(one, "key") == key)
        .expect("the setting")
}

// J7, X7
#[test]
fn j7_each_setting_is_shown_with_its_source_and_no_secret() {
    let file = file();
    let show = |args: &[&str]| {
        let mut show = config(&file, &["show"]);
        show.args(args)
            .args(["--profile", "berlin", "--uvygoda-url", "https://uv.example"])
            .env("UVYGODA_TOKEN", "hidden-token")
            .env("NICECHAT_DIALECT", "python");
        let shown = run(&mut show, "");
        assert_eq!((shown.code, shown.stderr.as_str()), (0, ""), "{shown:?}");
        for secret in SECRETS {
            assert!(!shown.stdout.contains(secret), "{secret}: {shown:?}");
        }
        shown
    };
    let json = show(&["--json"]).json();
    let source = |service, key| {
        let source = setting(&json, service, key)
            .get("source")
            .expect("a source");
        let line = source.get("line").and_then(Json::as_i64);
        let name = text(source, "name").to_owned();
        (
            text(source, "kind").to_owned(),
            name,
            line,
            text(source, "profile").to_owned(),
        )
    };
    let of = |kind: &str, name: &str, line, profile: &str| {
        (kind.to_owned(), name.to_owned(), line, profile.to_owned())
    };
    for (service, key, expected) in [
        ("retailcrm", "url", of("file", "", Some(2), "")),
        ("retailcrm", "api_key", of("file", "", Some(3), "")),
        ("retailcrm", "site", of("file", "", Some(9), "berlin")),
        ("nicechat", "api_key", of("command", "", Some(7), "")),
        (
            "nicechat",
            "dialect",
            of("environment", "NICECHAT_DIALECT", None, ""),
        ),
        ("nicechat", "url", of("default", "", None, "")),
        ("uvygoda", "url", of("flag", "--uvygoda-url", None, "")),
        (
            "uvygoda",
            "token",
            of("environment", "UVYGODA_TOKEN", None, ""),
        ),
    ] {
        assert_eq!(source(service, key), expected, "{service}.{key}");
    }
    let value = |service, key| setting(&json, service, key).get("value").cloned();
    assert_eq!(
        value("retailcrm", "site"),
        Some(Json::String("berlin".into()))
    );
    assert_eq!(value("retailcrm", "api_key"), Some(Json::Null));
    assert_eq!(text(&json, "profile"), "berlin");
    let shown = show(&[]).stdout;
    for words in [
        &["profile", "berlin,", "chosen", "by", "--profile"][..],
        &["api_key", "set", "a", "command,"],
        &["dialect", "python", "NICECHAT_DIALECT"],
        &["site", "berlin", "profile", "berlin,"],
        &["token", "set", "UVYGODA_TOKEN"],
        &["api_secret", "-"],
    ] {
        let is_there = |line: &str| {
            let found: Vec<&str> = line.split_whitespace().collect();
            found.starts_with(words)
        };
        assert!(shown.lines().any(is_there), "{words:?}\n{shown}");
    }
    // The whole is one line of JSON, also for one service.
    let one = show(&["--json", "uvygoda"]);
    let services = one.json();
    let services = services
        .get("settings")
        .and_then(Json::as_array)
        .expect("a list");
    assert!(one.stdout.lines().count() == 1 && services.len() == 5);
}

// J7, X7: a value that cannot be shown safely is not.
#[test]
fn j7_a_secret_in_a_wrong_place_is_not_shown() {
    let mut show = command(&["config", "show"]);
    show.env("RETAILCRM_URL", "https://ann:hidden-word@demo.example")
        .env("RETAILCRM_SITE", "hidden-key")
        .env("RETAILCRM_API_KEY", "hidden-key");
    for json in [false, true] {
        if json {
            show.arg("--json");
        }
        let shown = run(&mut show, "");
        assert_eq!(shown.code, 0, "{shown:?}");
        for secret in SECRETS {
            assert!(!shown.stdout.contains(secret), "{secret}: {shown:?}");
        }
        assert!(shown.stdout.contains("RETAILCRM_URL"), "{shown:?}");
    }
}

// J7
#[test]
fn j7_settings_that_cannot_be_used_are_told_as_problems() {
    let file = private_file(
        "problems",
        "shopwire.toml",
        "[retailcrm]\nurl = \"https://demo.retailcrm.example\"\n[nicechat]\ndialect = \"perl\"\n",
    );
    let mut show = config(&file, &["show", "--json"]);
    let shown = run(show.env("RETAILCRM_API_KEY", "k"), "");
    let json = shown.json();
    let problems = json
        .get("problems")
        .and_then(Json::as_array)
        .expect("a list");
    let told: Vec<(&str, &str)> = problems
        .iter()
        .map(|problem| (text(problem, "service"), text(problem, "message")))
        .collect();
    assert!(
        told.len() == 2
            && told[0].0 == "nicechat"
            && told[0].1.contains("expected php, php81, python or prose")
            && told[1].0 == "retailcrm"
            && told[1].1.contains("set both in one place"),
        "{told:?}"
    );
    let broken = private_file(
        "show-broken",
        "shopwire.toml",
        "[retailcrm]\napi_kez = \"hidden-key\"\n",
    );
    let refused = run(&mut config(&broken, &["show", "--json"]), "");
    let error = refused.error();
    assert_eq!((refused.code, text(&error, "kind")), (1, "invalid_input"));
    assert!(
        text(&error, "message")
            .contains("line 2: there is no setting `retailcrm.api_kez`; did you mean `api_key`?")
            && !refused.stderr.contains("hidden-key"),
        "{refused:?}"
    );
}

// J7
#[test]
fn j7_the_keys_are_listed_with_their_meaning() {
    let listed = run(&mut command(&["config", "keys"]), "");
    for part in [
        "[retailcrm]\nurl\n    The address of the account",
        "RETAILCRM_SITE, --retailcrm-site",
        "or api_key_command in the file",
        "default: json-with-headers",
    ] {
        assert!(listed.stdout.contains(part), "{part}: {}", listed.stdout);
    }
    let json = run(&mut command(&["config", "keys", "--json"]), "");
    let keys: Vec<Json> = json
        .stdout
        .lines()
        .map(|line| from_json(line).expect("JSON"))
        .collect();
    assert_eq!(keys.len(), 22);
    assert!(keys.iter().all(|key| text(key, "about").ends_with('.')));
    // Each key is one that a file may have.
    for key in &keys {
        let content = format!("[{}]\n{} = \"\"\n", text(key, "table"), text(key, "key"));
        let file = private_file("each-key", "shopwire.toml", content);
        let shown = run(&mut config(&file, &["show"]), "");
        assert_eq!(shown.code, 0, "{shown:?}");
    }
}
