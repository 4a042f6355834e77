//! The documentation of the crate lists its features.

use std::collections::BTreeSet;

const MANIFEST: &str = include_str!("../Cargo.toml");
const ROOT: &str = include_str!("../src/lib.rs");

/// The names in the manifest's table of features.
fn of_the_manifest() -> BTreeSet<&'static str> {
    let (_, table) = MANIFEST.split_once("\n[features]\n").expect("a table");
    let (table, _) = table.split_once("\n[").expect("another table");
    let lines = table
        .lines()
        .filter(|line| !line.starts_with(['#', ' ', ']']));
    let names = lines.filter_map(|line| line.split_once(" = "));
    names
        .map(|(name, _)| name)
        .filter(|name| *name != "default")
        .collect()
}

/// The names before the colons of the documentation's list.
fn of_the_documentation() -> BTreeSet<&'static str> {
    let (_, list) = ROOT.split_once("//! # Features\n").expect("a list");
    let list: Vec<&str> = list
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .collect();
    let mut names = BTreeSet::new();
    let mut is_name = false;
    for line in list {
        is_name |= line.starts_with(" - ");
        let (head, colon) = line
            .split_once(": ")
            .map_or((line, false), |(head, _)| (head, true));
        if is_name {
            names.extend(head.split('`').skip(1).step_by(2));
        }
        is_name &= !colon;
    }
    names
}

// C11
#[test]
fn c11_the_list_of_features_is_that_of_the_manifest() {
    let (manifest, documentation) = (of_the_manifest(), of_the_documentation());
    assert!(manifest.contains("http2") && manifest.contains("retailcrm-orders"));
    let differences: Vec<_> = manifest.symmetric_difference(&documentation).collect();
    assert!(differences.is_empty(), "{differences:?}");
}

/// The table of another crate's features.
fn features_of(manifest: &'static str) -> BTreeSet<&'static str> {
    let (_, table) = manifest.split_once("\n[features]\n").expect("a table");
    let (table, _) = table.split_once("\n\n[").expect("another table");
    let names = table.lines().filter_map(|line| line.split_once(" = "));
    names
        .map(|(name, _)| name.trim())
        .filter(|name| !name.starts_with('#'))
        .collect()
}

// C11
#[test]
fn c11_the_features_of_the_crates_below_are_forwarded() {
    let retailcrm = features_of(include_str!("../../retailcrm-v5/Cargo.toml"));
    let own = of_the_manifest();
    let kept = [
        "client",
        "default",
        "full",
        "mock",
        "receivers",
        "serde",
        "webhooks",
    ];
    for group in retailcrm.iter().filter(|name| !kept.contains(name)) {
        let forward = format!("[\"retailcrm\", \"retailcrm-v5/{group}\"]");
        assert!(MANIFEST.contains(&forward), "{group}");
    }
    let transport = features_of(include_str!("../../common-transport/Cargo.toml"));
    let inner = ["client", "client-core", "default", "layers"];
    for name in transport.iter().filter(|name| !inner.contains(name)) {
        assert!(own.contains(name), "{name}");
    }
}
