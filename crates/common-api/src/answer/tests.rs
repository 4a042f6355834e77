//! The parts of an answer, by tables and properties.

use bytes::Bytes;
use common_model::{Value, from_json, to_json};
use http::{Response, StatusCode};
use proptest::prelude::*;

use super::*;

// F4
#[test]
fn f4_a_flag_is_read_as_php_reads_it_and_as_it_is_meant() {
    for no in [
        "false",
        "null",
        "0",
        "0.0",
        "-0",
        "0e5",
        "[]",
        "[ ]",
        "{}",
        "{ }",
        r#""""#,
        r#"" ""#,
        r#""0""#,
        r#""0.0""#,
        r#""00""#,
        r#""false""#,
        r#""False""#,
        r#""FALSE ""#,
        r#""N""#,
        r#""n""#,
        r#""no""#,
        r#""off""#,
        r#""null""#,
        r#""none""#,
        "",
        "tru",
        "\"\\u0030\"",
    ] {
        assert!(!is_true(no), "{no}");
    }
    for yes in [
        "true",
        " true",
        "1",
        "-1",
        "0.5",
        "[0]",
        "[[]]",
        r#"{"a":0}"#,
        r#""1""#,
        r#""true""#,
        r#""Y""#,
        r#""yes""#,
        r#""ok""#,
        r#""success""#,
    ] {
        assert!(is_true(yes), "{yes}");
    }
}

// F4
#[test]
fn f4_the_last_member_of_a_name_counts_however_it_is_spelt() {
    let text = "{\"success\":true,\"a\":{\"success\":1},\"s\\u0075ccess\":[]}";
    assert_eq!(
        members(text, ["success", "a"]).unwrap(),
        [Some("[]"), Some("{\"success\":1}")]
    );
    for broken in ["[]", "", "{\"success\":false", "{} x", "<html>"] {
        assert!(members(broken, ["success"]).is_err(), "{broken}");
    }
}

// H6
#[test]
fn h6_texts_that_name_a_status() {
    for (text, status) in [
        ("Internal Server Error", Some(500)),
        ("500 Internal Server Error.", Some(500)),
        ("Error 503: Service Unavailable", Some(503)),
        ("HTTP 504", Some(504)),
        ("Gateway Time-out", Some(504)),
        ("Rate limit exceeded", Some(429)),
        ("Внутренняя ошибка сервера", Some(500)),
        ("500 items not found", None),
        ("Order 500 not found", None),
        ("200", None),
        ("", None),
    ] {
        assert_eq!(named_status(text), status, "{text}");
    }
}

// F4
#[test]
fn f4_an_empty_answer_and_a_web_page_hold_no_envelope() {
    for (body, holds_none) in [
        ("", true),
        (" \n", true),
        ("<!DOCTYPE html><html></html>", true),
        (r#"{"success":true}"#, false),
        ("{", false),
    ] {
        let response = Response::new(Bytes::from(body));
        let error = Reply::of(&response).without_json();
        assert_eq!(error.is_some(), holds_none, "{body}");
        assert!(error.is_none_or(|error| error.status() == Some(StatusCode::OK)));
    }
}

proptest! {
    // F5
    #[test]
    fn f5_what_is_told_and_what_is_left_are_the_whole(
        entries in proptest::collection::vec(("[a-e\"\\\\]{1,2}", 0..4_u8), 0..8),
    ) {
        let values = ["1", "[true,null]", r#"{"a":"b"}"#, r#""x\"y""#];
        let object: Vec<String> = entries
            .iter()
            .map(|(key, value)| format!("{}: {}", to_json(key), values[usize::from(*value)]))
            .collect();
        let text = format!("{{{}}}", object.join(" , "));
        let whole: Value = from_json(&text).unwrap();
        let left: Value = from_json(&others(&text, &["a", "b"]).unwrap()).unwrap();
        let [a, b] = members(&text, ["a", "b"]).unwrap();
        for (key, value) in whole.as_object().unwrap().iter() {
            let found = match key {
                "a" => a.map(|raw| from_json(raw).unwrap()),
                "b" => b.map(|raw| from_json(raw).unwrap()),
                key => left.get(key).cloned(),
            };
            prop_assert_eq!(found.as_ref(), Some(value), "{}", key);
        }
        prop_assert!(left.get("a").is_none() && left.get("b").is_none());
    }
}
