//! Which tests there are, which rows they name, and whether they can fail.
//!
//! A test counts when it carries a test attribute (or stands in `proptest!`), is not ignored, and asserts: by a
//! macro (`assert…!`, `prop_assert…!`, `panic!`), by `expect_err` or `unwrap_err`, by `#[should_panic]`, or by a
//! function of the same crate that does.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::row_id;

/// Every row with the tests that show it, as `file: name`.
pub(super) fn tests_by_row(root: &Path) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut by_row: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in packages(root) {
        let mut sources = Vec::new();
        for file in rust_files(&package) {
            let text = fs::read_to_string(&file)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            let functions =
                functions(&text).map_err(|error| format!("{}: {error}", file.display()))?;
            sources.push((file, text, functions));
        }
        let all: Vec<&Function> = sources
            .iter()
            .flat_map(|(_, _, functions)| functions)
            .collect();
        let asserting = asserting(&all);
        for (file, text, functions) in &sources {
            let counted = |name: &str| {
                let mut tests = functions.iter().filter(|function| function.name == name);
                tests.any(|function| function.counts(&asserting))
            };
            let shown = file.strip_prefix(root).unwrap_or(file).display();
            for (name, ids) in named(text).into_iter().filter(|(name, _)| counted(name)) {
                for id in ids {
                    by_row
                        .entry(id)
                        .or_default()
                        .push(format!("{shown}: {name}"));
                }
            }
        }
    }
    Ok(by_row)
}

/// The folders of the members: a helper of one package is none of another.
fn packages(root: &Path) -> Vec<PathBuf> {
    let crates = fs::read_dir(root.join("crates"))
        .into_iter()
        .flatten()
        .flatten();
    let mut folders: Vec<PathBuf> = crates.map(|entry| entry.path()).collect();
    folders.extend([root.join("tests"), root.join("xtask")]);
    folders.sort();
    folders
}

fn rust_files(package: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![package.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") && !path.ends_with("generated") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The functions of a text that have row ids, in their name or in the comments above them.
fn named(text: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut above: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("//") {
            above.extend(ids_of_comment(comment.trim_start_matches(['/', '!'])));
        } else if let Some(name) = function_name(line) {
            let mut ids = std::mem::take(&mut above);
            ids.extend(ids_of_name(name));
            ids.sort();
            ids.dedup();
            if !ids.is_empty() {
                found.push((name.to_owned(), ids));
            }
        } else if !line.is_empty() && !line.starts_with("#[") {
            above.clear();
        }
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix("async ")
        .unwrap_or(line)
        .strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// `n17_n22_form_is_sorted` shows N17 and N22.
fn ids_of_name(name: &str) -> Vec<String> {
    name.split('_').map_while(row_id).collect()
}

/// `N17, N22: why` lists N17 and N22: what stands behind the colon is prose. Without a colon, prose begins at the first
/// word that is no id.
fn ids_of_comment(comment: &str) -> Vec<String> {
    let listed = comment.split(':').next().unwrap_or_default();
    listed
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .map_while(|word| row_id(word.trim_end_matches(['.', ';'])))
        .collect()
}

/// A function of a file, with what its body says.
struct Function {
    name: String,
    is_test: bool,
    asserts: bool,
    /// The names of the functions and methods that it calls.
    calls: BTreeSet<String>,
}

impl Function {
    fn counts(&self, asserting: &BTreeSet<String>) -> bool {
        self.is_test && (self.asserts || !self.calls.is_disjoint(asserting))
    }
}

/// The names of the functions that assert, by themselves or through others.
fn asserting(functions: &[&Function]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    loop {
        let before = names.len();
        for function in functions {
            if function.asserts || !function.calls.is_disjoint(&names) {
                names.insert(function.name.clone());
            }
        }
        if names.len() == before {
            return names;
        }
    }
}

/// All functions of a text, those in modules, in `impl`s and in `proptest!` too.
fn functions(text: &str) -> Result<Vec<Function>, String> {
    let tokens: TokenStream = text.parse().map_err(|error| format!("{error}"))?;
    let mut found = Vec::new();
    collect(tokens, &mut found);
    Ok(found)
}

/// Reads `#[…]… fn name … { … }` wherever it stands.
fn collect(tokens: TokenStream, found: &mut Vec<Function>) {
    let mut attributes = Attributes::default();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "fn" => {
                let Some(TokenTree::Ident(name)) = tokens.next() else {
                    continue;
                };
                let body = tokens.by_ref().find_map(|token| match token {
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                        Some(Some(group.stream()))
                    }
                    TokenTree::Punct(end) if end.as_char() == ';' => Some(None),
                    _ => None,
                });
                let Attributes {
                    is_test,
                    is_ignored,
                    panics,
                } = std::mem::take(&mut attributes);
                let Some(body) = body.flatten() else { continue };
                let mut function = Function {
                    name: name.to_string(),
                    is_test: is_test && !is_ignored,
                    asserts: panics,
                    calls: BTreeSet::new(),
                };
                read_body(body.clone(), &mut function);
                found.push(function);
                collect(body, found);
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                attributes.read(group.stream());
            }
            TokenTree::Group(group) => {
                collect(group.stream(), found);
                attributes = Attributes::default();
            }
            TokenTree::Punct(end) if end.as_char() == ';' => attributes = Attributes::default(),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Attributes {
    is_test: bool,
    is_ignored: bool,
    panics: bool,
}

impl Attributes {
    /// `test`, `tokio::test(…)`, `ignore = "…"`, `should_panic`: the last word of the path counts.
    fn read(&mut self, attribute: TokenStream) {
        let words = attribute.into_iter().map_while(|token| match token {
            TokenTree::Ident(word) => Some(Some(word.to_string())),
            TokenTree::Punct(colon) if colon.as_char() == ':' => Some(None),
            _ => None,
        });
        match words.flatten().last().as_deref() {
            Some("test") => self.is_test = true,
            Some("ignore") => self.is_ignored = true,
            Some("should_panic") => self.panics = true,
            _ => {}
        }
    }
}

/// Notes the assertions and the calls of a body.
fn read_body(body: TokenStream, function: &mut Function) {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => read_body(group.stream(), function),
            TokenTree::Ident(word) => {
                let word = word.to_string();
                let is_macro = matches!(tokens.get(at + 1), Some(TokenTree::Punct(mark)) if mark.as_char() == '!');
                let is_call = matches!(tokens.get(at + 1), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
                function.asserts |= is_macro && is_assertion(&word)
                    || is_call && matches!(&*word, "expect_err" | "unwrap_err");
                // A function that is handed on (`.map(check)`) is called too, as far as can be seen here.
                if !is_macro {
                    function.calls.insert(word);
                }
            }
            _ => {}
        }
    }
}

fn is_assertion(name: &str) -> bool {
    name.starts_with("assert") || name.starts_with("prop_assert") || name == "panic"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_names_and_comments() {
        let text = "/// N3, RE8: h2 has one segment.\n#[test]\nfn a_value() {}\n\n#[test]\nfn u38_r5_price() {}\n\n// N9\nlet x = 1;\n#[test]\nfn plain() {}\n";
        assert_eq!(
            named(text),
            [
                (
                    "a_value".to_owned(),
                    vec!["N3".to_owned(), "RE8".to_owned()]
                ),
                (
                    "u38_r5_price".to_owned(),
                    vec!["R5".to_owned(), "U38".to_owned()]
                ),
            ]
        );
    }

    /// The names of the tests in `text` that count.
    fn counting(text: &str) -> Vec<String> {
        let functions = functions(text).unwrap();
        let asserting = asserting(&functions.iter().collect::<Vec<_>>());
        let counted = functions
            .iter()
            .filter(|function| function.counts(&asserting));
        counted.map(|function| function.name.clone()).collect()
    }

    // T1, T5
    #[test]
    fn t5_a_test_counts_when_it_runs_and_asserts() {
        for (text, counts) in [
            ("#[test] fn n1_a() { assert_eq!(1, 1); }", true),
            (
                "#[tokio::test(start_paused = true)] async fn n1_a() { assert!(true) }",
                true,
            ),
            ("mod tests { #[test] fn n1_a() { x.unwrap_err(); } }", true),
            (
                "#[test] #[should_panic(expected = \"x\")] fn n1_a() { go(); }",
                true,
            ),
            (
                "proptest! { #[test] fn n1_a(x in any::<u8>()) { prop_assert!(x > 0); } }",
                true,
            ),
            (
                "fn check() { assert!(true) } fn go() { check() } #[test] fn n1_a() { for x in y { go(x); } }",
                true,
            ),
            (
                "#[test] fn n1_a() { xs.iter().for_each(check); } fn check() { panic!(\"no\") }",
                true,
            ),
            ("#[test] fn n1_a() {}", false),
            ("#[test] fn n1_a() { let x = 1; println!(\"{x}\"); }", false),
            (
                "#[test] #[ignore = \"slow\"] fn n1_a() { assert!(true) }",
                false,
            ),
            ("#[ignore] #[test] fn n1_a() { assert!(true) }", false),
            ("fn n1_a() { assert!(true) }", false),
            ("#[cfg(test)] fn n1_a() { assert!(true) }", false),
            (
                "#[test] fn other() { n1_a() } fn n1_a() { assert!(true) }",
                false,
            ),
            ("#[test] fn n1_a() { debug_assert!(true) }", false),
        ] {
            let counted = counting(text).contains(&"n1_a".to_owned());
            assert_eq!(counted, counts, "{text}");
        }
    }
}
