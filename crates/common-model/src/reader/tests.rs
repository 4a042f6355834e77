//! Tests of the reader: what it refuses, and where it says so.

use std::borrow::Cow;

use super::*;
use crate::{Decode, Extra, Model, ObjectWriter, Value, from_json, from_json_strict};

fn refused(text: &str) -> (usize, String) {
    let error = from_json::<Value>(text).expect_err(text);
    assert!(error.is_syntax(), "{text}");
    (error.offset(), error.message().to_owned())
}

#[test]
fn syntax_errors_name_the_byte() {
    for (text, offset, message) in [
        ("", 0, "unexpected end of text"),
        ("  ", 2, "unexpected end of text"),
        ("nul", 0, "expected a JSON value"),
        ("[1 2]", 3, "expected `,` or `]`"),
        ("[1,]", 3, "expected a JSON value"),
        ("[1", 2, "unexpected end of text"),
        ("{\"a\" 1}", 5, "expected `:`"),
        ("{\"a\":1 \"b\":2}", 7, "expected `,` or `}`"),
        ("{a:1}", 1, "expected a key in double quotes"),
        ("{\"a\":1,}", 7, "expected a key in double quotes"),
        ("[1] x", 4, "expected the end of the text"),
        ("01", 1, "invalid number"),
        ("-", 1, "invalid number"),
        ("1.", 2, "invalid number"),
        ("1.e3", 2, "invalid number"),
        ("1e+", 3, "invalid number"),
        ("+1", 0, "expected a JSON value"),
        (".5", 0, "expected a JSON value"),
        ("\"abc", 4, "unexpected end of text in a string"),
        ("\"a\nb\"", 2, "control character in a string"),
        ("\"0123456789\u{1}\"", 11, "control character in a string"),
        (r#""\x""#, 1, "unknown escape in a string"),
        (
            r#""\u00g0""#,
            1,
            "expected four hexadecimal digits after `\\u`",
        ),
        (
            r#""\u+123""#,
            1,
            "expected four hexadecimal digits after `\\u`",
        ),
        (
            r#""\u12"#,
            1,
            "expected four hexadecimal digits after `\\u`",
        ),
        (r#""ab\ud800""#, 3, "half of a surrogate pair in a string"),
        (r#""\udc00""#, 1, "half of a surrogate pair in a string"),
        (
            r#""\ud800\u0041""#,
            1,
            "half of a surrogate pair in a string",
        ),
        (
            r#""\ud800\ue000""#,
            1,
            "half of a surrogate pair in a string",
        ),
        (
            r#""\ud800\ud800""#,
            1,
            "half of a surrogate pair in a string",
        ),
        ("\"\\", 1, "unexpected end of text in a string"),
    ] {
        assert_eq!(refused(text), (offset, message.to_owned()), "{text}");
    }
}

#[test]
fn strings_are_borrowed_until_they_have_an_escape() {
    let read = |text: &'static str| Reader::new(text).string().unwrap();
    assert!(matches!(
        read("\"Ель \u{7f}\u{2028}/\""),
        Cow::Borrowed("Ель \u{7f}\u{2028}/")
    ));
    assert!(matches!(read(r#""\/""#), Cow::Owned(text) if text == "/"));
    assert_eq!(
        read(r#""long enough \"\\\/\b\f\n\r\t\u0415\uD83d\uDE00 and on""#),
        "long enough \"\\/\u{8}\u{c}\n\r\tЕ😀 and on"
    );
}

#[test]
fn every_position_of_a_quote_is_found() {
    for length in 0..40 {
        let inside = "я".repeat(length / 2) + &"a".repeat(length % 2);
        let text = format!("\"{inside}\"\"");
        let mut reader = Reader::new(&text);
        assert_eq!(reader.string().unwrap(), inside);
        assert_eq!(reader.offset(), inside.len() + 2);
    }
}

#[test]
fn numbers_come_as_text() {
    for text in [
        "0",
        "-0",
        "10.00",
        "1e3",
        "1E-7",
        "-1.5e+300",
        "123456789012345678901234567890",
    ] {
        assert_eq!(Reader::new(text).number().unwrap(), text);
    }
}

#[test]
fn containers_nest_to_127() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| {
            let inner = if open == "[" { "" } else { "0" };
            open.repeat(depth) + inner + &close.repeat(depth)
        };
        assert!(from_json::<Value>(&nested(127)).is_ok());
        assert!(Reader::new(&nested(127)).raw().is_ok());
        assert_eq!(refused(&nested(128)).1, "nested too deep");
        assert!(Reader::new(&nested(128)).raw().is_err());
    }
    // Depth is given back when a container is left.
    let wide = format!("[{}0]", "[[]],[],".repeat(200));
    assert!(from_json::<Value>(&wide).is_ok());
}

#[test]
fn raw_is_the_text_of_one_value() {
    let mut reader = Reader::new(" {\"a\": [1, \"]\"]} , 2");
    assert_eq!(reader.raw().unwrap(), "{\"a\": [1, \"]\"]}");
    assert_eq!(reader.offset(), 16);
}

#[test]
fn an_error_has_the_path_of_the_field() {
    let text = r#"{"orders":[{"items":{"7":{"quantity":true}}}]}"#;
    type Orders = crate::Map<Vec<crate::Map<Vec<crate::Map<i64>>>>>;
    let error = from_json_strict::<Orders>(text).unwrap_err();
    assert_eq!(error.path(), "orders[0].items.7.quantity");
    assert_eq!(&text[error.offset()..][..4], "true");
    assert!(!error.is_syntax());

    let error = from_json::<Value>(r#"{"orders":[1,{"a b":tru}]}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a JSON value at orders[1].a b (byte 20)"
    );
}

#[test]
fn an_error_never_quotes_a_value() {
    for text in [r#"{"password":"hunter2"}"#, r#"{"password":hunter2}"#] {
        let error = from_json_strict::<crate::Map<i64>>(text).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[test]
fn peek_consumes_nothing_but_space() {
    let mut reader = Reader::new(" \t\r\n[null, true, 1, \"\", {}]");
    let mut kinds = vec![reader.peek().unwrap(), reader.peek().unwrap()];
    reader
        .array(&mut |reader| {
            kinds.push(reader.peek()?);
            Value::decode(reader).map(drop)
        })
        .unwrap();
    use Kind::*;
    assert_eq!(kinds, [Array, Array, Null, Bool, Number, String, Object]);
}

/// Reads the items of lists within an object, and fails with them.
struct Lists;

impl Decode for Lists {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, Error> {
        let mut item = |reader: &mut Reader<'_>| i64::decode(reader).map(drop);
        reader.object(&mut |_, reader| reader.array(&mut item))?;
        Ok(Self)
    }
}

/// Fails with its field.
#[derive(Default)]
struct Needs {
    lists: Option<Lists>,
    extra: Extra,
}

impl Model for Needs {
    fn read_field(&mut self, key: &str, reader: &mut Reader<'_>) -> Result<bool, Error> {
        match key {
            "lists" => reader.required("lists", &mut self.lists),
            _ => Ok(false),
        }
    }

    fn write_fields(&self, _: &mut ObjectWriter<'_>) {}

    fn extra(&self) -> &Extra {
        &self.extra
    }

    fn extra_mut(&mut self) -> &mut Extra {
        &mut self.extra
    }
}

crate::model!(Needs);

/// An error that is set aside leaves the depth as it was, whatever it has passed through.
#[test]
fn f6_odd_elements_count_nothing_towards_the_depth() {
    const ODD: &str = r#"{"lists":{"a":[1],"b":[2,true]}}"#;
    for odd in [0, 1, 126, 127, 1_000] {
        for (depth, is_allowed) in [(1, true), (125, true), (126, false)] {
            // The list, the object, and what is in its unknown field.
            let nested = "[".repeat(depth) + &"]".repeat(depth);
            let text = format!(r#"[{}{{"z":{nested}}}]"#, format!("{ODD},").repeat(odd));
            let read: Result<Vec<Needs>, Error> = from_json(&text);
            match read {
                Ok(read) => {
                    assert!(is_allowed, "{odd} {depth}");
                    assert_eq!(read.len(), 1);
                }
                Err(error) => {
                    assert!(!is_allowed, "{odd} {depth}: {error}");
                    assert!(error.to_string().contains("nested too deep"), "{error}");
                }
            }
        }
    }
}

/// A refused charge is not granted later, and nothing wraps.
#[test]
fn h14_a_spent_budget_stays_spent() {
    for budget in [0, 1, 1_000, usize::MAX - 1, usize::MAX] {
        for bytes in [0, 1, 16, 1 << 20, usize::MAX - 1, usize::MAX] {
            let options = Options::new().budget(budget);
            let mut reader = Reader::with_options("[]", &options);
            assert_eq!(reader.charge(bytes).is_ok(), bytes <= budget);
            let left = budget.saturating_sub(bytes);
            assert_eq!(
                reader.charge(left.saturating_add(1)).is_ok(),
                left == usize::MAX
            );
            assert!(reader.charge(1).is_err() || left == usize::MAX);
        }
    }
}
