//! The options of `call`.

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
};

use clap::Args;

use super::{Log, Service, Settings, Source};
use crate::{failure::Form, layout::Layout};

#[derive(Debug, Args)]
pub(crate) struct Call {
    /// The service.
    pub(crate) service: Service,
    /// The operation, as `--list` shows it; with `--list`, a part of its name, path or summary.
    pub(crate) operation: Option<String>,
    /// List the service's operations.
    #[arg(long, conflicts_with_all = ["describe", "param", "params", "raw", "output", "input", "strict"])]
    pub(crate) list: bool,
    /// Describe the operation: its parameters with type and meaning, scope, whether it may be repeated.
    #[arg(long, conflicts_with_all = ["param", "params", "raw", "output", "input", "strict"])]
    pub(crate) describe: bool,
    /// With `--describe`: how many levels of fields are shown.
    #[arg(long, value_name = "LEVELS", default_value_t = 3, value_parser = depth, requires = "describe")]
    pub(crate) depth: usize,
    /// Print errors, and what `--list` and `--describe` show, as JSON, on a terminal too.
    #[arg(long)]
    pub(crate) json: bool,
    /// One parameter; repeat for more. Brackets lead into a value: order[firstName]=Ann,
    /// items[0][quantity]=2, ids[]=1. The description tells numbers and booleans from text.
    ///
    /// KEY=@FILE takes the text of a file, KEY=- standard input, KEY=@@x the text `@x`, KEY:=JSON any JSON.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) param: Vec<String>,
    /// The parameters: a file (`FILE` or `@FILE`) with one JSON object by wire names, in UTF-8, or `-` for
    /// standard input. Values of `--param` are added to it.
    /// A field that is not in the description is sent, with a warning.
    #[arg(long, value_name = "FILE")]
    pub(crate) params: Option<Source>,
    /// Refuse fields that are not in the description.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print the unchanged bytes of the answer.
    #[arg(long, conflicts_with_all = ["pretty", "compact"])]
    pub(crate) raw: bool,
    /// Indent JSON, also where standard output is not a terminal.
    #[arg(long)]
    pub(crate) pretty: bool,
    /// Print JSON on one line, also on a terminal.
    #[arg(long, conflicts_with = "pretty")]
    pub(crate) compact: bool,
    /// Append each exchange to this file, one line of JSON, without secrets. The file is made for its owner alone.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Answer from a file of --record instead of the network.
    #[arg(long, value_name = "FILE", conflicts_with = "record")]
    pub(crate) replay: Option<PathBuf>,
    /// Write the answer to this file; needed for binary answers.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The file to upload, for operations that take bytes.
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Print no hints and no warnings.
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) log: Log,
}

impl Call {
    /// The form of reports: JSON for scripts.
    pub(crate) fn form(&self) -> Form {
        match self.json || !io::stdout().is_terminal() {
            true => Form::Json,
            false => Form::Text,
        }
    }

    /// The layout of JSON.
    pub(crate) fn layout(&self) -> Layout {
        let is_for_people = self.output.is_none() && io::stdout().is_terminal();
        match self.pretty || (is_for_people && !self.compact) {
            true => Layout::Indented,
            false => Layout::Compact,
        }
    }
}

/// A number of levels; the error does not show the typed text.
fn depth(text: &str) -> Result<usize, &'static str> {
    let depth = text.parse().ok().filter(|depth| (1..=32).contains(depth));
    depth.ok_or("the levels are a number from 1 to 32")
}
