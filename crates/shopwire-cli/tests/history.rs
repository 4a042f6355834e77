//! `shopwire history`: the changes of an order or a customer, as a person reads them.

mod support;

use common_model::{Value as Json, from_json};
use support::{Run, SandboxProcess, run, text};

/// Makes a change by a manager, through the admin API.
fn change_by_manager(sandbox: &SandboxProcess, body: &str) {
    sandbox.admin("POST", "/api/changes", body);
}

fn done(sandbox: &SandboxProcess, operation: &str, params: &str) -> Json {
    let called = sandbox.call("retailcrm", operation, params);
    assert_eq!(called.code, 0, "{called:?}");
    called.json()
}

fn history(sandbox: &SandboxProcess, args: &[&str]) -> Run {
    let mut history = sandbox.command(&["history", "retailcrm"]);
    run(history.args(args), "")
}

fn id(answer: &Json) -> String {
    let id = answer.get("id").and_then(Json::as_i64);
    id.unwrap_or_else(|| panic!("{answer:?}")).to_string()
}

fn lines(run: &Run) -> Vec<Json> {
    let lines = run.stdout.lines();
    lines.map(|line| from_json(line).expect("JSON")).collect()
}

// J9
#[test]
fn j9_the_changes_of_an_order_tell_who_when_from_and_to() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit", "--seed", "1"]);
    let made = done(
        &sandbox,
        "orders.create",
        r#"{"order":{"externalId":"C-5","firstName":"Ann","customerComment":"ring"}}"#,
    );
    let order = id(&made);
    // Another order, whose changes must not be among them.
    done(
        &sandbox,
        "orders.create",
        r#"{"order":{"externalId":"C-6","firstName":"Bob"}}"#,
    );
    done(
        &sandbox,
        "orders.edit",
        r#"{"externalId":"C-5","order":{"customerComment":"do not ring"}}"#,
    );
    change_by_manager(
        &sandbox,
        &format!(r#"{{"entity":"order","id":{order},"changes":{{"status":"complete"}}}}"#),
    );
    let told = history(&sandbox, &["orders", &order]);
    assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{told:?}");
    let heads: Vec<&str> = told
        .stdout
        .lines()
        .filter(|line| line.starts_with("2026-01-01 "))
        .collect();
    assert!(
        heads[0].ends_with("  API, with this key"),
        "{}",
        told.stdout
    );
    let last = heads.last().expect("a head");
    assert!(
        last.contains("(user ") && !last.contains("  user "),
        "the name of the user: {last}"
    );
    for line in [
        "    customer comment: ring → do not ring",
        "    status: new → complete",
    ] {
        assert!(
            told.stdout.lines().any(|told| told == line),
            "{line}\n{}",
            told.stdout
        );
    }
    assert!(told.stdout.contains("\n    created"), "{}", told.stdout);
    assert!(!told.stdout.contains("Bob") && !told.stdout.contains('\u{1b}'));

    // The same by the other id, as lines of JSON, and from a change on.
    let by_external = history(&sandbox, &["orders", "C-5", "--external", "--json"]);
    let changes = lines(&by_external);
    let last = changes.last().expect("a change");
    assert_eq!(
        (
            text(last, "kind"),
            text(last, "source"),
            text(last, "field")
        ),
        ("changed", "user", "status")
    );
    let code = |name: &str| last.get(name).map(|value| text(value, "code").to_owned());
    assert_eq!(
        (code("from").as_deref(), code("to").as_deref()),
        (Some("new"), Some("complete"))
    );
    assert!(
        last.get("user")
            .is_some_and(|user| !text(user, "name").is_empty())
    );
    assert_eq!(text(&changes[0], "kind"), "created");
    assert_eq!(changes[0].get("own_key"), Some(&Json::Bool(true)));
    let before = changes[changes.len() - 2].get("id").and_then(Json::as_i64);
    let since = before.expect("an id").to_string();
    let rest = history(&sandbox, &["orders", &order, "--json", "--since", &since]);
    assert_eq!(lines(&rest), std::slice::from_ref(last));
    let dated = history(
        &sandbox,
        &["orders", &order, "--json", "--since", "2026-01-01"],
    );
    assert_eq!(lines(&dated), changes);
    let later = history(&sandbox, &["orders", &order, "--since", "2030-01-01"]);
    assert_eq!((later.code, later.stdout.as_str()), (0, ""));
    assert!(
        later
            .stderr
            .starts_with("hint: nothing has changed since then"),
        "{later:?}"
    );

    let coloured = history(&sandbox, &["orders", &order, "--color", "always"]);
    assert!(coloured.stdout.contains("\u{1b}["), "{coloured:?}");
}

// J9
#[test]
fn j9_customers_and_companies_have_a_history_too() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit"]);
    let made = done(
        &sandbox,
        "customers.create",
        r#"{"customer":{"externalId":"P-1","firstName":"Ann"}}"#,
    );
    done(
        &sandbox,
        "customers.edit",
        r#"{"externalId":"P-1","customer":{"firstName":"Anna"}}"#,
    );
    let told = history(&sandbox, &["customers", &id(&made)]);
    assert!(
        told.code == 0
            && told.stdout.contains("\n    created")
            && told.stdout.contains("\n    first name: Ann → Anna\n"),
        "{told:?}"
    );
    let by_external = history(&sandbox, &["customers", "P-1", "--external"]);
    assert_eq!(by_external.stdout, told.stdout);

    let made = done(
        &sandbox,
        "customers_corporate.create",
        r#"{"customerCorporate":{"externalId":"B-1","nickName":"Books"}}"#,
    );
    done(
        &sandbox,
        "customers_corporate.edit",
        r#"{"externalId":"B-1","customerCorporate":{"nickName":"Books and more"}}"#,
    );
    let told = history(&sandbox, &["corporate-customers", &id(&made)]);
    assert!(
        told.code == 0
            && told
                .stdout
                .contains("\n    name of the company: Books → Books and more\n"),
        "{told:?}"
    );
}

// J9
#[test]
fn j9_customers_that_were_merged_say_where_they_went() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit"]);
    let make = |external: &str| {
        let params = format!(r#"{{"customer":{{"externalId":"{external}","firstName":"Ann"}}}}"#);
        id(&done(&sandbox, "customers.create", &params))
    };
    let (stays, goes) = (make("P-1"), make("P-2"));
    let params = format!(r#"{{"customers":[{{"id":{goes}}}],"resultCustomer":{{"id":{stays}}}}}"#);
    done(&sandbox, "customers.combine", &params);
    let told = history(&sandbox, &["customers", &goes]);
    assert!(
        told.stdout.contains("  a merge\n")
            && told
                .stdout
                .contains(&format!("\n    combined into {stays} (P-1)\n")),
        "{told:?}"
    );
}

// J9
#[test]
fn j9_an_id_of_the_wrong_kind_is_told() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit"]);
    let wrong = history(&sandbox, &["orders", "C-5", "--json"]);
    let error = wrong.error();
    assert_eq!(
        (wrong.code, text(&error, "kind")),
        (2, "usage"),
        "{wrong:?}"
    );
    assert!(
        text(&error, "message").contains("--external") && !text(&error, "message").contains("C-5")
    );
    let since = history(&sandbox, &["orders", "5", "--since", "yesterday"]);
    assert!(
        since.code == 2
            && since.stderr.contains("2026-01-31")
            && !since.stderr.contains("yesterday"),
        "{since:?}"
    );
    let mut refused = sandbox.command(&["history", "retailcrm", "orders", "5", "--json"]);
    let refused = run(refused.env("RETAILCRM_API_KEY", "wrong"), "");
    assert_eq!((refused.code, text(&refused.error(), "kind")), (1, "auth"));
}

// J9, J8: a script does not take a wrong number for an order without changes.
#[test]
fn j9_an_object_that_does_not_exist_is_an_error() {
    let sandbox = SandboxProcess::start(&["--no-rate-limit"]);
    for subject in ["orders", "customers", "corporate-customers"] {
        for (more, hint) in [
            (&[][..], "add --external"),
            (&["--external"], "leave out --external"),
            (&["--since", "2026-01-31", "--quiet"], "add --external"),
        ] {
            let none = history(
                &sandbox,
                &[&[subject, "987654", "--json"][..], more].concat(),
            );
            let error = none.error();
            assert_eq!((none.code, text(&error, "kind")), (1, "not_found"));
            assert!(text(&error, "message").contains(hint), "{none:?}");
            assert_eq!(none.stdout, "");
        }
    }
    // One that was deleted had changes.
    let make = |external: &str| {
        let params = format!(r#"{{"customer":{{"externalId":"{external}"}}}}"#);
        id(&done(&sandbox, "customers.create", &params))
    };
    let (stays, goes) = (make("P-1"), make("P-2"));
    let params = format!(r#"{{"customers":[{{"id":{goes}}}],"resultCustomer":{{"id":{stays}}}}}"#);
    done(&sandbox, "customers.combine", &params);
    for customer in [&stays, &goes] {
        let later = history(&sandbox, &["customers", customer, "--since", "2036-01-01"]);
        assert_eq!((later.code, later.stdout.as_str()), (0, ""), "{later:?}");
        assert_eq!(later.stderr, "hint: nothing has changed since then\n");
    }
}
