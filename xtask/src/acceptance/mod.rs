//! `cargo xtask acceptance`: which test shows which row of `docs/acceptance.md`.
//!
//! A test shows a row when its name begins with the row's id (`n17_form_is_sorted`) or when a comment line
//! right above it (attributes and other comments may lie between) lists the id: `// N17, N22`. It counts only
//! when it runs and asserts: see [`evidence`].

mod evidence;

use std::{collections::BTreeMap, fs};

use evidence::tests_by_row;

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
            is_contradiction: cells.get(1).is_some_and(|item| is_marked(item)),
        });
    }
    Ok(rows)
}

/// Whether an item, or a part of it behind a semicolon, begins with the mark of a contradiction.
fn is_marked(item: &str) -> bool {
    item.split(';')
        .any(|part| part.trim_start().starts_with("[C]"))
}

/// `N17` for `N17`, nothing for anything that is no id.
fn row_id(text: &str) -> Option<String> {
    let letters = text.chars().take_while(char::is_ascii_alphabetic).count();
    let (prefix, number) = text.split_at(letters);
    let known = SECTIONS.contains(&prefix.to_ascii_uppercase().as_str());
    (known && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.to_ascii_uppercase())
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
        let rows = rows(
            "| N1 | [C] a | done |\n| N2 | [C] b | done |\n| N3 | c | done |\n| N4 | d; [C] e | done |\n| N5 | every [C] row | done |\n",
        )
        .unwrap();
        let missing = unregistered(&rows, "| N1 | said | done | - |");
        assert!(
            matches!(&*missing, [two, four] if two.contains("N2") && four.contains("N4")),
            "{missing:?}"
        );
    }

    // X12: what stands in the repository, and not an example of it.
    #[test]
    fn x12_every_contradiction_has_a_test_and_a_line_of_the_register() {
        let rows = rows(&read("docs/acceptance.md").unwrap()).unwrap();
        let tests = tests_by_row(crate::root()).unwrap();
        let contradictions: Vec<&Row> = rows.iter().filter(|row| row.is_contradiction).collect();
        assert!(contradictions.len() > 20, "the marks were found");
        for row in contradictions
            .iter()
            .filter(|row| row.stands == Stands::Done)
        {
            assert!(tests.contains_key(&row.id), "{} has no test", row.id);
        }
        let missing = unregistered(&rows, &read("docs/quirks.md").unwrap());
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn a_row_must_say_where_it_stands() {
        assert!(rows("| N1 | a | perhaps |\n").is_err());
    }
}
