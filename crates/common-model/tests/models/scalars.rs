//! Numbers, money and booleans.

use common_model::{Decimal, to_json};

use crate::shop::{Item, order, refused};

#[test]
fn u50_numbers_may_come_as_strings() {
    assert_eq!(order(r#"{"id":"12"}"#).id, Some(12));
    assert_eq!(order(r#"{"id":-12}"#).id, Some(-12));
    assert_eq!(order(r#"{"id":12.0}"#).id, Some(12));
    assert_eq!(order(r#"{"id":-0}"#).id, Some(0));
    assert_eq!(order(r#"{"id":"9223372036854775807"}"#).id, Some(i64::MAX));
    assert_eq!(order(r#"{"id":-9223372036854775808}"#).id, Some(i64::MIN));
    assert_eq!(
        order(r#"{"summ":"10.00"}"#).sum,
        Some(Decimal::new(1000, 2))
    );
    assert_eq!(order(r#"{"numbers":[1,"2"]}"#).numbers.unwrap(), [1, 2]);
    assert_eq!(
        order(r#"{"numbers":{"a":"1","b":2}}"#).numbers.unwrap(),
        [1, 2]
    );
    assert_eq!(order(r#"{"number":12}"#).number.as_deref(), Some("12"));
    assert_eq!(order(r#"{"number":1.50}"#).number.as_deref(), Some("1.50"));
    assert_eq!(order(r#"{"number":true}"#).number.as_deref(), Some("true"));
    assert_eq!(order(r#"{"tags":[1,"b"]}"#).tags.unwrap(), ["1", "b"]);
}

#[test]
fn u50_a_changed_number_is_written_as_a_number() {
    let mut order = order(r#"{"id":"12","summ":"10.00","items":{"a":{"quantity":"1"}}}"#);
    order.id = Some(13);
    order.items.as_mut().unwrap()[0].quantity = Some(Decimal::TWO);
    assert_eq!(
        to_json(&order),
        r#"{"id":13,"summ":"10.00","items":{"a":{"quantity":2}}}"#
    );
    order.items.as_mut().unwrap().push(Item::default());
    assert_eq!(
        to_json(&order),
        r#"{"id":13,"summ":"10.00","items":[{"quantity":2},{}]}"#
    );
}

#[test]
fn u50_what_is_no_number_is_refused_with_its_field() {
    for (json, message) in [
        (r#"{"id":"12a"}"#, "expected an integer at id (byte 6)"),
        (r#"{"id": 1.5}"#, "expected an integer at id (byte 7)"),
        (r#"{"id":"1_000"}"#, "expected an integer at id (byte 6)"),
        (
            r#"{"id": true}"#,
            "expected an integer, found a boolean at id (byte 7)",
        ),
        (
            r#"{"managers":-1}"#,
            "number out of range for u32 at managers (byte 12)",
        ),
        (
            r#"{"managers":4294967296}"#,
            "number out of range for u32 at managers (byte 12)",
        ),
        (
            r#"{"id":9223372036854775808}"#,
            "number out of range for i64 at id (byte 6)",
        ),
        (r#"{"summ":"1,5"}"#, "expected a number at summ (byte 8)"),
        (
            r#"{"summ":1e300}"#,
            "number out of range for a decimal at summ (byte 8)",
        ),
        (
            r#"{"summ":{}}"#,
            "expected a number, found an object at summ (byte 8)",
        ),
        (
            r#"{"number":{}}"#,
            "expected a string, found an object at number (byte 10)",
        ),
        (
            r#"{"items":[{},{"quantity":"x"}]}"#,
            "expected a number at items[1].quantity (byte 25)",
        ),
        (
            r#"{"named":{"a":{"name":[1]}}}"#,
            "expected a string, found a list at named.a.name (byte 22)",
        ),
        (
            r#"{"items":3}"#,
            "expected a list, found a number at items (byte 9)",
        ),
        (
            r#"{"customFields":3}"#,
            "expected an object, found a number at customFields (byte 16)",
        ),
    ] {
        assert_eq!(refused(json), message);
    }
}

#[test]
fn re16_booleans_may_be_numbers_and_words() {
    for truth in ["true", "1", "\"1\"", "\"true\"", "\"Y\""] {
        assert_eq!(order(&format!("{{\"paid\":{truth}}}")).paid, Some(true));
    }
    for falsehood in ["false", "0", "\"0\"", "\"false\"", "\"N\""] {
        let mut order = order(&format!("{{\"paid\":{falsehood}}}"));
        assert_eq!(order.paid, Some(false));
        order.paid = Some(true);
        assert_eq!(to_json(&order), r#"{"paid":true}"#);
    }
    assert_eq!(
        refused(r#"{"paid":2}"#),
        "expected a boolean: true, false, 1, 0, Y or N at paid (byte 8)"
    );
}

#[test]
fn re18_money_keeps_its_digits() {
    for text in [
        "10.00",
        "0.1",
        "19.99",
        "-0.50",
        "123456789012.34",
        "0",
        "100",
        "79228162514264337593543950335",
        "1e2",
        "1.5E-3",
        "-0",
        "0.30000000000000004",
        "3.0000000000000004e-5",
        "1e-28",
        "0e400",
        "1.00000000000000000000000000000000000000",
    ] {
        order(&format!("{{\"summ\":{text}}}"));
    }
    let sum = |json: &str| order(json).sum.unwrap();
    assert_eq!(
        sum(r#"{"summ":19.99}"#) * sum(r#"{"summ":1.18}"#),
        "23.5882".parse().unwrap()
    );
    assert_eq!(sum(r#"{"summ":10.00}"#).to_string(), "10.00");
    assert_eq!(sum(r#"{"summ":1e2}"#), Decimal::ONE_HUNDRED);
}

// H14, RE18
#[test]
fn h14_what_would_be_rounded_is_kept_as_its_text() {
    for text in [
        "1e-400",
        "1e400",
        "-1e29",
        "1e-29",
        "0.10000000000000000000000000000001",
        "79228162514264337593543950336",
        "1e99999999999999999999",
        "1e-99999999999999999999",
    ] {
        assert_eq!(order(&format!("{{\"summ\":{text}}}")).sum, None);
        assert_eq!(order(&format!("{{\"id\":{text}}}")).id, None);
        let refused = refused(&format!("{{\"summ\":{text}}}"));
        assert!(refused.starts_with("number out of range"), "{refused}");
        let value: common_model::Value = text.parse().unwrap();
        assert_eq!(value.to_string(), text);
        assert_eq!(value.as_number().unwrap().as_decimal(), None);
    }
    for (text, decimal) in [
        ("1000000000000000000000000000000000e-30", "1000"),
        (
            "0.00000000000000000000000000001e1",
            "0.0000000000000000000000000001",
        ),
        (
            "1.2300000000000000000000000000000000000",
            "1.2300000000000000000000000000",
        ),
        ("-0.0", "0.0"),
        ("0e99999999999999999999", "0"),
    ] {
        let sum = order(&format!("{{\"summ\":{text}}}")).sum.unwrap();
        assert_eq!(sum, decimal.parse::<Decimal>().unwrap(), "{text}");
    }
}

// RE16, F6
#[test]
fn f6_a_number_for_a_boolean_is_written_back_as_it_came() {
    for number in [
        "0", "-0", "0.0", "-0.0", "0e0", "-0e5", "0.00e-3", "1", "1.0", "1e0", "10e-1", "0.1e1",
        "\"1\"", "\"0\"",
    ] {
        let text = format!(r#"{{"paid":{number}}}"#);
        let order = order(&text);
        assert_eq!(order.paid, Some(number.contains('1')), "{number}");
        assert_eq!(to_json(&order), text);
    }
}
