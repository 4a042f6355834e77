//! Recorded outputs: tiny descriptions, each about one difficulty, and what is generated from them.
//!
//! `UPDATE_EXPECTED=1 cargo test -p xtask codegen` records anew; the diff is the review.

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::{documents, generate, lists::Whole, render::Target};

fn case(name: &str) -> PathBuf {
    crate::root().join("xtask/src/codegen/testdata").join(name)
}

fn generated(name: &str, features: bool) -> Result<BTreeMap<String, String>, String> {
    let documents = documents::load(&case(name), name)?;
    let target = Target {
        service: "sample",
        features,
        whole: Whole::Books("books"),
    };
    generate(&documents, target)
}

fn compare(name: &str, file: &str, text: &str) {
    let path = case(name).join("expected").join(file);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == text,
        "{} differs; generated:\n{text}",
        path.display()
    );
}

fn check(name: &str, features: bool, files: &[&str]) {
    let generated = generated(name, features).unwrap();
    for file in files {
        compare(name, file, &generated[*file]);
    }
}

#[test]
fn x11_each_kind_of_type() {
    check("types", false, &["things.rs"]);
}

#[test]
fn x11_recursive_models_are_boxed() {
    check("recursion", false, &["trees.rs"]);
}

// H1
#[test]
fn h1_large_models_are_boxed_and_all_are_measured() {
    check("boxes", false, &["things.rs", "sizes.rs"]);
}

// C7: no setter for what is computed, `clear_…` for what null clears, a struct for many required fields.
#[test]
fn c7_edits_computed_fields_and_many_required_fields() {
    check("edits", false, &["things.rs"]);
}

#[test]
fn x11_models_of_several_groups_are_shared() {
    let files = [
        "mod.rs",
        "shared.rs",
        "orders.rs",
        "customers.rs",
        "callbacks.rs",
    ];
    check("shared", true, &files);
}

#[test]
fn x11_each_place_of_a_parameter() {
    check("params", false, &["calls.rs", "mod.rs"]);
}

#[test]
fn x11_lists_in_pages_and_histories() {
    check("pages", false, &["things.rs", "mod.rs"]);
}

#[test]
fn x11_names_that_rust_has_already() {
    check("names", false, &["odd.rs"]);
}

#[test]
fn x11_webhooks_are_models_and_no_operations() {
    check("webhooks", true, &["mod.rs", "events.rs"]);
}

// F18: a reference into a path, and a list in brackets, are among them.
#[test]
fn x11_all_findings_are_reported_with_file_and_pointer() {
    let findings = generated("findings", false).unwrap_err();
    compare("findings", "findings.txt", &(findings + "\n"));
}

#[test]
fn x11_the_output_is_deterministic() {
    assert_eq!(generated("shared", true), generated("shared", true));
}

// X11: what is committed, and not an example of it.
#[test]
fn x11_the_committed_code_is_what_the_descriptions_give() {
    super::run(&["--check".to_owned()]).unwrap();
    assert!(super::run(&["--chekc".to_owned()]).is_err());
}
