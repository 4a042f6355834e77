//! Every field of every filter: values that are ignored, and values that are refused.

use super::sweep::{asked, described, list};
use super::world::world;
use crate::schema::Schema;

// F12
#[test]
fn f12_an_empty_value_is_no_filter() {
    let crm = world();
    for (operation, fields) in described() {
        let list = list(operation);
        let all = asked(&crm, list, "").1[list.rows].clone();
        for (name, _) in fields {
            for empty in [format!("filter[{name}]="), format!("filter[{name}]")] {
                let (status, body) = asked(&crm, list, &empty);
                assert_eq!(
                    (status, &body[list.rows]),
                    (200, &all),
                    "{operation} {empty}"
                );
            }
        }
        for empty in ["filter=", "filter=None", "filter", "filter[]="] {
            let (status, body) = asked(&crm, list, empty);
            assert_eq!(
                (status, &body[list.rows]),
                (200, &all),
                "{operation} {empty}"
            );
        }
    }
}

/// Values that a field of this type refuses, as they are written after `filter[name]`.
fn ill_typed(schema: Schema<'_>) -> Vec<&'static str> {
    let types = schema.types();
    let one_of = |name: &str| types.len() == 1 && types[0] == name;
    if one_of("array") {
        let items = schema.items().map(ill_typed).unwrap_or_default();
        let mut wrong: Vec<&str> = items.into_iter().filter(|text| *text == "=x").collect();
        if schema
            .items()
            .is_some_and(|items| items.types() == ["integer"])
        {
            wrong.extend(["[]=x", "[a][b]=1", "[0][]=1"]);
        }
        wrong
    } else if one_of("integer") || one_of("number") {
        vec!["=x", "=1,5", "[]=1", "[min]=1"]
    } else if one_of("boolean") {
        vec!["=yes", "=2", "[]=1"]
    } else if one_of("string") && !schema.choices().is_empty() {
        vec!["=odd", "[]=odd"]
    } else if one_of("string") {
        vec!["[]=x", "[a]=x"]
    } else if one_of("object") {
        vec!["=x"]
    } else {
        Vec::new()
    }
}

// F12
#[test]
fn f12_a_value_of_the_wrong_type_is_refused_by_its_name() {
    let crm = world();
    let (mut refused, mut wrong) = (0, Vec::new());
    for (operation, fields) in described() {
        let list = list(operation);
        for (name, schema) in fields {
            let mut values = ill_typed(schema);
            let is_day = name.ends_with("From") || name.ends_with("To");
            if is_day && schema.types() == ["string"] || name.ends_with("Date") {
                values.extend(["=today", "=2026-13-01", "=01.02.2026"]);
            }
            for given in values {
                let (status, body) = asked(&crm, list, &format!("filter[{name}]{given}"));
                let text = &body["errors"][format!("filter[{name}]")];
                if status == 400 && body["success"] == false && text.is_string() {
                    refused += 1;
                } else {
                    wrong.push(format!(
                        "{operation} filter[{name}]{given}: {status} {body}"
                    ));
                }
            }
        }
        let (status, body) = asked(&crm, list, "filter[]=1");
        assert_eq!(status, 400, "{operation}: {body}");
        let (status, body) = asked(&crm, list, "filter[nope]=1");
        assert_eq!(status, 400, "{operation}");
        assert_eq!(
            body["errors"]["filter[nope]"], "This form should not contain extra fields.",
            "{operation}"
        );
    }
    println!("{refused} values refused");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused > 900, "{refused}");
}
