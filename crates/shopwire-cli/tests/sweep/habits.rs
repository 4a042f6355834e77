//! Help with examples and exit codes, common switches, wrong usage.

use common_model::Value as Json;

use crate::{
    help, leaves,
    support::{command, run, text},
};

/// Commands without `--json`, with the reason.
const NO_JSON: [(&str, &str); 4] = [
    ("completions", "prints a script"),
    ("har", "prints JSON always"),
    ("man", "prints a page"),
    (
        "sign",
        "prints JSON with --batch, and an explanation without",
    ),
];

/// Commands with settings that write no log: they send nothing, or print their own lines.
const NO_VERBOSE: [&str; 3] = ["config show", "sandbox", "sign"];

/// Commands that tell of progress, hints or a summary beside their results.
const QUIET: [&str; 9] = [
    "call",
    "catalog check",
    "catalog convert",
    "catalog write",
    "config check",
    "export",
    "history",
    "import",
    "sandbox",
];

// J8
#[test]
fn j8_each_command_has_help_with_an_example_and_its_exit_codes() {
    for words in leaves() {
        let help = help(&words, "--help");
        let begin = format!("shopwire {words}");
        let examples: Vec<&str> = help
            .lines()
            .filter(|line| line.starts_with("  ") && line.contains(&begin))
            .map(str::trim)
            .collect();
        assert!(!examples.is_empty(), "{words} has no example:\n{help}");
        let codes = help.split("Exit codes:\n").nth(1);
        let codes = codes.unwrap_or_else(|| panic!("{words} has no exit codes:\n{help}"));
        for code in ["    0  ", "    1  ", "    2  "] {
            assert!(codes.contains(code), "{words}, {code}:\n{codes}");
        }
        for example in examples {
            parses(example);
        }
    }
}

/// Checks that the command line takes the options of an example.
fn parses(example: &str) {
    let begin = example.find("shopwire ").expect("the command");
    let line = example[begin + "shopwire ".len()..]
        .split(['|', '>'])
        .next();
    // The text behind the example, as in the list of `export`.
    let line = line
        .unwrap_or_default()
        .split("   ")
        .next()
        .unwrap_or_default();
    let mut args = vec![String::new()];
    let mut is_quoted = false;
    for letter in line.trim().chars() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => args.push(String::new()),
            letter => args.last_mut().expect("a word").push(letter),
        }
    }
    args.retain(|arg| !arg.is_empty());
    // Each option is known if help is what comes out.
    args.push("--help".to_owned());
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let ran = run(&mut command(&args), "");
    assert_eq!(ran.code, 0, "{example}: {ran:?}");
}

// J8
#[test]
fn j8_common_switches_have_the_same_names_everywhere() {
    for words in leaves() {
        let help = help(&words, "--help");
        let has = |switch: &str| {
            let mut lines = help.lines().map(str::trim);
            lines.any(|line| line == switch || line.starts_with(&format!("{switch} ")))
        };
        assert!(has("--color <WHEN>"), "{words}");
        let is_script = NO_JSON.iter().any(|(name, _)| *name == words);
        assert_eq!(has("--json"), !is_script, "{words}: --json");
        let sends = has("--config <FILE>") && !NO_VERBOSE.contains(&words.as_str());
        assert!(!sends || has("-v, --verbose..."), "{words}: --verbose");
        let is_quiet = QUIET.contains(&words.as_str());
        assert!(!is_quiet || has("-q, --quiet"), "{words}: --quiet");
        assert_eq!(has("--config <FILE>"), has("--profile <NAME>"), "{words}");
    }
}

// J8
#[test]
fn j8_unknown_flags_end_with_code_2_and_nothing_on_standard_output() {
    for words in leaves() {
        for json in [false, true] {
            let mut args: Vec<&str> = words.split(' ').collect();
            if json {
                args.push("--json");
            }
            args.push("--frobnicate");
            let refused = run(&mut command(&args), "");
            assert_eq!(
                (refused.code, refused.stdout.as_str()),
                (2, ""),
                "{refused:?}"
            );
            assert!(!refused.stderr.contains('\u{1b}'), "{refused:?}");
            let is_script = NO_JSON.iter().any(|(name, _)| *name == words);
            if json && !is_script {
                let error: Json = refused.error();
                assert_eq!(text(&error, "kind"), "usage");
                assert!(
                    text(&error, "message").contains("--frobnicate"),
                    "{refused:?}"
                );
            } else if !json && words != "call" {
                assert!(refused.stderr.starts_with("error: "), "{refused:?}");
            }
        }
    }
    // An option before the command is no command.
    let refused = run(
        &mut command(&["--color", "never", "call", "retailcrm", "--frobnicate"]),
        "",
    );
    assert_eq!(text(&refused.error(), "kind"), "usage");
}
