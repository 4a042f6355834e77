//! The options of `demo`.

use clap::Args;

use super::Log;

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) log: Log,
    /// Print one JSON object with the counts instead of a transcript.
    #[arg(long)]
    pub(crate) json: bool,
}
