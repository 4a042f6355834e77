//! Cards against their section's schema.

use super::*;

fn card(properties: Value) -> Map<String, Value> {
    let fields = json!({"SECTION_ID": 111, "NAME": "Футболка", "PRICE": 177, "STOCK": 5, "DESCRIPTION": "<p>x</p>",
        "PROPERTIES": properties, "PICTURES": ["http://a/1.png"], "PREVIEV_PICTURE": "http://a/0.png"});
    fields.as_object().cloned().expect("an object")
}

#[test]
fn u42_properties_are_checked_against_the_section() {
    let mut cards = Cards::default();
    assert_eq!(
        cards.add(card(json!({"501": "Acme", "503": 12, "504": 12}))),
        Ok(1001)
    );
    assert_eq!(
        cards.add(card(
            json!({"501": "Acme", "503": "12", "504": "12", "502": 1})
        )),
        Ok(1002)
    );
    for (properties, failure) in [
        (
            json!({"501": "Acme", "503": 12}),
            Failure::Missing("PROPERTIES.504".into()),
        ),
        (
            json!({"501": "Acme", "503": "year", "504": 12}),
            Failure::Wrong("PROPERTIES.503".into()),
        ),
        (
            json!({"501": " ", "503": 12, "504": 12}),
            Failure::Wrong("PROPERTIES.501".into()),
        ),
        (
            json!({"501": "Acme", "503": 12, "504": 1}),
            Failure::NotInList("504".into()),
        ),
        (
            json!({"501": "Acme", "503": 12, "504": 12, "9": 1}),
            Failure::NoProperty("9".into()),
        ),
    ] {
        assert_eq!(cards.add(card(properties)), Err(failure));
    }
    assert_eq!(cards.len(), 2);
}

#[test]
fn u46_an_update_replaces_all_properties_and_leaves_the_rest() {
    let mut cards = Cards::default();
    let id = cards
        .add(card(json!({"501": "Acme", "502": 1, "503": 12, "504": 12})))
        .expect("added");
    let change = |value: Value| value.as_object().cloned().expect("an object");
    cards
        .update(
            id,
            change(json!({"PROPERTIES": {"501": "B", "503": 1, "504": 13}})),
        )
        .expect("updated");
    let fields = cards.find(id).expect("there").to_json();
    assert_eq!(
        fields["PROPERTIES"],
        json!({"501": "B", "503": 1, "504": 13})
    );
    assert_eq!(fields["STOCK"], 5);
    let refused = cards.update(id, change(json!({"STOCK": 9, "PROPERTIES": {"501": "B"}})));
    assert_eq!(refused, Err(Failure::Missing("PROPERTIES.503".into())));
    assert_eq!(
        cards.find(id).expect("there").to_json()["STOCK"],
        5,
        "a refused update changes nothing"
    );
    assert_eq!(cards.update(9, Map::new()), Err(Failure::NoProduct));
}

#[test]
fn u31_u32_the_list_is_keyed_by_id_and_filtered_by_stage() {
    let mut cards = Cards::default();
    assert_eq!(cards.list(None), json!([]));
    let id = cards
        .add(card(json!({"501": "Acme", "503": 12, "504": 12})))
        .expect("added");
    assert_eq!(cards.list(Some(Stage::Draft))["1001"]["STAGE"], "DRAFT");
    assert_eq!(cards.list(Some(Stage::Public)), json!([]));
    assert!(cards.enter(id, Stage::Public));
    assert_eq!(cards.list(Some(Stage::Public))["1001"]["VALUES"], false);
    assert!(!cards.enter(9, Stage::Public));
}
