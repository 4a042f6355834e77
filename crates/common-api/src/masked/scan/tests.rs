//! Notations in which a value stands under the name of a secret.

use super::*;

fn shown(text: &str) -> String {
    String::from_utf8(hidden(text.as_bytes(), &["proof".to_owned()]).into_owned()).expect("UTF-8")
}

#[test]
fn s7_a_short_value_is_hidden_in_its_place() {
    for (text, hides) in [
        // JSON, also within a string of JSON, cut or with single quotes.
        (
            r#"{"password":"ab","n":"ab"}"#,
            r#"{"password":"[hidden]","n":"ab"}"#,
        ),
        (r#"{"PASS":12,"n":12}"#, r#"{"PASS":"[hidden]","n":12}"#),
        (
            r#"{"_sign":"ab","sign":"ab"}"#,
            r#"{"_sign":"[hidden]","sign":"ab"}"#,
        ),
        (
            r#"{"token":["a","]",7],"n":[1]}"#,
            r#"{"token":["[hidden]","[hidden]","[hidden]"],"n":[1]}"#,
        ),
        (
            r#"{"token":{"a":{"b":"}","c":true}},"n":1}"#,
            r#"{"token":{"a":{"b":"[hidden]","c":true}},"n":1}"#,
        ),
        (
            r#""{\"pwd\":7,\"b\":\"x\"}""#,
            r#""{\"pwd\":\"[hidden]\",\"b\":\"x\"}""#,
        ),
        (r#""{\"pwd\":[\"]\"]}""#, r#""{\"pwd\":[\"[hidden]\"]}""#),
        ("{'token': 'ab'}", "{'token': '[hidden]'}"),
        // A login is half of a credential.
        (
            r#"{"LOGIN":"me","PASS":"ab",}"#,
            r#"{"LOGIN":"[hidden]","PASS":"[hidden]",}"#,
        ),
        (
            r#"{"login":7,"pass":"ab"}"#,
            r#"{"login":"[hidden]","pass":"[hidden]"}"#,
        ),
        (r#"{"login":"me"}"#, r#"{"login":"me"}"#),
        (
            r#"{"token":null,"password":"","secret":true}"#,
            r#"{"token":null,"password":"","secret":true}"#,
        ),
        // Links and forms.
        ("apiKey=ab&order=1", "apiKey=[hidden]&order=1"),
        (
            "https://a/x?page=2&_sign=ab",
            "https://a/x?page=2&_sign=[hidden]",
        ),
        (
            "<https://a/x?token=ab>; rel=next",
            "<https://a/x?token=[hidden]>; rel=next",
        ),
        (
            r#""https:\/\/a\/x?p=1\u0026_sign=ab\u0026q=1""#,
            r#""https:\/\/a\/x?p=1\u0026_sign=[hidden]\u0026q=1""#,
        ),
        (
            r#"<a href="/x?a=1&amp;api_key=ab">"#,
            r#"<a href="/x?a=1&amp;api_key=[hidden]">"#,
        ),
        (
            "u=https%3A%2F%2Fa%3FapiKey%3Dab%26z%3D1",
            "u=https%3A%2F%2Fa%3FapiKey%3D[hidden]%26z%3D1",
        ),
        (
            "u=a%253F_key%253Dab%2526z%253D1&v=1",
            "u=a%253F_key%253D[hidden]%2526z%253D1&v=1",
        ),
        (
            "filter%5Btoken%5D=ab&proof=ab",
            "filter%5Btoken%5D=[hidden]&proof=[hidden]",
        ),
        ("https://me:ab@a.example/x", "https://[hidden]@a.example/x"),
        (
            r"https:\/\/me:ab@a.example\/x",
            r"https:\/\/[hidden]@a.example\/x",
        ),
        // Parts of a form, also with bare ends of lines.
        (
            "--b\r\nContent-Disposition: form-data; name=\"apiKey\"\r\nX: 1\r\n\r\nab\r\n--b--",
            "--b\r\nContent-Disposition: form-data; name=\"apiKey\"\r\nX: 1\r\n\r\n[hidden]\r\n--b--",
        ),
        (
            "--b\nContent-Disposition: form-data; name=_key\n\nab\n--b\n",
            "--b\nContent-Disposition: form-data; name=_key\n\n[hidden]\n--b\n",
        ),
        // Tags, and what PHP prints.
        (
            "<r><token>ab</token><a>ab</a></r>",
            "<r><token>[hidden]</token><a>ab</a></r>",
        ),
        (
            "array('token' => 'ab', 'n' => 'ab')",
            "array('token' => '[hidden]', 'n' => 'ab')",
        ),
        (
            "    [apiKey] => ab\n    [n] => ab",
            "    [apiKey] => [hidden]\n    [n] => ab",
        ),
    ] {
        assert_eq!(shown(text), hides);
    }
}

#[test]
fn s7_ordinary_texts_stay() {
    for text in [
        r#"{"key":"delivery","design":"blue","tokens":5,"signs":"many","login":"me"}"#,
        "a==b, a=>b, x >= y; if (key === 1) {}",
        "<a><b>text</b>",
        "https://a.example/@me:x and me@a.example, 10:30",
        "page=2&design=blue&filter[status]=new",
        "name=\"token\" without a part",
        ":=%3D\\\"'[{<>",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn s7_no_text_breaks_the_search() {
    let pieces = [
        "\"token\"",
        ":",
        "=",
        "%3D",
        "[",
        "{",
        "\"",
        "\\",
        "<token>",
        "=>",
        "://",
        "@",
        "name=",
        "ä",
    ];
    for one in pieces {
        for other in pieces {
            for third in pieces {
                let text = format!("{one}{other}{third}{one}");
                assert!(hidden(text.as_bytes(), &[]).len() < 200, "{text}");
                assert!(hidden(&text.as_bytes()[1..], &[]).len() < 200, "{text}");
            }
        }
    }
}
