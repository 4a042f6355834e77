//! The command line, as a value.

mod call;
mod catalog;
mod command;
mod config;
mod demo;
mod durable;
mod export;
mod har;
mod help;
mod history;
mod import;
mod pages;
mod probe;
mod sandbox;
mod settings;
mod sign;
mod values;

use clap::Parser;

use crate::color::Color;
pub(crate) use call::Call;
pub(crate) use catalog::{
    Catalog, CatalogCheck, CatalogCommand, CatalogConvert, CatalogOutput, CatalogRules,
    CatalogWrite, SourceKind,
};
pub(crate) use command::Command;
pub(crate) use config::{Config, ConfigCheck, ConfigCommand, ConfigKeys, ConfigShow};
pub(crate) use demo::Demo;
pub(crate) use durable::{
    Inbox, InboxBury, InboxCommand, InboxErase, InboxList, InboxPurge, InboxReplay, InboxShow,
    StateOf, StorePlace, Webhooks,
};
pub(crate) use export::{Export, Format};
pub(crate) use har::Har;
pub(crate) use help::{codes, command, examples};
pub(crate) use history::{History, Subject};
pub(crate) use import::{Import, Mode as ImportMode, Rows as RowFormat};
pub(crate) use pages::{Completions, Man};
pub(crate) use probe::{Probe, Probed};
pub(crate) use sandbox::{NamesOf, Query, Sandbox, StartOfClock};
pub(crate) use settings::{Log, Settings, SettingsFile};
pub(crate) use sign::{Mode, Sign};
pub(crate) use values::{Service, Source};

/// NiceChat, Uvygoda and RetailCRM v5 from the command line.
///
/// Settings come from flags, then the environment, then a TOML file with a table for each service:
///
///   [nicechat]   url, api_key, api_secret, dialect, query_rule, encoding, key_header,
///                signature_header, key_parameter, signature_parameter
///   [uvygoda]    url, token, webhook_rules
///   [retailcrm]  url, api_key, site
///   all three    webhook_secret, webhook_account
///
/// In the environment a setting is named after its table and key: NICECHAT_API_KEY.
/// `shopwire config keys` tells what each of them means, `config show` where each comes from, and `config check`
/// whether they work. `shopwire probe nicechat` finds out how NiceChat expects its requests to be signed.
///
/// A profile is a further set of tables, such as [profile.berlin.retailcrm], chosen by --profile or
/// SHOPWIRE_PROFILE. A secret may be the output of a command: api_key_command = ["pass", "show", "shop"].
///
/// The file is named by --config or SHOPWIRE_CONFIG; the default is shopwire/shopwire.toml in the
/// user's configuration folder (XDG_CONFIG_HOME, ~/.config). A file in the current directory is not
/// read. Only the user may have access to the file: chmod 600.
///
/// Keys, tokens and secrets are never read from arguments, and never sent to an address from another
/// source: set both in the environment or both in the file, or give the address as a flag.
///
/// Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted; the help of each command tells what it means by them.
/// Results go to standard output, errors, warnings and hints to standard error. If a call fails, the last line on standard error is `{"error":{…}}` when standard output is
/// not a terminal, or with --json; on a terminal it is text.
#[derive(Debug, Parser)]
#[command(name = "shopwire", version, max_term_width = 100, verbatim_doc_comment)]
pub(crate) struct Cli {
    /// Whether help, errors and output have colours. With auto, NO_COLOR turns them off.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    // X7
    #[test]
    fn x7_no_argument_takes_a_secret() {
        let command = Cli::command();
        let below = || command.get_subcommands();
        let further = below().flat_map(|command| command.get_subcommands());
        let arguments = std::iter::once(&command)
            .chain(below())
            .chain(further)
            .flat_map(|command| command.get_arguments());
        for argument in arguments {
            let name = argument.get_id().as_str();
            for word in ["key", "secret", "token", "pass", "login"] {
                assert!(!name.contains(word), "{name} looks like a secret");
            }
        }
    }
}
