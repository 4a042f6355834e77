//! The options of `probe`.

use clap::{Args, ValueEnum};

use super::{Log, SettingsFile};

#[derive(Debug, Args)]
pub(crate) struct Probe {
    #[command(flatten)]
    pub(crate) file: SettingsFile,
    /// The address of NiceChat.
    #[arg(long, value_name = "URL")]
    pub(crate) nicechat_url: Option<String>,
    #[command(flatten)]
    pub(crate) log: Log,
    /// The service.
    pub(crate) service: Probed,
    /// Print one JSON object: dialect, placements, names, query_rule, requests, and configuration by
    /// the names of the environment. Unknown values are null; notes go to standard error.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Services that can be probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Probed {
    Nicechat,
}
