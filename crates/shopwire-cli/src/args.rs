//! The command line, as a value.

mod catalog;
mod config;
mod durable;
mod export;
mod help;
mod history;
mod import;
mod pages;
mod sandbox;
mod settings;

use std::{
    ffi::OsString,
    io::{self, IsTerminal as _},
    path::PathBuf,
};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{color::Color, failure::Form, layout::Layout};
pub(crate) use catalog::{
    Catalog, CatalogCheck, CatalogCommand, CatalogConvert, CatalogOutput, CatalogRules,
    CatalogWrite, SourceKind,
};
pub(crate) use config::{Config, ConfigCheck, ConfigCommand, ConfigKeys, ConfigShow};
pub(crate) use durable::{
    Inbox, InboxBury, InboxCommand, InboxErase, InboxList, InboxPurge, InboxReplay, InboxShow,
    StateOf, StorePlace, Webhooks,
};
pub(crate) use export::{Export, Format};
pub(crate) use help::{codes, command, examples};
pub(crate) use history::{History, Subject};
pub(crate) use import::{Import, Mode as ImportMode, Rows as RowFormat};
pub(crate) use pages::{Completions, Man};
pub(crate) use sandbox::{NamesOf, Query, Sandbox, StartOfClock};
pub(crate) use settings::{Log, Settings, SettingsFile};

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

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs a tour: a merchant's day over all three services, on the embedded sandbox.
    Demo(Demo),
    /// Runs the three services on loopback, for clients in any language
    ///
    /// The command prints the addresses and the credentials, and the address of a page. The page shows each request
    /// and why it was refused, the data of the services, their webhooks, and buttons for faults.
    ///
    /// A script can do all that the page does: the admin API is under the same address. All of it is described at
    /// /api/openapi.json:
    ///
    ///   ADMIN=http://127.0.0.1:8080                     as printed
    ///   curl "$ADMIN/api/requests?status=4xx"
    ///   curl "$ADMIN/api/requests/1/explain"
    ///   curl "$ADMIN/api/faults/kinds"
    ///   curl -H 'Content-Type: application/json' "$ADMIN/api/faults" \
    ///        -d '{"service":"retailcrm","kind":"unavailable","times":2}'
    ///   curl -X POST "$ADMIN/api/reset"
    ///
    /// With --seed, each run gives the same ids, keys, tokens and times, and the clock stands still at
    /// 2026-01-01 00:00:00 UTC until it is moved (POST /api/clock/advance). --clock lets it start elsewhere.
    ///
    /// A scenario sets and removes faults as time goes on. Three ship: "a bad day", "a moved account" and
    /// "a slow night". A file has JSON: {"steps":[{"at_s":60,"faults":[…]},{"at_s":90,"clear":true}]}.
    ///
    /// The sandbox can record a real account, play the recording, and compare itself with it:
    ///
    ///   shopwire sandbox --record shop.jsonl --retailcrm-url https://demo.retailcrm.example
    ///   shopwire sandbox --play shop.jsonl
    ///   shopwire sandbox --compare shop.jsonl
    ///
    /// --record serves each service whose address is in the settings (see `shopwire --help`), and forwards to these
    /// addresses alone. Requests pass unchanged, with the credentials of the client. The file has no keys, tokens and
    /// signatures; it has the data of customers, and is made for its owner alone. `shopwire har` and
    /// `shopwire call --replay` read it too.
    ///
    /// Exit codes of --compare: 0 no difference, 1 differences, 2 wrong usage. Differences that may come from the data
    /// of the account alone are listed apart ("needs state") and do not count.
    #[command(verbatim_doc_comment)]
    Sandbox(Box<Sandbox>),
    /// Calls any operation of any service
    ///
    /// Parameters come as JSON (--params) or one by one (--param): `--describe` tells which there are.
    ///
    ///   shopwire call retailcrm --list orders
    ///   shopwire call retailcrm orders.create --describe
    ///   shopwire call retailcrm orders.create --param 'order[firstName]=Ann' --param 'order[items][0][quantity]=2'
    ///
    /// The answer goes to standard output: JSON, indented on a terminal and on one line elsewhere. When standard output is not a terminal, or with --json, the last
    /// line on standard error is {"error":{"kind","status","message","errors","body","may_have_landed"}}; lines
    /// before it are warnings and hints.
    #[command(verbatim_doc_comment)]
    Call(Call),
    /// Prints a recording of `call --record` as an HTTP Archive (HAR 1.2), for browsers and other tools.
    Har(Har),
    /// Explains or verifies a NiceChat signature.
    ///
    /// Shows the sorted fields, the encoded text, the hashed text (with the secret masked), and where
    /// the other dialects differ. With --verify it tells whether a signature is right, and if not,
    /// which common mistake or which other dialect gives it.
    Sign(Sign),
    /// Finds out how a live NiceChat expects its requests to be signed, and prints the settings to use.
    ///
    /// Sends only GETs of the list of categories: at most 12, each different, and stops when all is
    /// known. Tries the names in the settings, then those of the document's samples (X-API-Key and
    /// X-API-Sign, _key and _sign), then those of its prose (_sing), in headers and in the query.
    ///
    /// A GET has no body, so all dialects sign it alike, unless the service signs queries. To find out
    /// whether it does, the command sends a parameter without a meaning. If queries are signed, it
    /// then sends one request for each dialect, with parameters that each dialect writes differently
    /// (10, 9, a; with é, a space, ~ and *). If not, no GET can tell the dialect, and it stays unknown:
    /// JSON with headers needs no dialect, and only a form in a writing request would show it.
    ///
    /// If a service answers all requests like a request without a signature, it is not known whether
    /// the key pair or the names are wrong. Exit code 0 if anything works, else 1.
    Probe(Probe),
    /// Receives the webhooks and callbacks of the services, and keeps them in a store that survives a crash.
    ///
    /// A service is received if it has a path secret of at least 16 letters and digits, such as the output of
    /// `openssl rand -hex 16`: UVYGODA_WEBHOOK_SECRET in the environment, or `webhook_secret` in the table [uvygoda] of
    /// the settings file; likewise for nicechat and retailcrm. The address to register at the service is
    /// https://HOST/uvygoda/SECRET. A sender gets 200 after its event is on disk.
    ///
    /// `webhook_account` names the account (default: main); events have the source uvygoda:main. `webhook_rules` of
    /// [uvygoda] is a JSON list of rules that tell its events apart: {"kind","at","equals","event_id","subject"}.
    ///
    /// GET /health answers 200 while the store can be read. GET /metrics has counts and ages for Prometheus, for
    /// callers on this machine. On SIGTERM or SIGINT no more is accepted, and what has begun is finished:
    /// --grace limits the time of slow senders. A second signal ends the command at once. An event that was answered with
    /// 200 is never lost by that. Set the time after which a supervisor kills the command (systemd: TimeoutStopSec) above
    /// --grace.
    Webhooks(Webhooks),
    /// Looks into the store of `webhooks`, and decides about events: also while it is running.
    Inbox(Inbox),
    /// Exports a list to JSON Lines, CSV or Parquet
    ///
    ///     shopwire export retailcrm                        the lists
    ///     shopwire export retailcrm orders --describe      the columns
    ///     shopwire export retailcrm orders --output orders.parquet
    ///     shopwire export retailcrm orders --output orders.parquet --resume
    ///     shopwire export retailcrm orders --filter 'extendedStatus[]=new' --columns id,number,totalSumm --format csv
    ///     shopwire export retailcrm orders --flatten items --output items.csv
    ///     shopwire export retailcrm orders --since 120744 --output changed.jsonl
    ///     shopwire export retailcrm orders --since 120744 --follow | load-into-warehouse
    ///
    /// The file is written as FILE.partial and gets its name at the end; FILE.checkpoint says how far it has come. An
    /// export that was interrupted, by a signal, a failure or a crash, goes on with the same command and --resume, and
    /// gives the same file: no row is missing, and none stands twice.
    ///
    /// JSON Lines has the rows as the service wrote them. CSV and Parquet have a column for each member that the
    /// service's description knows, with a point between the names of nested ones; lists and maps are JSON. `_other` has
    /// what no column has. The summary at the end names the change from which --since goes on.
    ///
    /// --follow writes a row each time that it changes, as it is then: the last row with an `id` is its state. A file has
    /// each portion of changes whole, and once, also after a crash and --resume. From standard output nothing is taken
    /// back: if the export ends within a portion, --since with the change in its summary writes those rows again.
    ///
    /// SIGINT ends the export at a safe point, a second one at once.
    #[command(verbatim_doc_comment)]
    Export(Box<Export>),
    /// Imports rows of JSON Lines or CSV
    ///
    ///     shopwire import retailcrm                                     the kinds of rows
    ///     shopwire import retailcrm prices --describe                   their columns
    ///     shopwire import retailcrm prices price.csv --dry-run          the requests, unsent
    ///     shopwire import retailcrm prices price.csv --limit 100        a part first
    ///     shopwire import retailcrm prices price.csv --resume           the rest
    ///     shopwire import retailcrm orders orders.jsonl --yes --json    from a script
    ///     shopwire import retailcrm products changed.csv --mode edit
    ///     shopwire import retailcrm orders orders.jsonl.rejects.jsonl   mended rows
    ///
    /// All rows are checked before the first is sent. If one is wrong, each fault is told with its line and column, and
    /// nothing is sent. Then the rows go in batches as the method of the service allows. Rows that the service refuses
    /// land in FILE.rejects.jsonl (or .csv) with the reason in `_reason`: mend them there and import that file.
    ///
    /// The columns of CSV are those that `export` writes: names with points, JSON in cells of lists. Columns below a list
    /// (prices.code) make lines of one row: lines that follow each other and are otherwise equal are joined. An empty cell
    /// is not sent. Members that the service computes, and others that it shows but does not take, are left out and named.
    ///
    /// FILE.rejects.jsonl.checkpoint says what was sent, before and after each request. After an interrupt, a failure or
    /// a crash, the same command with --resume goes on. A request whose end is not known is not simply sent again: orders,
    /// customers and products are looked for by externalId first; prices, inventories and edits are sent again, since they
    /// set values. Costs and tasks have no id of yours, so the rows of such a request land among the rejects, marked
    /// `_unknown`: look in the account before you send them again. The checkpoint stays, so that a file is not imported
    /// twice by mistake.
    ///
    /// Triggers of the account may send e-mail and SMS for each order and customer that is loaded. The command asks
    /// before it sends any, unless --yes is given.
    ///
    /// SIGINT ends the import at a safe point, a second one at once.
    #[command(verbatim_doc_comment)]
    Import(Box<Import>),
    /// Price lists for the services, in ICML, YML and Google's table: writes, checks and converts them.
    ///
    /// RetailCRM loads ICML, NiceChat imports YML (Yandex Market) and google-csv (Google Merchant). Feeds are streamed: a
    /// million offers take no more memory than ten.
    Catalog(Catalog),
    /// Settings: shows them with their sources, asks the services whether they work, lists the keys of the file.
    ///
    /// The chapter "Settings" of the guide describes profiles, sources and commands that give secrets.
    Config(Config),
    /// Shows what changed in an order or a customer: when, by whom, from what to what
    ///
    ///     shopwire history retailcrm orders 5
    ///     shopwire history retailcrm orders C-1005 --external --since 2026-01-31
    ///     shopwire history retailcrm customers 17 --json
    ///     shopwire history retailcrm corporate-customers 20 --since 120744
    ///
    /// Changes come in the order of the history, oldest first. Times are those of the account. The names of users are
    /// asked for, one request for each user; a key without the right to read users shows their ids.
    ///
    /// With --json, each change is a line: id, at, kind (created, deleted, combined, changed), source, user, own_key,
    /// field (its name in the history), meaning, part (the item, payment, address, company or contact), from, to and
    /// combined_to, the values as the service wrote them.
    #[command(verbatim_doc_comment)]
    History(Box<History>),
    /// Prints the completions for a shell
    ///
    ///     shopwire completions bash > ~/.local/share/bash-completion/completions/shopwire
    ///     shopwire completions zsh > ~/.zfunc/_shopwire
    ///     shopwire completions fish > ~/.config/fish/completions/shopwire.fish
    ///     shopwire completions powershell >> $PROFILE
    ///     shopwire completions elvish >> ~/.config/elvish/rc.elv
    ///
    /// They complete commands, options and the values that an option knows, and begin to work in a new shell. For zsh,
    /// the folder must be in fpath before compinit.
    #[command(verbatim_doc_comment)]
    Completions(Completions),
    /// Prints a man page, or writes those of all commands
    ///
    ///     shopwire man | man -l -
    ///     shopwire man inbox list | man -l -
    ///     shopwire man --output ~/.local/share/man/man1
    ///
    /// There is a page for each command: shopwire.1, shopwire-call.1, shopwire-inbox-list.1, …
    #[command(verbatim_doc_comment)]
    Man(Man),
}

impl Command {
    /// The form of reports on standard error.
    pub(crate) fn form(&self) -> Form {
        let is_json = match self {
            Self::Call(call) => return call.form(),
            Self::Catalog(catalog) => return catalog.form(),
            Self::Export(export) => return export.form(),
            Self::Config(config) => config.is_json(),
            Self::Demo(demo) => demo.json,
            Self::History(history) => history.json,
            Self::Import(import) => import.json,
            Self::Inbox(inbox) => inbox.json,
            Self::Probe(probe) => probe.json,
            Self::Sandbox(sandbox) => sandbox.json,
            Self::Webhooks(webhooks) => webhooks.json,
            Self::Completions(_) | Self::Har(_) | Self::Man(_) | Self::Sign(_) => false,
        };
        if is_json { Form::Json } else { Form::Text }
    }

    /// Whether hints and warnings are left out.
    pub(crate) fn is_quiet(&self) -> bool {
        match self {
            Self::Call(call) => call.quiet,
            Self::Config(config) => config.is_quiet(),
            Self::History(history) => history.quiet,
            Self::Import(import) => import.quiet,
            _ => false,
        }
    }
}

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

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) log: Log,
    /// Print one JSON object with the counts instead of a transcript.
    #[arg(long)]
    pub(crate) json: bool,
}

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

#[derive(Debug, Args)]
pub(crate) struct Har {
    /// The recording.
    #[arg(value_name = "FILE")]
    pub(crate) recording: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Service {
    Nicechat,
    Uvygoda,
    Retailcrm,
}

impl Service {
    pub(crate) const ALL: [Self; 3] = [Self::Nicechat, Self::Uvygoda, Self::Retailcrm];
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    #[command(flatten)]
    pub(crate) file: SettingsFile,
    /// The address of NiceChat, whose host may have been signed by mistake.
    #[arg(long, value_name = "URL", requires = "verify")]
    pub(crate) nicechat_url: Option<String>,
    /// Sign JSON lines from standard input, secrets included; for tests against other implementations.
    #[arg(long, conflicts_with_all = ["method", "path", "mode", "body", "fields", "field", "verify", "config", "profile"])]
    pub(crate) batch: bool,
    /// The HTTP method.
    #[arg(long, value_name = "METHOD", required_unless_present = "batch")]
    pub(crate) method: Option<String>,
    /// The path from the host's root, or a whole URL.
    #[arg(long, value_name = "PATH", required_unless_present = "batch")]
    pub(crate) path: Option<String>,
    /// How the payload becomes the hashed text. Default: `json` for a JSON body, else NICECHAT_DIALECT,
    /// or php.
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<Mode>,
    /// The payload as it is sent (JSON or a urlencoded form): a file, or `-` for standard input.
    /// Key and signature among a form's fields are left out, since they are not signed.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fields", "field"])]
    pub(crate) body: Option<Source>,
    /// The form's fields, typed: a file with one JSON object, or `-` for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "field")]
    pub(crate) fields: Option<Source>,
    /// One text field of the form; repeat for more.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) field: Vec<String>,
    /// The signature to check. On a mismatch, common mistakes are tried, alone and in pairs.
    #[arg(long, value_name = "HEX")]
    pub(crate) verify: Option<String>,
}

/// The kind of text that is hashed between path and method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// The bytes as they are sent.
    Json,
    /// A form as PHP 8.2 and later canonicalise it.
    Php,
    /// A form as PHP 7 to 8.1 canonicalise it.
    Php81,
    /// A form as the document's Python function prints it.
    Python,
    /// A form as the document's sentence describes it.
    Prose,
}

/// A number of levels; the error does not show the typed text.
fn depth(text: &str) -> Result<usize, &'static str> {
    let depth = text.parse().ok().filter(|depth| (1..=32).contains(depth));
    depth.ok_or("the levels are a number from 1 to 32")
}

/// A file, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl From<OsString> for Source {
    fn from(text: OsString) -> Self {
        // `@file` as in curl; a file whose name begins with `@` is `./@file`.
        match text.to_str() {
            Some("-") => Self::Stdin,
            Some(name) if name.len() > 1 && name.starts_with('@') => Self::File(name[1..].into()),
            _ => Self::File(text.into()),
        }
    }
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
