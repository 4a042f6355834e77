//! Lists, maps, and models that PHP writes as empty lists.

use common_model::{ListOrMap, Map, Value, from_json, to_json};

use crate::shop::{Item, Order, order, refused};

#[test]
fn u48_a_list_may_be_a_list_an_object_empty_or_false() {
    let names = |json: &str| {
        order(json).items.map(|items| {
            items
                .into_iter()
                .filter_map(|item| item.name)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        names(r#"{"items":[{"name":"a"},{"name":"b"}]}"#).unwrap(),
        ["a", "b"]
    );
    assert_eq!(
        names(r#"{"items":{"0":{"name":"a"},"1":{"name":"b"}}}"#).unwrap(),
        ["a", "b"]
    );
    assert_eq!(names(r#"{"items":{"7":{"name":"a"}}}"#).unwrap(), ["a"]);
    assert_eq!(names(r#"{"items":[]}"#).unwrap(), [""; 0]);
    assert_eq!(names(r#"{"items":{}}"#).unwrap(), [""; 0]);
    assert_eq!(names(r#"{"items":false}"#), None);
    assert_eq!(names(r#"{"items":""}"#), None);
    assert_eq!(names(r#"{"items":null}"#), None);
}

#[test]
fn u48_a_map_may_be_an_object_a_list_or_false() {
    let fields = |json: &str| order(json).fields;
    assert_eq!(
        fields(r#"{"customFields":{"a":1}}"#).unwrap().get("a"),
        Some(&Value::from(1))
    );
    let listed = fields(r#"{"customFields":["x","y"]}"#).unwrap();
    assert_eq!(listed.get("1"), Some(&Value::from("y")));
    assert!(fields(r#"{"customFields":[]}"#).unwrap().is_empty());
    assert!(fields(r#"{"customFields":{}}"#).unwrap().is_empty());
    assert_eq!(fields(r#"{"customFields":false}"#), None);
}

#[test]
fn u48_re11_list_or_map_keeps_keys_and_shape() {
    let keyed = order(r#"{"payments":{"12":{"name":"a"},"code":{"name":"b"}}}"#)
        .payments
        .unwrap();
    assert_eq!(keyed.get("code").unwrap().name.as_deref(), Some("b"));
    assert_eq!(keyed.keys().collect::<Vec<_>>(), ["12", "code"]);
    assert!(keyed.is_keyed());

    let listed = order(r#"{"payments":[{"name":"a"}]}"#).payments.unwrap();
    assert_eq!(
        (listed.len(), listed.is_keyed(), listed.get("0")),
        (1, false, None)
    );
    assert_eq!(listed[0].name.as_deref(), Some("a"));

    for empty in ["[]", "{}"] {
        assert!(
            order(&format!("{{\"payments\":{empty}}}"))
                .payments
                .unwrap()
                .is_empty()
        );
    }
    for none in ["null", "false", "\"\""] {
        assert_eq!(order(&format!("{{\"payments\":{none}}}")).payments, None);
    }
    let mut written = ListOrMap::from(vec![1, 2]);
    written[0] = 3;
    assert_eq!(to_json(&written), "[3,2]");
    assert_eq!(
        to_json(&ListOrMap::from(Map::from([("a", 1)]))),
        r#"{"a":1}"#
    );
}

#[test]
fn re11_a_map_that_came_as_a_list_becomes_an_object_when_it_gets_a_name() {
    let mut order = order(r#"{"customFields":[]}"#);
    order
        .fields
        .as_mut()
        .unwrap()
        .insert("color", Value::from("red"));
    assert_eq!(to_json(&order), r#"{"customFields":{"color":"red"}}"#);
}

#[test]
fn re11_a_model_may_come_as_an_empty_list() {
    assert_eq!(order(r#"{"info":[]}"#).info, None);
    assert_eq!(order(r#"{"info":{}}"#).info, Some(Item::default()));
    // In a list or a map, and as the whole answer, it is a model without members.
    assert_eq!(order(r#"{"items":[[],{}]}"#).items.unwrap().len(), 2);
    assert!(
        order(r#"{"named":{"a":[]}}"#)
            .named
            .unwrap()
            .contains_key("a")
    );
    let whole: Order = from_json("[]").unwrap();
    assert_eq!(to_json(&whole), "[]");
    assert_eq!(
        refused(r#"{"info":[1]}"#),
        "expected an object, found a list at info (byte 8)"
    );
}
