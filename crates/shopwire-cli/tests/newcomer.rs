//! What a newcomer types: single parameters, descriptions, flags in the wrong place.

mod support;

use common_model::Value as Json;
use support::{Run, SandboxProcess, command, private_file, run, text};

/// The message of a failed call.
fn message(run: &Run) -> String {
    text(&run.error(), "message").to_owned()
}

// C14
#[test]
fn c14_an_order_is_created_with_single_parameters() {
    let sandbox = SandboxProcess::start(&[]);
    let comment = private_file("param", "comment.txt", "[\"a\" & б]\nнет\n");
    let comment = format!("order[customerComment]=@{}", comment.display());
    let args = [
        "call",
        "retailcrm",
        "orders.create",
        "--param",
        "order[externalId]=007",
        "--param",
        "order[items][0][initialPrice]=19.90",
        "--param",
        "order[items][0][quantity]=2",
        "--param",
        "order[call]=true",
        "--param",
        &comment,
        "--param",
        "order[firstName]=-",
    ];
    let created = run(&mut sandbox.command(&args), "Ann\n");
    assert_eq!((created.code, created.stderr.as_str()), (0, ""));
    let found = run(
        &mut sandbox.command(&[
            "call",
            "retailcrm",
            "orders.list",
            "--param",
            "filter[externalIds][]=007",
            "--param",
            "limit=20",
        ]),
        "",
    );
    let found = found.json();
    let order = found.pointer("/orders/0").expect("an order");
    assert_eq!(text(order, "externalId"), "007");
    assert_eq!(text(order, "firstName"), "Ann");
    assert_eq!(text(order, "customerComment"), "[\"a\" & б]\nнет");
    assert_eq!(order.get("call").and_then(Json::as_bool), Some(true));
    let price = order.pointer("/items/0/initialPrice").expect("a price");
    assert_eq!(price.to_string().trim_end_matches('0'), "19.9");
}

// C14
#[test]
fn c14_params_and_param_are_merged_and_a_conflict_names_the_key() {
    let sandbox = SandboxProcess::start(&[]);
    let given = r#"{"order":{"externalId":"m-1","firstName":"Ann"}}"#;
    let call = |param: &str, stdin: &str| {
        let args = [
            "call",
            "retailcrm",
            "orders.create",
            "--params",
            "-",
            "--param",
            param,
        ];
        run(&mut sandbox.command(&args), stdin)
    };
    let merged = call("order[lastName]=Lee", given);
    assert_eq!(merged.code, 0, "{merged:?}");
    assert_eq!(
        merged
            .json()
            .pointer("/order/lastName")
            .and_then(Json::as_str),
        Some("Lee")
    );
    for (param, starts) in [
        (
            "order[firstName]=Bob",
            "order[firstName]: it is given twice",
        ),
        ("order=x", "order: it is given twice"),
        (
            "oder[x]=1",
            "retailcrm orders.create: oder: there is no such parameter",
        ),
        (
            "order.items.x=1",
            "retailcrm orders.create: order.items.x: there is no such parameter; there are site, order; \
             did you mean order[items][x]?",
        ),
        (
            "order[items][0][quantity]=@none.txt",
            "order[items][0][quantity]: none.txt: ",
        ),
        (
            "order[items]:=[1",
            "order[items]: the text after `:=` is not JSON",
        ),
    ] {
        let refused = call(param, given);
        assert_eq!(refused.code, 1, "{refused:?}");
        assert!(
            message(&refused).starts_with(starts),
            "{starts}: {refused:?}"
        );
    }
    let twice = call("site=-", given);
    assert_eq!((twice.code, text(&twice.error(), "kind")), (2, "usage"));
    assert!(message(&twice).contains("--params and site"), "{twice:?}");
    let secret = ["call", "uvygoda", "getToken", "--param", "PASS=hunter2"];
    let refused = run(&mut sandbox.command(&secret), "");
    assert!(
        message(&refused).starts_with("PASS: a secret is not taken"),
        "{refused:?}"
    );
    assert!(!format!("{}{}", refused.stderr, refused.stdout).contains("hunter2"));
}

// C14
#[test]
fn c14_the_comma_of_a_number_is_told_as_the_reason() {
    for (given, meant) in [("10,5", "10.5"), ("1 500,50", "1500.50")] {
        let price = format!("order[items][0][initialPrice]={given}");
        let args = ["call", "retailcrm", "orders.create", "--param", &price];
        let message = message(&run(&mut command(&args), ""));
        let expected = format!("write it with a point and without spaces, as in {meant}");
        assert!(
            message.contains("initialPrice") && message.contains(&expected),
            "{message}"
        );
    }
}

// C14
#[test]
fn c14_an_operation_is_described_for_people_and_for_machines() {
    let describe = |service: &str, operation: &str, flags: &[&str]| {
        let args = [&["call", "--describe", service, operation], flags].concat();
        let told = run(&mut command(&args), "");
        assert_eq!((told.code, told.stderr.as_str()), (0, ""), "{told:?}");
        told
    };
    let create = describe("retailcrm", "orders.create", &[]).stdout;
    for part in [
        "retailcrm orders.create  POST /api/v5/orders/create",
        "Creates an order.",
        "order_write",
        "not safe: a second call may double the effect",
        "form, as JSON. Required.",
        "    initialPrice ",
        "The id in the merchant's own system.",
    ] {
        assert!(create.contains(part), "{part}: {create}");
    }
    let shallow = describe("retailcrm", "orders.create", &["--depth", "1"]).stdout;
    assert!(
        !shallow.contains("initialPrice") && shallow.contains("more with --depth"),
        "{shallow}"
    );

    let list = describe("retailcrm", "orders.list", &["--json"]).json();
    assert_eq!(
        list.get("page_sizes").map(Json::to_string).as_deref(),
        Some("[20,50,100]")
    );
    assert_eq!(list.get("idempotent").and_then(Json::as_bool), Some(true));
    let params = list
        .get("params")
        .and_then(Json::as_array)
        .expect("parameters");
    let filter = params
        .iter()
        .find(|param| text(param, "name") == "filter")
        .expect("a filter");
    let fields = filter
        .get("fields")
        .and_then(Json::as_array)
        .expect("fields");
    let ids = fields
        .iter()
        .find(|field| text(field, "name") == "ids")
        .expect("ids");
    assert_eq!(text(ids, "type"), "list of integer");
    assert_eq!(text(filter, "in"), "query");

    let token = describe("uvygoda", "getToken", &[]).stdout;
    assert!(
        token.contains("secret") && token.contains("The seller's password."),
        "{token}"
    );
    for (args, part) in [
        (&["call", "nicechat"][..], "--list"),
        (&["call", "nicechat", "--describe"], "--list"),
        (
            &["call", "nicechat", "product.list", "--describe"],
            "products.list",
        ),
    ] {
        let refused = run(&mut command(args), "");
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(message(&refused).contains(part), "{refused:?}");
    }
}

// C14
#[test]
fn c14_the_list_takes_a_filter() {
    let listed = |filter: &str| run(&mut command(&["call", "retailcrm", "--list", filter]), "");
    let orders = listed("ORDERS.up");
    assert_eq!(orders.code, 0);
    assert_eq!(orders.stdout.lines().count(), 1, "{orders:?}");
    assert!(
        orders.stdout.starts_with("orders.upload")
            && orders.stdout.contains("/api/v5/orders/upload")
    );
    let none = listed("hunter2");
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
    assert!(
        none.stderr.starts_with("hint: ") && !none.stderr.contains("hunter2"),
        "{none:?}"
    );
}

// C14: standard output of tests is a pipe.
#[test]
fn c14_json_is_compact_in_a_pipe_and_indented_on_request() {
    let sandbox = SandboxProcess::start(&[]);
    let args = ["call", "uvygoda", "getStages"];
    let of = |flags: &[&str]| run(&mut sandbox.command(&[&args, flags].concat()), "");
    let (plain, compact, pretty) = (of(&[]), of(&["--compact"]), of(&["--pretty"]));
    assert_eq!(plain.stdout, compact.stdout);
    assert_eq!(plain.stdout.lines().count(), 1);
    assert!(pretty.stdout.starts_with("{\n  \"") && pretty.stdout.lines().count() > 5);
    assert_eq!(plain.json(), pretty.json());
    assert_eq!(of(&["--compact", "--pretty"]).code, 2);
}

// C14
#[test]
fn c14_a_command_takes_only_the_settings_that_it_uses() {
    let settings = [
        "--config",
        "--nicechat-url",
        "--uvygoda-url",
        "--retailcrm-url",
        "--retailcrm-site",
    ];
    for (name, rest, taken) in [
        ("demo", &[][..], &[][..]),
        // With `--record` alone: `tests/recording` shows it.
        (
            "sandbox",
            &[],
            &[
                "--config",
                "--nicechat-url",
                "--uvygoda-url",
                "--retailcrm-url",
            ],
        ),
        (
            "sign",
            &["--method", "GET", "--path", "/", "--verify", "0"],
            &["--config", "--nicechat-url"],
        ),
        ("probe", &["nicechat"], &["--config", "--nicechat-url"]),
    ] {
        let help = run(&mut command(&[name, "--help"]), "").stdout;
        for setting in settings {
            let is_taken = taken.contains(&setting);
            assert_eq!(
                help.contains(&format!("{setting} <")),
                is_taken,
                "{name} {setting}: {help}"
            );
            if !is_taken {
                let args = [&[name], rest, &[setting, "x"]].concat();
                let refused = run(&mut command(&args), "");
                assert_eq!(refused.code, 2, "{args:?}: {refused:?}");
                assert!(refused.stderr.contains(setting), "{refused:?}");
            }
        }
    }
    // `call` has the flags of all services, and refuses those of the others.
    for (service, operation, flag) in [
        ("nicechat", "products.list", "--retailcrm-url"),
        ("nicechat", "products.list", "--retailcrm-site"),
        ("uvygoda", "getStages", "--nicechat-url"),
        ("retailcrm", "orders.list", "--uvygoda-url"),
    ] {
        let refused = run(&mut command(&["call", service, operation, flag, "x"]), "");
        assert_eq!((refused.code, text(&refused.error(), "kind")), (2, "usage"));
        assert!(message(&refused).starts_with(flag), "{refused:?}");
    }
    let port = run(&mut command(&["sandbox", "--port", "8000"]), "");
    assert_eq!(port.code, 2);
    assert!(
        port.stderr
            .contains("--nicechat-port, --uvygoda-port, --retailcrm-port"),
        "{port:?}"
    );
}

// C14: usage, input, settings, connection: the last line has one form.
#[test]
fn c14_all_errors_of_a_call_have_one_form() {
    let members = [
        "kind",
        "status",
        "message",
        "errors",
        "body",
        "may_have_landed",
    ];
    for (args, code, kind) in [
        (&["call"][..], 2, "usage"),
        (&["call", "retailcrm"], 2, "usage"),
        (&["call", "retailcrm", "orders.lst"], 2, "usage"),
        (&["call", "retailcrm", "orders.list", "--frob"], 2, "usage"),
        (
            &["call", "retailcrm", "orders.list", "--param", "limit"],
            2,
            "usage",
        ),
        (&["call", "retailcrm", "files.upload"], 2, "usage"),
        (
            &["call", "retailcrm", "orders.list", "--params", "none.json"],
            1,
            "io",
        ),
        (&["call", "retailcrm", "orders.get"], 1, "invalid_input"),
        (
            &["call", "retailcrm", "orders.list", "--param", "lmit=20"],
            1,
            "invalid_input",
        ),
        (&["call", "retailcrm", "orders.list"], 1, "invalid_input"),
    ] {
        let failed = run(&mut command(args), "");
        let error = failed.error();
        let names: Vec<&str> = error.as_object().expect("an object").keys().collect();
        assert_eq!(names, members, "{args:?}");
        assert_eq!(
            (failed.code, text(&error, "kind")),
            (code, kind),
            "{args:?}"
        );
        assert_eq!(failed.stdout, "");
    }
}

// C14
#[test]
fn c14_a_wrong_setting_is_told_where_it_was_written() {
    let path = private_file(
        "wrong-setting",
        "s.toml",
        "[nicechat]\napi_key = \"k\"\napi_secret = \"s\"\n\ndialect = \"php9\"\n[retailcrm]\nurl = \"demo.retailcrm.ru\"\napi_key = \"k\"\n",
    );
    let config = path.to_str().expect("UTF-8");
    let of = |service, operation| {
        message(&run(
            &mut command(&["call", service, operation, "--config", config]),
            "",
        ))
    };
    let dialect = format!("`dialect` in the table [nicechat] of {config}, line 5: expected php");
    assert!(of("nicechat", "products.list").starts_with(&dialect));
    let url = of("retailcrm", "orders.list");
    assert!(
        url.starts_with(&format!(
            "`url` in the table [retailcrm] of {config}, line 7: "
        )),
        "{url}"
    );
    assert!(url.contains("given is demo.retailcrm.ru"), "{url}");
    let mut flagged = command(&[
        "call",
        "retailcrm",
        "orders.list",
        "--retailcrm-url",
        "localhost:2",
    ]);
    let flagged = message(&run(flagged.env("RETAILCRM_API_KEY", "k"), ""));
    assert!(
        flagged.starts_with("--retailcrm-url: ") && flagged.contains("localhost:2"),
        "{flagged}"
    );
}

// C14
#[test]
fn c14_a_path_in_the_address_is_told_when_nothing_is_there() {
    let sandbox = SandboxProcess::start(&[]);
    let mut call = sandbox.command(&["call", "retailcrm", "orders.list"]);
    call.env(
        "RETAILCRM_URL",
        format!("{}/foo", sandbox.setting("retailcrm", "url")),
    );
    let failed = run(&mut call, "");
    assert!(message(&failed).contains("its path, /foo,"), "{failed:?}");
    // The address of another service.
    let mut call = sandbox.command(&["call", "retailcrm", "orders.list"]);
    call.env("RETAILCRM_URL", sandbox.setting("nicechat", "url"));
    let failed = run(&mut call, "");
    assert!(
        message(&failed).contains(sandbox.setting("nicechat", "url")),
        "{failed:?}"
    );
}

// C14
#[test]
fn c14_a_file_that_is_not_read_is_told_of_failures_only() {
    let sandbox = SandboxProcess::start(&[]);
    let path = private_file("unread", "shopwire.toml", "[uvygoda]\n");
    let folder = path.parent().expect("a folder");
    let args = ["call", "uvygoda", "getStages"];
    let done = run(sandbox.command(&args).current_dir(folder), "");
    assert_eq!((done.code, done.stderr.as_str()), (0, ""));
    let failed = run(command(&args).current_dir(folder), "");
    assert!(
        failed
            .stderr
            .starts_with("hint: shopwire.toml of the current directory"),
        "{failed:?}"
    );
}

// C14
#[test]
fn c14_the_demo_shows_every_word_of_the_services() {
    let tour = run(&mut command(&["demo"]), "");
    assert_eq!(tour.code, 0, "{tour:?}");
    assert!(!tour.stdout.contains("[hidden]"), "{}", tour.stdout);
    assert!(
        tour.stdout.contains("calls: of the tour"),
        "{}",
        tour.stdout
    );
}

/// SHA-256 as hexadecimal digits.
fn sha256(text: &str) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(text.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

// C14
#[test]
fn c14_fields_signed_as_json_are_found_and_the_next_step_is_told() {
    let path = "/marketplaces/v1/products/";
    let verify = |hashed: &str| {
        let hex = sha256(&format!("s3cr3t{path}{hashed}POST"));
        let args = [
            "sign",
            "--method",
            "POST",
            "--path",
            path,
            "--field",
            "title=Чай & co",
            "--field",
            "id=7",
            "--verify",
            &hex,
        ];
        run(
            command(&args)
                .env("NICECHAT_API_SECRET", "s3cr3t")
                .env("NICECHAT_API_KEY", "k3y"),
            "",
        )
    };
    for hashed in [
        r#"{"title":"Чай & co","id":"7"}"#,
        r#"{"title": "\u0427\u0430\u0439 & co", "id": "7"}"#,
        r#"{"title":"\u0427\u0430\u0439 & co","id":7}"#,
        r#"{"id": "7", "title": "Чай & co"}"#,
        r#"{"title":"Чай & co","id":"7","_key":"k3y"}"#,
    ] {
        let told = verify(hashed);
        assert_eq!(told.code, 1);
        assert!(
            told.stderr.contains("with the fields hashed as JSON "),
            "{hashed}: {told:?}"
        );
        let right = "right is the SHA-256 of <secret, 6 bytes>/marketplaces/v1/products/id=7&title=%D0%A7%D0%B0%D0%B9+%26+coPOST";
        assert!(
            told.stderr.contains(right) && told.stderr.contains("\nnext: "),
            "{told:?}"
        );
        assert!(
            !told.stderr.contains("s3cr3t") && !told.stderr.contains("k3y"),
            "{told:?}"
        );
    }
    let unknown = verify("something else");
    assert!(unknown.stderr.contains("give it as --path"), "{unknown:?}");
}
