//! The command line, as a value.

use std::{ffi::OsString, path::PathBuf};

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

/// NiceChat, Uvygoda and RetailCRM v5 from the command line.
///
/// Settings come from flags, then the environment, then a TOML file with a table for each service:
///
///   [nicechat]   url, api_key, api_secret, dialect, query_rule, encoding, key_header,
///                signature_header, key_parameter, signature_parameter
///   [uvygoda]    url, token
///   [retailcrm]  url, api_key, site
///
/// In the environment the same are called NICECHAT_API_KEY and so on: the table's name, then the key's.
/// How NiceChat wants its requests signed, `shopwire probe nicechat` finds out.
///
/// The file is the one that --config or SHOPWIRE_CONFIG names, or else shopwire/shopwire.toml in the
/// user's configuration folder (XDG_CONFIG_HOME, ~/.config). One that merely lies in the current
/// directory is not read. It must be the user's alone: chmod 600.
///
/// Keys, tokens and secrets are never taken from arguments, and never sent to an address from another
/// source: set both in the environment or both in the file, or give the address as a flag.
#[derive(Debug, Parser)]
#[command(name = "shopwire", version, max_term_width = 100, verbatim_doc_comment)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the services are, and how much to say.
#[derive(Debug, Default, Args)]
pub(crate) struct Settings {
    /// A TOML file with settings. Without it the file that SHOPWIRE_CONFIG names, or else
    /// shopwire/shopwire.toml in the user's configuration folder (~/.config).
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where NiceChat is.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) nicechat_url: Option<String>,
    /// Where Uvygoda is.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) uvygoda_url: Option<String>,
    /// Where the RetailCRM account is.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) retailcrm_url: Option<String>,
    /// The RetailCRM shop's symbolic code.
    #[arg(long, global = true, value_name = "CODE")]
    pub(crate) retailcrm_site: Option<String>,
    /// Say more on standard error; up to three times.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The tour: a merchant's day over all three services, on the embedded sandbox.
    Demo(Demo),
    /// The three services on loopback, for any language's client.
    Sandbox(Sandbox),
    /// Calls any operation of any service.
    Call(Call),
    /// Explains or verifies a NiceChat signature.
    ///
    /// Shows what is sorted, what is encoded, what is hashed (with the secret masked), and where the
    /// other dialects part from this one. With --verify it says whether a signature is right, and if
    /// not, which common mistake or which other dialect gives it.
    Sign(Sign),
    /// Finds out how a live NiceChat wants its requests signed, and prints the settings to use.
    ///
    /// Sends GETs of the list of categories and nothing else: at most 12, none of them twice, and it
    /// stops when all is known. It tries the names of the settings, then those of the document's
    /// samples (X-API-Key and X-API-Sign, _key and _sign), then those of its prose (_sing), in
    /// headers and in the query.
    ///
    /// A GET has no body, so it is signed alike in every dialect, unless the service signs queries.
    /// Whether it does is found out with a parameter that means nothing; if it does, one request for
    /// each dialect follows whose parameters (10, 9, a; with é, a space, ~ and *) each dialect writes
    /// otherwise. If it does not, no GET can tell the dialect, and it stays unknown: JSON with headers
    /// needs none, and of forms only a written one would tell.
    ///
    /// A service that refuses everything in the same words as a request without a signature leaves
    /// open whether the key pair or the names are wrong. Exit code 0 when something works, 1 when
    /// nothing does.
    Probe(Probe),
}

#[derive(Debug, Args)]
pub(crate) struct Probe {
    /// The service.
    pub(crate) service: Probed,
    /// Print one JSON object: dialect, placements, names, query_rule, requests, and configuration by
    /// the names of the environment. What is not known is null; notes go to standard error.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What can be probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Probed {
    Nicechat,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Print one JSON object with the counts instead of a transcript.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// Print one line of JSON when ready: addresses and credentials.
    #[arg(long)]
    pub(crate) json: bool,
    /// Lift the services' rate limits.
    #[arg(long)]
    pub(crate) no_rate_limit: bool,
    /// Port of NiceChat on 127.0.0.1; 0 lets the system choose.
    #[arg(long, value_name = "PORT", default_value_t = 0, value_parser = port)]
    pub(crate) nicechat_port: u16,
    /// How NiceChat canonicalises signed forms: php, php81, python or prose.
    #[arg(long, value_name = "DIALECT", default_value_t)]
    pub(crate) nicechat_dialect: nicechat_sign::Dialect,
    /// The names under which NiceChat looks for signatures.
    #[arg(long, value_name = "NAMES", default_value = "samples")]
    pub(crate) nicechat_names: NamesOf,
    /// Whether NiceChat takes the query of a GET as signed.
    #[arg(long, value_name = "RULE", default_value = "unsigned")]
    pub(crate) nicechat_query: Query,
    /// Port of Uvygoda on 127.0.0.1; 0 lets the system choose.
    #[arg(long, value_name = "PORT", default_value_t = 0, value_parser = port)]
    pub(crate) uvygoda_port: u16,
    /// Port of RetailCRM on 127.0.0.1; 0 lets the system choose.
    #[arg(long, value_name = "PORT", default_value_t = 0, value_parser = port)]
    pub(crate) retailcrm_port: u16,
}

/// Whose names: NiceChat's document contradicts itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NamesOf {
    /// X-API-Sign and _sign.
    Samples,
    /// _sing for both.
    Prose,
}

/// Whether a query is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Query {
    Unsigned,
    Signed,
}

#[derive(Debug, Args)]
pub(crate) struct Call {
    /// The service.
    pub(crate) service: Service,
    /// The operation, as `--list` shows it.
    #[arg(required_unless_present = "list")]
    pub(crate) operation: Option<String>,
    /// List the service's operations.
    #[arg(long, conflicts_with = "operation")]
    pub(crate) list: bool,
    /// With `--list`: as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// The parameters: a file (`FILE` or `@FILE`) with one JSON object by wire names, in UTF-8, or `-` for
    /// standard input.
    /// A field that no description knows is sent, with a warning.
    #[arg(long, value_name = "FILE")]
    pub(crate) params: Option<Source>,
    /// Refuse fields that no description knows.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print the answer's bytes as they came.
    #[arg(long)]
    pub(crate) raw: bool,
    /// Write the answer here; binary answers need it.
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The file to upload, for operations that take bytes.
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Service {
    Nicechat,
    Uvygoda,
    Retailcrm,
}

#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// Sign JSON lines from standard input, secrets included; for tests against other implementations.
    #[arg(long, conflicts_with_all = ["method", "path", "mode", "body", "fields", "field", "verify"])]
    pub(crate) batch: bool,
    /// The HTTP method.
    #[arg(long, value_name = "METHOD", required_unless_present = "batch")]
    pub(crate) method: Option<String>,
    /// The path, from the host's root; of a whole URL the path is taken.
    #[arg(long, value_name = "PATH", required_unless_present = "batch")]
    pub(crate) path: Option<String>,
    /// How the payload becomes the text that is hashed; without it `json` where the body is JSON, else
    /// as NICECHAT_DIALECT says, or php.
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<Mode>,
    /// The payload as it goes over the wire (JSON or a urlencoded form): a file, or `-` for standard input.
    /// Key and signature among a form's fields are left out, since they are not signed.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fields", "field"])]
    pub(crate) body: Option<Source>,
    /// The form's fields, typed: a file with one JSON object, or `-` for standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "field")]
    pub(crate) fields: Option<Source>,
    /// One text field of the form; repeat for more.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) field: Vec<String>,
    /// The signature to check; on a mismatch the common mistakes are tried, alone and in pairs.
    #[arg(long, value_name = "HEX")]
    pub(crate) verify: Option<String>,
}

/// What is hashed between path and method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// The bytes as they are sent.
    Json,
    /// A form as PHP 8.2 and later canonicalise it.
    Php,
    /// A form as PHP 7 to 8.1 canonicalise it.
    Php81,
    /// A form as the documented Python function prints it.
    Python,
    /// A form as the document's sentence describes it.
    Prose,
}

/// A port's number; the error does not repeat what was typed.
fn port(text: &str) -> Result<u16, &'static str> {
    text.parse()
        .map_err(|_| "a port is a number from 0 to 65535")
}

/// A file, or standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Stdin,
    File(PathBuf),
}

impl From<OsString> for Source {
    fn from(text: OsString) -> Self {
        // `@file` as curl has it; a file whose name begins with `@` is `./@file`.
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
        let arguments = std::iter::once(&command)
            .chain(command.get_subcommands())
            .flat_map(|command| command.get_arguments());
        for argument in arguments {
            let name = argument.get_id().as_str();
            for word in ["key", "secret", "token", "pass", "login"] {
                assert!(!name.contains(word), "{name} looks like a secret");
            }
        }
    }
}
