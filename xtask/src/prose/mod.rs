//! `cargo xtask prose`: habits of writing that make a reader parse a sentence twice.
//!
//! It reads the doc comments of every library and the documents, paragraph by paragraph. `habits.tsv` holds the
//! patterns, each with what to write instead; `exceptions.tsv` names the passages that stay, each with its reason.

mod paragraphs;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use paragraphs::{Paragraph, of_markdown, of_rust};
use regex_lite::Regex;

/// A sentence of more words holds more than one idea.
const MOST_WORDS: usize = 35;

/// A way of writing that is to be unlearnt.
struct Habit {
    name: String,
    pattern: Regex,
    instead: String,
}

/// A passage that stays as it is: where it stands, and how it begins.
struct Exception {
    habit: String,
    file: String,
    text: String,
}

struct Finding {
    habit: String,
    file: String,
    line: usize,
    passage: String,
    instead: String,
}

/// Prints every passage with a habit, and fails when there is one. `--count` prints the sum of each habit alone.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let (flags, below): (Vec<_>, Vec<_>) = args.iter().partition(|arg| arg.starts_with("--"));
    let count = match flags.as_slice() {
        [] => false,
        [flag] if *flag == "--count" => true,
        _ => return Err("usage: cargo xtask prose [--count] [PATH...]".into()),
    };
    let habits = habits(include_str!("habits.tsv"))?;
    let exceptions = exceptions(include_str!("exceptions.tsv"))?;
    let mut findings = Vec::new();
    let mut used = vec![false; exceptions.len()];
    let files = files()?;
    for file in files.iter().filter(|file| is_below(file, &below)) {
        let text = read(file)?;
        for paragraph in paragraphs_of(file, &text) {
            for finding in habits_in(file, &paragraph, &habits) {
                match exceptions.iter().position(|known| known.covers(&finding)) {
                    Some(place) => used[place] = true,
                    None => findings.push(finding),
                }
            }
        }
    }
    print(&findings, count);
    let unused = exceptions.iter().zip(used).filter(|(_, used)| !used);
    let unused: Vec<_> = unused
        .filter(|(known, _)| below.is_empty() || is_below(&known.file, &below))
        .map(|(known, _)| format!("no such passage any more: {} {}", known.file, known.text))
        .collect();
    if findings.is_empty() && unused.is_empty() {
        println!("{} files, {} habits: none found", files.len(), habits.len());
        return Ok(());
    }
    let sum = format!("{} passages with a habit", findings.len());
    Err([vec![sum], unused].concat().join("\n"))
}

fn print(findings: &[Finding], count: bool) {
    if !count {
        for finding in findings {
            println!(
                "{}:{}: {}: {:?}: {}",
                finding.file, finding.line, finding.habit, finding.passage, finding.instead
            );
        }
        return;
    }
    let mut sums: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *sums.entry(&finding.habit).or_default() += 1;
    }
    sums.iter()
        .for_each(|(habit, sum)| println!("{sum:5} {habit}"));
}

impl Exception {
    fn covers(&self, finding: &Finding) -> bool {
        self.habit == finding.habit
            && self.file == finding.file
            && finding.passage.contains(&self.text)
    }
}

fn habits(table: &str) -> Result<Vec<Habit>, String> {
    let row = |line: &str| match line.split('\t').collect::<Vec<_>>()[..] {
        [name, pattern, instead] => Ok(Habit {
            name: name.to_owned(),
            pattern: Regex::new(pattern).map_err(|error| format!("{name}: {error}"))?,
            instead: instead.to_owned(),
        }),
        _ => Err(format!("habits.tsv: three columns are needed: {line:?}")),
    };
    lines(table).map(row).collect()
}

fn exceptions(table: &str) -> Result<Vec<Exception>, String> {
    let row = |line: &str| match line.split('\t').collect::<Vec<_>>()[..] {
        [habit, file, text, reason] if !reason.is_empty() => Ok(Exception {
            habit: habit.to_owned(),
            file: file.to_owned(),
            text: text.to_owned(),
        }),
        _ => Err(format!("exceptions.tsv: four columns are needed: {line:?}")),
    };
    lines(table).map(row).collect()
}

fn lines(table: &str) -> impl Iterator<Item = &str> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn habits_in(file: &str, paragraph: &Paragraph, habits: &[Habit]) -> Vec<Finding> {
    let finding = |habit: &str, passage: &str, instead: &str| Finding {
        habit: habit.to_owned(),
        file: file.to_owned(),
        line: paragraph.line,
        passage: passage.to_owned(),
        instead: instead.to_owned(),
    };
    let mut found = Vec::new();
    for habit in habits {
        for at in habit.pattern.find_iter(&paragraph.text) {
            let passage = &paragraph.text[at.start()..];
            let passage: String = passage.chars().take(80).collect();
            found.push(finding(&habit.name, &passage, &habit.instead));
        }
    }
    for sentence in paragraph.sentences() {
        if sentence.split_whitespace().count() > MOST_WORDS {
            let begin: String = sentence.chars().take(80).collect();
            found.push(finding("long sentence", &begin, "one idea a sentence"));
        }
    }
    found
}

/// The sources of the libraries and the documents, by their path from the root.
fn files() -> Result<Vec<String>, String> {
    let mut files = vec!["README.md".to_owned(), "CONTRIBUTING.md".to_owned()];
    for folder in ["docs", "crates"] {
        collect(&crate::root().join(folder), &mut files)?;
    }
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, files: &mut Vec<String>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if let Some(file) = prose_in(&path) {
            files.push(file);
        }
    }
    Ok(())
}

/// The path from the root, when the file holds prose that people read: no tests, no tables that a task writes.
fn prose_in(path: &Path) -> Option<String> {
    let file = path.strip_prefix(crate::root()).ok()?.to_str()?.to_owned();
    let is_source = file.ends_with(".rs") && file.contains("/src/") && !file.contains("test");
    let is_written = ["docs/acceptance.md", "docs/coverage.md", "docs/foreign.md"];
    let is_document = file.ends_with(".md") && !is_written.contains(&&*file);
    (is_source || is_document).then_some(file)
}

fn paragraphs_of(file: &str, text: &str) -> Vec<Paragraph> {
    match file.ends_with(".md") {
        true => of_markdown(text),
        false => of_rust(text),
    }
}

fn is_below(file: &str, paths: &[&String]) -> bool {
    paths.is_empty() || paths.iter().any(|path| file.starts_with(path.as_str()))
}

fn read(file: &str) -> Result<String, String> {
    let path: PathBuf = crate::root().join(file);
    fs::read_to_string(path).map_err(|error| format!("{file}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let habits = habits(include_str!("habits.tsv")).unwrap();
        let paragraphs = of_rust(text);
        let all = paragraphs
            .iter()
            .flat_map(|paragraph| habits_in("x.rs", paragraph, &habits));
        all.map(|finding| finding.habit).collect()
    }

    #[test]
    fn each_habit_has_an_example_and_a_plain_twin() {
        let cases = [
            (
                "begins with what",
                "What an answer says.",
                "The content of an answer.",
            ),
            (
                "begins with who",
                "Who brings a stack gets both.",
                "Callers with a stack of their own get both.",
            ),
            (
                "whoever",
                "Right for whoever repeats deletes.",
                "Right for callers that repeat deletes.",
            ),
            (
                "none for absent",
                "A number that cannot be one is as good as none.",
                "A number out of range is ignored.",
            ),
            (
                "the one that",
                "The client is the one that sends.",
                "The client sends.",
            ),
            (
                "nobody",
                "A worker that nobody waits for.",
                "A worker without waiters.",
            ),
            (
                "all the same",
                "It is given out all the same.",
                "It is still given out.",
            ),
            (
                "otherwise than",
                "It changed otherwise than by rows.",
                "It changed by more than rows.",
            ),
            (
                "for all that is known",
                "Sent, for all that is known.",
                "Counted as sent.",
            ),
            (
                "row of the acceptance table",
                "They are sorted (acceptance row N17).",
                "They are sorted.",
            ),
        ];
        for (habit, worse, better) in cases {
            assert_eq!(found(&format!("/// {worse}\n")), [habit], "{worse}");
            assert_eq!(found(&format!("/// {better}\n")), [""; 0], "{better}");
        }
    }

    #[test]
    fn a_habit_is_found_across_a_line_break_and_not_in_code() {
        assert_eq!(
            found("/// It is still\n/// as good as\n/// none.\n"),
            ["none for absent"]
        );
        assert_eq!(
            found("/// ```\n/// // What an answer says.\n/// ```\n"),
            [""; 0]
        );
        assert_eq!(found("/// Gives `as good as none` back.\n"), [""; 0]);
    }

    #[test]
    fn a_sentence_has_a_length() {
        let sentence = |words: usize| format!("/// {}.\n", vec!["word"; words].join(" "));
        assert_eq!(found(&sentence(MOST_WORDS)), [""; 0]);
        assert_eq!(found(&sentence(MOST_WORDS + 1)), ["long sentence"]);
    }
}
