//! The reader and `serde_json` agree on every text: what is accepted, and what it means.

use common_model::{Decimal, Reader, Value, from_json, from_json_bytes};
use proptest::prelude::*;
use serde_json::Value as Json;

/// Documents of all kinds of values, with awkward strings and numbers.
fn document() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        (-1e9..1e9).prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
    ];
    let text = prop_oneof![
        ".*",
        "[a-zA-Z0-9 ]{0,40}",
        "[а-яА-Я ]{0,40}",
        "[\u{0}-\u{20}\"\\\\/\u{7f}\u{2028}😀]{0,20}"
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        number,
        text.clone().prop_map(Json::from),
    ];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Json::from),
            prop::collection::vec((text.clone(), inner), 0..8)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

/// Texts made of the pieces of JSON, mostly wrong ones.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\\"", "\\u", "\\ud83d", "\\ude00", "\\u0041",
        "\\uDC00", "\\n", "\\x", "null", "true", "false", "nul", "0", "-", "-0", "1", "12", "01",
        ".", "1.5", "1e", "e5", "E+", "1e5", "-1.0E-2", " ", "\t", "\r\n", "\u{b}", "\u{0}",
        "\u{1f}", "\u{7f}", "я", "\u{feff}", "😀", "/", "//", "a", "\"a\"", "\"a\":", "{}", "[]",
        "\"\"",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// Texts that are numbers, or nearly.
fn number_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?0{0,2}[0-9]{0,20}(\\.[0-9]{0,4})?([eE][-+]?[0-9]{0,2})?",
        "[-+0-9.eE]{0,8}",
    ]
}

/// The two agree on a text.
fn agree(text: &str) -> Result<(), TestCaseError> {
    let (ours, theirs) = (from_json::<Value>(text), serde_json::from_str::<Json>(text));
    let mut reader = Reader::new(text);
    let skipped = reader.raw().and_then(|_| reader.end());
    match theirs {
        Ok(theirs) => {
            prop_assert!(ours.is_ok(), "refused: {text:?}: {ours:?}");
            prop_assert!(skipped.is_ok(), "not skipped: {text:?}");
            prop_assert_eq!(same(&ours.unwrap()), theirs);
        }
        // It reads numbers as f64; here they are text and have no range.
        Err(error) if error.to_string().starts_with("number out of range") => {}
        Err(error) => {
            prop_assert!(ours.is_err(), "accepted: {text:?}: {error}");
            prop_assert!(skipped.is_err(), "skipped: {text:?}: {error}");
        }
    }
    Ok(())
}

fn same(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::from(*truth),
        Value::Number(number) => serde_json::from_str(&number.to_string()).unwrap(),
        Value::String(text) => Json::from(text.as_str()),
        Value::Array(items) => items.iter().map(same).collect(),
        Value::Object(map) => Json::Object(
            map.iter()
                .map(|(key, value)| (key.to_owned(), same(value)))
                .collect(),
        ),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn documents_mean_the_same(document in document()) {
        agree(&document.to_string())?;
        agree(&serde_json::to_string_pretty(&document).unwrap())?;
    }

    #[test]
    fn escaped_documents_mean_the_same(document in document()) {
        let escaped = escape(&document.to_string());
        prop_assert!(escaped.is_ascii());
        agree(&escaped)?;
    }

    #[test]
    fn damaged_documents_get_the_same_answer(
        document in document(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let whole = document.to_string().into_bytes();
        agree(&String::from_utf8_lossy(&whole[..cut.index(whole.len())]))?;
        for replaced in [byte, b'"', b'\\', b'{', b',', b'0', b' ', 0x1f] {
            let mut damaged = whole.clone();
            damaged[at.index(whole.len())] = replaced;
            agree(&String::from_utf8_lossy(&damaged))?;
            damaged.remove(at.index(whole.len()));
            agree(&String::from_utf8_lossy(&damaged))?;
        }
    }

    #[test]
    fn pieces_of_json_get_the_same_answer(text in pieces()) {
        // A byte order mark is skipped here, and refused there.
        agree(text.trim_start_matches('\u{feff}'))?;
    }

    #[test]
    fn typed_numbers_are_as_strict(text in number_text()) {
        let theirs = serde_json::from_str::<Json>(&text).ok();
        let decimal = from_json::<Decimal>(&text);
        let is_range = matches!(&decimal, Err(error) if error.message().contains("range"));
        prop_assert!(decimal.is_ok() == theirs.is_some() || is_range, "{}: {:?}", text, decimal);
        let integer = from_json::<i64>(&text);
        if let Some(number) = theirs.as_ref().and_then(Json::as_i64) {
            prop_assert_eq!(integer, Ok(number));
        } else if theirs.is_none() {
            prop_assert!(integer.is_err(), "{}", text);
        }
    }

    #[test]
    fn any_text_gets_the_same_answer(text in ".*") {
        agree(text.trim_start_matches('\u{feff}'))?;
    }

    #[test]
    fn any_bytes_get_the_same_answer(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let ours = from_json_bytes::<Value>(&bytes).is_ok();
        if !bytes.starts_with(b"\xEF\xBB\xBF") {
            let theirs = serde_json::from_slice::<Json>(&bytes);
            let is_range = matches!(&theirs, Err(error) if error.to_string().starts_with("number out of range"));
            prop_assert!(ours == theirs.is_ok() || is_range);
        }
    }

    #[test]
    fn nesting_has_the_same_limit(depth in 120_usize..136, braces in any::<bool>()) {
        let (open, close) = if braces { ("{\"a\":", "}") } else { ("[", "]") };
        agree(&(open.repeat(depth) + "1" + &close.repeat(depth)))?;
    }

    #[test]
    fn values_survive_a_round_trip(document in document()) {
        let value: Value = document.to_string().parse().unwrap();
        let again: Value = value.to_string().parse().unwrap();
        prop_assert_eq!(&again, &value);
        prop_assert_eq!(again.to_string(), value.to_string());
        // What is written is what serde_json writes, but for the form of floats.
        prop_assert_eq!(serde_json::from_str::<Json>(&value.to_string()).unwrap(), same(&value));
    }
}

/// All characters outside of ASCII as `\u` escapes, as PHP writes them.
fn escape(json: &str) -> String {
    let mut out = String::new();
    for character in json.chars() {
        if character.is_ascii() {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                out += &format!("\\u{unit:04x}");
            }
        }
    }
    out
}
