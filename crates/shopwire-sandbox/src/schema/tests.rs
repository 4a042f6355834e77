//! Tests of the supported subset on a document of its own, and on the bundled documents.

use http::Method;
use serde_json::json;

use super::*;

fn description() -> Description {
    Description::bundled(
        r##"{"paths": {
          "/orders": {"get": {"operationId": "orders.list", "parameters": [
             {"name": "limit", "in": "query", "schema": {"type": "integer", "enum": [20, 50]}},
             {"name": "filter", "in": "query", "required": true, "schema": {"$ref": "common.json#/components/schemas/Filter"}}]}},
          "/orders/create": {"post": {"operationId": "orders.create", "x-rate-class": "slow", "requestBody": {"content": {
             "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Order"},
              "encoding": {"items": {"contentType": "application/json"}}}}}}},
          "/orders/{id}": {"get": {"operationId": "orders.get"}}},
         "components": {"schemas": {
          "Filter": {"type": "object", "properties": {"ids": {"type": "array", "items": {"type": "integer"}}, "paid": {"type": "boolean"}}},
          "Order": {"type": "object", "required": ["number"], "properties": {
             "number": {"type": "string", "minLength": 1}, "at": {"type": "string", "format": "date-time-local"},
             "time": {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
             "sum": {"oneOf": [{"type": "number", "minimum": 0}, {"type": "string", "format": "decimal"}]},
             "items": {"type": "array", "maxItems": 2, "items": {"$ref": "#/components/schemas/Item"}},
             "fields": {"type": "object", "additionalProperties": {"type": "string"}}}},
          "Item": {"type": "object", "properties": {"quantity": {"type": "integer"}, "sub": {"$ref": "#/components/schemas/Item"}}}}}}"##,
    )
}

// C7
#[test]
fn c7_computed_members_are_left_out_wherever_they_stand() {
    let description = Description::bundled(
        r##"{"paths": {"/a": {"post": {"operationId": "a", "requestBody": {"content": {"application/json": {
             "schema": {"$ref": "#/components/schemas/A"}}}}}}},
         "components": {"schemas": {"A": {"type": "object", "properties": {
             "id": {"type": "integer", "readOnly": true}, "name": {"type": "string"},
             "link": {"$ref": "#/components/schemas/A", "readOnly": true},
             "parts": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}}}}}}"##,
    );
    let schema = description.operation("a").unwrap().body().unwrap();
    let written = json!({"id": 1, "name": "n", "link": {"name": "l"}, "parts": [{"id": 2, "name": "p"}], "more": 3});
    let taken = json!({"name": "n", "parts": [{"name": "p"}], "more": 3});
    assert_eq!(schema.taken(written), taken);
}

// F12: an empty date says nothing, whichever form of date the field has.
#[test]
fn f12_an_empty_date_is_no_date() {
    let description = Description::bundled(
        r##"{"paths": {"/a": {"post": {"operationId": "a", "requestBody": {"content": {"application/json": {
             "schema": {"$ref": "#/components/schemas/A"}}}}}}},
         "components": {"schemas": {"A": {"type": "object", "properties": {
             "on": {"type": "string", "format": "date"}, "at": {"type": "string", "format": "date-time-local"},
             "due": {"type": "string", "x-format": "date-time-spaced"}, "text": {"type": "string"}}}}}}"##,
    );
    let schema = description.operation("a").unwrap().body().unwrap();
    let written = json!({"on": "", "at": "", "due": "", "text": ""});
    let taken = json!({"on": null, "at": null, "due": null, "text": ""});
    assert_eq!(schema.taken(written), taken);
}

fn wrong(value: Value) -> Vec<String> {
    let description = description();
    let schema = description.schema("Order").expect("described");
    schema
        .violations(&value, Unknown::Refused)
        .iter()
        .map(ToString::to_string)
        .collect()
}

// F12
#[test]
fn f12_a_text_matches_its_pattern() {
    assert_eq!(wrong(json!({"number": "1", "time": "23:59"})), [""; 0]);
    for time in ["9:00", "9", "24:60", "x23:59", "23:59\n"] {
        let wrong = wrong(json!({"number": "1", "time": time}));
        assert_eq!(
            wrong,
            ["time: must match ^[0-2][0-9]:[0-5][0-9]$"],
            "{time:?}"
        );
    }
}

// F12
#[test]
fn f12_every_pattern_of_a_description_can_be_read() {
    fn patterns<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
        match value {
            Value::Object(members) => {
                found.extend(members.get("pattern").and_then(Value::as_str));
                members.values().for_each(|value| patterns(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| patterns(value, found)),
            _ => {}
        }
    }
    for bundled in [
        include_str!("../../openapi/nicechat.json"),
        include_str!("../../openapi/retailcrm.json"),
        include_str!("../../openapi/uvygoda.json"),
    ] {
        let document: Value = serde_json::from_str(bundled).unwrap();
        let mut found = Vec::new();
        patterns(&document, &mut found);
        for pattern in found {
            regex_lite::Regex::new(pattern).expect(pattern);
        }
    }
}

#[test]
fn x8_a_literal_path_wins_and_slashes_count() {
    let description = description();
    assert!(
        matches!(description.route(&Method::POST, "/orders/create"), Route::Found(operation, _)
        if operation.id() == "orders.create" && operation.is_json_field("items"))
    );
    match description.route(&Method::GET, "/orders/a%2Fb") {
        Route::Found(operation, parameters) => {
            assert_eq!(operation.id(), "orders.get");
            assert_eq!(parameters, [("id", "a/b".to_owned())]);
        }
        other => panic!("not found: {other:?}"),
    }
    assert!(matches!(
        description.route(&Method::DELETE, "/orders"),
        Route::WrongMethod
    ));
    assert!(matches!(
        description.route(&Method::GET, "/orders/"),
        Route::Unknown
    ));
}

#[test]
fn x8_violations_name_the_place() {
    assert_eq!(
        wrong(json!({"number": "7", "sum": "10.00", "fields": {"a": "b"}})),
        [""; 0]
    );
    assert_eq!(wrong(json!({})), ["number: is required"]);
    assert_eq!(wrong(json!({"number": 7})), ["number: must be string"]);
    assert_eq!(wrong(json!({"number": ""})), ["number: must not be empty"]);
    assert_eq!(
        wrong(json!({"number": "7", "nmae": 1})),
        ["nmae: is unknown"]
    );
    assert_eq!(
        wrong(json!({"number": "7", "sum": -1})),
        ["sum: must be at least 0"]
    );
    assert_eq!(
        wrong(json!({"number": "7", "at": "yesterday"})),
        ["at: must be a date and time like 2014-03-21 05:14:07"]
    );
    assert_eq!(
        wrong(json!({"number": "7", "items": [{"quantity": 1}, {"sub": {"quantity": "x"}}]})),
        ["items[1].sub.quantity: must be integer"]
    );
    assert_eq!(
        wrong(json!({"number": "7", "fields": {"a": 1}})),
        ["fields.a: must be string"]
    );
    assert_eq!(wrong(json!([])), ["value: must be object"]);
}

#[test]
fn re16_texts_of_a_query_become_what_the_schema_asks_for() {
    let description = description();
    let operation = description.operation("orders.list").expect("described");
    let parameters = operation.parameters("query");
    let filter = parameters
        .iter()
        .find(|(name, ..)| *name == "filter")
        .expect("described");
    let value = filter
        .2
        .coerced(json!({"ids": {"0": "1", "1": "2"}, "paid": "1"}));
    assert_eq!(value, json!({"ids": [1, 2], "paid": true}));
    assert!(filter.1 && filter.2.violations(&value, Unknown::Refused).is_empty());
    let limit = parameters[0].2.coerced(json!("30"));
    assert_eq!(
        parameters[0].2.violations(&limit, Unknown::Refused)[0].message,
        "must be one of 20, 50"
    );
}
