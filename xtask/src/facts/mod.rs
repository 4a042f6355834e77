//! `cargo xtask facts`: the descriptions against what clients and documents of the services say.
//!
//! Client and sandbox are made from one description and would agree with its mistakes. So each description is compared
//! with a file of facts: verb, path, place, type and need of each parameter, fields, types and need in each model, values of
//! enums. `retailcrm.txt` holds what its public clients and documents say, `nicechat.txt` and `uvygoda.txt` what the
//! document of each says; there is no public client of these two. `SERVICE.differences.txt` lists each difference that
//! stays, under its reason; one that is not listed fails, and so does a listed one that is gone.

mod described;
mod told;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// What is said, by what it is said of: `op orders.get query by` is `ByIdentifier`.
type Statements = BTreeMap<String, String>;

const SERVICES: &[&str] = &["nicechat", "retailcrm", "uvygoda"];

/// Runs the task; it takes no arguments.
///
/// # Errors
/// Each difference that is not listed, and each listed one that is gone, a line each.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if !args.is_empty() {
        return Err("usage: cargo xtask facts".to_owned());
    }
    let mut all = Vec::new();
    for service in SERVICES {
        all.extend(compared(service)?);
    }
    match all.is_empty() {
        true => Ok(()),
        false => Err(all.join("\n")),
    }
}

/// What is wrong with the description of a service, or with the list of its differences.
fn compared(service: &str) -> Result<Vec<String>, String> {
    let folder = crate::root().join("xtask/src/facts");
    let description = format!("crates/shopwire-sandbox/openapi/{service}.json");
    let read = |path: std::path::PathBuf| {
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let told = told::read(&read(folder.join(format!("{service}.txt")))?)?;
    let described = described::read(&read(crate::root().join(description))?)?;
    let found = differences(&told, &described);
    let listed = listed(&read(folder.join(format!("{service}.differences.txt")))?)?;
    println!(
        "{service}: {} statements, {} differences, {} with a reason",
        told.len(),
        found.len(),
        listed.len()
    );
    let complaints = complaints(&found, &listed).into_iter();
    Ok(complaints
        .map(|line| format!("{service}: {line}"))
        .collect())
}

/// Where the description says something else, or nothing, or more.
fn differences(told: &Statements, described: &Statements) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (of, fact) in told {
        match described.get(of) {
            None => {
                found.insert(format!("{of}: {fact} / nothing"));
            }
            Some(described) if !agrees(fact, described) => {
                found.insert(format!("{of}: {fact} / {described}"));
            }
            Some(_) => {}
        }
    }
    for (of, described) in described {
        if !told.contains_key(of) {
            found.insert(format!("{of}: nothing / {described}"));
        }
    }
    found
}

/// One of the types that clients have, or any where only the name is known.
fn agrees(fact: &str, described: &str) -> bool {
    fact == "?" || fact.split('~').any(|one| one == described)
}

/// The listed differences: each stands under the reason before it.
fn listed(text: &str) -> Result<BTreeSet<String>, String> {
    let mut listed = BTreeSet::new();
    let mut has_reason = false;
    for line in text.lines() {
        match line {
            "" => has_reason = false,
            line if line.starts_with("# ") => has_reason = true,
            line if !has_reason => return Err(format!("no reason for {line}")),
            line if !listed.insert(line.to_owned()) => {
                return Err(format!("listed twice: {line}"));
            }
            _ => {}
        }
    }
    Ok(listed)
}

fn complaints(found: &BTreeSet<String>, listed: &BTreeSet<String>) -> Vec<String> {
    let new = found
        .difference(listed)
        .map(|line| format!("not listed (what is told / what is described): {line}"));
    let gone = listed
        .difference(found)
        .map(|line| format!("listed and no difference: {line}"));
    new.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(pairs: &[(&str, &str)]) -> Statements {
        let owned = pairs
            .iter()
            .map(|(of, what)| ((*of).to_owned(), (*what).to_owned()));
        owned.collect()
    }

    // T2
    #[test]
    fn t2_each_description_differs_from_the_facts_only_where_a_reason_stands() {
        for service in SERVICES {
            assert_eq!(compared(service).unwrap(), Vec::<String>::new());
        }
    }

    // T2
    #[test]
    fn t2_the_facts_cover_every_operation_and_say_what_is_required() {
        for (service, operations) in [("nicechat", 13), ("uvygoda", 11), ("retailcrm", 190)] {
            let text =
                fs::read_to_string(crate::root().join(format!("xtask/src/facts/{service}.txt")));
            let told = told::read(&text.unwrap()).unwrap();
            let count = |is: &dyn Fn(&str) -> bool| told.keys().filter(|of| is(of)).count();
            let named = count(&|of| of.starts_with("op ") && of.matches(' ').count() == 1);
            assert_eq!(named, operations, "{service}");
            assert!(count(&|of| of.ends_with(" needed")) > 4, "{service}");
        }
    }

    // T2
    #[test]
    fn t2_every_kind_of_difference_is_found() {
        let told = statements(&[
            ("op a.get", "GET /a"),
            ("op a.get query by", "ByIdentifier"),
            ("op a.get query id needed", "yes"),
            ("model A.price", "string~number"),
            ("model A.lost", "string"),
            ("model A.shown", "?"),
            ("model A.hidden", "?"),
            ("model A.id", "integer"),
            ("model A.id needed", "yes"),
            ("enum E", "a b"),
        ]);
        let described = statements(&[
            ("op a.get", "POST /a"),
            ("op a.get form by", "ByIdentifier"),
            ("model A.price", "number"),
            ("model A.new", "string"),
            ("model A.shown", "boolean"),
            ("model A.id", "integer"),
            ("model A.shown needed", "yes"),
            ("enum E", "a"),
            ("op a.get form by needed", "yes"),
        ]);
        let found = differences(&told, &described);
        assert_eq!(
            found.iter().map(String::as_str).collect::<Vec<_>>(),
            [
                "enum E: a b / a",
                "model A.hidden: ? / nothing",
                "model A.id needed: yes / nothing",
                "model A.lost: string / nothing",
                "model A.new: nothing / string",
                "model A.shown needed: nothing / yes",
                "op a.get form by needed: nothing / yes",
                "op a.get form by: nothing / ByIdentifier",
                "op a.get query by: ByIdentifier / nothing",
                "op a.get query id needed: yes / nothing",
                "op a.get: GET /a / POST /a",
            ]
        );
    }

    // T2
    #[test]
    fn t2_what_is_required_is_read_of_both_sides() {
        let facts =
            "op a.add POST /a\n  field id:string! name:string\nmodel A id:string! name:string\n";
        let description = r##"{
            "paths": {"/a": {"post": {
                "operationId": "a.add",
                "requestBody": {"content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/New"}},
                    "multipart/form-data": {"schema": {"$ref": "#/components/schemas/New"}}
                }},
                "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}}
            }}},
            "components": {"schemas": {
                "New": {"required": ["name"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
                "A": {"required": ["id"], "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
            }}
        }"##;
        let told = told::read(facts).unwrap();
        let found = differences(&told, &described::read(description).unwrap());
        assert_eq!(
            found.iter().map(String::as_str).collect::<Vec<_>>(),
            [
                "op a.add answer: nothing / A",
                "op a.add field id needed: yes / nothing",
                "op a.add field name needed: nothing / yes",
            ]
        );
    }

    // T2
    #[test]
    fn t2_a_difference_needs_a_reason_and_a_reason_a_difference() {
        let listed = listed("# Why.\nmodel A.a: x / y\n\n# Why not.\nmodel A.b: x / y\n").unwrap();
        let found = BTreeSet::from(["model A.a: x / y".to_owned(), "model A.c: x / y".to_owned()]);
        let complaints = complaints(&found, &listed);
        assert_eq!(complaints.len(), 2);
        assert!(
            complaints[0].ends_with("model A.c: x / y"),
            "{complaints:?}"
        );
        assert!(
            complaints[1].ends_with("model A.b: x / y"),
            "{complaints:?}"
        );
        assert!(super::listed("model A.a: x / y\n").is_err());
        assert!(super::listed("# Why.\n\nmodel A.a: x / y\n").is_err());
    }
}
