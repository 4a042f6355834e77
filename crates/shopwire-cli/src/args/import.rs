//! The options of `import`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use encoding_rs::Encoding;

use super::{Log, Service, Settings, Source, catalog::InputEncoding};
use crate::time::Age;

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The service; rows can be imported into retailcrm.
    pub(crate) service: Service,
    /// The kind of the rows; without it, all kinds are shown with their methods.
    pub(crate) kind: Option<String>,
    /// The rows: a file, or `-` for standard input. It may be packed with gzip.
    pub(crate) file: Option<Source>,
    /// Show the columns of the rows with their types, and import nothing.
    #[arg(long, requires = "kind")]
    pub(crate) describe: bool,
    /// The format. Default: csv if the name of the file ends in .csv or .tsv, also with .gz or a number (.1) behind it; else jsonl.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Rows>,
    #[command(flatten)]
    encoding: InputEncoding,
    /// Whether the rows are new objects, or change those with the same externalId, or with the same id where a row has no
    /// externalId. A list of a changed object, such as items or phones, takes the place of the whole list.
    #[arg(long, value_name = "MODE")]
    pub(crate) mode: Option<Mode>,
    /// Print the requests that would be sent, one line of JSON each, and send nothing. Objects that are there already, or
    /// that are not there to be changed, are looked for; rows that would be refused are told, and the exit code is 1 then.
    /// Codes of the account's reference books, such as statuses and price types, and the offers of prices and
    /// inventories are not checked.
    #[arg(long, conflicts_with_all = ["resume", "restart"])]
    pub(crate) dry_run: bool,
    /// Send at most so many rows; all are checked. --resume sends the others.
    #[arg(long, value_name = "ROWS")]
    pub(crate) limit: Option<u64>,
    /// Do not ask about the triggers of the account, and about lists that are replaced.
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// The file for refused rows. Default: FILE.rejects.jsonl or FILE.rejects.csv.
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Go on with an import of the same rows. A file of refused rows that was edited meanwhile must be moved away before.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Forget an earlier import of the same file and begin anew. Its file of refused rows is kept as FILE.1.
    #[arg(long, conflicts_with = "resume")]
    pub(crate) restart: bool,
    /// The time in which a row can appear after its request was cut off. It is looked for that long before it is sent
    /// again.
    #[arg(long, value_name = "DURATION", default_value = "60s")]
    pub(crate) wait: Age,
    /// Print one line of JSON at the end, on standard error. It has the summary and the error, if there is one.
    #[arg(long)]
    pub(crate) json: bool,
    /// Show no progress and no summary.
    #[arg(short, long)]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) log: Log,
}

/// A format of rows that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    /// One JSON object a line.
    Jsonl,
    /// Values separated by tabs, semicolons or commas, with a line of names, as `export` writes them.
    Csv,
}

/// The treatment of a row's object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// The object is made; a row whose object is there already is refused.
    Create,
    /// The object is changed; a row without an object is refused.
    Edit,
}

impl Import {
    pub(crate) fn encoding(&self) -> Option<&'static Encoding> {
        self.encoding.encoding
    }

    /// The format that was chosen, or that of the file's ending.
    pub(crate) fn format(&self) -> Rows {
        let path = match &self.file {
            Some(Source::File(path)) => Some(path.as_path()),
            _ => None,
        };
        self.format.unwrap_or_else(|| Rows::of(path))
    }
}

impl Rows {
    /// The format of a file by its ending.
    pub(crate) fn of(path: Option<&Path>) -> Self {
        let name = path.map(|path| path.to_string_lossy().to_lowercase());
        let name = name.unwrap_or_default();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        // A file of refused rows that was kept has a number behind its name.
        let number = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let name = number.strip_suffix('.').unwrap_or(name);
        match [".csv", ".tsv"].iter().any(|ending| name.ends_with(ending)) {
            true => Self::Csv,
            false => Self::Jsonl,
        }
    }
}
