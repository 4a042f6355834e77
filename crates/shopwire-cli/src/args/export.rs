//! The options of `export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Log, Service, Settings};
use crate::{
    failure::{Failure, Form},
    rows::csv::Style,
    time::Age,
};

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The service.
    pub(crate) service: Service,
    /// The list; without one, all lists of the service are shown.
    pub(crate) list: Option<String>,
    /// Show the columns and the filters of the list with their types, and export nothing.
    #[arg(long, requires = "list")]
    pub(crate) describe: bool,
    /// The file to write; `-` is standard output. It is written as FILE.partial, which only you can read, and renamed at the
    /// end. FILE gets the permissions of the file that it replaces, or those of any new file.
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "-",
        hide_default_value = true
    )]
    pub(crate) output: PathBuf,
    /// The format. Default: that of the file's ending (.jsonl, .ndjson, .csv, .parquet); jsonl without one.
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<Format>,
    /// The columns of CSV and Parquet, in this order: names with points, such as id,delivery.cost.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Write one line for each element of this list of a row, such as `items`; the other columns repeat.
    #[arg(long, value_name = "LIST")]
    pub(crate) flatten: Option<String>,
    /// Begin a CSV file with UTF-8's byte order mark, by which Excel knows the encoding.
    #[arg(long)]
    pub(crate) bom: bool,
    /// The separator of the cells of CSV. Excel opens a file with a double click if it is that of the country: `;` where
    /// decimals have a comma.
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<Delimiter>,
    /// Export at most so many rows.
    #[arg(long, value_name = "ROWS")]
    pub(crate) limit: Option<u64>,
    /// Export only rows that match: a filter of the list by its name in the service's documents, as
    /// createdAtFrom=2026-01-01 or ids[]=7; repeat for more. --describe shows the filters of a list. Values are read as
    /// those of `call --param`.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) filter: Vec<String>,
    /// Set another parameter of the list, as limit=50; repeat for more.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) param: Vec<String>,
    /// Export the rows that changed after this place in the history: the id of a change, as the summary of the last
    /// export names it, or a date. Of a history, the changes after it.
    #[arg(long, value_name = "ID|DATE")]
    pub(crate) since: Option<String>,
    /// Go on when all is exported: write rows that change, until SIGINT. A row that changes again is written again.
    #[arg(long)]
    pub(crate) follow: bool,
    /// With --follow: how often the history is asked.
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "10s",
        requires = "follow"
    )]
    pub(crate) interval: Age,
    /// Go on with an interrupted export of the same arguments.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Drop an interrupted export and begin anew.
    #[arg(long, conflicts_with = "resume")]
    pub(crate) restart: bool,
    /// Print one line of JSON at the end, on standard error; errors are JSON too.
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

/// A format of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One JSON object a line, as the service wrote it.
    Jsonl,
    /// Comma-separated values with a line of names.
    Csv,
    /// Apache Parquet, with typed columns.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// A separator of cells. Readers of CSV, such as `import`, find out which of them a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Delimiter {
    #[value(name = ",")]
    Comma,
    #[value(name = ";")]
    Semicolon,
    #[value(name = "tab", alias = "\t")]
    Tab,
}

/// The formats by the endings of their files.
const ENDINGS: &[(&str, Format)] = &[
    ("jsonl", Format::Jsonl),
    ("ndjson", Format::Jsonl),
    ("csv", Format::Csv),
    #[cfg(feature = "parquet")]
    ("parquet", Format::Parquet),
];

impl Export {
    /// The form of reports.
    pub(crate) fn form(&self) -> Form {
        match self.json {
            true => Form::Json,
            false => Form::Text,
        }
    }

    /// The file to write; `None` for standard output.
    pub(crate) fn file(&self) -> Option<&std::path::Path> {
        (self.output.as_os_str() != "-").then_some(self.output.as_path())
    }

    /// Whether the style of CSV was chosen.
    pub(crate) fn has_style(&self) -> bool {
        self.bom || self.delimiter.is_some()
    }

    /// The style of CSV.
    pub(crate) fn style(&self) -> Style {
        Style {
            delimiter: match self.delimiter {
                None | Some(Delimiter::Comma) => b',',
                Some(Delimiter::Semicolon) => b';',
                Some(Delimiter::Tab) => b'\t',
            },
            has_mark: self.bom,
        }
    }

    /// The format that was chosen, or that of the file's ending.
    ///
    /// # Errors
    /// The ending is that of another kind of file.
    pub(crate) fn format(&self) -> Result<Format, Failure> {
        if let Some(format) = self.format {
            return Ok(format);
        }
        let Some(ending) = self.output.extension() else {
            return Ok(Format::Jsonl);
        };
        let ending = ending.to_string_lossy().to_lowercase();
        let known = ENDINGS.iter().find(|(known, _)| *known == ending);
        known.map(|(_, format)| *format).ok_or_else(|| {
            let known = ENDINGS.iter().map(|(ending, _)| format!(".{ending}"));
            let known = known.collect::<Vec<_>>().join(", ");
            Failure::usage(format_args!(
                "--output: no format has the ending .{ending}; known are {known}, or choose with --format"
            ))
        })
    }
}
