//! The options of `history`.

use clap::{Args, ValueEnum};

use super::{Log, Settings};
use crate::export::Since;

#[derive(Debug, Args)]
pub(crate) struct History {
    /// The service.
    service: HistoryOf,
    /// The kind of object.
    pub(crate) subject: Subject,
    /// The id of the object.
    pub(crate) id: String,
    /// The id is that of your own system (externalId).
    #[arg(long)]
    pub(crate) external: bool,
    /// Only changes after this one: the id of a change, or a date in the account's time zone.
    #[arg(long, value_name = "ID|DATE")]
    pub(crate) since: Option<Since>,
    /// Print one line of JSON for each change, and errors as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no hints and no warnings.
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) log: Log,
}

/// Services with a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HistoryOf {
    Retailcrm,
}

/// Objects with a history of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    Orders,
    /// Customers that are persons.
    Customers,
    /// Customers that are companies.
    CorporateCustomers,
}
