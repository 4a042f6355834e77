//! The options of `config`.

use clap::{Args, Subcommand};

use super::{Log, Service, Settings};

#[derive(Debug, Args)]
pub(crate) struct Config {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Shows each setting, its value and where it comes from
    ///
    ///     shopwire config show
    ///     shopwire config show --profile berlin
    ///     shopwire config show retailcrm --json
    ///
    /// The source is a flag, a variable, a line of the settings file, or the default. Of a secret it is only said that it
    /// is set. No command of the file is run, and nothing is sent.
    #[command(verbatim_doc_comment)]
    Show(ConfigShow),
    /// Asks each service that has settings whether they work
    ///
    ///     shopwire config check
    ///     shopwire config check nicechat
    ///     shopwire config check --profile berlin --json
    ///
    /// Sends one or two reading requests to each service, without retries: RetailCRM tells the versions of its API, and
    /// the scopes and shops of the key; NiceChat lists categories, which shows that key, secret and names of the
    /// signature are right; Uvygoda lists the stages of orders. The difference of the clocks comes from the answers' Date.
    ///
    /// A service without an address and a secret is left out, unless it is named.
    #[command(verbatim_doc_comment)]
    Check(ConfigCheck),
    /// Lists the keys of the settings file with their meaning
    ///
    ///     shopwire config keys
    ///     shopwire config keys --json
    #[command(verbatim_doc_comment)]
    Keys(ConfigKeys),
}

#[derive(Debug, Args)]
pub(crate) struct ConfigShow {
    /// Only this service.
    pub(crate) service: Option<Service>,
    /// Print one JSON object, and errors as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigCheck {
    /// Only this service.
    pub(crate) service: Option<Service>,
    /// Print one JSON object, and errors as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no report: the exit code and the error tell.
    #[arg(short, long, conflicts_with = "json")]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) log: Log,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigKeys {
    /// Print one line of JSON for each key.
    #[arg(long)]
    pub(crate) json: bool,
}

impl Config {
    pub(crate) fn is_json(&self) -> bool {
        match &self.command {
            ConfigCommand::Show(show) => show.json,
            ConfigCommand::Check(check) => check.json,
            ConfigCommand::Keys(keys) => keys.json,
        }
    }

    pub(crate) fn verbose(&self) -> u8 {
        match &self.command {
            ConfigCommand::Check(check) => check.log.verbose,
            _ => 0,
        }
    }

    pub(crate) fn is_quiet(&self) -> bool {
        match &self.command {
            ConfigCommand::Check(check) => check.quiet,
            _ => false,
        }
    }
}
