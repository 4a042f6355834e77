//! Which file of this crate knows which: no circle of files comes back, and the parts of the
//! emulated RetailCRM know only what stands below them.

mod graph;
mod source;

use std::collections::BTreeMap;
use std::path::Path;

use graph::Graph;

/// Below `src/retailcrm/`: a part, and the parts that it must not know.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "value.rs",
        &[
            "state/",
            "protocol/",
            "methods/",
            "registry.rs",
            "routes.rs",
            "described.rs",
            "service.rs",
            "handle.rs",
        ],
    ),
    (
        "state/",
        &[
            "protocol/",
            "methods/",
            "registry.rs",
            "routes.rs",
            "described.rs",
            "service.rs",
            "handle.rs",
        ],
    ),
    (
        "protocol/",
        &[
            "methods/",
            "registry.rs",
            "routes.rs",
            "described.rs",
            "service.rs",
            "handle.rs",
        ],
    ),
    (
        "methods/",
        &[
            "registry.rs",
            "routes.rs",
            "described.rs",
            "service.rs",
            "handle.rs",
        ],
    ),
    (
        "registry.rs",
        &["routes.rs", "described.rs", "service.rs", "handle.rs"],
    ),
];

/// The Rust files below `src`, by their path.
fn files() -> BTreeMap<String, String> {
    fn read(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                read(root, &path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root).expect("below the root");
                let text = std::fs::read_to_string(&path).expect("a text");
                found.insert(name.to_string_lossy().replace('\\', "/"), text);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    read(&root, &root, &mut found);
    found
}

/// Arrows that break the order, as `from -> to`.
fn broken(graph: &Graph) -> Vec<String> {
    let is_broken = |from: &str, to: &str| {
        let (Some(from), Some(to)) = (
            from.strip_prefix("retailcrm/"),
            to.strip_prefix("retailcrm/"),
        ) else {
            return false;
        };
        let upwards = ARROWS.iter().any(|(part, unknown)| {
            from.starts_with(part) && unknown.iter().any(|part| to.starts_with(part))
        });
        let sideways = match (group(from), group(to)) {
            (Some(one), Some(other)) => one != other,
            _ => false,
        };
        upwards || sideways
    };
    graph
        .arrows()
        .filter(|(from, to)| is_broken(from, to))
        .map(|(from, to)| format!("{from} -> {to}"))
        .collect()
}

/// The group of methods that a file belongs to.
fn group(file: &str) -> Option<&str> {
    let rest = file.strip_prefix("methods/")?;
    let group = rest.split('/').next()?.trim_end_matches(".rs");
    (group != "mod").then_some(group)
}

#[test]
fn no_circle_of_files_is_in_the_crate() {
    let graph = Graph::of(&files());
    // The reader sees what it must: through a folder, a re-export and a path in code.
    for known in [
        ("retailcrm/registry.rs", "retailcrm/methods/orders/edit.rs"),
        ("retailcrm/methods/costs.rs", "retailcrm/state/account.rs"),
        ("retailcrm/mod.rs", "retailcrm/handle.rs"),
        ("retailcrm/handle.rs", "requests.rs"),
    ] {
        assert!(
            graph.arrows().any(|arrow| arrow == known),
            "{known:?} is not seen"
        );
    }
    let circles = graph.circles();
    assert!(
        circles.is_empty(),
        "files that know one another: {circles:#?}"
    );
}

#[test]
fn the_parts_of_retailcrm_know_what_is_below_them() {
    let broken = broken(&Graph::of(&files()));
    assert!(broken.is_empty(), "{broken:#?}");
}

fn planted(files: &[(&str, &str)]) -> Graph {
    let files = files
        .iter()
        .map(|(name, text)| ((*name).into(), (*text).into()));
    Graph::of(&files.collect())
}

#[test]
fn a_planted_circle_is_found() {
    let root = ("lib.rs", "mod a; mod b; mod c;");
    let a = ("a.rs", "use crate::b::B;");
    let b = ("b.rs", "fn b() { super::c::c() }");
    let closed: &[&str] = &["a.rs", "b.rs", "c.rs"];
    for (what, c) in [
        ("an import", "use crate::a::A;"),
        (
            "a tree of imports",
            "use std::fmt;\nuse crate::{a::{self, A}};",
        ),
        ("a path in code", "fn c() -> u8 { crate::a::one::<u8>() }"),
        ("a public re-export", "pub(crate) use super::a::A as Other;"),
    ] {
        assert_eq!(
            planted(&[root, a, b, ("c.rs", c)]).circles(),
            [closed],
            "{what}"
        );
    }
    for (what, c) in [
        ("nothing", ""),
        (
            "comments",
            "// use crate::a::A;\n/* crate::a::a() /* crate::a */ */",
        ),
        (
            "texts",
            r##"const C: &str = "crate::a::a()"; const D: &str = r#"" crate::a::A "#;"##,
        ),
        (
            "tests",
            "#[cfg(test)]\nmod tests { use crate::a::A; fn t() { {} } }\nfn c() {}",
        ),
        ("an import for tests", "#[cfg(test)]\nuse crate::a::A;"),
        ("who may see it", "pub(in crate::a) fn c() {}"),
        ("other crates", "use other::a::A;"),
    ] {
        let graph = planted(&[root, a, b, ("c.rs", c)]);
        let circles = graph.circles();
        assert!(circles.is_empty(), "{what}: {circles:?}");
    }
}

#[test]
fn names_are_followed_to_the_file_that_has_them() {
    // The folder's file hands on what a child has: the sibling depends on the child.
    let files = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b; mod c;\npub(crate) use b::B;"),
        ("a/b.rs", "pub(crate) struct B;"),
        ("a/c.rs", "use super::B;"),
    ];
    let graph = planted(&files);
    let arrows: Vec<_> = graph.arrows().collect();
    assert_eq!(arrows, [("a/c.rs", "a/b.rs"), ("a/mod.rs", "a/b.rs")]);
    // Through the same door a circle comes back.
    let files = [files[0], files[1], ("a/b.rs", "use super::c::C;"), files[3]];
    assert_eq!(planted(&files).circles(), [["a/b.rs", "a/c.rs"]]);
}

#[test]
fn files_for_tests_count_for_nothing() {
    let graph = planted(&[
        ("lib.rs", "mod a; #[cfg(test)] mod tests;"),
        ("a.rs", "#[cfg(test)]\nuse crate::tests::help;"),
        ("tests/mod.rs", "mod deep;"),
        ("tests/deep.rs", "use crate::a::A;"),
    ]);
    assert_eq!(graph.arrows().count(), 0);
}

#[test]
fn a_planted_arrow_against_the_order_is_found() {
    let found = |from: &str, text: &str| {
        let root = ("lib.rs", "mod retailcrm;");
        let parts = (
            "retailcrm/mod.rs",
            "mod state; mod protocol; mod methods; mod registry; mod value;",
        );
        let methods = ("retailcrm/methods/mod.rs", "mod orders; mod costs;");
        let state = ("retailcrm/state/mod.rs", "");
        let empty = [
            "protocol/mod.rs",
            "registry.rs",
            "value.rs",
            "methods/costs.rs",
            "methods/orders/mod.rs",
        ];
        let names = empty.map(|name| format!("retailcrm/{name}"));
        let mut files = vec![root, parts, methods, state];
        files.extend(names.iter().map(|name| (name.as_str(), "")));
        let from = format!("retailcrm/{from}");
        files.retain(|(name, _)| *name != from);
        files.push((from.as_str(), text));
        broken(&planted(&files)).len()
    };
    assert_eq!(found("state/mod.rs", "use super::protocol::Failure;"), 1);
    assert_eq!(
        found(
            "protocol/mod.rs",
            "fn f() { crate::retailcrm::registry::handler(1) }"
        ),
        1
    );
    assert_eq!(found("methods/costs.rs", "use super::orders::place;"), 1);
    assert_eq!(
        found(
            "methods/orders/mod.rs",
            "use crate::retailcrm::state::Account;"
        ),
        0
    );
    assert_eq!(
        found("registry.rs", "use super::methods::{costs, orders};"),
        0
    );
}
