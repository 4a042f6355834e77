//! A user who debugs a 401 pastes the refused signature, and `shopwire sign --verify` names the mistakes behind it.
//! The signatures here are made by a SHA-256 of the text itself.

mod support;

use nicechat_sign::{Credentials, Signer};
use sha2::{Digest as _, Sha256};
use support::{Run, command, run};

const SECRET: &str = "hidden-secret";
const KEY: &str = "hidden-key";
const PATH: &str = "/marketplaces/v1/products/";
const URL: &str = "https://account.nice.chat/marketplaces/v1/products/?page=2";
const FIELDS: [&str; 3] = ["title=Товар *~", "in_stock=1", "id=ID-1"];
const CANONICAL: &str = "id=ID-1&in_stock=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80+%2A%7E";

/// The signature of a text: everything that was hashed after the secret.
fn of(text: &str) -> String {
    let signer = Signer::new(Credentials::new("", SECRET));
    signer.sign_body(text, b"", "").to_string()
}

fn sign(args: &[&str], stdin: impl AsRef<[u8]>) -> Run {
    let mut command = command(&["sign"]);
    command
        .args(args)
        .env("NICECHAT_API_SECRET", SECRET)
        .env("NICECHAT_API_KEY", KEY);
    let ran = run(&mut command, stdin);
    for secret in [SECRET, KEY] {
        assert!(!format!("{ran:?}").contains(secret), "X7: {ran:?}");
    }
    ran
}

/// What is said of the hashed text, for a form that was posted.
fn of_form(hashed: &str) -> Run {
    let hex = of(hashed);
    let mut args = vec!["--method", "POST", "--path", URL, "--verify", &hex];
    for field in FIELDS {
        args.extend(["--field", field]);
    }
    sign(&args, "")
}

#[track_caller]
fn named(ran: &Run, mistakes: &str) {
    assert_eq!(ran.code, 1, "{ran:?}");
    let expected = format!("error: the signature is wrong: it was made {mistakes}");
    assert_eq!(ran.stderr.lines().next(), Some(expected.as_str()));
}

// N13, N17
#[test]
fn n17_the_right_one_is_right() {
    let right = of_form(&format!("{PATH}{CANONICAL}POST"));
    assert_eq!(
        (right.code, right.stdout.as_str()),
        (0, "the signature is right\n")
    );
}

// N3, N14
#[test]
fn n14_a_path_with_query_or_host_is_named() {
    named(
        &of_form(&format!("{PATH}?page=2{CANONICAL}POST")),
        "with the query in the path",
    );
    named(
        &of_form(&format!("account.nice.chat{PATH}{CANONICAL}POST")),
        "with the host in the path",
    );
    named(
        &of_form(&format!("https://account.nice.chat{PATH}{CANONICAL}POST")),
        "with the whole URL in place of the path (scheme and host)",
    );
}

// N15
#[test]
fn n15_a_lower_case_method_is_named() {
    named(
        &of_form(&format!("{PATH}{CANONICAL}post")),
        "with the method in lower case",
    );
}

// N17, N18
#[test]
fn n18_unsorted_fields_and_the_key_among_them_are_named() {
    let encoded = "title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80+%2A%7E";
    named(
        &of_form(&format!("{PATH}{encoded}&in_stock=1&id=ID-1POST")),
        "with the fields unsorted (no ksort)",
    );
    named(
        &of_form(&format!("{PATH}in_stock=1&{encoded}&id=ID-1POST")),
        "with the fields in the wrong order: in_stock, title, id",
    );
    named(
        &of_form(&format!("{PATH}_key={KEY}&{CANONICAL}POST")),
        "with _key among the signed fields",
    );
}

// N20, N21, N22, N23
#[test]
fn n22_other_dialects_and_encoders_are_named() {
    named(
        &of_form(&format!("{PATH}id=ID-1&in_stock=1&title=Товар *~POST")),
        "in the dialect python",
    );
    named(
        &of_form(&format!("{PATH}{}POST", CANONICAL.replace("%2A", "*"))),
        "with the encoding of browsers (* bare)",
    );
    let numbers = |hashed: &str, mode: &str| {
        let hex = of(&format!("/p/{hashed}POST"));
        let mut args = vec![
            "--method", "POST", "--path", "/p/", "--verify", &hex, "--mode", mode,
        ];
        args.extend(["--field", "10=x", "--field", "9=x", "--field", "a=x"]);
        sign(&args, "")
    };
    assert_eq!(numbers("9=x&10=x&a=x", "php").code, 0);
    named(&numbers("a=x&9=x&10=x", "php"), "in the dialect php81");
    named(
        &numbers("10=x&9=x&a=x", "php81"),
        "in the dialect python or prose; or with the fields unsorted (no ksort)",
    );
    named(&numbers("9=x&10=x&a=x", "prose"), "in the dialect php");
}

// N16
#[test]
fn n16_json_in_another_order_or_spacing_is_named() {
    let sent = r#"{"id":"ID-1","title":"Товар","price":10.00}"#;
    let of_json = |hashed: &str| {
        let hex = of(&format!("{PATH}{hashed}POST"));
        let args = [
            "--method", "POST", "--path", PATH, "--mode", "json", "--body", "-", "--verify", &hex,
        ];
        sign(&args, sent)
    };
    assert_eq!(of_json(sent).code, 0);
    named(
        &of_json(r#"{"id":"ID-1","price":10.00,"title":"Товар"}"#),
        "with the JSON written anew without spaces and its keys sorted",
    );
    named(
        &of_json(r#"{"title": "Товар", "price": 10.00, "id": "ID-1"}"#),
        "with the JSON written anew, its members in the wrong order: title, price, id",
    );
    named(
        &of_json(r#"{"id": "ID-1", "title": "\u0422\u043e\u0432\u0430\u0440", "price": 10.00}"#),
        "with the JSON written anew with spaces, as Python does and with \\u escapes",
    );
}

// N27
#[test]
fn n27_a_signed_query_is_named_and_right_where_it_is_set() {
    let address = "/p/?b=%20&a=1";
    let hex = of("/p/a=1&b=+GET");
    let args = ["--method", "GET", "--path", address, "--verify", &hex];
    named(
        &sign(&args, ""),
        "with the query signed like a form, dialect php or php81 or prose",
    );

    let mut set = command(&["sign"]);
    set.args(args)
        .env("NICECHAT_API_SECRET", SECRET)
        .env("NICECHAT_QUERY_RULE", "signed");
    assert_eq!(run(&mut set, "").code, 0);
    let raw = of("/p/a=1&b= GET");
    let mut python = command(&[
        "sign", "--method", "GET", "--path", address, "--verify", &raw,
    ]);
    python
        .env("NICECHAT_API_SECRET", SECRET)
        .env("NICECHAT_QUERY_RULE", "signed")
        .env("NICECHAT_DIALECT", "python");
    assert_eq!(run(&mut python, "").code, 0, "the dialect of the settings");
}

// N10, N18
#[test]
fn n18_key_and_signature_of_a_pasted_form_are_left_out() {
    let hex = of(&format!("{PATH}id=1POST"));
    let form = format!("id=1&_key={KEY}&_sign={hex}\n");
    let args = ["--method", "POST", "--path", PATH, "--body", "-"];
    let verified = sign(&[&args[..], &["--verify", &hex]].concat(), &form);
    assert_eq!(verified.code, 0, "{verified:?}");
    let explained = sign(&args, &form);
    assert!(
        explained
            .stdout
            .contains("left out    _key, _sign  (key and signature are not signed)")
            && explained.stdout.contains(&format!("signature   {hex}")),
        "{explained:?}"
    );
}

// N20, N21, N22
#[test]
fn n22_the_explanation_shows_where_dialects_part() {
    let mut args = vec!["--method", "POST", "--path", PATH];
    for field in FIELDS {
        args.extend(["--field", field]);
    }
    let explained = sign(&args, "");
    for line in [
        "hashed      <secret, 13 bytes>/marketplaces/v1/products/id=ID-1&in_stock=1&title=%D0%A2",
        "dialects    php81: the same",
        "            python: parts after 25 characters: `Товар *~` where this one has `%D0%A2%D0%BE%D0%B2%D0%B0`",
        "            prose: the same",
    ] {
        assert!(
            explained.stdout.contains(line),
            "{line}\n{}",
            explained.stdout
        );
    }
}

// F20, N16: piped JSON is recognised without a flag.
#[test]
fn f20_without_a_mode_json_is_taken_as_json() {
    for sent in [
        r#"{"id":"1"}"#,
        r#"[{"id":1}]"#,
        "{\n  \"id\": \"Товар\"\n}",
    ] {
        let verify = |hashed: &str, stdin: &str| {
            let hex = of(&format!("{PATH}{hashed}POST"));
            sign(
                &[
                    "--method", "POST", "--path", PATH, "--body", "-", "--verify", &hex,
                ],
                stdin,
            )
        };
        let right = verify(sent, sent);
        assert_eq!(
            (right.code, right.stdout.as_str()),
            (0, "the signature is right\n")
        );
        named(
            &verify(&format!("{sent}\n"), sent),
            "with a newline after the body",
        );
        // What `echo` and editors add is told, too.
        let piped = verify(sent, &format!("{sent}\n"));
        named(
            &piped,
            "with the white space round the body (a newline at its end?) cut off",
        );
    }
}

// F20, N2
#[test]
fn f20_a_missing_slash_is_named_where_both_sides_lack_it() {
    let bare = PATH.trim_end_matches('/');
    for path in [bare, "https://account.nice.chat/marketplaces/v1/products"] {
        let verify = |hashed: &str| {
            let hex = of(&format!("{hashed}GET"));
            sign(&["--method", "GET", "--path", path, "--verify", &hex], "")
        };
        named(&verify(bare), "with the path's last slash missing");
        assert_eq!(verify(PATH).code, 0, "the service's path");
    }
}

// F20, N9, N10
#[test]
fn f20_a_signature_under_the_other_name_is_named() {
    let hex = of(&format!("{PATH}id=1POST"));
    let verify = |form: &str, expected: Option<&str>| {
        let mut command = command(&["sign", "--method", "POST", "--path", PATH, "--body", "-"]);
        command
            .args(["--verify", &hex])
            .env("NICECHAT_API_SECRET", SECRET);
        expected.map(|name| command.env("NICECHAT_SIGNATURE_PARAMETER", name));
        run(&mut command, form)
    };
    let sing = format!("id=1&_key={KEY}&_sing={hex}");
    let sign = format!("id=1&_key={KEY}&_sign={hex}");
    named(
        &verify(&sing, None),
        "with the signature under the other name: _sing in place of _sign",
    );
    named(
        &verify(&sign, Some("_sing")),
        "with the signature under the other name: _sign in place of _sing",
    );
    assert_eq!(verify(&sign, None).code, 0);
    assert_eq!(verify(&sing, Some("_sing")).code, 0);
    let query = format!("{PATH}?_key={KEY}&_sing=0");
    let args = [
        "--method",
        "GET",
        "--path",
        &query,
        "--verify",
        &of(&format!("{PATH}GET")),
    ];
    named(
        &self::sign(&args, ""),
        "with the signature under the other name: _sing in place of _sign",
    );
}

// F20
#[test]
fn f20_a_secret_with_white_space_round_it_is_named() {
    for (set, signed, mistake) in [
        (
            "hidden-secret\n",
            "hidden-secret",
            "with the white space round the secret cut off (the setting has it)",
        ),
        (
            "hidden-secret",
            "hidden-secret\n",
            "with a newline after the secret",
        ),
        (
            "hidden-secret",
            " hidden-secret",
            "with white space (a space) before the secret",
        ),
    ] {
        let signer = Signer::new(Credentials::new("", signed));
        let hex = signer.sign_body(PATH, b"", "GET").to_string();
        let mut command = command(&["sign", "--method", "GET", "--path", PATH, "--verify", &hex]);
        named(&run(command.env("NICECHAT_API_SECRET", set), ""), mistake);
    }
}

// F20
#[test]
fn f20_hashes_of_other_lengths_are_named() {
    for (digits, name) in [(32, "MD5"), (40, "SHA-1"), (128, "SHA-512")] {
        let args = [
            "--method",
            "GET",
            "--path",
            PATH,
            "--verify",
            &"ab".repeat(digits / 2),
        ];
        let ran = sign(&args, "");
        assert!(ran.code == 1 && ran.stderr.contains(name), "{ran:?}");
    }
}

/// What is said of a body, when something else was hashed in place of `path`, body and method.
fn of_body(body: &str, hashed: &[u8]) -> Run {
    let digest = Sha256::digest(hashed);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let args = [
        "--method", "POST", "--path", PATH, "--body", "-", "--verify", &hex,
    ];
    sign(&args, body)
}

// F20
#[test]
fn f20_white_space_of_several_characters_is_named() {
    let body = r#"{"id":"1"}"#;
    let sides = [
        "", " ", "\n", "\t", "\r\n", "\n\n", "  ", "\r\n\r\n", " \n", "\t\t",
    ];
    for before in sides {
        for after in sides {
            if before.is_empty() && after.is_empty() {
                continue;
            }
            let secret = format!("{before}{SECRET}{after}{PATH}{body}POST");
            let round = format!("{SECRET}{PATH}{before}{body}{after}POST");
            for (hashed, part) in [(secret, "the secret"), (round, "the body")] {
                let told = of_body(body, hashed.as_bytes()).stderr;
                let told = told.lines().next().unwrap_or_default();
                let is_named = told.contains("white space") || told.contains("newline");
                let is_alone = !told.contains(", and ") && !told.contains("; or ");
                assert!(
                    is_named && is_alone && told.ends_with(part),
                    "{hashed:?}: {told}"
                );
            }
        }
    }
}

// F20
#[test]
fn f20_every_order_of_the_parts_is_named() {
    let body = r#"{"id":"1"}"#;
    let parts = [
        ("secret", SECRET),
        ("path", PATH),
        ("body", body),
        ("method", "POST"),
    ];
    let mut count = 0;
    for order in 0..256 {
        let places = [order & 3, order >> 2 & 3, order >> 4 & 3, order >> 6];
        if !(0..4).all(|place| places.contains(&place)) {
            continue;
        }
        count += 1;
        let names = places.map(|place| parts[place].0).join(", ");
        let hashed = places.map(|place| parts[place].1).concat();
        let told = of_body(body, hashed.as_bytes());
        match names.as_str() {
            "secret, path, body, method" => assert_eq!(told.code, 0),
            "path, body, method, secret" => named(&told, "with the secret at the end"),
            _ => named(
                &told,
                &format!("with the parts in the wrong order: {names}"),
            ),
        }
    }
    assert_eq!(count, 24);
}

// F20
#[test]
fn f20_double_encoding_of_values_or_of_percent_signs_is_named() {
    let body = "title=x%2By&p%5Bx%5D=%D1%91%2B+z";
    for hashed in [
        // Values alone, keys and values, the whole, and percent signs alone.
        "p%5Bx%5D=%25D1%2591%252B%2Bz&title=x%252By",
        "p%5Bx%5D=%25D1%2591%252B%2520z&title=x%252By",
        "p%255Bx%255D=%25D1%2591%252B%2Bz&title=x%252By",
        "p%5Bx%5D=%25D1%2591%252B+z&title=x%252By",
        "p%255Bx%255D=%25D1%2591%252B+z&title=x%252By",
        "p%255Bx%255D%3D%25D1%2591%252B%2Bz%26title%3Dx%252By",
    ] {
        let told = of_body(body, format!("{SECRET}{PATH}{hashed}POST").as_bytes());
        let is_alone = !told.stderr.contains(", and ");
        assert!(
            told.stderr.contains("double encoding") && is_alone,
            "{hashed}: {told:?}"
        );
    }
}

// F20, N16
#[test]
fn f20_json_as_go_and_gson_write_it_is_named() {
    let body = "{\"title\":\"<b>Т & 'о'</b>\u{2028}\",\"id\":\"a=b\",\"n\":10.50}";
    let go = r#"{"title":"\u003cb\u003eТ \u0026 'о'\u003c/b\u003e\u2028","id":"a=b","n":10.5}"#;
    let sorted = r#"{"id":"a=b","n":10.5,"title":"\u003cb\u003eТ \u0026 'о'\u003c/b\u003e\u2028"}"#;
    let gson = r#"{"title":"\u003cb\u003eТ \u0026 \u0027о\u0027\u003c/b\u003e\u2028","id":"a\u003db","n":10.50}"#;
    for (hashed, told) in [
        (go.to_owned(), "as Go does"),
        (go.replace("10.5}", "10.50}"), "as Go does"),
        (sorted.to_owned(), "as Go does"),
        (format!("{go}\n"), "a newline after the body"),
        (gson.to_owned(), "as Gson does"),
    ] {
        let said = of_body(body, format!("{SECRET}{PATH}{hashed}POST").as_bytes());
        assert!(said.stderr.contains(told), "{hashed}: {said:?}");
    }
}

// F20, N14, N18
#[test]
fn f20_a_port_in_the_path_and_an_empty_signature_are_named() {
    let body = r#"{"id":"1"}"#;
    for front in ["account.nice.chat:443", "https://account.nice.chat:443"] {
        let told = of_body(body, format!("{SECRET}{front}{PATH}{body}POST").as_bytes());
        assert!(told.stderr.contains("port"), "{told:?}");
    }
    let mistake = "with _key and an empty _sign among the signed fields";
    let json = format!(r#"{{"id":"1","_key":"{KEY}","_sign":""}}"#);
    let told = of_body(body, format!("{SECRET}{PATH}{json}POST").as_bytes());
    named(&told, mistake);
    let form = format!("_key={KEY}&_sign=&a=1&id=1");
    let told = of_body("id=1&a=1", format!("{SECRET}{PATH}{form}POST").as_bytes());
    named(&told, mistake);
}
