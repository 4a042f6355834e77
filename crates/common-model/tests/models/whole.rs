//! Models as wholes: nesting, `Debug`, comparisons.

use common_model::from_json;

use crate::shop::{Order, order, refused};

#[test]
fn models_nest_as_deep_as_values_on_the_stack_of_a_thread() {
    let json = format!(
        "{}{{\"id\":1}}{}",
        "{\"parent\":".repeat(126),
        "}".repeat(126)
    );
    let deep = order(&json);
    assert!(deep.clone() == deep);
    assert!(
        refused(&format!("{{\"parent\":{json}}}")).starts_with("nested too deep at parent.parent.")
    );
}

#[test]
fn debug_shows_the_fields_that_are_set() {
    let order: Order = from_json(r#"{"id":1,"items":[{"name":"x"}],"new":true}"#).unwrap();
    assert_eq!(
        format!("{order:?}"),
        r#"Order { id: 1, items: [{"name":"x"}], new: true }"#
    );
    assert_eq!(format!("{:?}", Order::default()), "Order");
}

#[test]
fn the_form_of_a_value_does_not_count_in_comparisons() {
    let read = |json: &str| from_json::<Order>(json).unwrap();
    assert_eq!(
        read(r#"{"id":"1","x":1,"y":2}"#),
        read(r#"{"y":2,"id":1,"x":1}"#)
    );
    assert_ne!(read(r#"{"id":null}"#), read("{}"));
    assert_ne!(read(r#"{"x":1}"#), read(r#"{"x":2}"#));
}
