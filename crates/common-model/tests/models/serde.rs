//! The bridges to `serde`.

use common_model::{Value, from_json};
use serde_json::json;

use crate::shop::{Kind, Order};

#[test]
fn a_model_is_serialized_and_deserialized() {
    let json = r#"{"id":"12","summ":19.99,"kind":"phone","items":[{"name":"x"}],"new":[1,null]}"#;
    let order: Order = from_json(json).unwrap();
    let tree = serde_json::to_value(&order).unwrap();
    assert_eq!(
        tree,
        serde_json::from_str::<serde_json::Value>(json).unwrap()
    );
    let again: Order = serde_json::from_value(tree).unwrap();
    assert!(again == order);
}

#[test]
fn integers_stay_integers_both_ways() {
    for number in [
        json!(0),
        json!(-1),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1.5),
        json!(1e300),
    ] {
        let value: Value = serde_json::from_value(number.clone()).unwrap();
        assert_eq!(serde_json::to_value(&value).unwrap(), number);
    }
    let value: Value = serde_json::from_value(json!({"id": 7})).unwrap();
    assert_eq!(value.to_string(), r#"{"id":7}"#);
}

#[test]
fn values_of_all_kinds_pass() {
    let tree = json!({"a": [null, true, "x", {"b": {}}], "c": []});
    let value: Value = serde_json::from_value(tree.clone()).unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), tree);
}

#[test]
fn an_error_names_the_field() {
    let error = serde_json::from_value::<Order>(json!({"items": [{"quantity": "x"}]})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a number at items[0].quantity (byte 22)"
    );
}

#[test]
fn enums_are_their_wire_values() {
    assert_eq!(serde_json::to_value(Kind::Site).unwrap(), json!("site"));
    assert_eq!(
        serde_json::from_value::<Kind>(json!("fax")).unwrap(),
        Kind::Unknown("fax".into())
    );
}
