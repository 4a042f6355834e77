//! Handwritten parameters: values count, spellings do not. Also the output for requests.

use common_model::{Encode, Reader, Writer, read_object, to_json};

use crate::shop::Order;

/// Reads a text as parameters and writes it again.
fn written(json: &str) -> String {
    let mut order = Order::default();
    read_object(&mut order, &mut Reader::parameters(json))
        .unwrap_or_else(|error| panic!("{json}: {error}"));
    to_json(&order)
}

// F7
#[test]
fn f7_every_spelling_of_a_parameter_is_written_alike() {
    for (field, spellings, expected) in [
        (
            "id",
            &["1", "1.0", "1e0", "10e-1", r#""1""#, r#""1.0""#, r#"" 1 ""#][..],
            "1",
        ),
        ("summ", &["12.5e1", r#""125""#, r#""1.25e2""#, "125"], "125"),
        ("summ", &["10.50", r#""10.50""#], "10.50"),
        ("code", &["5", "5.0", "5e0", "0.5e1"], "5"),
        ("number", &["5", "5.0", "5e0", r#""5""#], r#""5""#),
        (
            "paid",
            &["true", "1", "1.0", "1e0", r#""1""#, r#""true""#, r#""Y""#],
            "true",
        ),
        (
            "paid",
            &["false", "0", r#""0""#, r#""false""#, r#""N""#],
            "false",
        ),
        ("level", &["2", r#""2""#], "2"),
        (
            "numbers",
            &[
                "5",
                "5.0",
                r#""5""#,
                "[5]",
                r#"["5"]"#,
                "[5e0]",
                r#"{"a":5}"#,
            ],
            "[5]",
        ),
        ("tags", &[r#""a""#, r#"["a"]"#, r#"{"0":"a"}"#], r#"["a"]"#),
        (
            "createdAt",
            &[
                r#""2026-01-02 03:04:00""#,
                r#""2026-01-02 03:04""#,
                r#""2026-01-02T03:04:00""#,
            ],
            r#""2026-01-02 03:04:00""#,
        ),
    ] {
        for spelling in spellings {
            assert_eq!(
                written(&format!(r#"{{"{field}":{spelling}}}"#)),
                format!(r#"{{"{field}":{expected}}}"#),
                "{spelling}"
            );
        }
    }
}

// F7
#[test]
fn f7_what_a_parameter_leaves_and_clears_stays() {
    for json in [
        r#"{"id":null}"#,
        r#"{"customFields":[]}"#,
        r#"{"other":1.0}"#,
        "{}",
    ] {
        assert_eq!(written(json), json);
    }
}

// F7
#[test]
fn f7_a_parameter_of_the_wrong_type_is_still_refused() {
    for (json, path) in [
        (r#"{"id":1.5}"#, "id"),
        (r#"{"numbers":"x"}"#, "numbers"),
        (r#"{"numbers":[{}]}"#, "numbers[0]"),
        (r#"{"paid":2}"#, "paid"),
    ] {
        let mut order = Order::default();
        let error = read_object(&mut order, &mut Reader::parameters(json)).unwrap_err();
        assert_eq!(error.path(), path, "{json}");
    }
}

// RE12
#[test]
fn re12_a_writer_says_whether_it_writes_a_request() {
    /// Given as an object, accepted as a name.
    struct Tag(&'static str);
    impl Encode for Tag {
        fn encode(&self, out: &mut Writer) {
            match out.is_request() {
                true => out.string(self.0),
                false => out.object(&mut |object| object.key("name").string(self.0)),
            }
        }
    }
    assert_eq!(to_json(&Tag("vip")), r#"{"name":"vip"}"#);
    let mut request = Writer::request();
    vec![Tag("vip")].encode(&mut request);
    assert_eq!(request.into_string(), r#"["vip"]"#);
}
