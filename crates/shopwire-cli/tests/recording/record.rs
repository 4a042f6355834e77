//! Recording: what passes, and what reaches the disk.

use std::{fs, io::Write as _};

use crate::{
    account::{SERVICES, call, client, play, record, recording},
    http::{Fixed, get, host, send},
    support::{SandboxProcess, private_file, run},
};

/// Calls of all three services, also ones that fail.
const CALLS: [(&str, &str, &str); 10] = [
    (
        "nicechat",
        "categories.create",
        r#"{"id":"B 1","name":"Посуда"}"#,
    ),
    ("nicechat", "categories.list", "{}"),
    (
        "nicechat",
        "categories.create",
        r#"{"id":"B 1","name":"Посуда"}"#,
    ),
    ("uvygoda", "getStages", "{}"),
    ("uvygoda", "getOrderProperties", "{}"),
    (
        "uvygoda",
        "getToken",
        r#"{"LOGIN":"nobody-1","PASS":"pass/w\u00f6rd-1"}"#,
    ),
    (
        "retailcrm",
        "orders.create",
        r#"{"order":{"externalId":"a-1","firstName":"Ann"}}"#,
    ),
    ("retailcrm", "orders.get", r#"{"externalId":"a-1"}"#),
    ("retailcrm", "orders.get", r#"{"externalId":"none"}"#),
    ("retailcrm", "orders.list", r#"{"limit":50}"#),
];

#[test]
fn s7_a_real_account_is_recorded_without_secrets_and_played_back() {
    let account = SandboxProcess::start(&[]);
    let file = recording("tour");
    let recorder = record(&account, &file);
    let recorded = CALLS.map(|of| call(&recorder, &account, of));
    let token = run(
        &mut client(
            &recorder,
            &account,
            &["call", "uvygoda", "getToken", "--params", "-"],
        ),
        format!(
            r#"{{"LOGIN":"{}","PASS":"{}"}}"#,
            account.setting("uvygoda", "login"),
            account.setting("uvygoda", "password")
        ),
    );
    assert_eq!(token.code, 0, "{token:?}");
    for encoding in [
        "form-with-parameters",
        "multipart-with-parameters",
        "form-with-headers",
    ] {
        let args = ["call", "nicechat", "categories.list", "--params", "-"];
        let mut client = client(&recorder, &account, &args);
        let listed = run(client.env("NICECHAT_ENCODING", encoding), "{}");
        assert_eq!(listed.code, 0, "{encoding}: {listed:?}");
        let args = ["call", "nicechat", "categories.create", "--params", "-"];
        let mut client = self::client(&recorder, &account, &args);
        let params = format!(r#"{{"id":"{encoding}","name":"x"}}"#);
        let created = run(client.env("NICECHAT_ENCODING", encoding), params);
        assert_eq!(created.code, 0, "{encoding}: {created:?}");
    }

    let text = fs::read_to_string(&file).expect("a recording");
    assert_eq!(text.lines().count(), CALLS.len() + 1 + 6, "{recorded:?}");
    for hidden in account.secrets().into_iter().chain([
        account.setting("uvygoda", "login"),
        "nobody-1",
        "pass/w",
    ]) {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    // No signature: NiceChat's are 64 hex digits.
    let is_hex = |word: &str| word.len() >= 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    assert_eq!(words.filter(|word| is_hex(word)).count(), 0, "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&file).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    // The account is gone.
    drop((recorder, account));
    let player = play(&file);
    for (of, was) in CALLS.into_iter().zip(&recorded) {
        let played = call(&player, &player, of);
        assert_eq!(
            (played.code, &played.stdout, &played.stderr),
            (was.code, &was.stdout, &was.stderr),
            "{of:?}"
        );
    }
}

#[test]
fn s7_requests_and_answers_pass_unchanged_and_the_expanded_answer_is_recorded() {
    // `{"success":true,"token":"t-93817"}`, by gzip.
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(br#"{"success":true,"token":"t-93817"}"#)
        .expect("packed");
    let packed = gzip.finish().expect("packed");
    let head = format!(
        "HTTP/1.1 200 Fine\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nX-Odd: a  b\r\n\
         Connection: close\r\nContent-Length: {}\r\n\r\n",
        packed.len()
    );
    let answer = [head.as_bytes(), &packed].concat();
    let account = Fixed::start(answer.leak());
    let file = recording("bytes");
    let path = file.to_str().expect("UTF-8");
    let recorder = SandboxProcess::start(&["--record", path, "--retailcrm-url", &account.url]);
    assert!(
        recorder.settings.get("nicechat").is_none(),
        "it has no address"
    );
    let url = recorder.setting("retailcrm", "url");
    let body = "order=%7B%22a%22%3A1%7D&odd=%zz&x=%C3%A9";
    let request = format!(
        "POST /api/v5/orders//create?a[]=1&a%5B%5D=2&apiKey=KEY-4711&e=%7E HTTP/1.1\r\nHost: {}\r\n\
         X-API-KEY: KEY-4711\r\nContent-Type: application/x-www-form-urlencoded; Charset=utf-8\r\n\
         Accept-Encoding: gzip;q=0.9, br\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nX-Twice: 1\r\nX-Twice: 2\r\n\
         Content-Length: {}\r\n\r\n{body}",
        host(url),
        body.len()
    );
    let answer = send(url, request);
    assert_eq!((answer.status(), &answer.body), (200, &packed));
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(answer.header("x-odd"), Some("a  b"));
    let came = account.came.recv().expect("a request");
    assert_eq!(
        came.line,
        "POST /api/v5/orders//create?a[]=1&a%5B%5D=2&apiKey=KEY-4711&e=%7E HTTP/1.1"
    );
    assert_eq!(came.text(), body);
    let mut headers = came.headers.clone();
    headers.sort();
    let expected = [
        ("accept-encoding", "gzip;q=0.9"),
        ("content-length", &body.len().to_string()),
        (
            "content-type",
            "application/x-www-form-urlencoded; Charset=utf-8",
        ),
        ("host", host(&account.url)),
        ("x-api-key", "KEY-4711"),
        ("x-twice", "1"),
        ("x-twice", "2"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(headers, expected);

    let text = fs::read_to_string(&file).expect("a recording");
    for hidden in ["KEY-4711", "t-93817"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
    assert!(
        text.contains(r#"\"success\":true,\"token\":\"[hidden]\""#),
        "{text}"
    );
    let player = play(&file);
    let url = player.setting("retailcrm", "url");
    let body = "x=%C3%A9&order={%22a%22: 1}&odd=%zz";
    let request = format!(
        "POST /api/v5/orders//create?e=~&a[]=1&a[]=2 HTTP/1.1\r\nHost: {}\r\nContent-Type: \
         application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        host(url),
        body.len()
    );
    let played = send(url, request);
    assert_eq!(played.status(), 200, "{played:?}");
    assert_eq!(played.text(), r#"{"success":true,"token":"[hidden]"}"#);
    assert_eq!(played.header("content-encoding"), None);
}

#[test]
fn s7_an_account_that_does_not_answer_is_recorded_as_such() {
    let file = recording("gone");
    let path = file.to_str().expect("UTF-8");
    // A port that was just closed.
    let gone = Fixed::start(b"").url;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let closed = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let recorder = SandboxProcess::start(&[
        "--record",
        path,
        "--retailcrm-url",
        &closed,
        "--uvygoda-url",
        &closed,
        "--nicechat-url",
        &gone,
    ]);
    let mut told = Vec::new();
    for (service, _) in SERVICES {
        let answer = get(recorder.setting(service, "url"), "/x?key=KEY-4711");
        assert_eq!(answer.status(), 502, "{answer:?}");
        told.push(answer.text().to_owned());
    }
    assert!(
        told[0].starts_with(
            r#"{"status":"error","code":502,"description":"no answer from the account: "#
        ),
        "{told:?}"
    );
    assert!(told[0].contains("may have processed"), "{told:?}");
    assert!(
        told[1].starts_with(r#"{"RESULT":false,"ERROR":"no answer from the account: "#),
        "{told:?}"
    );
    assert!(
        told[2].starts_with(r#"{"success":false,"errorMsg":"no answer from the account: "#),
        "{told:?}"
    );
    assert!(told[2].contains("has not processed"), "{told:?}");
    let text = fs::read_to_string(&file).expect("a recording");
    assert_eq!(text.matches("\"failure\"").count(), 3, "{text}");
    assert!(!text.contains("KEY-4711"), "{text}");
    let player = play(&file);
    for ((service, _), told) in SERVICES.into_iter().zip(told) {
        let answer = get(player.setting(service, "url"), "/x?key=any");
        assert_eq!((answer.status(), answer.text()), (502, &*told));
    }
}

#[test]
fn s7_secrets_of_the_settings_are_hidden_wherever_they_stand() {
    let account = Fixed::start(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\nConnection: close\r\n\r\nkey K/4711 is not known yet",
    );
    let file = recording("settings");
    let settings = format!(
        "[nicechat]\nurl = \"{url}\"\nkey_header = \"X-Shop\"\nsignature_header = \"X-Proof\"\nkey_parameter = \"shop\"\n\
         signature_parameter = \"proof\"\nwebhook_secret = \"too-short\"\n[retailcrm]\nurl = \"{url}\"\napi_key = \"K/4711\"\n\
         webhook_secret = \"0123456789abcdef\"\n",
        url = account.url
    );
    // A secret that no receiver would take is a secret too, and it keeps none of the others from being hidden.
    let config = private_file("s7-settings", "shopwire.toml", settings);
    let recorder = SandboxProcess::start(&[
        "--record",
        file.to_str().expect("UTF-8"),
        "--config",
        config.to_str().expect("UTF-8"),
    ]);
    assert!(recorder.settings.get("uvygoda").is_none());
    let (crm, nicechat) = (
        recorder.setting("retailcrm", "url"),
        recorder.setting("nicechat", "url"),
    );
    let target = "/K%2F4711?to=https%3A%2F%2Fa.example%2Fretailcrm%2F0123456789abcdef&b=too-short";
    assert!(
        get(crm, target).text().contains("K/4711"),
        "the client gets it unchanged"
    );
    let signed = format!(
        "GET /a?shop=SHOP-1&proof=PROOF-1 HTTP/1.1\r\nHost: {}\r\nX-Shop: SHOP-2\r\nX-Proof: PROOF-2\r\n\r\n",
        host(nicechat)
    );
    assert_eq!(send(nicechat, signed).status(), 200);
    let text = fs::read_to_string(&file).expect("a recording");
    assert_eq!(text.lines().count(), 2);
    for hidden in ["4711", "0123456789abcdef", "too-short", "SHOP-", "PROOF-"] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
}
