//! Habits that all subcommands share: help, exit codes, switches, colours, closed output; completions and man pages.

#[path = "../support/mod.rs"]
mod support;

mod closed;
mod color;
mod habits;
mod pages;

use support::{command, run};

/// All commands without subcommands, by their words, as the help lists them.
fn leaves() -> Vec<String> {
    let mut leaves = Vec::new();
    let mut left = vec![String::new()];
    while let Some(words) = left.pop() {
        let below = subcommands(&help(&words, "-h"));
        if below.is_empty() {
            leaves.push(words);
        } else {
            left.extend(
                below
                    .iter()
                    .map(|name| format!("{words} {name}").trim().to_owned()),
            );
        }
    }
    leaves.sort();
    assert!(leaves.len() > 20, "{leaves:?}");
    leaves
}

/// The names under `Commands:`, without `help`.
fn subcommands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The help of a command.
fn help(words: &str, flag: &str) -> String {
    let mut args: Vec<&str> = words.split_whitespace().collect();
    args.push(flag);
    let ran = run(&mut command(&args), "");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{words}: {ran:?}");
    ran.stdout
}
