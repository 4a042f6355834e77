//! `cargo xtask acceptance`: which test shows which row of `docs/acceptance.md`.
//!
//! A test shows a row when its name begins with the row's id (`n17_form_is_sorted`) or when a comment line
//! right above it (attributes and other comments may lie between) lists the id: `// N17, N22`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The letters that ids begin with, a section of the table each.
const SECTIONS: &[&str] = &["N", "U", "R", "RE", "X", "F", "H", "T", "C", "D", "J", "S"];

/// What the table says of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Shown by tests.
    Done,
    /// Said in the docs; no test can show it.
    Docs,
    /// Part of it works; the row says what is missing.
    Partly,
    /// Not built.
    Open,
}

struct Row {
    id: String,
    stands: Stands,
    /// Marked `[C]`: the documents contradict themselves, so the quirk register must say what we chose.
    is_contradiction: bool,
}

/// Prints the rows with their tests; with `--check` fails on rows that claim more than tests show.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let check = match args {
        [] => false,
        [flag] if flag == "--check" => true,
        _ => return Err("usage: cargo xtask acceptance [--check]".into()),
    };
    let table = read("docs/acceptance.md")?;
    let rows = rows(&table)?;
    let tests = tests_by_row(crate::root())?;
    let mut findings = findings(&rows, &tests);
    let register = read("docs/quirks.md")?;
    findings.extend(unregistered(&rows, &register));
    if !check {
        print_rows(&rows, &tests);
    }
    summary(&rows, &tests);
    if check && !findings.is_empty() {
        return Err(findings.join("\n"));
    }
    findings.iter().for_each(|finding| println!("{finding}"));
    Ok(())
}

fn rows(table: &str) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let Some(id) = row_id(cells[0]) else { continue };
        let last = cells.last().copied().unwrap_or_default();
        let stands = match last.split([' ', ':', ';']).next() {
            Some("done") => Stands::Done,
            Some("docs") => Stands::Docs,
            Some("partly") => Stands::Partly,
            Some("open") => Stands::Open,
            _ => {
                return Err(format!(
                    "docs/acceptance.md: row {id} says neither done, docs, partly nor open"
                ));
            }
        };
        rows.push(Row {
            id,
            stands,
            is_contradiction: cells.get(1).is_some_and(|item| item.starts_with("[C]")),
        });
    }
    Ok(rows)
}

/// `N17` for `N17`, nothing for anything that is no id.
fn row_id(text: &str) -> Option<String> {
    let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
    let (prefix, number) = text.split_at(letters);
    let known = SECTIONS.contains(&prefix.to_ascii_uppercase().as_str());
    (known && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.to_ascii_uppercase())
}

fn tests_by_row(root: &Path) -> Result<BTreeMap<String, Vec<String>>, String> {
    let mut by_row: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in rust_files(root) {
        let text =
            fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let shown = file
            .strip_prefix(root)
            .unwrap_or(&file)
            .display()
            .to_string();
        for (name, ids) in tests_in(&text) {
            for id in ids {
                by_row
                    .entry(id)
                    .or_default()
                    .push(format!("{shown}: {name}"));
            }
        }
    }
    Ok(by_row)
}

fn rust_files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root.join("crates"), root.join("tests"), root.join("xtask")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The tests of a file, each with the row ids of its name and of the comments above it.
fn tests_in(text: &str) -> Vec<(String, Vec<String>)> {
    let mut tests = Vec::new();
    let mut above: Vec<String> = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("//") {
            above.extend(ids_of_comment(comment.trim_start_matches(['/', '!'])));
        } else if line.starts_with("#[") {
            is_test |= line.contains("test]") || line.contains("test(");
        } else if let Some(name) =
            function_name(line).filter(|_| is_test || line.starts_with("fn "))
        {
            let mut ids = std::mem::take(&mut above);
            ids.extend(ids_of_name(name));
            ids.sort();
            ids.dedup();
            // Without the attribute only a name with an id counts: proptest writes `fn n19_…(x in any())`.
            if !ids.is_empty() && (is_test || !ids_of_name(name).is_empty()) {
                tests.push((name.to_owned(), ids));
            }
            is_test = false;
        } else if !line.is_empty() {
            above.clear();
            is_test = false;
        }
    }
    tests
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

fn findings(rows: &[Row], tests: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut findings = Vec::new();
    for row in rows {
        if row.stands == Stands::Done && !tests.contains_key(&row.id) {
            findings.push(format!(
                "{} is said to be done and no test shows it",
                row.id
            ));
        }
    }
    for (id, names) in tests {
        if !rows.iter().any(|row| row.id == *id) {
            findings.push(format!(
                "{id} is no row of docs/acceptance.md ({})",
                names[0]
            ));
        }
    }
    findings
}

/// The contradictions that the quirk register does not speak of (acceptance row X12).
fn unregistered(rows: &[Row], register: &str) -> Vec<String> {
    let registered = |row: &&Row| register.contains(&format!("| {} |", row.id));
    let missing = rows
        .iter()
        .filter(|row| row.is_contradiction && !registered(row));
    missing
        .map(|row| {
            format!(
                "{} is a contradiction and docs/quirks.md does not speak of it",
                row.id
            )
        })
        .collect()
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(crate::root().join(path)).map_err(|error| format!("{path}: {error}"))
}

fn print_rows(rows: &[Row], tests: &BTreeMap<String, Vec<String>>) {
    for row in rows {
        let shown = tests.get(&row.id).map_or(&[][..], Vec::as_slice);
        println!(
            "{:<5} {:<7} {}",
            row.id,
            format!("{:?}", row.stands).to_lowercase(),
            shown.first().map_or("-", String::as_str)
        );
        shown
            .iter()
            .skip(1)
            .for_each(|name| println!("{:<13} {name}", ""));
    }
}

fn summary(rows: &[Row], tests: &BTreeMap<String, Vec<String>>) {
    let count = |stands| rows.iter().filter(|row| row.stands == stands).count();
    let without: Vec<&str> = rows
        .iter()
        .filter(|row| !tests.contains_key(&row.id))
        .map(|row| row.id.as_str())
        .collect();
    println!(
        "{} rows: {} done, {} docs, {} partly, {} open",
        rows.len(),
        count(Stands::Done),
        count(Stands::Docs),
        count(Stands::Partly),
        count(Stands::Open)
    );
    println!(
        "{} rows without a test: {}",
        without.len(),
        without.join(" ")
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_names_and_comments() {
        let text = "/// N3, RE8: h2 has one segment.\n#[test]\nfn a_value() {}\n\n#[test]\nfn u38_r5_price() {}\n\n// N9\nlet x = 1;\n#[test]\nfn plain() {}\n";
        assert_eq!(
            tests_in(text),
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

    #[test]
    fn a_done_row_without_a_test_is_found() {
        let rows = rows(
            "| # | Item | Stands |\n|---|---|---|\n| N1 | a | done |\n| N2 | b | open: later |\n",
        )
        .unwrap();
        let tests = BTreeMap::from([("N9".to_owned(), vec!["a.rs: n9_x".to_owned()])]);
        let findings = findings(&rows, &tests);
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(findings[0].contains("N1") && findings[1].contains("N9"));
    }

    #[test]
    fn x12_a_contradiction_must_stand_in_the_register() {
        let rows =
            rows("| N1 | [C] a | done |\n| N2 | [C] b | done |\n| N3 | c | done |\n").unwrap();
        let missing = unregistered(&rows, "| N1 | said | done | - |");
        assert!(
            matches!(&*missing, [only] if only.contains("N2")),
            "{missing:?}"
        );
    }

    #[test]
    fn a_row_must_say_where_it_stands() {
        assert!(rows("| N1 | a | perhaps |\n").is_err());
    }
}
