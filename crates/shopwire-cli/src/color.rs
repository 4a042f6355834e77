//! Colours on standard output and standard error: the choice of `--color`, and the styles.
//!
//! With `auto`, a stream has colours if it is a terminal and neither `NO_COLOR` nor `TERM=dumb` forbids them.

use std::{
    ffi::{OsStr, OsString},
    io,
};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;

/// When texts have colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    Always,
    Never,
}

pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const CAUTION: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const NOTE: Style = AnsiColor::Cyan.on_default();
pub(crate) const HEAD: Style = Style::new().bold();
pub(crate) const OLD: Style = AnsiColor::Red.on_default();
pub(crate) const NEW: Style = AnsiColor::Green.on_default();

/// The choice among the arguments, before they are parsed: errors of parsing have colours too.
pub(crate) fn wanted(args: impl Iterator<Item = OsString>) -> Color {
    let mut args = args.skip(1).take_while(|arg| arg != "--");
    let mut wanted = Color::Auto;
    while let Some(arg) = args.next() {
        let value = match arg.to_str() {
            Some("--color") => args.next(),
            Some(text) => text.strip_prefix("--color=").map(OsString::from),
            None => None,
        };
        let value = value.as_deref().and_then(OsStr::to_str);
        // A wrong value is refused by the parser.
        wanted = value
            .and_then(|text| Color::from_str(text, false).ok())
            .unwrap_or(wanted);
    }
    wanted
}

impl Color {
    /// Sets the choice for all texts of this run.
    pub(crate) fn set(self) {
        let choice = match self {
            Self::Auto => ColorChoice::Auto,
            Self::Always => ColorChoice::AlwaysAnsi,
            Self::Never => ColorChoice::Never,
        };
        choice.write_global();
    }

    /// The choice for help and for errors of the command line.
    pub(crate) fn of_clap(self) -> clap::ColorChoice {
        match self {
            Self::Auto => clap::ColorChoice::Auto,
            Self::Always => clap::ColorChoice::Always,
            Self::Never => clap::ColorChoice::Never,
        }
    }
}

/// The text in a style, if standard error has colours.
pub(crate) fn on_stderr(style: Style, text: &str) -> String {
    painted(style, text, AutoStream::choice(&io::stderr()))
}

/// The text in a style, if standard output has colours.
pub(crate) fn on_stdout(style: Style, text: &str) -> String {
    painted(style, text, AutoStream::choice(&io::stdout()))
}

fn painted(style: Style, text: &str, choice: ColorChoice) -> String {
    match choice {
        ColorChoice::Never => text.to_owned(),
        _ => format!("{style}{text}{style:#}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // J8
    #[test]
    fn j8_the_choice_is_found_before_the_arguments_are_parsed() {
        for (args, expected) in [
            ("shopwire call", Color::Auto),
            ("shopwire --color never call", Color::Never),
            ("shopwire call --color=always x", Color::Always),
            ("shopwire call --color", Color::Auto),
            ("shopwire call --color=purple", Color::Auto),
            ("shopwire call -- --color=always", Color::Auto),
        ] {
            let args = args.split(' ').map(OsString::from);
            assert_eq!(wanted(args), expected);
        }
    }
}
