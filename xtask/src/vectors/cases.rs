//! What the golden vectors are about: every row of the dialects' differences, by name.

use nicechat_sign::{Form, Value};

use super::oracle::{Case, Payload};
use super::random::Random;

/// The forms, for each dialect that defines them.
pub(super) fn forms() -> Vec<Case> {
    let mut cases: Vec<Case> = scalars()
        .into_iter()
        .map(|(name, value)| case(name, Form::new().with("v", value)))
        .collect();
    cases.extend(shapes().into_iter().map(|(name, form)| case(name, form)));
    cases.extend(keys().into_iter().map(|(name, keys)| {
        let form = keys
            .iter()
            .enumerate()
            .map(|(at, key)| (*key, format!("{at}")))
            .collect();
        case(name, form)
    }));
    cases.extend(random());
    cases
}

/// Corners by chance, and one form for each branch of PHP's sort.
fn random() -> Vec<Case> {
    let mut random = Random::new(7);
    let mut cases = Vec::new();
    for at in 0..20 {
        cases.push(case(&format!("random_flat_{at}"), random.flat_form()));
        cases.push(case(&format!("random_{at}"), random.form_of(at)));
    }
    for count in [17, 18, 24, 40, 100, 300, 3500] {
        cases.push(case(&format!("random_keys_{count}"), random.keys(count)));
    }
    cases
}

/// Bodies that are signed as they lie.
pub(super) fn bodies() -> Vec<Case> {
    [
        ("empty", "GET", ""),
        ("empty_delete", "DELETE", ""),
        (
            "object",
            "PUT",
            r#"{"currency": "usd", "price": 200, "in_stock": true, "title": "Example-1"}"#,
        ),
        (
            "reordered",
            "PUT",
            r#"{"title": "Example-1", "in_stock": true, "price": 200, "currency": "usd"}"#,
        ),
        ("non_ascii", "POST", "{\"title\":\"Товар 日本 😀\"}"),
        (
            "escaped",
            "POST",
            r#"{"title":"\u0422\u043e\u0432\u0430\u0440"}"#,
        ),
        ("white_space", "PATCH", " {\n} "),
    ]
    .map(|(name, method, body)| Case {
        name: name.into(),
        secret: SECRET.into(),
        path: "/marketplaces/v1/products/ID-1/".into(),
        method: method.into(),
        payload: Payload::Body(body.into()),
    })
    .into()
}

/// A secret of these vectors alone.
const SECRET: &str = "test-secret-of-the-vectors";

fn case(name: &str, form: Form) -> Case {
    Case {
        name: name.into(),
        secret: SECRET.into(),
        path: "/marketplaces/v1/products/".into(),
        method: "POST".into(),
        payload: Payload::Form(form),
    }
}

fn scalars() -> Vec<(&'static str, Value)> {
    vec![
        ("text_plain", "Example-1".into()),
        ("text_empty", "".into()),
        ("text_space", "a b".into()),
        ("text_tilde_and_star", "a~b*c".into()),
        ("text_reserved", "+&%/:@=?#[]{}<>|^`\"'\\".into()),
        ("text_controls", "\0\t\r\n\u{1f}\u{7f}".into()),
        ("text_non_ascii", "Товар é € 日本 😀".into()),
        ("integer", 42.into()),
        ("integer_negative", (-7).into()),
        ("integer_smallest", i64::MIN.into()),
        ("integer_beyond_64_bits", u64::MAX.into()),
        ("true", true.into()),
        ("false", false.into()),
        ("null", Value::Null),
        ("float_whole", 10.0.into()),
        ("float_negative_zero", (-0.0).into()),
        ("float_long", 0.123_456_789_012_345_6.into()),
        ("float_sum", (0.1 + 0.2).into()),
        ("float_large", 1e25.into()),
        ("float_small", 1e-5.into()),
        ("float_not_yet_small", 1e-4.into()),
        ("float_fifteen_digits", 1e14.into()),
        // A tie behind a zero, which PHP keeps.
        ("float_tie_behind_zero", 651_214_970_831_805.0.into()),
        ("float_tie", 651_214_970_831_825.0.into()),
        ("float_sixteen_digits", 1e15.into()),
        ("float_seventeen_digits", 1e16.into()),
        ("float_rounds_up", 99_999_999_999_999.5.into()),
        ("float_smallest", 5e-324.into()),
        ("float_largest", f64::MAX.into()),
        ("float_infinite", f64::INFINITY.into()),
    ]
}

fn shapes() -> Vec<(&'static str, Form)> {
    let list = |items: &[Value]| Value::List(items.to_vec());
    vec![
        (
            "prose_golden",
            Form::new().with("title", "Товар").with("id", 1),
        ),
        ("nothing", Form::new()),
        ("sample_create", sample()),
        ("empty_key", Form::new().with("", "x").with("a", "")),
        (
            "reserved_in_keys",
            Form::new()
                .with("a b", 1)
                .with("a&b=c", 2)
                .with("a[0]", 3)
                .with("ключ", 4),
        ),
        ("list", Form::new().with("ids", list(&[1.into(), 2.into()]))),
        (
            "list_with_null",
            Form::new().with("ids", list(&[1.into(), Value::Null, 3.into()])),
        ),
        (
            "list_empty",
            Form::new().with("ids", list(&[])).with("a", 1),
        ),
        (
            "map_empty",
            Form::new().with("ids", Form::new()).with("a", 1),
        ),
        (
            "map_keeps_inner_order",
            Form::new().with("m", Form::new().with("z", 1).with("a", 2)),
        ),
        (
            "map_integer_keys",
            Form::new().with("m", Form::new().with("10", 1).with("9", 2)),
        ),
        (
            "map_of_lists",
            Form::new().with(
                "m",
                Form::new().with("l", list(&[true.into(), 1.5.into(), list(&["x".into()])])),
            ),
        ),
        (
            "printed_quotes",
            Form::new().with("l", list(&["it's".into(), "\"".into(), "'\"".into()])),
        ),
        (
            "printed_escapes",
            Form::new().with(
                "l",
                list(&[
                    "\\ \n\r\t\0\u{7f}\u{a0}\u{ad}".into(),
                    "é日😀\u{301}\u{2028}\u{e000}\u{10ffff}".into(),
                ]),
            ),
        ),
        (
            "all_nulls",
            Form::new()
                .with("a", Value::Null)
                .with("b", list(&[Value::Null])),
        ),
    ]
}

fn sample() -> Form {
    Form::new()
        .with("id", "ID-5")
        .with("title", "Example-1")
        .with("price", 100)
        .with("currency", "usd")
        .with("in_stock", true)
}

fn keys() -> Vec<(&'static str, &'static [&'static str])> {
    vec![
        ("keys_plain", &["b", "a", "B", "_", "a1", "aa", "ё"]),
        ("keys_integers", &["10", "9", "-1", "0"]),
        ("keys_integers_and_text", &["10", "a", "9", ""]),
        ("keys_equal_numbers", &["1e1", "10", "10.0"]),
        ("keys_equal_numbers_reversed", &["10.0", "10", "1e1"]),
        ("keys_leading_zero", &["1", "01", "+1"]),
        ("keys_in_a_circle", &["10", "2", "1a"]),
        ("keys_in_a_circle_turned", &["1a", "10", "2"]),
        ("keys_in_a_circle_once_more", &["2", "1a", "10"]),
        ("keys_number_prefix", &["5", "3a", "-2b", "c", "0"]),
        ("keys_white_space", &[" 1", "1 ", "\t2", "1 a", " "]),
        (
            "keys_beyond_64_bits",
            &[
                "9223372036854775808",
                "9223372036854775807",
                "99999999999999999999",
                "99999999999999999998",
                "-9223372036854775808 ",
            ],
        ),
        ("keys_infinite", &["1e400", "1e500", "-1e400", "5", "inf"]),
        (
            "keys_seventeen",
            &[
                "17", "9a", "3", "x", "10", "1e0", "", "2.5", "7", "08", "b", "-4", "11", "5 ",
                "6", "0", "z9",
            ],
        ),
    ]
}
