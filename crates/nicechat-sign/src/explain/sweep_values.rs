//! Tests of values that a client signs in another spelling. The wrong signatures are made here from the text
//! that was hashed.

use sha2::{Digest as _, Sha256};

use super::{Input, Mode, Received, Request, Rules, search};
use crate::{Dialect, Signature};

const PATH: &str = "/marketplaces/v1/products/";

/// The mistakes of a client that sends the one body and hashes the other.
fn told(mode: Mode, method: &str, sent: &str, hashed: &str, prefix: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(format!("s3cret{PATH}{hashed}{method}")).into();
    let received = format!("{prefix}{}", Signature::from_bytes(digest));
    let received: Received = received.parse().expect("a signature");
    let input = Input::Body(sent.as_bytes().to_vec());
    let request = Request::new(method, PATH, Some(mode), input, &Rules::new());
    let found = search(&request.expect("a request"), "s3cret", "k-1", &received);
    found.sentence().unwrap_or_else(|| "nothing".to_owned())
}

const JSON: Mode = Mode::Json;
const FORM: Mode = Mode::Form(Dialect::Php);

// F20
#[test]
fn f20_values_signed_otherwise_than_sent_are_named() {
    let sent = r#"{"id":"7","price":15,"stock":3,"on":true,"off":null,"tags":[]}"#;
    for (mode, sent, hashed, expected) in [
        (
            JSON,
            sent,
            r#"{"id":"7","price":15.0,"stock":3.0,"on":true,"off":null,"tags":[]}"#,
            "with 15.0 for 15",
        ),
        (
            JSON,
            sent,
            r#"{"id":"7","price":15.0,"stock":3,"on":true,"off":null,"tags":[]}"#,
            "with 15.0 for 15 (in price)",
        ),
        (
            JSON,
            sent,
            r#"{"id":"7","price":"15","stock":"3","on":true,"off":null,"tags":[]}"#,
            "with the numbers as texts (\"15\" for 15)",
        ),
        (
            JSON,
            sent,
            r#"{"id":7,"price":15,"stock":3,"on":true,"off":null,"tags":[]}"#,
            "with the texts of digits as numbers (15 for \"15\")",
        ),
        (
            JSON,
            sent,
            r#"{"id":"7","price":15,"stock":3,"on":1,"off":null,"tags":[]}"#,
            "with 1 and 0 for true and false",
        ),
        (
            JSON,
            sent,
            r#"{"id":"7","price":15,"stock":3,"on":"true","off":null,"tags":[]}"#,
            "with the texts \"true\" and \"false\" for true and false",
        ),
        (
            JSON,
            sent,
            r#"{"id":"7","price":15,"stock":3,"on":true,"tags":[]}"#,
            "with the members that are null left out",
        ),
        (
            JSON,
            sent,
            r#"{"id":"7","price":15,"stock":3,"on":true,"off":"","tags":[]}"#,
            "with an empty text for null",
        ),
        (
            JSON,
            sent,
            r#"{"id":"7","price":15,"stock":3,"on":true}"#,
            "with the empty members left out, as PHP's array_filter does",
        ),
        (
            JSON,
            r#"[{"a":1},{"a":0}]"#,
            r#"[{"a":true},{"a":false}]"#,
            "with true and false for 1 and 0",
        ),
        (
            JSON,
            r#"{"a":"x/y","n":1}"#,
            r#"{"a": "x/y", "n": 1.0}"#,
            "with 15.0 for 15, and with the JSON written anew with spaces, as Python does",
        ),
        (
            FORM,
            "price=15&stock=3",
            "price=15.0&stock=3.0",
            "with 15.0 for 15",
        ),
        (
            FORM,
            "price=15&stock=3",
            "price=15&stock=3.0",
            "with 15.0 for 15 (in stock)",
        ),
        (FORM, "a=15.00&b=2.50", "a=15&b=2.5", "with 15 for 15.0"),
        (
            FORM,
            "on=1&off=0",
            "off=false&on=true",
            "with true and false for 1 and 0",
        ),
        (
            FORM,
            "on=true&off=false",
            "off=False&on=True",
            "with True and False for 1 and 0, as Python does",
        ),
        (
            FORM,
            "on=True&off=False",
            "off=0&on=1",
            "with 1 and 0 for true and false, as PHP does",
        ),
        (
            FORM,
            "on=true&off=false",
            "off=&on=1",
            "with an empty text for false",
        ),
        (
            FORM,
            "a=1&b=&c=0",
            "a=1&c=0",
            "with the empty fields left out",
        ),
        (
            FORM,
            "a=1&b=&c=0",
            "a=1",
            "with the fields 0 and the empty ones left out, as PHP's array_filter does",
        ),
        (
            FORM,
            "b=1&a=x",
            "b=true&a=x",
            "with true and false for 1 and 0, and with the fields unsorted (no ksort)",
        ),
    ] {
        assert_eq!(told(mode, "POST", sent, hashed, ""), expected, "{hashed}");
    }
}

// F20
#[test]
fn f20_a_body_that_was_signed_and_not_sent_is_named() {
    for body in ["{}", "[]", "null", "\"\""] {
        let expected = format!("with the body {body} in place of the one that was sent");
        assert_eq!(told(JSON, "GET", "", body, ""), expected);
        assert_eq!(told(FORM, "POST", "a=1", body, ""), expected);
    }
}

// F20
#[test]
fn f20_what_stands_before_or_around_a_signature_is_named() {
    for (before, expected) in [
        ("sha256=", "with `sha256=` before the digits"),
        ("SHA256:", "with `SHA256:` before the digits"),
        ("0x", "with `0x` before the digits"),
        ("Bearer ", "with `Bearer ` before the digits"),
    ] {
        assert_eq!(told(JSON, "POST", "{}", "{}", before), expected);
    }
    assert_eq!(
        told(FORM, "POST", "b=1&a=2", "b=1&a=2", "sha256="),
        "with the fields unsorted (no ksort), and with `sha256=` before the digits"
    );
}
