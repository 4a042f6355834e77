//! Every field of every filter: the rows that it finds, and those that it does not.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::Value;

use super::world::world;
use super::{Found, List, lists};
use crate::retailcrm::described::DESCRIPTION;
use crate::retailcrm::tests::harness::Crm;
use crate::retailcrm::value;
use crate::schema::Schema;

/// Characters that a request's target cannot hold unescaped.
const UNSAFE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'+');

/// Fields that choose no rows; each has a test of its own.
const BESIDE: &[(&str, &str)] = &[("store.list_inventories", "details")];

/// The described filters: operation, and its fields.
pub(super) fn described() -> Vec<(&'static str, Vec<(&'static str, Schema<'static>)>)> {
    let filter = |operation: crate::schema::Operation<'static>| {
        let parameters = operation.parameters("query");
        let (_, _, filter) = parameters
            .into_iter()
            .find(|(name, ..)| *name == "filter")?;
        let fields = filter.property_names();
        let fields = fields.filter_map(|name| Some((name, filter.property(name)?)));
        Some((operation.id(), fields.collect()))
    };
    DESCRIPTION.operations().filter_map(filter).collect()
}

/// The table of a list.
pub(super) fn list(operation: &str) -> &'static List {
    let list = lists().find(|list| list.operation == operation);
    list.unwrap_or_else(|| panic!("{operation} has a filter and no table"))
}

/// The answer to a list with this filter.
pub(super) fn asked(crm: &Crm, list: &List, filter: &str) -> (u16, Value) {
    let joint = if list.path.contains('?') { '&' } else { '?' };
    let target = format!("{}{joint}limit=100&{filter}", list.path);
    crm.get(&utf8_percent_encode(&target, UNSAFE).to_string())
}

/// The rows that are A (or B) in an answer.
fn rows_of<'a>(body: &'a Value, list: &List, key: &str) -> Vec<&'a Value> {
    let rows = body[list.rows].as_array();
    let rows = rows.unwrap_or_else(|| panic!("{}: {body}", list.operation));
    let is_meant = |row: &&Value| {
        let row = row.as_object().expect("a row is an object");
        let texts = value::all_at(row, list.key)
            .into_iter()
            .filter_map(value::text);
        texts.collect::<Vec<_>>() == [key]
    };
    rows.iter().filter(is_meant).collect()
}

/// Whether A and B are in the answer.
fn found(crm: &Crm, list: &List, filter: &str) -> Result<(bool, bool), String> {
    let (status, body) = asked(crm, list, filter);
    if status != 200 {
        return Err(format!("{filter}: {status} {body}"));
    }
    let has = |key: &str| !rows_of(&body, list, key).is_empty();
    Ok((has(list.a), has(list.b)))
}

/// A field with its value, as a query.
fn query(crm: &Crm, list: &List, name: &str, given: &str) -> String {
    let (_, body) = asked(crm, list, "");
    let ids = |key: &str| -> Vec<i64> {
        let rows = rows_of(&body, list, key);
        rows.iter().filter_map(|row| row["id"].as_i64()).collect()
    };
    let text = |id: Option<i64>| id.map_or_else(String::new, |id| id.to_string());
    let given = given
        .replace("{a}", &text(ids(list.a).first().copied()))
        .replace("{b}", &text(ids(list.b).first().copied()))
        .replace("{last a}", &text(ids(list.a).into_iter().max()));
    let joint = if given.starts_with('[') { "" } else { "=" };
    format!("filter[{name}]{joint}{given}")
}

// F12
#[test]
fn f12_every_field_of_every_filter_has_a_line_and_every_line_a_field() {
    let mut fields = 0;
    for (operation, described) in described() {
        let lines: BTreeSet<&str> = list(operation)
            .cases
            .iter()
            .map(|(name, ..)| *name)
            .collect();
        assert_eq!(
            lines.len(),
            list(operation).cases.len(),
            "{operation}: a line twice"
        );
        let names: BTreeSet<&str> = described.iter().map(|(name, _)| *name).collect();
        fields += names.len();
        let beside = BESIDE.iter().filter(|(list, _)| *list == operation);
        let names: BTreeSet<&str> = names
            .into_iter()
            .filter(|name| !beside.clone().any(|(_, field)| field == name))
            .collect();
        assert_eq!(lines, names, "{operation}");
    }
    let lines: usize = lists().map(|list| list.cases.len()).sum();
    println!("{fields} fields of filters, {lines} of them choose rows");
    assert_eq!(fields, lines + BESIDE.len());
}

// F12
#[test]
fn f12_every_field_finds_what_it_should_and_not_what_it_should_not() {
    let crm = world();
    let mut wrong = Vec::new();
    for list in lists() {
        if found(&crm, list, "") != Ok((true, true)) {
            wrong.push(format!("{}: {:?}", list.operation, asked(&crm, list, "")));
            continue;
        }
        for (name, given, one) in list.cases {
            let query = query(&crm, list, name, given);
            let expected = (*one == Found::A, *one == Found::B);
            let found = found(&crm, list, &query);
            if found != Ok(expected) {
                wrong.push(format!("{} {query}: {found:?}", list.operation));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// F12
#[test]
fn f12_a_flag_finds_the_other_when_it_is_turned() {
    let crm = world();
    let mut flags = 0;
    for (operation, fields) in described() {
        let list = list(operation);
        for (name, _) in fields
            .iter()
            .filter(|(_, schema)| schema.types() == ["boolean"])
        {
            let Some((_, given, one)) = list.cases.iter().find(|(field, ..)| field == name) else {
                continue;
            };
            flags += 1;
            let expected = (*one == Found::B, *one == Found::A);
            for no in if *given == "1" {
                ["0", "false", "False"]
            } else {
                ["1", "true", "True"]
            } {
                let found = found(&crm, list, &format!("filter[{name}]={no}"));
                assert_eq!(found, Ok(expected), "{operation} {name}={no}");
            }
        }
    }
    let described = described();
    let fields = described.iter().flat_map(|(_, fields)| fields);
    let all = fields
        .filter(|(_, schema)| schema.types() == ["boolean"])
        .count();
    println!("{flags} flags");
    assert_eq!(flags + BESIDE.len(), all);
}

// F12: one value is enough for a list, and a list of one is the value.
#[test]
fn f12_a_scalar_is_a_list_of_one() {
    let crm = world();
    let mut compared = 0;
    for (operation, fields) in described() {
        let list = list(operation);
        for (name, schema) in fields {
            // Properties take a map by code too, and a list with holes is a map.
            let takes_map = schema
                .alternatives("oneOf")
                .iter()
                .any(|one| one.types() == ["object"]);
            let is_list = schema.types() == ["array"] || !schema.alternatives("oneOf").is_empty();
            let case = list.cases.iter().find(|(field, ..)| *field == name);
            let Some((_, given, _)) = case.filter(|_| is_list) else {
                continue;
            };
            let given = query(&crm, list, "x", given);
            let value = given
                .trim_start_matches("filter[x]")
                .trim_start_matches("[]");
            let Some(value) = value.strip_prefix('=').filter(|value| !value.contains('&')) else {
                continue;
            };
            let of =
                |spelling: &str| asked(&crm, list, &format!("filter[{name}]{spelling}={value}"));
            let holed = if takes_map { "[]" } else { "[3]" };
            let forms = [of(""), of("[]"), of("[0]"), of(holed)];
            for (status, body) in &forms {
                let rows = &body[list.rows];
                assert_eq!(
                    (*status, rows),
                    (200, &forms[0].1[list.rows]),
                    "{operation} {name}"
                );
            }
            compared += 1;
        }
    }
    println!("{compared} lists");
    assert!(compared > 90, "{compared}");
}
