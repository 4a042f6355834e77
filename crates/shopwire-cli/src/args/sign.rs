//! The options of `sign`.

use clap::{Args, ValueEnum};

use super::{SettingsFile, Source};

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
