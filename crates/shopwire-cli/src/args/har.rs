//! The options of `har`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct Har {
    /// The recording.
    #[arg(value_name = "FILE")]
    pub(crate) recording: PathBuf,
}
