//! `cargo xtask facts`: the description of RetailCRM against what its public clients and documents say.
//!
//! Client and sandbox are made from one description and would agree with its mistakes. So the description is compared
//! with `retailcrm.txt`: verb, path, place, type and need of each parameter, fields and types of each model, values of
//! enums. `differences.txt` lists each difference that stays, under its reason; one that is not listed fails, and so
//! does a listed one that is gone.

mod described;
mod told;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// What is said, by what it is said of: `op orders.get query by` is `ByIdentifier`.
type Statements = BTreeMap<String, String>;

/// Runs the task; it takes no arguments.
///
/// # Errors
/// Each difference that is not listed, and each listed one that is gone, a line each.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    if !args.is_empty() {
        return Err("usage: cargo xtask facts".to_owned());
    }
    let folder = crate::root().join("xtask/src/facts");
    let description = crate::root().join("crates/shopwire-sandbox/openapi/retailcrm.json");
    let read = |path: std::path::PathBuf| {
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let told = told::read(&read(folder.join("retailcrm.txt"))?)?;
    let described = described::read(&read(description)?)?;
    let found = differences(&told, &described);
    let listed = listed(&read(folder.join("differences.txt"))?)?;
    let complaints = complaints(&found, &listed);
    println!(
        "{} statements of retailcrm.txt, {} differences, {} with a reason",
        told.len(),
        found.len(),
        listed.len()
    );
    match complaints.is_empty() {
        true => Ok(()),
        false => Err(complaints.join("\n")),
    }
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
        // That something is needed, the clients do not say.
        if !told.contains_key(of) && !of.ends_with(" needed") {
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
            line if !has_reason => return Err(format!("differences.txt: no reason for {line}")),
            line if !listed.insert(line.to_owned()) => {
                return Err(format!("differences.txt: twice: {line}"));
            }
            _ => {}
        }
    }
    Ok(listed)
}

fn complaints(found: &BTreeSet<String>, listed: &BTreeSet<String>) -> Vec<String> {
    let new = found.difference(listed).map(|line| {
        format!("not listed in differences.txt (what is told / what is described): {line}")
    });
    let gone = listed
        .difference(found)
        .map(|line| format!("listed in differences.txt and no difference: {line}"));
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
    fn t2_the_description_differs_from_the_facts_only_where_a_reason_stands() {
        run(&[]).unwrap();
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
            ("enum E", "a b"),
        ]);
        let described = statements(&[
            ("op a.get", "POST /a"),
            ("op a.get form by", "ByIdentifier"),
            ("model A.price", "number"),
            ("model A.new", "string"),
            ("model A.shown", "boolean"),
            ("enum E", "a"),
            ("op a.get form by needed", "yes"),
        ]);
        let found = differences(&told, &described);
        assert_eq!(
            found.iter().map(String::as_str).collect::<Vec<_>>(),
            [
                "enum E: a b / a",
                "model A.hidden: ? / nothing",
                "model A.lost: string / nothing",
                "model A.new: nothing / string",
                "op a.get form by: nothing / ByIdentifier",
                "op a.get query by: ByIdentifier / nothing",
                "op a.get query id needed: yes / nothing",
                "op a.get: GET /a / POST /a",
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
