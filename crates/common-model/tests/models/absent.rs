//! Shapes that PHP writes in place of a missing value.

use common_model::{Value, from_json, to_json};

use crate::shop::{FIELDS, Order, WHERE_EMPTY_IS_A_VALUE, WHERE_FALSE_IS_A_VALUE, order};

#[test]
fn u49_false_stands_for_null() {
    for name in FIELDS {
        if WHERE_FALSE_IS_A_VALUE.contains(&name) {
            continue;
        }
        let order = order(&format!("{{\"{name}\":false}}"));
        assert_eq!(
            order.extra.empty_shape(name),
            Some(Value::Bool(false)),
            "{name}"
        );
    }
    // Where such a shape is a value, it is read as one.
    assert_eq!(order(r#"{"paid":false}"#).paid, Some(false));
    assert_eq!(
        order(r#"{"anything":false}"#).anything,
        Some(Value::Bool(false))
    );
}

#[test]
fn u49_null_and_empty_text_and_empty_list_stand_for_no_value() {
    for name in FIELDS {
        if WHERE_EMPTY_IS_A_VALUE.contains(&name) {
            continue;
        }
        for empty in ["null", "\"\"", "[]"] {
            let order = order(&format!("{{\"{name}\":{empty}}}"));
            assert_eq!(
                order.extra.empty_shape(name).unwrap().to_string(),
                empty,
                "{name}"
            );
            assert!(order.extra.is_empty());
        }
    }
    assert_eq!(order(r#"{"number":""}"#).number.as_deref(), Some(""));
    assert_eq!(order(r#"{"number":null}"#).number, None);
    assert_eq!(order(r#"{"anything":""}"#).anything, Some(Value::from("")));
    assert_eq!(order(r#"{"anything":null}"#).anything, None);
}

#[test]
fn u49_a_later_value_wins_over_an_earlier_shape_and_the_other_way_round() {
    let write = |json: &str| to_json(&from_json::<Order>(json).unwrap());
    assert_eq!(write(r#"{"id":null,"id":3}"#), r#"{"id":3}"#);
    assert_eq!(write(r#"{"id":"3","id":null}"#), r#"{"id":null}"#);
    assert_eq!(write(r#"{"x":1,"y":2,"x":3}"#), r#"{"x":3,"y":2}"#);
}
