//! The output of edits: fields left alone, set and cleared.

use common_model::{Model, from_json, to_json};

use crate::shop::{Order, order};

#[test]
fn an_edit_leaves_sets_or_clears_a_field() {
    let mut edit = Order {
        number: Some("7".into()),
        ..Order::default()
    };
    edit.clear("info").unwrap();
    edit.clear("paid").unwrap();
    assert_eq!(to_json(&edit), r#"{"number":"7","paid":null,"info":null}"#);
    edit.paid = Some(true);
    edit.clear("number").unwrap();
    assert_eq!(to_json(&edit), r#"{"number":null,"paid":true,"info":null}"#);
    assert_eq!(
        edit.clear("nope").unwrap_err().to_string(),
        "unknown field at nope (byte 0)"
    );
    let model: &mut dyn Model = &mut edit;
    assert!(common_model::clear_field(model, "id").is_ok());
}

// U49, U50: a caller's `"12"` goes on as a number, its `false` as null.
#[test]
fn forgetting_forms_leaves_values_nulls_and_unknown_fields() {
    let came = r#"{"id":"12","paid":"Y","summ":10.00,"shipped":"0000-00-00","items":{"a":{"quantity":"1"}},"info":false,"new":"1"}"#;
    let mut order = order(came);
    order.extra.forget_forms();
    assert_eq!(
        to_json(&order),
        r#"{"id":12,"paid":true,"summ":10.00,"shipped":null,"items":[{"quantity":"1"}],"info":null,"new":"1"}"#,
        "a model inside keeps its own forms"
    );
    let mut whole: Order = from_json("[]").unwrap();
    whole.extra.forget_forms();
    assert_eq!(to_json(&whole), "{}");
}
