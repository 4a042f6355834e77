//! Errors of wrong usage, without typed text that may be a secret.
//!
//! A user may type `--api-key KEY`, or a key in place of a name, and it must not get into a log. Errors show
//! only text that looks like a name, and never values.

use std::{
    io::{self, IsTerminal as _, Write as _},
    path::Path,
};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::{
    failure::{Failure, Form},
    input,
};

/// Replaces typed text.
const HIDDEN: &str = "(not shown)";

/// Parts of usual names of flags for secrets.
const SECRETIVE: [&str; 8] = [
    "key", "secret", "token", "pass", "pwd", "login", "auth", "cred",
];

/// The note about flags for secrets.
const SECRETS: &str = "note: keys, tokens and secrets are never taken from arguments, where other processes and the shell's history \
     see them: put them into the environment or the settings file (`shopwire --help` names them)";

/// The note about `--port`.
const PORTS: &str =
    "note: each service has its own: --nicechat-port, --uvygoda-port, --retailcrm-port";

/// The note about a file where the command takes none.
const FILES: &str = "note: a file to write is given with --output FILE";

/// Ends the process: help and version with code 0 on standard output, wrong usage with code 2 on standard error. The
/// report has the form of all reports of the command.
pub(crate) fn refuse(mut error: clap::Error) -> ! {
    let about = note(&error);
    let note = match hide(&mut error) {
        true => Some(SECRETS),
        false => about,
    };
    if error.use_stderr() && is_for_scripts() {
        let text = error.render().to_string();
        let text = text.trim().trim_start_matches("error: ").to_owned();
        let note = note.map_or(String::new(), |note| format!("\n\n{note}"));
        let _ = Failure::usage(text + &note).report(Form::Json);
        std::process::exit(error.exit_code())
    }
    // Without standard error, the exit code remains.
    let _ = error.print();
    if let Some(note) = note {
        let _ = writeln!(io::stderr(), "\n{note}");
    }
    std::process::exit(error.exit_code())
}

/// Whether the command that was typed reports its errors as JSON.
fn is_for_scripts() -> bool {
    let args: Vec<_> = std::env::args_os()
        .skip(1)
        .take_while(|arg| arg != "--")
        .collect();
    // The value of `--color` before the command is no command.
    let mut words = args.iter().filter_map(|arg| arg.to_str());
    let command = loop {
        match words.next() {
            Some("--color") => drop(words.next()),
            Some(option) if option.starts_with('-') => {}
            other => break other,
        }
    };
    (command == Some("call") && !io::stdout().is_terminal())
        || args.iter().any(|arg| arg == "--json")
}

/// The note about an unknown argument.
fn note(error: &clap::Error) -> Option<&'static str> {
    let argument = error.get(ContextKind::InvalidArg);
    match argument {
        Some(ContextValue::String(typed)) if error.kind() == ErrorKind::UnknownArgument => {
            let is_file = !typed.starts_with('-') && input::has_known_ending(Path::new(typed));
            is_file
                .then_some(FILES)
                .or((typed == "--port").then_some(PORTS))
        }
        _ => None,
    }
}

/// Removes possible secrets from the error; returns whether a flag for a secret was tried.
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
        // Other kinds of error name one of our own arguments.
        if is_unknown && !is_name(typed) && !input::has_known_ending(Path::new(typed)) {
            error.insert(kind, ContextValue::String(HIDDEN.into()));
        }
    }
    if matches!(
        error.kind(),
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand
    ) {
        // Tips such as "to pass 'x' as a value, use '-- x'" repeat the text, and none of our arguments takes such
        // a value.
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

/// Whether the text looks like a flag or a command: a few lower-case letters, perhaps several
/// words.
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
