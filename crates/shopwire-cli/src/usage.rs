//! Wrong usage of the command line, told without what was typed where a secret may stand.
//!
//! Whoever types `--api-key KEY`, or a key where a name belongs, must not find it in a log: only names that look
//! like names are repeated, and values never.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// In place of what was typed.
const HIDDEN: &str = "(not shown)";

/// Parts of names that people give flags for secrets.
const SECRETIVE: [&str; 8] = [
    "key", "secret", "token", "pass", "pwd", "login", "auth", "cred",
];

/// Ends the process: help and version with code 0 on standard output, wrong usage with code 2 on standard error.
pub(crate) fn refuse(mut error: clap::Error) -> ! {
    let note = hide(&mut error).then_some(
        "note: keys, tokens and secrets are never taken from arguments, where other processes and the shell's history \
         see them: put them into the environment or the settings file (`shopwire --help` names them)",
    );
    // Where nobody listens, the exit code has to do.
    let _ = error.print();
    if let Some(note) = note {
        eprintln!("\n{note}");
    }
    std::process::exit(error.exit_code())
}

/// Takes out of the error what may be secret; says whether a flag for a secret was tried.
fn hide(error: &mut clap::Error) -> bool {
    if !error.use_stderr() {
        return false;
    }
    let mut is_secretive = false;
    for kind in [ContextKind::InvalidArg, ContextKind::InvalidSubcommand] {
        let Some(ContextValue::String(typed)) = error.get(kind) else {
            continue;
        };
        let is_unknown = matches!(
            error.kind(),
            ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand
        );
        let lower = typed.to_ascii_lowercase();
        is_secretive |= is_unknown
            && lower.starts_with('-')
            && SECRETIVE.iter().any(|word| lower.contains(word));
        // The argument of the other kinds of error is one of ours.
        if is_unknown && !is_name(typed) {
            error.insert(kind, ContextValue::String(HIDDEN.into()));
        }
    }
    if matches!(
        error.kind(),
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand
    ) {
        // Tips such as "to pass 'x' as a value, use '-- x'" repeat it, and no argument of ours takes such a value.
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(Vec::new()));
    }
    if error.get(ContextKind::InvalidValue).is_some() {
        error.insert(
            ContextKind::InvalidValue,
            ContextValue::String(HIDDEN.into()),
        );
    }
    is_secretive
}

/// A flag or a command as somebody would name one: some small letters, perhaps in several words.
fn is_name(typed: &str) -> bool {
    const LONGEST: usize = 20;
    let name = typed.trim_start_matches('-');
    let is_flag = name.len() < typed.len();
    let letters = |letter: char| match letter {
        '-' | '_' => is_flag,
        letter => letter.is_ascii_lowercase() || (is_flag && typed.len() == 2),
    };
    name.len() <= LONGEST && name.chars().all(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    // H13
    #[test]
    fn h13_names_are_told_from_what_may_be_a_key() {
        for name in [
            "--api-key",
            "--token",
            "-k",
            "-K",
            "frobnicate",
            "--retail_url",
        ] {
            assert!(is_name(name), "{name}");
        }
        for key in [
            "k-1",
            "KFNW44NF3ACMY8Y9",
            "--KFNW44NF3ACMY8Y9",
            "hidden-value",
            "--abcdefghijklmnopqrstuvwxyz",
            "a b",
        ] {
            assert!(!is_name(key), "{key}");
        }
    }
}
