//! Which requests mean the same.

use super::*;

fn asked(target: &str, content_type: &str, body: &str) -> Meaning {
    let request = Request::post(target).header("content-type", content_type);
    Meaning::asked(&request.body(body.to_owned()).expect("a request"))
}

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn s7_order_spelling_and_hidden_texts_do_not_count() {
    for (one, other) in [
        (("/a?x=1&y=2", "", ""), ("/a?y=2&x=1", "", "")),
        (("/a?x=a%20b", "", ""), ("/a?x=a+b", "", "")),
        (
            ("/a?apiKey=[hidden]&x=1", "", ""),
            ("/a?x=1&apiKey=k-1", "", ""),
        ),
        (("/a?x=1", "", ""), ("/a?apiKey=k-1&x=1", "", "")),
        (("/hook/[hidden]/x", "", ""), ("/hook/abc/x", "", "")),
        (("/hook/%5Bhidden%5D/x", "", ""), ("/hook/a%2Fc/x", "", "")),
        (("/%D1%82/~/%2F", "", ""), ("/%d1%82/%7E/%2f", "", "")),
        (
            ("/", "application/json", r#"{"a":1,"b":[2.50]}"#),
            ("/", "application/json", r#"{"a":1.0,"b":[2.5]}"#),
        ),
        (
            ("/", "application/octet-stream", "[hidden]"),
            ("/", "application/octet-stream", "any bytes"),
        ),
        (
            ("/", "application/json", r#"{"a":[1,{"b":null}],"c":"d"}"#),
            (
                "/",
                "application/json",
                r#"{ "c": "d", "a": [1, {"b": null}] }"#,
            ),
        ),
        (
            ("/", "application/json", r#"{"LOGIN":"[hidden]","n":1}"#),
            ("/", "application/json", r#"{"LOGIN":"me","n":1}"#),
        ),
        (
            ("/", "application/json", r#"{"password":[hidden],"n":1}"#),
            ("/", "application/json", r#"{"password":12345,"n":1}"#),
        ),
        (
            (
                "/",
                FORM,
                "order=%7B%22a%22%3A1%2C%22b%22%3A2%7D&_sign=[hidden]",
            ),
            ("/", FORM, "_sign=abc&order=%7B%22b%22%3A2%2C%22a%22%3A1%7D"),
        ),
        (
            (
                "/",
                "multipart/form-data; boundary=one",
                "--one\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--one--\r\n",
            ),
            (
                "/",
                "multipart/form-data; boundary=two",
                "--two\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--two--\r\n",
            ),
        ),
    ] {
        let recorded = asked(one.0, one.1, one.2);
        let is_covered = recorded.covers(&asked(other.0, other.1, other.2));
        assert!(is_covered, "{one:?} {other:?}");
    }
}

#[test]
fn s7_what_means_something_else_differs() {
    for (one, other, part) in [
        (("/a", "", ""), ("/b", "", ""), "path"),
        (("/a?x=1", "", ""), ("/a?x=2", "", ""), "query"),
        (("/a?x=1", "", ""), ("/a", "", ""), "query"),
        (("/a?x=1&x=2", "", ""), ("/a?x=2&x=1", "", ""), "query"),
        (
            ("/hook/[hidden]/x", "", ""),
            ("/hook/abc/y", "", ""),
            "path",
        ),
        (("/", "", r#"{"a":1}"#), ("/", "", r#"{"a":2}"#), "body"),
        (
            ("/", "", r#"{"a":1}"#),
            ("/", "", r#"{"a":1,"b":2}"#),
            "body",
        ),
        (
            ("/", "", r#"{"a":[1,2]}"#),
            ("/", "", r#"{"a":[2,1]}"#),
            "body",
        ),
        (("/", FORM, "a=1"), ("/", FORM, "a=2"), "body"),
        (("/", "", "abc"), ("/", "", "abd"), "body"),
    ] {
        let recorded = asked(one.0, one.1, one.2);
        let asked = asked(other.0, other.1, other.2);
        assert_eq!(recorded.difference(&asked), Some(part), "{one:?} {other:?}");
    }
    let get = Request::get("/").body("").expect("a request");
    let get = Meaning::asked(&get);
    assert_eq!(asked("/", "", "").difference(&get), Some("method"));
}
