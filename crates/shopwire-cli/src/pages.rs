//! `shopwire completions` and `shopwire man`: made from the same description of the command line as the help.

use std::{fs, io, path::Path};

use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

use crate::{
    args::{self, Completions},
    failure::Failure,
    input, output, suggest,
};

/// The name of the program.
const NAME: &str = "shopwire";

/// Prints the script for a shell.
pub(crate) fn completions(args: &Completions) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut args::command(), NAME, &mut script);
    output::write(&script)
}

/// Prints a man page, or writes all of them into a directory.
pub(crate) fn man(args: &args::Man) -> Result<(), Failure> {
    // The list of subcommands has no `help`: a man page is the help.
    let mut command = args::command().disable_help_subcommand(true);
    command.build();
    match &args.output {
        Some(folder) => write_all(&command, folder),
        None => output::write(&page(find(&command, &args.command)?)?),
    }
}

/// The command of these words, with the name of its page.
fn find<'c>(command: &'c clap::Command, words: &[String]) -> Result<&'c clap::Command, Failure> {
    words.iter().try_fold(command, |command, word| {
        command.find_subcommand(word).ok_or_else(|| {
            let names = command.get_subcommands().map(clap::Command::get_name);
            let hint = match suggest::nearest(word, names).first() {
                Some(nearest) => format!("; did you mean `{nearest}`?"),
                None => String::new(),
            };
            Failure::usage(format_args!("there is no such command{hint}"))
        })
    })
}

fn page(command: &clap::Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let rendered = render(command, &mut page);
    rendered.map_err(|error| Failure::new(format_args!("the page: {error}")))?;
    Ok(page)
}

/// The sections of a page. Examples and exit codes have the sections that readers of man pages know.
fn render(command: &clap::Command, page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(command.clone())
        .source(concat!("shopwire ", env!("CARGO_PKG_VERSION")))
        .manual("shopwire");
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    let words = command.get_bin_name().unwrap_or_default();
    let words = words.strip_prefix(NAME).unwrap_or_default().trim();
    let mut more = Roff::new();
    let examples = args::examples(words);
    if !examples.is_empty() {
        more.control("SH", ["EXAMPLES"]);
        more.control("nf", []);
        more.text([roman(examples.join("\n"))]);
        more.control("fi", []);
    }
    if !command.has_subcommands() {
        more.control("SH", ["EXIT STATUS"]);
        for (code, meaning) in args::codes(words) {
            more.control("TP", []);
            more.text([bold(code.to_string())]);
            more.text([roman(meaning)]);
        }
    }
    more.to_writer(page)
}

fn write_all(command: &clap::Command, folder: &Path) -> Result<(), Failure> {
    let failed = |path: &Path, error: io::Error| {
        Failure::new(format_args!("{}: {error}", input::shown(path)))
    };
    fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    let mut left = vec![command];
    while let Some(command) = left.pop() {
        let name = command.get_display_name().unwrap_or(command.get_name());
        let path = folder.join(format!("{name}.1"));
        fs::write(&path, page(command)?).map_err(|error| failed(&path, error))?;
        left.extend(command.get_subcommands());
    }
    Ok(())
}
