//! A key that is typed as an argument is refused, and not repeated.

mod support;

use std::fs;

use support::{command, run, scratch};

/// Secrets that must not get to a screen or a log, each with a telling part.
const TYPED: [&str; 4] = [
    "KFNW44NF3ACMY8Y9KFKAHMX7",
    "hidden-value",
    "hunter2",
    "{\"PASS\":\"hunter2\"}",
];

// H13, X7: in every place where an argument can stand.
#[test]
fn h13_what_is_typed_in_the_place_of_a_name_is_not_repeated() {
    let templates: [&[&str]; 27] = [
        &["?"],
        &["call", "?"],
        &["call", "retailcrm", "?"],
        &["call", "retailcrm", "orders.list", "?"],
        &["call", "retailcrm", "orders.list", "--", "?"],
        &["call", "retailcrm", "orders.list", "--api-key", "?"],
        &["call", "retailcrm", "orders.list", "--api-key=?"],
        &["call", "retailcrm", "orders.list", "--token=?"],
        &["call", "retailcrm", "orders.list", "-k", "?"],
        &["call", "retailcrm", "orders.list", "-k?"],
        &["call", "retailcrm", "orders.list", "--?"],
        &["call", "retailcrm", "orders.list", "--raw=?"],
        &["call", "--api-key", "?", "retailcrm", "orders.list"],
        &["--token", "?", "call", "uvygoda", "getStages"],
        &["sign", "--secret", "?"],
        &["sign", "--secret=?", "--method", "GET", "--path", "/"],
        &["sign", "--method", "GET", "--path", "/", "?"],
        &["sign", "--method", "GET", "--path", "/", "--mode", "?"],
        &["sign", "--method", "GET", "--path", "/", "--field", "?"],
        &["sign", "--method", "GET", "--path", "/", "--verify", "?"],
        &["sign", "--batch", "--verify", "?"],
        &["sandbox", "--retailcrm-port", "?"],
        &["sandbox", "--nicechat-dialect", "?"],
        &["sandbox", "--nicechat-names", "?"],
        &["sandbox", "--json=?"],
        &["probe", "?"],
        &["demo", "?"],
    ];
    for template in templates {
        for typed in TYPED {
            let args: Vec<String> = template
                .iter()
                .map(|part| part.replace('?', typed))
                .collect();
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            // A word after two dashes is the name of a flag.
            let is_flag = template.contains(&"--?") && !typed.contains(char::is_uppercase);
            if is_flag {
                continue;
            }
            let refused = run(command(&args).env("NICECHAT_API_SECRET", "s"), "");
            assert!(
                refused.code == 2 || refused.code == 1,
                "{args:?}: {refused:?}"
            );
            let said = format!("{}{}", refused.stdout, refused.stderr);
            for part in [typed, "hunter2", "hidden"] {
                assert!(!said.contains(part), "{args:?}: {said}");
            }
        }
    }
}

// H13
#[test]
fn h13_a_password_in_an_address_is_not_repeated() {
    for url in [
        "https://user:hunter2@demo.example",
        "https://hunter2@demo.example",
        "https://demo.example/?apiKey=hunter2",
        "https://demo.example/#hunter2",
        "https://demo.example/hunter2",
        "http://hunter2.example",
        "hunter2",
        "ftp://hunter2",
    ] {
        for flag in ["--retailcrm-url", "--nicechat-url", "--uvygoda-url"] {
            let service = flag.trim_start_matches("--").trim_end_matches("-url");
            let operation = match service {
                "retailcrm" => "orders.list",
                "nicechat" => "products.list",
                _ => "getStages",
            };
            let mut call = command(&["call", service, operation, flag, url]);
            for (name, value) in [
                ("RETAILCRM_API_KEY", "k-1"),
                ("NICECHAT_API_KEY", "k-1"),
                ("NICECHAT_API_SECRET", "s-1"),
                ("UVYGODA_TOKEN", "t-1"),
            ] {
                call.env(name, value);
            }
            let refused = run(&mut call, "");
            assert_eq!(refused.code, 1, "{refused:?}");
            let is_path = url.ends_with("/hunter2");
            assert!(
                is_path || !format!("{refused:?}").contains("hunter2"),
                "{refused:?}"
            );
        }
    }
}

// H13, F24
#[test]
fn h13_content_in_the_place_of_a_files_name_is_not_repeated() {
    let json = "{\"LOGIN\":\"a\",\"PASS\":\"hunter2\"}";
    for args in [
        &["call", "uvygoda", "getToken", "--params", json][..],
        &[
            "sign",
            "--method",
            "POST",
            "--path",
            "/",
            "--body",
            "_key=hunter2&id=1",
        ],
        &["sign", "--method", "POST", "--path", "/", "--fields", json],
    ] {
        let refused = run(command(args).env("NICECHAT_API_SECRET", "s"), "");
        assert_eq!(refused.code, 1);
        assert!(
            !refused.stderr.contains("hunter2") && refused.stderr.contains("standard input"),
            "{refused:?}"
        );
    }
}

// H13
#[test]
fn h13_a_key_in_the_place_of_a_files_name_is_not_repeated() {
    let get = ["call", "retailcrm", "orders.get"];
    let upload = ["call", "retailcrm", "files.upload"];
    let sign = ["sign", "--method", "POST", "--path", "/"];
    for key in [
        "k3yAbCdEf0123456789",
        "dir/k3yAbCdEf0123456789",
        "pass.Wörd1",
    ] {
        for (command_of, flag) in [
            (&get[..], "--params"),
            (&get, "--config"),
            (&upload, "--input"),
            (&sign, "--body"),
            (&sign, "--fields"),
            (&sign, "--verify"),
        ] {
            let args = [command_of, &[flag, key]].concat();
            let refused = run(command(&args).env("NICECHAT_API_SECRET", "s"), "");
            assert_ne!(refused.code, 0);
            let said = refused.stderr + &refused.stdout;
            assert!(!said.contains(key), "{flag}: {said}");
        }
    }
    // A name that is one is told.
    let args = [&get[..], &["--params", "dir/order.json"]].concat();
    let refused = run(&mut command(&args), "");
    assert!(
        refused.stderr.contains("dir/order.json: No such file"),
        "{refused:?}"
    );
}

// H13, F24, X9
#[test]
fn h13_wrong_usage_still_helps() {
    for (args, parts) in [
        (
            &["call", "retailcrm", "orders.list", "--api-key", "hunter2"][..],
            &["'--api-key'", "never taken from arguments", "--help"][..],
        ),
        (
            &["call", "retailcrm", "orders.list", "--parms", "-"],
            &["'--params'"],
        ),
        (&["call", "retailcrm", "order.list"], &["orders.list"]),
        (
            &["call", "retailcm", "orders.list"],
            &["retailcrm", "uvygoda"],
        ),
        (&["sing"], &["'sign'"]),
        (&["frobnicate"], &["'frobnicate'"]),
        (
            &["sandbox", "--retailcrm-port", "99999"],
            &["--retailcrm-port", "from 0 to 65535"],
        ),
        (
            &["sign", "--method", "GET", "--path", "/", "--mode", "jsn"],
            &["'json'", "php81"],
        ),
    ] {
        let refused = run(&mut command(args), "");
        assert_eq!(refused.code, 2);
        for part in parts {
            assert!(
                refused.stderr.contains(part),
                "{part} is not in {}",
                refused.stderr
            );
        }
    }
}

// F24: the help lists every setting of the file.
#[test]
fn f24_the_help_names_every_setting() {
    let help = run(&mut command(&["--help"]), "").stdout;
    let guide = fs::read_to_string(scratch().join("../../docs/settings.md"));
    let guide = guide.expect("the table of settings is there");
    for (table, keys) in [
        (
            "nicechat",
            "url api_key api_secret dialect query_rule encoding key_header signature_header key_parameter signature_parameter",
        ),
        ("uvygoda", "url token"),
        ("retailcrm", "url api_key site"),
    ] {
        assert!(help.contains(&format!("[{table}]")), "{help}");
        for key in keys.split(' ') {
            assert!(help.contains(key), "{key}: {help}");
            let variable = format!("{}_{}", table.to_uppercase(), key.to_uppercase());
            assert!(
                guide.contains(&variable) && guide.contains(&format!("`{key}`")),
                "{variable}"
            );
        }
    }
}

// H9
#[test]
fn h9_a_file_in_a_place_that_takes_none_is_named_with_the_option() {
    let done = run(
        &mut command(&["export", "retailcrm", "orders", "orders.parquet"]),
        "",
    );
    assert_eq!(done.code, 2);
    assert!(
        done.stderr.contains("'orders.parquet'") && done.stderr.contains("--output FILE"),
        "{}",
        done.stderr
    );
    let key = run(
        &mut command(&["export", "retailcrm", "orders", "KFNW44NF3ACMY8Y9"]),
        "",
    );
    assert!(!key.stderr.contains("KFNW"), "{}", key.stderr);
}
