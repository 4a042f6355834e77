//! `cargo xtask api`: the public API of each library, an item a line, in `docs/api`; `--check` tells the lines that
//! came and went. What a change does to users is then part of its diff.
//!
//! rustdoc's JSON is unstable: the pinned toolchain is made to write it all the same (`RUSTC_BOOTSTRAP`), so that
//! the answer depends on nothing outside of this repository. A new toolchain may need another `public-api`.
//! Generated code is left out, since its descriptions are what is reviewed.
//!
//! With and without `--check` it fails where an item has two paths ([`exports`]) and where a signature names a type of
//! a crate that is not on the list ([`foreign`]).

mod exports;
mod foreign;

use std::{
    collections::{BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use public_api::Builder;
use serde::Deserialize;
use serde_json::Value;

/// The libraries.
const PACKAGES: &[&str] = &[
    "common-api",
    "common-durable",
    "common-limit-redis",
    "common-model",
    "common-transport",
    "nicechat-api",
    "nicechat-sign",
    "retailcrm-v5",
    "shopwire",
    "shopwire-sandbox",
    "uvygoda-rpc",
];

/// Where a file of generated code lies.
const GENERATED: &str = "src/generated/";

/// Writes the listings; with `--check` compares them.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let check = match args {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err("usage: cargo xtask api [--check]".into()),
    };
    let directory = crate::root().join("docs/api");
    fs::create_dir_all(&directory).map_err(|error| failed(&directory, &error))?;
    let (mut findings, mut broken) = (Vec::new(), Vec::new());
    for package in PACKAGES {
        let path = directory.join(format!("{package}.txt"));
        let (new, rules) = listing(package)?;
        broken.extend(rules);
        if check {
            let old = fs::read_to_string(&path).unwrap_or_default();
            findings.extend(difference(package, &old, &new));
        } else {
            fs::write(&path, new).map_err(|error| failed(&path, &error))?;
        }
    }
    if !findings.is_empty() {
        findings.push("docs/api is stale: run `cargo xtask api`".to_owned());
    }
    findings.extend(broken);
    match findings.is_empty() {
        true => Ok(()),
        false => Err(findings.join("\n")),
    }
}

/// The public items of a crate with all its features, sorted as their paths are; and the rules that they break.
///
/// Impls that follow from others (blanket ones, `Send` and its like) are not listed.
fn listing(package: &str) -> Result<(String, Vec<String>), String> {
    let json = rustdoc(package)?;
    let api = Builder::from_rustdoc_json(&json)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build()
        .map_err(|error| format!("{package}: {error}"))?;
    let text = fs::read_to_string(&json).map_err(|error| failed(&json, &error))?;
    let invalid = |error| format!("{}: {error}", json.display());
    let whole: Value = serde_json::from_str(&text).map_err(invalid)?;
    let tree = Tree::deserialize(&whole).map_err(invalid)?;
    let mut out = String::new();
    for item in api.items().filter(|item| !tree.is_generated(item.id().0)) {
        out += &format!("{item}\n");
    }
    let mut broken = exports::repeated(package, &whole);
    broken.extend(foreign::unlisted(package, PACKAGES, &out));
    Ok((out, broken))
}

/// What is needed of rustdoc's JSON besides: where each item stands.
#[derive(Deserialize)]
struct Tree {
    index: HashMap<u32, Item>,
}

#[derive(Deserialize)]
struct Item {
    span: Option<Span>,
}

#[derive(Deserialize)]
struct Span {
    filename: PathBuf,
}

impl Tree {
    fn is_generated(&self, id: u32) -> bool {
        let span = self.index.get(&id).and_then(|item| item.span.as_ref());
        span.is_some_and(|span| {
            span.filename
                .to_string_lossy()
                .replace('\\', "/")
                .contains(GENERATED)
        })
    }
}

/// Runs rustdoc; the answer is the path of its JSON.
///
/// In a target directory of its own: build scripts that see an unstable compiler build other things.
fn rustdoc(package: &str) -> Result<PathBuf, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| crate::root().join("target"), PathBuf::from)
        .join("api");
    let status = Command::new(env!("CARGO"))
        .current_dir(crate::root())
        .env("RUSTC_BOOTSTRAP", "1")
        .args([
            "rustdoc",
            "--quiet",
            "--lib",
            "--all-features",
            "--package",
            package,
        ])
        .arg("--target-dir")
        .arg(&target)
        .args([
            "--",
            "-Zunstable-options",
            "--output-format=json",
            "--cap-lints=allow",
        ])
        .status()
        .map_err(|error| error.to_string())?;
    match status.success() {
        true => Ok(target.join(format!("doc/{}.json", package.replace('-', "_")))),
        false => Err(format!("{package}: rustdoc failed")),
    }
}

/// The lines that are new (`+`) and those that are gone (`-`).
fn difference(package: &str, old: &str, new: &str) -> Vec<String> {
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) =
        (old.lines().collect(), new.lines().collect());
    let gone = old
        .difference(&new)
        .map(|line| format!("{package}: - {line}"));
    let came = new
        .difference(&old)
        .map(|line| format!("{package}: + {line}"));
    gone.chain(came).collect()
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x11_a_changed_item_went_and_came() {
        let old = "pub fn a::b()\npub fn a::c(u8)\n";
        let new = "pub fn a::b()\npub fn a::c(u16)\npub struct a::D\n";
        assert_eq!(
            difference("a", old, new),
            [
                "a: - pub fn a::c(u8)",
                "a: + pub fn a::c(u16)",
                "a: + pub struct a::D"
            ]
        );
        assert!(difference("a", new, new).is_empty());
    }

    #[test]
    fn x11_items_of_generated_files_are_known() {
        let json = r#"{"format_version":57,"index":{
            "1":{"span":{"filename":"crates/a/src/generated/orders.rs","begin":[1,1]}},
            "2":{"span":{"filename":"crates/a/src/lib.rs","begin":[1,1]}},
            "3":{"span":null}}}"#;
        let tree: Tree = serde_json::from_str(json).unwrap();
        let generated = [1, 2, 3, 4].map(|id| tree.is_generated(id));
        assert_eq!(generated, [true, false, false, false]);
    }
}
