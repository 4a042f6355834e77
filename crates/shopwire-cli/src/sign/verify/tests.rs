//! Each common mistake is recognised from the signature alone.

use nicechat_sign::{Dialect, Form, Names};

use super::*;
use crate::sign::{fields::Fields, request::Payload};

const SECRET: &str = "s-1";
const PATH: &str = "/marketplaces/v1/products/";

fn form() -> Request {
    let form = Form::new()
        .with("title", "Товар *~")
        .with("id", 1)
        .with("in_stock", true);
    Request {
        method: "POST".into(),
        address: format!("https://account.nice.chat{PATH}?page=2"),
        path: PATH.into(),
        payload: Payload::Form(Fields::typed(form), Dialect::Php),
        left_out: Vec::new(),
        names: Names::new(),
    }
}

fn json(body: &str) -> Request {
    Request {
        payload: Payload::Raw(body.into()),
        ..form()
    }
}

/// The mistakes that are recognised when these parts were hashed.
fn found(request: &Request, parts: [&str; 4]) -> Vec<String> {
    let [secret, path, body, method] = parts;
    let given = signature(secret, path, body.as_bytes(), method);
    mistakes(request, SECRET, "k-1", &given)
        .into_iter()
        .next()
        .unwrap_or_default()
}

const CANONICAL: &str = "id=1&in_stock=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80+%2A%7E";

#[test]
fn the_right_signature_has_no_mistake() {
    let given = signature(SECRET, PATH, CANONICAL.as_bytes(), "POST");
    assert_eq!(mistakes(&form(), SECRET, "k-1", &given)[0], [""; 0]);
}

#[test]
fn n14_n15_path_and_method_mistakes_are_named() {
    for (path, method, label) in [
        (
            "/marketplaces/v1/products/?page=2",
            "POST",
            "with the query in the path",
        ),
        (
            "account.nice.chat/marketplaces/v1/products/",
            "POST",
            "with the host in the path",
        ),
        (
            "/marketplaces/v1/products",
            "POST",
            "with the path's last slash missing",
        ),
        (PATH, "post", "with the method in lower case"),
        (PATH, "PUT", "with the method PUT"),
    ] {
        assert_eq!(found(&form(), [SECRET, path, CANONICAL, method]), [label]);
    }
}

#[test]
fn n17_n18_n22_form_mistakes_are_named() {
    for (body, label) in [
        (
            "title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80+%2A%7E&id=1&in_stock=1",
            "with the fields unsorted",
        ),
        ("id=1&in_stock=True&title=Товар *~", "in the dialect python"),
        (
            &format!("_key=k-1&{CANONICAL}"),
            "with _key among the fields",
        ),
        (
            &CANONICAL.replace("%2A", "*"),
            "with the encoding of browsers (* bare)",
        ),
        ("", "with no body"),
    ] {
        assert_eq!(found(&form(), [SECRET, PATH, body, "POST"]), [label]);
    }
}

#[test]
fn n16_rewritten_json_is_named() {
    let request = json(r#"{"title":"Товар","id":1}"#);
    for (body, label) in [
        (
            r#"{"title": "Товар", "id": 1}"#,
            "with the JSON written again with spaces, as Python does",
        ),
        (
            r#"{"id":1,"title":"Товар"}"#,
            "with the JSON written again without spaces and its keys sorted",
        ),
        (
            r#"{"title":"\u0422\u043e\u0432\u0430\u0440","id":1}"#,
            "with the JSON written again with escapes, as PHP does",
        ),
        (
            "id=1&title=%D0%A2%D0%BE%D0%B2%D0%B0%D1%80",
            "with the JSON's members as a form, dialect php",
        ),
    ] {
        assert_eq!(found(&request, [SECRET, PATH, body, "POST"]), [label]);
    }
}

#[test]
fn two_mistakes_at_once_and_unknown_ones() {
    let both = found(&form(), ["k-1", PATH, CANONICAL, "post"]);
    assert_eq!(
        both,
        [
            "with the API key in place of the secret",
            "with the method in lower case"
        ]
    );
    let given = signature("another", PATH, CANONICAL.as_bytes(), "POST");
    assert!(mistakes(&form(), SECRET, "k-1", &given).is_empty());
}
