//! `cargo xtask coverage`: docs/coverage.md, each operation with what stands for it; `--check` fails when it is stale.
//!
//! Nothing in it is claimed by hand:
//!
//! - described: the file of the description that holds the operation;
//! - generated: the module of the API crate whose code names it;
//! - round trips: the tests in which a typed client makes the call and a sandbox answers. They are found by the text
//!   of the call, `client.orders().create(…)`. A test that goes over all operations of a service says so in a
//!   comment above it, `// round trip: retailcrm`, and has to fail when it leaves one out;
//! - the sandbox: what `tests/foreign/state.py` saw.

mod tests_of;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::{Map, Value};

use tests_of::RoundTrips;

const DOCUMENT: &str = "docs/coverage.md";

/// Crate and service.
const SERVICES: &[(&str, &str)] = &[
    ("nicechat-api", "nicechat"),
    ("uvygoda-rpc", "uvygoda"),
    ("retailcrm-v5", "retailcrm"),
];

/// One operation as the description has it.
struct Operation {
    name: String,
    /// The description's file.
    file: String,
    /// The description's tag: the client's handle.
    group: String,
}

/// Writes the document, or compares it.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let check = match args {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err("usage: cargo xtask coverage [--check]".into()),
    };
    let new = document(crate::root())?;
    let path = crate::root().join(DOCUMENT);
    if !check {
        return fs::write(&path, new).map_err(|error| format!("{DOCUMENT}: {error}"));
    }
    match fs::read_to_string(&path).unwrap_or_default() == new {
        true => Ok(()),
        false => Err(format!("{DOCUMENT} is stale: run `cargo xtask coverage`")),
    }
}

fn document(root: &Path) -> Result<String, String> {
    let trips = RoundTrips::read(root)?;
    let states = read_json(&root.join("tests/foreign/state.json"))?;
    let mut text = String::from(INTRODUCTION);
    for (package, service) in SERVICES {
        let operations = described(&root.join("crates").join(package).join("openapi"))?;
        let generated = generated(&root.join("crates").join(package).join("src/generated"))?;
        let rows: Vec<Row> = operations
            .iter()
            .map(|operation| Row {
                name: &operation.name,
                file: &operation.file,
                module: generated.get(&operation.name),
                tests: trips.of(service, &operation.group, &operation.name),
                state: states[service][&operation.name].as_str(),
            })
            .collect();
        text += &section(service, &rows);
    }
    Ok(text)
}

const INTRODUCTION: &str = "# Coverage, operation by operation

Written by `cargo xtask coverage`; `xtask/src/coverage` says where each column comes from. Besides the round trips listed here, `tests/tests/sweep`
sends every parameter of every operation, and `tests/tests/verdicts.rs` reads made answers of every operation.

The sandbox's column is what `tests/foreign/state.py` saw: *stateful*, the operation changes what some read answers, or is a read whose
answer changed; *fixed*, a read that answered the same every time; *no read shows it*, a write without a trace in any read of the API.
";

/// A line of the table.
struct Row<'a> {
    name: &'a str,
    file: &'a str,
    module: Option<&'a String>,
    tests: BTreeSet<&'a str>,
    state: Option<&'a str>,
}

fn section(service: &str, rows: &[Row<'_>]) -> String {
    let count = |is: &dyn Fn(&&Row<'_>) -> bool| rows.iter().filter(is).count();
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        *states.entry(row.state.unwrap_or("not seen")).or_default() += 1;
    }
    let states: Vec<String> = states
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    let mut text = format!(
        "\n## {service}\n\n{} operations described, {} generated, {} with a round trip of the typed client. The sandbox: {}.\n\n",
        rows.len(),
        count(&|row| row.module.is_some()),
        count(&|row| !row.tests.is_empty()),
        states.join(", ")
    );
    text +=
        "| operation | described | generated | round trips | sandbox |\n|---|---|---|---|---|\n";
    for row in rows {
        let tests: Vec<String> = row.tests.iter().map(|test| format!("`{test}`")).collect();
        text += &format!(
            "| `{}` | {} | {} | {} | {} |\n",
            row.name,
            row.file,
            row.module.map_or("no", String::as_str),
            if tests.is_empty() {
                "none".to_owned()
            } else {
                tests.join(", ")
            },
            row.state.unwrap_or("not seen")
        );
    }
    text
}

/// The operations of a service, by file and in its order of paths.
fn described(folder: &Path) -> Result<Vec<Operation>, String> {
    let mut operations = Vec::new();
    for path in tests_of::files(folder, "json")? {
        let document = read_json(&path)?;
        let file = tests_of::file_name(&path);
        for (_, item) in members(&document["paths"]) {
            for (_, node) in members(item) {
                if let Some(name) = node["operationId"].as_str() {
                    let group = node["tags"][0].as_str().unwrap_or_default();
                    operations.push(Operation {
                        name: name.to_owned(),
                        file: file.clone(),
                        group: group.to_owned(),
                    });
                }
            }
        }
    }
    Ok(operations)
}

/// Operation to the generated module that names it in its metadata.
fn generated(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let mut modules = BTreeMap::new();
    for path in tests_of::files(folder, "rs")? {
        let text = tests_of::read(&path)?;
        // `Metadata::new("retailcrm", "orders.list", …`: the second text is the operation's name.
        for metadata in text.split("Metadata::new(").skip(1) {
            if let Some(name) = metadata.split('"').nth(3) {
                modules.insert(name.to_owned(), tests_of::file_name(&path));
            }
        }
    }
    Ok(modules)
}

fn read_json(path: &Path) -> Result<Value, String> {
    let text = tests_of::read(path)?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn members(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node.as_object().into_iter().flat_map(Map::iter)
}
