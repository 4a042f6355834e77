//! The command line with what all commands share in their help: examples and exit codes.

use clap::{Command, CommandFactory as _};

use super::Cli;

/// Exit codes that differ from [`USUAL`], by the words of the command.
const CODES: &[(&str, &[(u8, &str)])] = &[
    (
        "call",
        &[(1, "the call failed; nothing may have been sent")],
    ),
    (
        "catalog check",
        &[
            (1, "the feed has errors (with --strict: or warnings)"),
            (130, "interrupted; the command has to be run again"),
        ],
    ),
    (
        "catalog convert",
        &[
            (1, "failed, or the feed has errors"),
            (130, "interrupted; no file was changed"),
        ],
    ),
    (
        "catalog write",
        &[
            (1, "failed, or the rows have errors"),
            (130, "interrupted; no file was changed"),
        ],
    ),
    (
        "config check",
        &[(1, "a check failed, or no service has settings")],
    ),
    ("demo", &[(1, "a step did not give what it should")]),
    (
        "export",
        &[
            (1, "failed; --resume goes on"),
            (130, "interrupted; --resume goes on"),
        ],
    ),
    (
        "import",
        &[
            (1, "failed, or rows were refused; --resume goes on"),
            (130, "interrupted; --resume goes on"),
        ],
    ),
    ("probe", &[(1, "nothing that was tried is accepted")]),
    (
        "sandbox",
        &[
            (0, "ended by SIGINT or SIGTERM"),
            (1, "it cannot start; with --compare: there are differences"),
        ],
    ),
    (
        "sign",
        &[(1, "the signature is wrong, or nothing can be signed")],
    ),
    (
        "webhooks",
        &[
            (0, "ended by SIGINT or SIGTERM"),
            (1, "it cannot start, or was ended by a second signal"),
        ],
    ),
];

/// The meaning of exit codes of most commands.
const USUAL: &[(u8, &str)] = &[
    (0, "done, also when the reader of standard output has gone"),
    (1, "failed; the last lines on standard error tell why"),
    (2, "wrong usage of the command line"),
];

/// Examples of commands whose description has none, by the words of the command.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("catalog", &["shopwire catalog check price.xml"]),
    (
        "catalog rules",
        &[
            "shopwire catalog rules --format icml",
            "shopwire catalog rules --json",
        ],
    ),
    ("config", &["shopwire config show", "shopwire config check"]),
    ("demo", &["shopwire demo", "shopwire demo --json"]),
    (
        "har",
        &[
            "shopwire call retailcrm orders.list --record calls.jsonl",
            "shopwire har calls.jsonl > calls.har",
        ],
    ),
    (
        "inbox",
        &["shopwire inbox status", "shopwire inbox list --state dead"],
    ),
    (
        "inbox bury",
        &["shopwire inbox bury 17 18 --reason 'test orders'"],
    ),
    (
        "inbox erase",
        &[
            "shopwire inbox erase keys.txt",
            "echo ann@example.com | shopwire inbox erase -",
        ],
    ),
    (
        "inbox list",
        &[
            "shopwire inbox list --state dead",
            "shopwire inbox list --source uvygoda:main --after 1200 --json",
        ],
    ),
    ("inbox purge", &["shopwire inbox purge --older-than 30d"]),
    (
        "inbox replay",
        &[
            "shopwire inbox replay 17 18",
            "shopwire inbox replay --source uvygoda:main --since 12h",
        ],
    ),
    (
        "inbox show",
        &[
            "shopwire inbox show 17",
            "shopwire inbox show 17 --raw > body.json",
        ],
    ),
    (
        "inbox status",
        &["shopwire inbox status", "shopwire inbox status --json"],
    ),
    (
        "probe",
        &["shopwire probe nicechat", "shopwire probe nicechat --json"],
    ),
    (
        "sandbox",
        &[
            "shopwire sandbox",
            "shopwire sandbox --json --no-rate-limit",
            "shopwire sandbox --rows retailcrm.orders=3000 --rows retailcrm.customers=1000",
        ],
    ),
    (
        "sign",
        &[
            "shopwire sign --method GET --path /marketplaces/v1/categories/",
            "shopwire sign --method POST --path /marketplaces/v1/products/ --field id=1 --verify 3f…",
        ],
    ),
    (
        "webhooks",
        &[
            "shopwire webhooks",
            "shopwire webhooks --listen 127.0.0.1:9000 --grace 10s",
        ],
    ),
];

/// The command line. Help, completions and man pages are made from it.
pub(crate) fn command() -> Command {
    let command = Cli::command();
    let names: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    names.iter().fold(command, |command, name| {
        command.mut_subcommand(name, |command| explained(command, name))
    })
}

/// The command with its examples and exit codes, and so its subcommands. `words` names it.
fn explained(command: Command, words: &str) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let command = names.iter().fold(command, |command, name| {
        let words = format!("{words} {name}");
        command.mut_subcommand(name, |command| explained(command, &words))
    });
    command.after_long_help(more(words, names.is_empty()))
}

fn more(words: &str, has_codes: bool) -> String {
    let examples = examples(words).iter();
    let examples: String = examples.map(|line| format!("    {line}\n")).collect();
    let codes: String = codes(words)
        .iter()
        .map(|(code, meaning)| format!("  {code:>3}  {meaning}\n"))
        .collect();
    let mut parts = Vec::new();
    if !examples.is_empty() {
        parts.push(format!("Examples:\n{examples}"));
    }
    // The subcommands of a command tell their codes.
    if has_codes {
        parts.push(format!("Exit codes:\n{codes}"));
    }
    parts.join("\n").trim_end().to_owned()
}

/// The examples that are not part of the command's description.
pub(crate) fn examples(words: &str) -> &'static [&'static str] {
    let row = EXAMPLES.iter().find(|(of, _)| *of == words);
    row.map_or(&[], |(_, examples)| examples)
}

/// The exit codes of a command and their meanings, by number.
pub(crate) fn codes(words: &str) -> Vec<(u8, &'static str)> {
    let own = CODES.iter().find(|(of, _)| *of == words);
    let own = own.map_or(&[][..], |(_, codes)| codes);
    let usual = USUAL
        .iter()
        .filter(|(code, _)| own.iter().all(|(own, _)| own != code));
    let mut all: Vec<_> = usual.chain(own).copied().collect();
    all.sort_by_key(|(code, _)| *code);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find<'c>(command: &'c Command, words: &str) -> Option<&'c Command> {
        words
            .split(' ')
            .try_fold(command, |command, word| command.find_subcommand(word))
    }

    // J8
    #[test]
    fn j8_each_row_is_about_a_command() {
        let command = command();
        let rows = CODES.iter().map(|(words, _)| words);
        for words in rows.chain(EXAMPLES.iter().map(|(words, _)| words)) {
            assert!(find(&command, words).is_some(), "{words}");
        }
        command.debug_assert();
    }
}
