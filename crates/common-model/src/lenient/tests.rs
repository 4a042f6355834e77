//! Tests of the repairs.

use super::*;
use crate::Value;

fn repaired(lenient: Lenient, bytes: &[u8]) -> String {
    lenient
        .from_json_bytes::<Value>(bytes)
        .expect("repairable")
        .to_string()
}

#[test]
fn n38_u10_strict_is_the_default() {
    for text in [
        "[1,]",
        "{\"a\":1,}",
        "[1] // one",
        "{\"a\":1 \"b\":2}",
        "x{\"a\":1}",
    ] {
        assert!(
            crate::from_json::<Value>(text).unwrap_err().is_syntax(),
            "{text}"
        );
        assert!(
            Lenient::new()
                .from_json_bytes::<Value>(text.as_bytes())
                .is_err(),
            "{text}"
        );
    }
}

#[test]
fn n38_u10_trailing_commas_are_removed_by_option() {
    let sample = "{\"a\": [1, 2, ],\n \"b\": {\"c\": \",}\",\r\n\t},}";
    let lenient = Lenient::new().trailing_commas();
    assert_eq!(
        repaired(lenient, sample.as_bytes()),
        r#"{"a":[1,2],"b":{"c":",}"}}"#
    );
    assert!(lenient.from_json_bytes::<Value>(b"[1,,]").is_err());
}

#[test]
fn r26_comments_are_removed_by_option() {
    let sample = "{\n \"site\": \"https://x\", // data \"} я\n \"b\": 1\n}";
    assert_eq!(
        repaired(Lenient::new().comments(), sample.as_bytes()),
        r#"{"site":"https://x","b":1}"#
    );
}

#[test]
fn r26_a_comma_before_a_comment_is_trailing_too() {
    let sample = "{\"pagination\": {\"limit\": 20},\n // data\n}";
    assert_eq!(
        repaired(Lenient::all(), sample.as_bytes()),
        r#"{"pagination":{"limit":20}}"#
    );
}

#[test]
fn u51_a_byte_order_mark_is_no_error() {
    assert_eq!(
        crate::from_json_bytes::<Value>(b"\xEF\xBB\xBF[1]")
            .unwrap()
            .to_string(),
        "[1]"
    );
    assert_eq!(repaired(Lenient::new(), b"\xEF\xBB\xBF[1]"), "[1]");
}

#[test]
fn u51_one_object_is_recovered_from_warnings() {
    let lenient = Lenient::new().noise();
    let cases: [&[u8]; 6] = [
        b"{\"a\":\"}{\"}",
        b"<br />\n<b>Warning</b>: Undefined index: {x} in <b>/a.php</b>\n{\"a\":\"}{\"}",
        b"{\"a\":\"}{\"}\nDeprecated: it's \"old\" in {closure}",
        b"\xEF\xBB\xBF {{{ {\"a\":\"}{\"} }}}",
        b"\xCF\xF0\xE5\xE4 {\"a\":\"}{\"} \xFF",
        b"say \"hi {\"a\":\"}{\"}",
    ];
    for case in cases {
        assert_eq!(repaired(lenient, case), r#"{"a":"}{"}"#);
    }
}

#[test]
fn u51_noise_may_hold_addresses_on_the_line_of_the_answer() {
    let answer = b"<a href=\"http://x\">x</a>{\"a\":1,} // end";
    assert_eq!(repaired(Lenient::all(), answer), r#"{"a":1}"#);
}

#[test]
fn u51_what_is_not_one_object_is_a_typed_error() {
    let lenient = Lenient::new().noise();
    let cases: [(&[u8], &str); 5] = [
        (
            b"<html>502 Bad Gateway</html>",
            "no JSON object in the text",
        ),
        (b"<style>p{} b { }</style>", "no JSON object in the text"),
        (b"", "no JSON object in the text"),
        (b"{\"a\":1", "no JSON object in the text"),
        (
            b"{\"a\":1} and {\"b\":2}",
            "more than one JSON object in the text",
        ),
    ];
    for (case, message) in cases {
        let error = lenient.from_json_bytes::<Value>(case).unwrap_err();
        assert_eq!(error.message(), message);
        assert!(error.is_syntax());
    }
}

#[test]
fn hostile_noise_takes_no_quadratic_time() {
    for unit in ["{", "{\"a\":", "{\"", "[{", "{\"a\":[0,"] {
        let text = unit.repeat(30_000);
        assert!(object_in_noise(text.as_bytes()).is_err());
    }
}

#[test]
fn offsets_count_in_what_came() {
    let lenient = Lenient::new().comments().trailing_commas();
    let repaired = lenient.repair(b"[1, // one\n true,]").unwrap();
    let text = std::str::from_utf8(&repaired).unwrap();
    let error = crate::from_json_strict::<Vec<i64>>(text).unwrap_err();
    assert_eq!((error.offset(), error.path()), (12, "[1]"));
}

/// Looks at every brace on its own: slow, and plainly right.
fn search_each_brace(lenient: Lenient, text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(open) = text[at..].find('{') {
        let start = at + open;
        let rest = lenient
            .clean(&text.as_bytes()[start..], &Options::new())
            .unwrap()
            .into_owned();
        let rest = String::from_utf8(rest).unwrap();
        let object = crate::Reader::new(&rest).raw().map(str::to_owned);
        let has_members = |object: &String| object[1..object.len() - 1].contains('"');
        match object.ok().filter(has_members) {
            Some(object) => {
                found.push((start, start + object.len()));
                at = start + object.len();
            }
            None => at = start + 1,
        }
    }
    found
}

// H2
#[test]
fn h2_repairs_end_soon_after_the_word_whatever_the_text_is_made_of() {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    let units = [
        " ",
        ",",
        "{",
        "}",
        "[",
        "\"",
        "\\",
        "\"a\"",
        "\\n",
        "//",
        "// {\n",
        "{\"a\":",
        "{\"a\":1},",
        "\"a\":1,",
        "x",
        "<b>",
        "1",
        "\"{\"",
        "[0,",
    ];
    let frames = [
        ("", ""),
        ("{\"a\":\"", "\",}"),
        ("{\"a\":[", "0]}"),
        ("{\"a\":1}", ""),
    ];
    let lenients = [
        Lenient::new().trailing_commas(),
        Lenient::new().comments(),
        Lenient::new().noise(),
        Lenient::all(),
    ];
    const LENGTH: usize = 70_000;
    let mut all_times = 0;
    for (unit, frame) in units
        .iter()
        .flat_map(|unit| frames.map(|frame| (unit, frame)))
    {
        let text = format!("{}{}{}", frame.0, unit.repeat(LENGTH / unit.len()), frame.1);
        for lenient in lenients {
            let asked = AtomicUsize::new(0);
            let all = || asked.fetch_add(1, Relaxed) == usize::MAX;
            let _ = lenient.repair_with(text.as_bytes(), &Options::new().stop(&all));
            let times = asked.into_inner();
            all_times += times;
            for limit in 0..times {
                let asked = AtomicUsize::new(0);
                let stop = || asked.fetch_add(1, Relaxed) >= limit;
                let error = lenient
                    .repair_with(text.as_bytes(), &Options::new().stop(&stop))
                    .unwrap_err();
                assert!(error.is_stopped(), "{unit:?} in {frame:?}: {error}");
                assert!(asked.into_inner() <= limit + 2, "{unit:?} in {frame:?}");
            }
        }
    }
    // As a rule all along: a run of space is skipped at once.
    let cases = units.len() * frames.len() * lenients.len();
    assert!(all_times >= cases * LENGTH / (32 * 1024), "{all_times}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        failure_persistence: None,
        ..proptest::prelude::ProptestConfig::with_cases(20_000)
    })]

    // H2, U51
    #[test]
    fn h2_the_linear_search_finds_what_a_look_at_each_brace_finds(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"", "\\", "\\\"", "\"a\"", "\"a\":", "{\"a\":1}", "{}", "1", "-", "1.5e3",
                "true", "nul", " ", "\n", "//", "я", "<b>", "\"{\"", "\"}\"", "{\"b\":[", "]}", "\u{1}", "\\u0041", "\\x",
            ]),
            0..30,
        ),
        trailing in proptest::bool::ANY,
    ) {
        let text = pieces.concat();
        let mut lenient = Lenient::new();
        lenient.trailing_commas = trailing;
        let mut search = Search::new(lenient, text.as_bytes(), &Options::new());
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some((start, end)) = search.next(at).unwrap() {
            found.push((start, end));
            at = end;
        }
        proptest::prop_assert_eq!(found, search_each_brace(lenient, &text), "{:?}", text);
    }
}
