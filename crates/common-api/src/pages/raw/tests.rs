//! Cutting items out of answers of every shape.

use common_transport::Idempotency;
use http::Method;
use proptest::prelude::*;

use super::*;
use crate::walk::ListEnd;

static LIST: Metadata = Metadata::new(
    "demo",
    "things.list",
    Method::GET,
    "/things",
    Idempotency::Idempotent,
);

fn check<'r>(_: &'static Metadata, reply: Reply<'r>) -> Result<Cow<'r, str>, Error> {
    reply.into_text()
}

fn about(member: &str, json: &str, page: &mut Page<RawItem>) {
    if member == "count" {
        page.total_count = from_json(json).ok();
    }
}

const LAYOUT: Layout = Layout::new(check, &["results", "result"], about)
    .within("result")
    .identities(&["id"])
    .end(ListEnd::Here);

fn cut(body: impl Into<Bytes>) -> Result<Page<RawItem>, Error> {
    read::page(&LIST, Response::new(body.into()), &LAYOUT)
}

fn texts(page: &Page<RawItem>) -> Vec<&str> {
    page.items.iter().map(RawItem::json).collect()
}

// C17
#[test]
fn c17_items_are_parts_of_the_answers_own_memory() {
    let body = Bytes::from_static(br#"{"result":{"results":[ {"id":1} ,{"id":"b"}],"count":2}}"#);
    let page = cut(body.clone()).unwrap();
    assert_eq!(texts(&page), [r#"{"id":1}"#, r#"{"id":"b"}"#]);
    assert_eq!((page.total_count, page.end), (Some(2), ListEnd::Here));
    let range = body.as_ptr_range();
    for item in &page.items {
        assert!(range.contains(&item.as_bytes().as_ptr()), "no copy");
    }
    let kept = page.items[1].clone().into_bytes();
    assert_eq!(kept, r#"{"id":"b"}"#);
}

// C17, F4
#[test]
fn c17_names_orders_and_doubles_are_those_of_the_decoder() {
    let item = r#"{"id":1}"#;
    for (body, expected) in [
        (r#"{"result":{"result":[{"id":1}]}}"#, vec![item]),
        (
            r#"{"result":{"result":[{"id":2}],"results":[{"id":1}]}}"#,
            vec![item],
        ),
        (
            r#"{"result":{"results":[{"id":1}],"result":[{"id":2}]}}"#,
            vec![item],
        ),
        (
            r#"{"result":{"results":null,"result":[{"id":1}]}}"#,
            vec![item],
        ),
        (
            r#"{"result":{"results":[{"id":2}],"results":[{"id":1}]}}"#,
            vec![item],
        ),
        (
            r#"{"result":{"results":[{"id":2}]},"result":{"results":[{"id":1}]}}"#,
            vec![item],
        ),
        (r#"{"result":{"results":[{"id":2}]},"result":null}"#, vec![]),
        (
            r#"{"results":[{"id":2}],"result":{"results":{"a":{"id":1}}}}"#,
            vec![item],
        ),
        (r#"{"\u0072esult":{"result\u0073":[{"id":1}]}}"#, vec![item]),
        (
            "\u{feff}{\"result\":{\"results\":[{\"id\":1}]}}",
            vec![item],
        ),
        ("{}", vec![]),
    ] {
        assert_eq!(texts(&cut(body).unwrap()), expected, "{body}");
    }
}

// C17
#[test]
fn c17_an_item_of_an_object_is_told_by_its_key_where_it_has_no_id() {
    let page = cut(r#"{"result":{"results":{"a":{"id":7},"b":{},"c":false}}}"#).unwrap();
    let identities: Vec<_> = page.items.iter().map(RawItem::identity).collect();
    assert_eq!(identities, [Some("7"), Some("b"), Some("c")]);
}

// C17
#[test]
fn c17_an_answer_in_another_charset_is_read_as_well() {
    let mut body = br#"{"result":{"results":[{"id":"#.to_vec();
    body.extend([b'"', 0xcf, b'"']);
    body.extend(br#"}]}}"#);
    let response = Response::builder()
        .header("content-type", "application/json; charset=windows-1251")
        .body(Bytes::from(body))
        .unwrap();
    let page = read::page(&LIST, response, &LAYOUT).unwrap();
    assert_eq!(page.items[0].identity(), Some("П"));
    assert_eq!(page.items[0].json(), r#"{"id":"П"}"#);
}

/// JSON as a service might write it.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|truth| truth.to_string()),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,4})?(e[+-]?[0-9]{1,3})?",
        "[^\"\\\\\u{0}-\u{1f}]{0,12}".prop_map(|text| format!("\"{text}\"")),
        Just(r#""\u0041\n\"\\""#.to_owned()),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let member = ("[a-z]{1,3}", inner.clone());
        let object = prop::collection::vec(member, 0..4).prop_map(|members| {
            let members = members
                .iter()
                .map(|(key, value)| format!("\"{key}\" :{value}"));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        });
        let array = prop::collection::vec(inner, 0..4);
        prop_oneof![
            array.prop_map(|items| format!("[ {}]", items.join(" ,"))),
            object
        ]
    })
}

proptest! {
    // C17
    #[test]
    fn c17_every_item_comes_byte_for_byte(items in prop::collection::vec(json(), 0..6)) {
        let body = format!(r#"{{"a":[],"result":{{"count":3,"results":[{}]}} }}"#, items.join(" , "));
        let page = cut(body).unwrap();
        prop_assert_eq!(texts(&page), items);
    }

    // C17
    #[test]
    fn c17_a_broken_answer_is_an_error(items in prop::collection::vec(json(), 1..4), at in any::<prop::sample::Index>()) {
        let body = format!(r#"{{"result":{{"results":[{}]}}}}"#, items.join(","));
        let cut_short: String = body.chars().take(at.index(body.chars().count())).collect();
        prop_assert!(cut(cut_short).is_err());
    }
}
