//! Unknown fields are found at any depth, and nothing else is.

use common_model::{from_json, to_json, unknown_fields};

use crate::shop::{FIELDS, Order};

fn paths(json: &str) -> Vec<String> {
    let order: Order = from_json(json).expect("an order");
    let before = to_json(&order);
    let fields = unknown_fields(&order);
    assert_eq!(to_json(&order), before, "it is not changed");
    let mut paths: Vec<String> = fields.into_iter().map(|field| field.path).collect();
    paths.sort();
    paths
}

// F22
#[test]
fn f22_unknown_fields_are_found_in_models_lists_and_maps_of_them() {
    for (json, expected) in [
        (r#"{"nmber":"1"}"#, &["nmber"][..]),
        (r#"{"info":{"nme":"x"},"nmber":1}"#, &["info.nme", "nmber"]),
        (
            r#"{"items":[{"name":"a"},{"nme":"b","quantity":1}]}"#,
            &["items[1].nme"],
        ),
        // A list that came as an object keeps its form, and its places.
        (
            r#"{"items":{"7":{"nme":"b"},"9":{"quantty":1}}}"#,
            &["items[0].nme", "items[1].quantty"],
        ),
        (r#"{"payments":{"a":{"x":1}}}"#, &["payments.a.x"]),
        (r#"{"named":{"k":{"x":{"y":1}}}}"#, &["named.k.x"]),
        (
            r#"{"parent":{"parent":{"items":[{"é\"":1}]}}}"#,
            &["parent.parent.items[0].é\""],
        ),
    ] {
        assert_eq!(paths(json), expected, "{json}");
    }
}

// F22
#[test]
fn f22_free_maps_values_and_empty_shapes_have_no_unknown_fields() {
    for json in [
        r#"{}"#,
        r#"{"customFields":{"any":{"thing":[{"x":1}]}}}"#,
        r#"{"anything":{"any":{"thing":[{"x":1}]}}}"#,
        r#"{"info":null,"items":false,"parent":[],"sum":"","shipped":"0000-00-00"}"#,
        r#"{"items":[{"quantity":"2.50","name":5}],"id":"7"}"#,
    ] {
        let found = paths(json);
        // `sum` is the field's name in Rust, and `summ` on the wire.
        let expected: &[&str] = if json.contains("\"sum\"") {
            &["sum"]
        } else {
            &[]
        };
        assert_eq!(found, expected, "{json}");
    }
}

// F22
#[test]
fn f22_the_known_names_are_those_of_the_place() {
    let order: Order = from_json(r#"{"items":[{"nme":1}],"id":1}"#).expect("an order");
    let fields = unknown_fields(&order);
    assert_eq!(fields[0].name, "nme");
    assert_eq!(fields[0].known, ["quantity", "name"]);
    let order: Order = from_json(r#"{"x":1}"#).expect("an order");
    let known = unknown_fields(&order).remove(0).known;
    assert!(
        known.contains(&"createdAt".to_owned()) && known.len() == FIELDS.len(),
        "{known:?}"
    );
}
