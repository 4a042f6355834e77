//! What the dialects do with shapes the vectors do not reach: what is sent, what is refused.

use nicechat_sign::{Credentials, Dialect, Form, Signer, Value, canonical, wire};

/// What a server makes of the text it received.
fn received(dialect: Dialect, text: &str) -> String {
    let form = match dialect {
        Dialect::Php | Dialect::Php81 => Form::parse_urlencoded(text.as_bytes()),
        _ => Form::parse_urlencoded_flat(text.as_bytes()),
    };
    canonical(dialect, &form.unwrap()).unwrap()
}

#[test]
fn n19_what_is_sent_leads_back_to_what_was_signed() {
    let form = Form::new()
        .with("in_stock", true)
        .with("price", 19.99)
        .with("title", "A & B = Ж")
        .with("ids", vec![1.into(), Value::Null, "x".into()])
        .with("info", Form::new().with("z", false).with("a", 2))
        .with("none", Value::Null);
    for dialect in [Dialect::Php, Dialect::Php81, Dialect::Python] {
        let sent = wire(dialect, &form).unwrap();
        assert_eq!(
            received(dialect, &sent),
            canonical(dialect, &form).unwrap(),
            "{dialect}"
        );
    }
    assert_eq!(
        wire(Dialect::Python, &form).unwrap(),
        "ids=%5B1%2C+None%2C+%27x%27%5D&in_stock=True&info=%7B%27z%27%3A+False%2C+%27a%27%3A+2%7D\
         &none=None&price=19.99&title=A+%26+B+%3D+%D0%96"
    );
}

/// The keys `10`, `2`, `1a` compare in a circle: what PHP makes of them hangs on their order, so
/// sorting what was sorted may turn them again. Then the insertion order is sent.
#[test]
fn n21_keys_in_a_circle_are_sent_so_that_the_server_comes_to_the_same() {
    let orders = [
        ["10", "2", "1a"],
        ["10", "1a", "2"],
        ["2", "10", "1a"],
        ["2", "1a", "10"],
        ["1a", "10", "2"],
        ["1a", "2", "10"],
    ];
    let mut seen = std::collections::BTreeSet::new();
    for keys in orders {
        let form: Form = keys.iter().map(|key| (*key, *key)).collect();
        let signed = canonical(Dialect::Php, &form).unwrap();
        let sent = wire(Dialect::Php, &form).unwrap();
        assert_eq!(received(Dialect::Php, &sent), signed, "{keys:?}");
        seen.insert(signed);
    }
    assert!(seen.len() > 1, "the order of insertion decides: {seen:?}");
}

/// A null steers the sort and is not sent: no server can find the order again.
#[test]
fn n21_a_form_that_no_server_can_sort_again_is_refused_not_guessed() {
    let mut refused = 0;
    for keys in [
        ["10", "2", "1a", "9"],
        ["1a", "10", "9", "2"],
        ["9", "1a", "10", "2"],
        ["2", "10", "1a", "9"],
    ] {
        for null in 0..keys.len() {
            let form: Form = keys
                .iter()
                .enumerate()
                .map(|(at, key)| (*key, (at != null).then_some("x")))
                .collect();
            let signed = canonical(Dialect::Php, &form).unwrap();
            match wire(Dialect::Php, &form) {
                Ok(sent) => assert_eq!(received(Dialect::Php, &sent), signed),
                Err(error) => {
                    assert!(error.is_undefined());
                    assert!(!error.is_malformed());
                    assert!(error.to_string().contains("keys cannot be sent"));
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 0);
}

/// Keys that PHP reads differently from their text: `a[]` arrives as `a[0]`.
#[test]
fn n21_keys_that_arrive_as_others_are_not_sent() {
    for form in [
        Form::new().with("a[]", 1),
        Form::new()
            .with("a[b]", 1)
            .with("a", Form::new().with("b", 2)),
        Form::new().with("a", Form::new().with("", 1)),
    ] {
        assert!(canonical(Dialect::Php, &form).is_ok());
        assert!(wire(Dialect::Php, &form).unwrap_err().is_undefined());
    }
    let nested = Form::new().with("a[b]", 1);
    assert_eq!(wire(Dialect::Php, &nested).unwrap(), "a%5Bb%5D=1");
}

#[test]
fn n17_the_prose_signs_nothing_that_it_does_not_define() {
    for (value, word) in [
        (Value::Null, "null"),
        (true.into(), "boolean"),
        (1.5.into(), "fraction"),
        (vec![Value::from(1)].into(), "list"),
        (Form::new().into(), "map"),
    ] {
        let form = Form::new().with("id", 1).with("field-7", value);
        let error = canonical(Dialect::Prose, &form).unwrap_err();
        assert!(error.is_undefined());
        assert!(error.to_string().contains("`field-7`") && error.to_string().contains(word));
        let signer = Signer::new(Credentials::new("k", "s")).with_dialect(Dialect::Prose);
        assert_eq!(signer.sign_form("/", &form, "POST"), Err(error));
    }
    let big = Form::new().with("n", u64::MAX);
    assert_eq!(
        canonical(Dialect::Prose, &big).unwrap(),
        "n=18446744073709551615"
    );
}

#[test]
fn n26_depth_is_bounded_in_every_dialect() {
    let nested = |levels| (0..levels).fold(Value::from(1), |inner, _| Value::List(vec![inner]));
    for dialect in [Dialect::Php, Dialect::Php81, Dialect::Python] {
        assert!(canonical(dialect, &Form::new().with("a", nested(255))).is_ok());
        let error = canonical(dialect, &Form::new().with("a", nested(256))).unwrap_err();
        assert!(error.is_malformed());
    }
}

/// N26: numbers of JSON that are none are refused by name, not guessed.
#[test]
fn n26_numbers_are_read_as_the_languages_read_them() {
    assert_eq!(Value::json_number("-12").unwrap(), Value::Int(-12));
    assert_eq!(Value::json_number("1.50").unwrap(), Value::Float(1.5));
    assert_eq!(Value::json_number("1E3").unwrap(), Value::Float(1000.0));
    assert_eq!(
        Value::json_number("1e999").unwrap(),
        Value::Float(f64::INFINITY)
    );
    let big = Value::json_number("-00018446744073709551616").unwrap();
    let Value::BigInt(digits) = &big else {
        panic!("{big:?}")
    };
    assert_eq!(
        (digits.as_str(), format!("{digits} {digits:?}")),
        (
            "-18446744073709551616",
            "-18446744073709551616 -18446744073709551616".into()
        )
    );
    for text in [
        "",
        "-",
        "+1",
        "1a",
        "0x1",
        "inf",
        "nan",
        "1.5e",
        "infinity.e",
        "--1",
        "1.5f",
    ] {
        assert!(Value::json_number(text).is_err(), "{text}");
    }
}

#[test]
fn values_come_from_the_usual_types() {
    let form = Form::new()
        .with("a", 1_u8)
        .with("b", 2_i16)
        .with("c", 3_u32)
        .with("d", 4_u64)
        .with("e", "t")
        .with("f", String::from("s"))
        .with("g", None::<bool>)
        .with("h", Some(0.5));
    assert_eq!(
        canonical(Dialect::Php, &form).unwrap(),
        "a=1&b=2&c=3&d=4&e=t&f=s&h=0.5"
    );
}

/// Keys that are not plain names, but give the same form on the server, are sent sorted too.
#[test]
fn n30_what_a_server_sorts_again_is_sent_as_it_was_signed() {
    let form = |keys: [&str; 2]| keys.map(|key| (key, 1)).into_iter().collect::<Form>();
    for keys in [["é", "a"], ["b", "a[x]"], ["10", "9"]] {
        let form = form(keys);
        assert_eq!(wire(Dialect::Php, &form), canonical(Dialect::Php, &form));
    }
    let nameless = wire(Dialect::Php, &form(["b", ""]));
    assert!(nameless.unwrap_err().is_undefined());
}
