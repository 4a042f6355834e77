use super::*;

fn error(text: &str) -> String {
    parse(text).map(|_| ()).expect_err("refused")
}

// X7
#[test]
fn x7_a_broken_file_shows_no_value() {
    for text in [
        "[nicechat]\napi_secret = hidden-value",
        "[nicechat]\napi_secret = \"hidden-value",
        "[nicechat]\napi_secret = 'hidden-value\"",
        "[nicechat]\napi_secret = \"\\hidden-value\"",
        "[nicechat]\napi_secret = \"a\" hidden-value",
        "[nicechat]\napi_secret = [\"hidden-value\"]",
        "[nicechat]\napi_secret = 0xhidden",
        "[nicechat]\nsecret = \"hidden-value\"",
        "[nicechat]\nhidden value",
        "nicechat = \"hidden-value\"",
        "profile = \"hidden-value\"",
        "[profile]\na = \"hidden-value\"",
        "[profile.a]\nretailcrm = \"hidden-value\"",
        "[profile.a]\nurl = \"hidden-value\"",
        "[profile.a.retailcrm]\napi_kez = \"hidden-value\"",
        "[retailcrm]\napi_key_command = \"hidden-value\"",
        "[retailcrm]\napi_key_command = [\"hidden-value\", 1]",
        "[retailcrm]\napi_key_command = [\"./hidden-value\"]",
        "[retailcrm]\napi_key = \"hidden-value\"\napi_key_command = [\"hidden-value\"]",
    ] {
        let error = error(text);
        assert!(!error.contains("hidden"), "{error}");
    }
}

// F24
#[test]
fn f24_an_error_has_line_reason_and_the_nearest_setting() {
    for (text, expected) in [
        (
            "[nicechat]\nurl = 1",
            "line 2: `nicechat.url` is not a text in quotes",
        ),
        (
            "\n[retailcrm]\napi-key = \"k\"",
            "line 3: there is no setting `retailcrm.api-key`; did you mean `api_key`?",
        ),
        (
            "[retailcm]\n",
            "line 1: there is no table [retailcm]; did you mean `retailcrm`?",
        ),
        (
            "url = \"x\"",
            "line 1: the setting `url` stands outside of a table, such as [nicechat]",
        ),
        (
            "[uvygoda]\nzzzzzzzz = \"x\"",
            "line 2: there is no setting `uvygoda.zzzzzzzz`; the settings are url, token, webhook_secret, webhook_account, \
             webhook_rules, token_command, webhook_secret_command",
        ),
        (
            "nicechat = 1",
            "line 1: `nicechat` is a table: write [nicechat]",
        ),
    ] {
        assert_eq!(error(text), expected);
    }
    for text in [
        "[nicechat]\nurl = ",
        "[nicechat]\nurl \"x\"",
        "[nicechat]\nurl = \"a\"\nurl = \"b\"",
    ] {
        let error = error(text);
        let reason = error.split_once(": not valid TOML: ").map(|parts| parts.1);
        assert!(reason.is_some_and(|reason| !reason.is_empty()), "{error}");
    }
}

// J7, F24
#[test]
fn j7_a_misspelt_key_of_a_profile_is_named_with_the_nearest() {
    for (text, expected) in [
        (
            "[profile.berlin.retailcrm]\napi_kez = \"k\"",
            "line 2: there is no setting `retailcrm.api_kez`; did you mean `api_key`?",
        ),
        (
            "[retailcrm]\napi_key_comand = [\"pass\"]",
            "line 2: there is no setting `retailcrm.api_key_comand`; did you mean `api_key_command`?",
        ),
        (
            "[profile.berlin.retailcm]\n",
            "line 1: there is no table [profile.berlin.retailcm]; did you mean `retailcrm`?",
        ),
        (
            "[profil.berlin.retailcrm]\n",
            "line 1: there is no table [profil]; did you mean `profile`?",
        ),
        (
            "[profile.berlin]\nurl = \"x\"",
            "line 2: the setting `url` stands outside of a table, such as [profile.berlin.nicechat]",
        ),
        (
            "[retailcrm]\nsite_command = [\"x\"]",
            "line 2: `retailcrm.site` is no secret, so it is given as a text and not by a command",
        ),
    ] {
        assert_eq!(error(text), expected);
    }
}

// J7
#[test]
fn j7_profiles_and_commands_are_read() {
    let text = "[retailcrm]\nurl = \"a\"\napi_key_command = [\"pass\", \"show\"]\n[profile.\"b c\".retailcrm]\nurl = \"d\"\n";
    let content = parse(text).expect("it is right");
    assert_eq!(content.profiles, ["b c"]);
    let mut found: Vec<_> = content.values.iter().collect();
    found.sort_by_key(|value| value.line);
    let lines: Vec<_> = found
        .iter()
        .map(|value| (value.setting.key, value.profile.as_deref(), value.line))
        .collect();
    assert_eq!(
        lines,
        [
            ("url", None, 2),
            ("api_key", None, 3),
            ("url", Some("b c"), 5)
        ]
    );
    assert!(matches!(found[1].given, Given::Command(_)));
}
